import { html } from './lib/htm-preact.js';
import { get } from './api.js';
import { duration } from './format.js';
import { useLive } from './live.js';
import { Empty, Failure } from './parts.js';

/** What operations take against what they may take, by process. */
export function BudgetsPage() {
  const [resources, error] = useLive(signal => get('api/resources', {}, signal), [], 5000);
  const names = (resources?.resources ?? []).filter(resource => resource.type === 'Project' && resource.state === 'Running').map(resource => resource.name);
  return html`<header class="page"><h1>Budgets</h1></header>
    <${Failure} error=${error} />
    <div class="scroll">
      <p class="note">The latest 1,024 operations of each process: what they took, and beside it what their budget allows.</p>
      <table class="list budgets"><thead><tr><th>Operation</th><th class="wide">Process</th><th>p50</th><th>p95</th><th>p99</th><th class="wide">Samples</th><th>Breaches</th></tr></thead>
        <tbody>${names.map(name => html`<${Rows} key=${name} name=${name} />`)}</tbody></table>
      ${resources && names.length === 0 ? html`<${Empty}>Nothing that has budgets is running.</${Empty}>` : null}</div>`;
}

function Rows({ name }) {
  const [answers] = useLive(signal => get(`api/resources/${encodeURIComponent(name)}/budgets`, {}, signal), [name], 4000);
  return html`${(answers ?? []).flatMap(answer => (Array.isArray(answer.report) ? answer.report : []).map(row => html`
    <tr key=${`${answer.process} ${row.operation}`}>
      <td><a href=${`#/traces?service=${name}`}>${row.operation}</a></td><td class="wide">${name} ${answer.process}</td>
      ${['p50', 'p95', 'p99'].map(key => html`<td><${Measure} current=${row.current?.[key]} budget=${row.budget[key]} /></td>`)}
      <td class="wide">${row.samples}</td><td>${row.breaches > 0 ? html`<a href=${`#/logs?service=${name}&text=budget`}>${row.breaches}</a>` : 0}</td></tr>`))}`;
}

function Measure({ current, budget }) {
  const kind = current == null ? 'idle' : current <= budget ? 'good' : current <= 2 * budget ? 'warn' : 'bad';
  const text = { idle: 'no sample', good: 'within', warn: 'over', bad: 'over twice' }[kind];
  return html`<span class=${`state ${kind}`} title=${text}>${current == null ? '–' : duration(current)}</span> <small>of ${duration(budget)}</small>`;
}
