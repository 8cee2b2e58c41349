import { html, useEffect, useRef, useState } from './lib/htm-preact.js';
import { get } from './api.js';
import { useLive } from './live.js';
import { Check, Choice, Empty, Failure, Filters, Search } from './parts.js';

const kept = 5000;

/** What a resource prints, live. */
export function ConsolePage({ rest }) {
  const [resources] = useLive(signal => get('api/resources', {}, signal), [], 5000);
  const names = (resources?.resources ?? []).filter(resource => resource.commands.length > 0 || resource.state === 'Finished').map(resource => resource.name);
  const name = rest[0] ?? names.at(-1) ?? '';
  return html`<header class="page"><h1>Console</h1>
      <${Choice} label="Resource" value=${name} onChange=${value => { location.hash = `#/console/${encodeURIComponent(value)}`; }} options=${names.map(key => [key, key])} />
      ${name ? html`<a class="button" href=${`api/resources/${encodeURIComponent(name)}/console/download`} download>Download</a>` : null}</header>
    ${name ? html`<${Output} key=${name} name=${name} />` : html`<${Empty}>No resource prints anything.</${Empty}>`}`;
}

function Output({ name }) {
  const [lines, setLines] = useState([]);
  const [text, setText] = useState('');
  const [follow, setFollow] = useState(true);
  const last = useRef(0);
  const end = useRef(null);
  const [, error] = useLive(async signal => {
    const more = await get(`api/resources/${encodeURIComponent(name)}/console`, { after: last.current || undefined, limit: kept }, signal);
    if (more.length > 0) {
      last.current = more.at(-1).sequence;
      setLines(before => [...before, ...more].slice(-kept));
    }
  }, [name], 700);
  useEffect(() => { if (follow) end.current?.scrollIntoView({ block: 'end' }); }, [lines, follow, text]);
  const shown = text ? lines.filter(line => line.text.toLowerCase().includes(text.toLowerCase())) : lines;
  return html`<${Filters}><${Search} value=${text} onChange=${setText} label="Search the output" />
      <${Check} label="Follow" value=${follow} onChange=${setFollow} /><span class="note">${shown.length} of ${lines.length} lines</span></${Filters}>
    <${Failure} error=${error} />
    <div class="scroll output" tabindex="0" role="log" aria-label=${`Output of ${name}`} onWheel=${event => event.deltaY < 0 && setFollow(false)}>
      ${shown.slice(-2000).map(line => html`<div key=${line.sequence} class=${`line ${line.level ?? ''}`}>${line.text}</div>`)}
      <div ref=${end}></div></div>`;
}
