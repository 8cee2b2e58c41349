import { html, useEffect, useMemo, useState } from './lib/htm-preact.js';
import { get } from './api.js';
import { colour, duration, level, time } from './format.js';
import { useLive } from './live.js';
import { Attributes, Check, Detail, Empty, Failure, Filters, Search, Service } from './parts.js';

const shownAtOnce = 500;

/** One trace as a waterfall. */
export function TracePage({ id, parameters }) {
  const [trace, error] = useLive(signal => get(/^[0-9a-f]{32}$/.test(id) ? `api/traces/${id}` : `api/requests/${encodeURIComponent(id)}`, {}, signal), [id], 2000);
  const [chosen, setChosen] = useState(parameters.span || null);
  const [closed, setClosed] = useState(new Set());
  const [text, setText] = useState('');
  const [onlyCritical, setOnlyCritical] = useState(false);
  const [limit, setLimit] = useState(shownAtOnce);
  useEffect(() => { if (chosen) document.getElementById(`span-${chosen}`)?.scrollIntoView({ block: 'center' }); }, [trace !== null]);
  const rows = useMemo(() => visible(trace?.spans ?? [], closed, text, onlyCritical), [trace, closed, text, onlyCritical]);
  if (!trace) return html`<header class="page"><h1>Trace</h1></header><${Failure} error=${error} />`;
  const parents = new Set(trace.spans.map(span => span.parentId));
  const toggle = span => setClosed(before => {
    const after = new Set(before);
    if (!after.delete(span)) after.add(span);
    return after;
  });
  const span = trace.spans.find(one => one.id === chosen);
  const root = trace.spans[0];
  return html`<header class="page"><h1><a href="#/traces">Traces</a> / ${root.service}: ${root.name}</h1>
      <span class="note">${time(trace.start)} · ${duration(trace.duration)} · ${trace.spans.length} spans · <code>${trace.traceId}</code></span></header>
    <${Filters}><${Search} value=${text} onChange=${setText} label="Filter spans" />
      <${Check} label="Critical path only" value=${onlyCritical} onChange=${setOnlyCritical} />
      <a href=${`#/logs?trace=${trace.traceId}`}>${trace.logs.length} log entries</a>
      <span class="legend"><i class="critical-mark"></i> on the critical path</span></${Filters}>
    <${Failure} error=${error} />
    <div class="split"><div class="scroll waterfall" role="tree" aria-label="Spans">
      <div class="ticks" aria-hidden="true"><span></span><div>${[0, 0.25, 0.5, 0.75, 1].map(share => html`<span style=${{ left: `${share * 100}%` }}>${duration(trace.duration * share)}</span>`)}</div></div>
      ${rows.slice(0, limit).map(row => html`<${SpanRow} key=${row.id} span=${row} trace=${trace} chosen=${row.id === chosen} isParent=${parents.has(row.id)} isClosed=${closed.has(row.id)}
        onChoose=${() => setChosen(row.id)} onToggle=${() => toggle(row.id)} />`)}
      ${rows.length === 0 ? html`<${Empty}>No span fits.</${Empty}>` : null}
      ${rows.length > limit ? html`<button class="more" onClick=${() => setLimit(limit + 2000)}>Show more of ${rows.length} spans</button>` : null}</div>
      ${span ? html`<${SpanDetail} span=${span} trace=${trace} onClose=${() => setChosen(null)} />` : null}</div>`;
}

/** The spans that are not folded away and fit the filter. */
function visible(spans, closed, text, onlyCritical) {
  const hidden = new Set();
  const wanted = text.toLowerCase();
  return spans.filter(span => {
    if (hidden.has(span.parentId) || closed.has(span.parentId)) {
      hidden.add(span.id);
      return false;
    }
    return (!onlyCritical || span.critical !== null)
      && (!wanted || `${span.service} ${span.name} ${span.attributes.map(item => item.value).join(' ')}`.toLowerCase().includes(wanted));
  });
}

function SpanRow({ span, trace, chosen, isParent, isClosed, onChoose, onToggle }) {
  const left = (span.start / trace.duration) * 100;
  const width = Math.max(0.15, (span.duration / trace.duration) * 100);
  const keys = event => {
    if (event.key === 'Enter' || event.key === ' ') onChoose();
    else if ((event.key === 'ArrowLeft' && !isClosed && isParent) || (event.key === 'ArrowRight' && isClosed)) onToggle();
    else if (event.key === 'ArrowDown') event.currentTarget.nextElementSibling?.focus();
    else if (event.key === 'ArrowUp') event.currentTarget.previousElementSibling?.focus();
    else return;
    event.preventDefault();
  };
  return html`<div id=${`span-${span.id}`} class=${`span-row ${chosen ? 'chosen' : ''}`} role="treeitem" tabindex="0" aria-level=${span.depth + 1} aria-expanded=${isParent ? !isClosed : undefined}
      aria-selected=${chosen} onClick=${onChoose} onKeyDown=${keys}>
    <div class="span-name" style=${{ paddingLeft: `${Math.min(span.depth, 20) * 0.8}rem` }}>
      ${isParent ? html`<button class="fold" tabindex="-1" aria-label="Fold" onClick=${event => { event.stopPropagation(); onToggle(); }}>${isClosed ? '▸' : '▾'}</button>` : html`<span class="fold"></span>`}
      <i style=${{ background: colour(span.service) }}></i><span class="span-service">${span.service}</span> <span class=${span.failed ? 'bad-text' : ''}>${span.name}</span></div>
    <div class="span-bar"><div class=${`bar ${span.critical !== null ? 'critical' : ''} ${span.failed ? 'failed' : ''}`} style=${{ left: `${left}%`, width: `${width}%`, background: colour(span.service) }}></div>
      <span class="bar-text" style=${left > 70 ? { right: `${100 - left}%` } : { left: `${left + width}%` }}>${duration(span.duration)}</span></div></div>`;
}

function SpanDetail({ span, trace, onClose }) {
  const logs = trace.logs.filter(entry => entry.spanId === span.id);
  const conversation = span.events.filter(event => event.name.startsWith('gen_ai.'));
  return html`<${Detail} title=${span.name} onClose=${onClose}>
    ${span.failed ? html`<p class="failure">${span.statusMessage || 'Failed'}</p>` : null}
    <${Attributes} items=${[
      { key: 'Resource', value: span.service }, { key: 'Kind', value: span.kind }, { key: 'Begin', value: `+${duration(span.start)}` }, { key: 'Duration', value: duration(span.duration) },
      { key: 'Own time on the critical path', value: span.critical === null ? '–' : `${duration(span.critical)} (${Math.round((span.critical / trace.duration) * 100)} %)` },
      { key: 'Source', value: span.scope }, { key: 'Instance', value: span.instance }]} />
    ${span.topic === 'genai' ? html`<${ModelCall} span=${span} conversation=${conversation} />` : null}
    <h3>Attributes</h3><${Attributes} items=${span.attributes} />
    ${span.events.length > 0 ? html`<h3>Events</h3>${span.events.map(event => html`<p><code>+${duration(event.time)}</code> ${event.name}</p><${Attributes} items=${event.attributes} />`)}` : null}
    ${span.links.length > 0 ? html`<h3>Links</h3>${span.links.map(link => html`<p><a href=${`#/traces/${link.traceId}?span=${link.spanId}`}>${link.traceId.slice(0, 8)}…</a></p>`)}` : null}
    <h3>Logs</h3>${logs.length === 0 ? html`<${Empty}>None of this span</${Empty}>` : logs.map(entry => html`
      <p class="log-line"><span class=${`level ${level(entry.severity)}`}>${level(entry.severity)}</span> ${entry.message}</p>`)}
  </${Detail}>`;
}

/** A model call: who, what it took, and what was said when content is captured. */
function ModelCall({ span, conversation }) {
  const read = name => span.attributes.find(item => item.key === name)?.value;
  const messages = ['gen_ai.system_instructions', 'gen_ai.input.messages', 'gen_ai.output.messages'].filter(read).map(name => [name, read(name)]);
  return html`<h3>Model call</h3>
    <${Attributes} items=${[
      ['Provider', read('gen_ai.provider.name') ?? read('gen_ai.system')], ['Model', read('gen_ai.response.model') ?? read('gen_ai.request.model')],
      ['Input tokens', read('gen_ai.usage.input_tokens')], ['Output tokens', read('gen_ai.usage.output_tokens')], ['Finish', read('gen_ai.response.finish_reasons')],
    ].filter(([, value]) => value).map(([key, value]) => ({ key, value }))} />
    ${messages.length + conversation.length === 0 ? html`<${Empty}>What was said is not captured; it is only when the platform is told to.</${Empty}>` : null}
    ${messages.map(([name, value]) => html`<h4>${name.replace('gen_ai.', '').replaceAll(/[._]/g, ' ')}</h4><pre class="message-text">${pretty(value)}</pre>`)}
    ${conversation.map(event => html`<h4>${event.name.replace('gen_ai.', '')}</h4><pre class="message-text">${event.attributes.map(item => item.value).join('\n')}</pre>`)}`;
}

function pretty(value) {
  try {
    return JSON.parse(value).map(message => `${message.role}: ${(message.parts ?? []).map(part => part.content ?? JSON.stringify(part)).join('\n')}`).join('\n\n');
  } catch {
    return value;
  }
}
