import { html } from './lib/htm-preact.js';
import { get } from './api.js';
import { duration } from './format.js';
import { useLive } from './live.js';
import { Empty, Failure } from './parts.js';

/** The health report of every resource that has one. */
export function HealthPage({ rest }) {
  const [resources, error] = useLive(signal => get('api/resources', {}, signal), [], 5000);
  const names = (resources?.resources ?? []).filter(resource => resource.type === 'Project' && resource.state === 'Running' && (!rest[0] || rest[0] === resource.name)).map(resource => resource.name);
  return html`<header class="page"><h1>Health</h1>${rest[0] ? html`<a href="#/health">All resources</a>` : null}</header>
    <${Failure} error=${error} />
    <div class="scroll">${names.map(name => html`<${Report} key=${name} name=${name} />`)}
      ${resources && names.length === 0 ? html`<${Empty}>Nothing that reports its health is running.</${Empty}>` : null}</div>`;
}

function Report({ name }) {
  const [answers, error] = useLive(signal => get(`api/resources/${encodeURIComponent(name)}/health`, {}, signal), [name], 4000);
  return html`<section class="health"><h2>${name}</h2><${Failure} error=${error} />
    ${(answers ?? []).map(answer => html`
      <p class="note">${answer.process} · ${answer.report?.status ?? answer.error ?? `status ${answer.status}`} · answered in ${duration(answer.milliseconds)}</p>
      ${answer.report?.components ? html`<table class="list"><thead><tr><th>Component</th><th>Status</th><th>Latency</th><th class="wide">Last checked</th><th>Message</th></tr></thead>
        <tbody>${components(answer.report.components).map(([key, part]) => html`<tr><td>${key}</td><td><span class=${`state ${kind(part.status)}`}>${part.status}</span></td>
          <td>${duration(part.latencyMs ?? part.latency ?? null)}</td><td class="wide">${part.lastChecked ? new Date(part.lastChecked).toLocaleTimeString() : '–'}</td>
          <td class="message">${part.message ?? ''}${part.details ? html`<small>${Object.entries(part.details).map(([label, text]) => ` ${label}: ${typeof text === 'object' ? JSON.stringify(text) : text}`).join(' ·')}</small>` : null}</td></tr>`)}</tbody></table>` : null}`)}</section>`;
}

function components(parts) {
  return Array.isArray(parts) ? parts.map(part => [part.name, part]) : Object.entries(parts);
}

function kind(status) {
  return { healthy: 'good', degraded: 'warn', unhealthy: 'bad' }[String(status).toLowerCase()] ?? 'idle';
}
