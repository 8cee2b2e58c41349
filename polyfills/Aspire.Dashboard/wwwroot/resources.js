import { html, useState } from './lib/htm-preact.js';
import { get, send } from './api.js';
import { useLive } from './live.js';
import { Attributes, Detail, Failure, Search } from './parts.js';

export function ResourcesPage() {
  const [result, error] = useLive(signal => get('api/resources', {}, signal), []);
  const [session] = useLive(signal => get('api/session', {}, signal), [], 3600000);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(null);
  const [failure, setFailure] = useState(null);
  const [said, setSaid] = useState(null);
  const execute = async (resource, command) => {
    if (command.confirmation && !confirm(`${resource}: ${command.displayName}\n\n${command.confirmation}`)) return;
    setFailure(null);
    setSaid(null);
    try {
      await send('POST', `api/resources/${encodeURIComponent(resource)}/commands/${encodeURIComponent(command.name)}`);
      setSaid(`${resource}: ${command.displayName} – done`);
    } catch (problem) {
      setFailure(problem);
    }
  };
  const resources = (result?.resources ?? []).filter(resource => `${resource.name} ${resource.type} ${resource.state}`.toLowerCase().includes(text.toLowerCase()));
  const detail = result?.resources.find(resource => resource.name === chosen);
  return html`<header class="page"><h1>${result?.application ?? 'Resources'}</h1><${Search} value=${text} onChange=${setText} label="Filter resources" /></header>
    <${Failure} error=${failure ?? error} />
    ${said ? html`<p class="note" role="status">${said}</p>` : null}
    <div class="split">
      <div class="scroll"><table class="list resources">
        <thead><tr><th>Name</th><th>State</th><th class="wide">Type</th><th class="wide">Processes</th><th>Addresses</th><th>Commands</th></tr></thead>
        <tbody>${resources.map(resource => html`
          <tr class=${chosen === resource.name ? 'chosen' : ''}>
            <td><button class="plain" onClick=${() => setChosen(resource.name)}>${resource.name}</button></td>
            <td><${State} resource=${resource} /></td>
            <td class="wide">${resource.type}</td>
            <td class="wide">${resource.processes.join(', ')}${resource.replicas > 1 ? ` (${resource.processes.length} of ${resource.replicas})` : ''}</td>
            <td class="addresses">${resource.links.map(link => html`<${Address} link=${link} />`)}</td>
            <td class="commands">${resource.commands.filter(command => command.enabled).map(command => html`
              <button onClick=${() => execute(resource.name, command)} title=${command.description ?? ''} aria-label=${`${command.displayName} ${resource.name}`}>${command.displayName}</button>`)}
              ${resource.commands.length > 0 ? html`<a href=${`#/console/${resource.name}`}>Console</a>` : null}</td>
          </tr>`)}</tbody>
      </table>
      ${session ? html`<details class="hint"><summary>Send telemetry of another program here</summary>
        <pre>OTEL_EXPORTER_OTLP_ENDPOINT=${session.otlpGrpc}   OTEL_EXPORTER_OTLP_PROTOCOL=grpc
OTEL_EXPORTER_OTLP_ENDPOINT=${session.otlpHttp}   OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
OTEL_EXPORTER_OTLP_HEADERS=${session.otlpHeaders}</pre></details>` : null}</div>
      ${detail ? html`<${Detail} title=${detail.name} onClose=${() => setChosen(null)}>
        ${detail.reason ? html`<pre class="failure">${detail.reason}</pre>` : null}
        <${Attributes} items=${[
          { key: 'State', value: detail.state }, { key: 'Health', value: detail.health ?? '–' }, { key: 'Last exit code', value: `${detail.exitCode ?? '–'}` },
          { key: 'Waits for', value: detail.waitsFor.join(', ') || '–' }, { key: 'Source', value: detail.source ?? '–' }]} />
        <p><a href=${`#/logs?service=${detail.name}`}>Logs</a> · <a href=${`#/traces?service=${detail.name}`}>Traces</a> · <a href=${`#/metrics/${detail.name}`}>Metrics</a> · <a href=${`#/health/${detail.name}`}>Health</a></p>
        <h3>Environment</h3>
        <${Attributes} items=${detail.environment.map(variable => ({ key: variable.name, value: variable.value ?? '••••••' }))} />
      </${Detail}>` : null}
    </div>`;
}

function State({ resource }) {
  const failed = resource.state === 'FailedToStart' || (resource.state === 'Exited' && resource.exitCode);
  const kind = failed ? 'bad' : resource.health === 'Healthy' ? 'good' : resource.state === 'Finished' ? 'done' : resource.state === 'Running' ? 'warn' : 'idle';
  const text = resource.state === 'Running' && resource.health ? resource.health : resource.state;
  return html`<span class=${`state ${kind}`} title=${resource.reason ?? ''}>${text}</span>`;
}

function Address({ link }) {
  return link.url.startsWith('http') ? html`<a href=${link.url} target="_blank" rel="noreferrer">${link.text}</a> ` : html`<span>${link.text} </span>`;
}
