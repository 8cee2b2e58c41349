import { html, useState } from './lib/htm-preact.js';
import { setParameters } from './address.js';
import { get } from './api.js';
import { colour, count, duration, time } from './format.js';
import { useLive } from './live.js';
import { Check, Choice, Empty, Failure, Filters, Search } from './parts.js';

const topics = [['', 'All kinds'], ['http', 'HTTP'], ['rpc', 'gRPC'], ['database', 'Database'], ['messaging', 'Messaging'], ['genai', 'Model calls']];
const durations = [['', 'Any duration'], ['10', '≥ 10 ms'], ['100', '≥ 100 ms'], ['500', '≥ 500 ms'], ['1000', '≥ 1 s'], ['5000', '≥ 5 s']];

/** Traces, newest first. */
export function TracesPage({ parameters }) {
  const [paused, setPaused] = useState(false);
  const { service = '', text = '', minimum = '', errors = '', topic = '' } = parameters;
  const [result, error] = useLive(signal => get('api/traces', { service, text, minimum, errors, topic }, signal), [service, text, minimum, errors, topic], 1500, paused);
  const [resources] = useLive(signal => get('api/resources', {}, signal), [], 10000);
  const services = [['', 'All resources'], ...(resources?.resources ?? []).filter(resource => resource.commands.length > 0).map(resource => [resource.name, resource.name])];
  const longest = Math.max(1, ...(result?.traces ?? []).map(trace => trace.duration));
  return html`<header class="page"><h1>Traces</h1><span class="note">${result ? `${count(result.spans)} spans kept` : ''}</span></header>
    <${Filters}>
      <${Search} value=${text} onChange=${value => setParameters({ text: value })} label="Name, attribute, request id or trace id" />
      <${Choice} label="Resource" value=${service} onChange=${value => setParameters({ service: value })} options=${services} />
      <${Choice} label="Kind" value=${topic} onChange=${value => setParameters({ topic: value })} options=${topics} />
      <${Choice} label="Duration" value=${minimum} onChange=${value => setParameters({ minimum: value })} options=${durations} />
      <${Check} label="Errors only" value=${errors === 'true'} onChange=${value => setParameters({ errors: value ? 'true' : '' })} />
      <${Check} label="Pause" value=${paused} onChange=${setPaused} />
    </${Filters}>
    <${Failure} error=${error} />
    <div class="scroll"><table class="list traces">
      <thead><tr><th>Time</th><th>Name</th><th class="wide">Spans</th><th>Duration</th></tr></thead>
      <tbody>${(result?.traces ?? []).map(trace => html`<tr key=${trace.traceId}>
        <td class="figure">${time(trace.start)}</td>
        <td class="message"><a href=${`#/traces/${trace.traceId}`}>${trace.service}: ${trace.name}</a>
          ${trace.errors > 0 ? html` <span class="state bad">${trace.errors} ${trace.errors === 1 ? 'error' : 'errors'}</span>` : null}
          ${trace.callsModel ? html` <span class="state done">model</span>` : null}</td>
        <td class="wide services">${trace.services.map(part => html`<span title=${`${part.service}: ${part.spans} spans`}><i style=${{ background: colour(part.service) }}></i>${part.spans}</span>`)}</td>
        <td class="duration"><span>${duration(trace.duration)}</span><meter min="0" max=${longest} value=${trace.duration}></meter></td></tr>`)}</tbody></table>
      ${result && result.traces.length === 0 ? html`<${Empty}>No trace fits. Ask the platform something, and its trace is here within two seconds.</${Empty}>` : null}</div>`;
}
