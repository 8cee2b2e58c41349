import { html, useState } from './lib/htm-preact.js';
import { setParameters } from './address.js';
import { get } from './api.js';
import { level, time } from './format.js';
import { useLive } from './live.js';
import { Attributes, Check, Choice, Detail, Empty, Failure, Filters, Search, Service } from './parts.js';

const levels = [['', 'All levels'], ['5', 'Debug'], ['9', 'Information'], ['13', 'Warning'], ['17', 'Error'], ['21', 'Critical']];

/** Structured logs, newest first. */
export function LogsPage({ parameters }) {
  const [paused, setPaused] = useState(false);
  const [chosen, setChosen] = useState(null);
  const [limit, setLimit] = useState(200);
  const { service = '', severity = '', text = '', trace = '' } = parameters;
  const [result, error] = useLive(signal => get('api/logs', { service, severity, text, trace, limit }, signal), [service, severity, text, trace, limit], 1500, paused);
  const [resources] = useLive(signal => get('api/resources', {}, signal), [], 10000);
  const services = [['', 'All resources'], ...(resources?.resources ?? []).filter(resource => resource.commands.length > 0).map(resource => [resource.name, resource.name])];
  return html`<header class="page"><h1>Logs</h1></header>
    <${Filters}>
      <${Search} value=${text} onChange=${value => setParameters({ text: value })} label="Message, category or attribute" />
      <${Choice} label="Resource" value=${service} onChange=${value => setParameters({ service: value })} options=${services} />
      <${Choice} label="Level" value=${severity} onChange=${value => setParameters({ severity: value })} options=${levels} />
      <${Check} label="Pause" value=${paused} onChange=${setPaused} />
      ${trace ? html`<button onClick=${() => setParameters({ trace: '' })}>Trace ${trace.slice(0, 8)} ✕</button>` : null}
    </${Filters}>
    <${Failure} error=${error} />
    <div class="split"><div class="scroll"><table class="list logs">
      <thead><tr><th>Time</th><th>Level</th><th class="wide">Resource</th><th>Message</th><th class="wide">Trace</th></tr></thead>
      <tbody>${(result?.logs ?? []).map(entry => html`<tr key=${entry.sequence} class=${chosen?.sequence === entry.sequence ? 'chosen' : ''}>
        <td class="figure">${time(entry.time)}</td>
        <td><span class=${`level ${level(entry.severity)}`}>${level(entry.severity)}</span></td>
        <td class="wide"><${Service} name=${entry.service} /></td>
        <td class="message"><button class="plain" onClick=${() => setChosen(entry)}>${entry.message}</button></td>
        <td class="wide">${entry.traceId ? html`<a href=${`#/traces/${entry.traceId}?span=${entry.spanId ?? ''}`}>${entry.traceId.slice(0, 8)}</a>` : null}</td></tr>`)}</tbody></table>
      ${result && result.logs.length === 0 ? html`<${Empty}>No log entry fits.</${Empty}>` : null}
      ${result?.logs.length === limit && limit < 2000 ? html`<button class="more" onClick=${() => setLimit(2000)}>Show more</button>` : null}</div>
      ${chosen ? html`<${LogDetail} entry=${chosen} onClose=${() => setChosen(null)} />` : null}</div>`;
}

export function LogDetail({ entry, onClose }) {
  return html`<${Detail} title="Log entry" onClose=${onClose}>
    <pre>${entry.message}</pre>
    <${Attributes} items=${[{ key: 'Time', value: time(entry.time) }, { key: 'Level', value: level(entry.severity) }, { key: 'Resource', value: entry.service }, { key: 'Category', value: entry.category }]} />
    ${entry.traceId ? html`<p><a href=${`#/traces/${entry.traceId}?span=${entry.spanId ?? ''}`}>Open its trace</a></p>` : null}
    <h3>Attributes</h3><${Attributes} items=${entry.attributes} /></${Detail}>`;
}
