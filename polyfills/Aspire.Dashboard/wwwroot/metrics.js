import { html, useEffect, useRef, useState } from './lib/htm-preact.js';
import { setParameters } from './address.js';
import { get } from './api.js';
import { count, value } from './format.js';
import { useLive } from './live.js';
import { Choice, Empty, Failure, Filters, Search } from './parts.js';

const spans = [['1', '1 minute'], ['5', '5 minutes'], ['15', '15 minutes'], ['60', '1 hour']];

/** Instruments of a resource and the chart of the chosen one. */
export function MetricsPage({ rest, parameters }) {
  const [list, error] = useLive(signal => get('api/metrics', {}, signal), [], 5000);
  const [text, setText] = useState('');
  const services = [...new Set((list?.instruments ?? []).map(instrument => instrument.service))];
  const service = rest[0] ?? services[0] ?? '';
  const instruments = (list?.instruments ?? []).filter(instrument => instrument.service === service && `${instrument.name} ${instrument.description}`.toLowerCase().includes(text.toLowerCase()));
  const [scope, name] = [parameters.scope, parameters.name];
  const chosen = list?.instruments.find(instrument => instrument.service === service && instrument.scope === scope && instrument.name === name) ?? instruments[0];
  return html`<header class="page"><h1>Metrics</h1>
      <${Choice} label="Resource" value=${service} onChange=${key => { location.hash = `#/metrics/${encodeURIComponent(key)}`; }} options=${services.map(key => [key, key])} />
      ${list?.rejectedSeries > 0 ? html`<span class="state warn">${count(list.rejectedSeries)} series left out: too many</span>` : null}</header>
    <${Failure} error=${error} />
    ${services.length === 0 ? html`<${Empty}>No metrics yet.</${Empty}>` : html`<div class="split metrics">
      <div class="scroll instruments"><${Search} value=${text} onChange=${setText} label="Filter instruments" />
        ${instruments.map(instrument => html`<button class=${`instrument ${instrument === chosen ? 'chosen' : ''}`} title=${instrument.description}
          onClick=${() => setParameters({ scope: instrument.scope, name: instrument.name, group: '' })}>${instrument.name}<small>${instrument.scope}</small></button>`)}</div>
      <div class="scroll chart-pane">${chosen ? html`<${Chart} key=${`${service} ${chosen.scope} ${chosen.name}`} instrument=${chosen} parameters=${parameters} />` : null}</div></div>`}`;
}

function Chart({ instrument, parameters }) {
  const [filters, setFilters] = useState({});
  const { minutes = '5', group = '' } = parameters;
  const where = Object.fromEntries(Object.entries(filters).filter(([, wanted]) => wanted).map(([key, wanted]) => [`where.${key}`, wanted]));
  const [chart, error] = useLive(
    signal => get('api/metrics/chart', { service: instrument.service, scope: instrument.scope, name: instrument.name, minutes, group, ...where }, signal),
    [instrument.name, minutes, group, JSON.stringify(where)], 3000);
  return html`<h2>${instrument.name}</h2><p class="note">${instrument.description} · ${instrument.kind}${instrument.unit ? ` · ${instrument.unit}` : ''}
      ${chart ? ` · ${instrument.kind === 'Counter' || instrument.kind === 'Histogram' ? 'in this time' : 'now'}: ${value(chart.total, instrument.kind === 'Histogram' ? '' : instrument.unit)}` : ''}</p>
    <${Filters}>
      <${Choice} label="Time" value=${minutes} onChange=${key => setParameters({ minutes: key })} options=${spans} />
      ${chart?.dimensions.length > 0 ? html`<${Choice} label="Lines by" value=${group} onChange=${key => setParameters({ group: key })}
        options=${[['', 'one line'], ...chart.dimensions.map(dimension => [dimension.name, dimension.name])]} />` : null}
      ${chart?.dimensions.filter(dimension => dimension.values.length > 1).map(dimension => html`<${Choice} label=${dimension.name} value=${filters[dimension.name] ?? ''}
        onChange=${key => setFilters({ ...filters, [dimension.name]: key })} options=${[['', 'all'], ...dimension.values.map(key => [key, key || '(empty)'])]} />`)}
    </${Filters}>
    <${Failure} error=${error} />
    ${chart ? html`<${Plot} chart=${chart} /><${Values} chart=${chart} />` : null}
    ${chart?.exemplars.length > 0 ? html`<h3>Single measurements with a trace</h3><table class="list"><tbody>${chart.exemplars.toReversed().slice(0, 20).map(exemplar => html`
      <tr><td>${new Date(exemplar.time * 1000).toLocaleTimeString()}</td><td>${value(exemplar.value, chart.unit)}</td><td><a href=${`#/traces/${exemplar.traceId}?span=${exemplar.spanId}`}>${exemplar.traceId.slice(0, 8)}</a></td></tr>`)}</tbody></table>` : null}`;
}

// Labels of the time axis for steps of an hour, a minute and a second, in the form that uPlot reads.
const clockLabels = [
  [3600, '{HH}:{mm}', '\n{YYYY}-{MM}-{DD}', null, null, null, null, null, 1],
  [60, '{HH}:{mm}', null, null, null, null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 1],
];

/** The lines, drawn by uPlot; exemplars as dots that open their trace. */
function Plot({ chart }) {
  const host = useRef(null);
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    const changed = () => setTheme(before => before + 1);
    addEventListener('themechange', changed);
    addEventListener('resize', changed);
    return () => {
      removeEventListener('themechange', changed);
      removeEventListener('resize', changed);
    };
  }, []);
  useEffect(() => {
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue('--ink-soft').trim();
    const grid = { stroke: style.getPropertyValue('--line').trim(), width: 1 };
    const axis = { stroke: ink, grid, ticks: grid, font: '12px system-ui' };
    const hues = [222, 28, 150, 330, 190, 265, 75, 0, 120, 300, 45, 205];
    const draw = new window.uPlot({
      width: host.current.clientWidth,
      height: 300,
      series: [{ value: '{HH}:{mm}:{ss}' }, ...chart.lines.map((line, index) => ({
        label: line.label, stroke: `hsl(${hues[index % hues.length]} 70% ${document.documentElement.dataset.theme === 'dark' ? 65 : 42}%)`, width: 2, spanGaps: false,
        value: (_, amount) => value(amount, chart.unit),
      }))],
      axes: [{ ...axis, values: clockLabels }, { ...axis, size: 76, values: (_, amounts) => amounts.map(amount => value(amount, chart.unit)) }],
      scales: { y: { range: (_, low, high) => [Math.min(0, low ?? 0), high > 0 ? high * 1.1 : 1] } },
      hooks: { draw: [plot => dots(plot, chart, ink)] },
    }, [chart.times, ...chart.lines.map(line => line.values)], host.current);
    const clicked = event => {
      const near = nearest(draw, chart, event);
      if (near) location.hash = `#/traces/${near.traceId}?span=${near.spanId}`;
    };
    draw.over.addEventListener('click', clicked);
    return () => draw.destroy();
  }, [chart, theme]);
  return html`<div class="plot" ref=${host} role="img" aria-label=${`Chart of ${chart.instrument.name}; its latest values are in the table below`}></div>`;
}

function dots(plot, chart, ink) {
  const { ctx } = plot;
  ctx.save();
  ctx.fillStyle = ink;
  for (const exemplar of chart.exemplars) {
    const [x, y] = [plot.valToPos(exemplar.time, 'x', true), plot.valToPos(exemplar.value, 'y', true)];
    if (x < plot.bbox.left || y < plot.bbox.top) continue;
    ctx.beginPath();
    ctx.arc(x, y, 3 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.restore();
}

function nearest(plot, chart, event) {
  const box = plot.over.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  const distance = exemplar => Math.hypot(plot.valToPos(exemplar.time, 'x') - x, plot.valToPos(exemplar.value, 'y') - y);
  const best = chart.exemplars.toSorted((a, b) => distance(a) - distance(b))[0];
  return best && distance(best) < 12 ? best : null;
}

function Values({ chart }) {
  const latest = line => line.values.findLast(amount => amount !== null);
  return html`<table class="list values"><thead><tr><th>Line</th><th>Latest</th><th>Highest</th></tr></thead>
    <tbody>${chart.lines.map(line => html`<tr><td>${line.label}</td><td>${value(latest(line), chart.unit)}</td>
      <td>${value(line.values.reduce((highest, amount) => amount !== null && (highest === null || amount > highest) ? amount : highest, null), chart.unit)}</td></tr>`)}</tbody></table>`;
}
