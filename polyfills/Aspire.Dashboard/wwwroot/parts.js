import { html, useState } from './lib/htm-preact.js';
import { colour } from './format.js';

/** A search field and other filters in one row. */
export function Filters({ children }) {
  return html`<div class="filters" role="search">${children}</div>`;
}

export function Search({ value, onChange, label = 'Filter' }) {
  return html`<input type="search" class="search" placeholder=${label} aria-label=${label} value=${value} onInput=${event => onChange(event.target.value)} />`;
}

export function Choice({ value, onChange, label, options }) {
  return html`<label class="choice"><span>${label}</span>
    <select value=${value} onChange=${event => onChange(event.target.value)}>
      ${options.map(([key, text]) => html`<option value=${key} selected=${key === value}>${text}</option>`)}
    </select></label>`;
}

export function Check({ value, onChange, label }) {
  return html`<label class="check"><input type="checkbox" checked=${value} onChange=${event => onChange(event.target.checked)} /> ${label}</label>`;
}

export function Service({ name }) {
  return html`<span class="service"><i style=${{ background: colour(name) }}></i>${name}</span>`;
}

export function Failure({ error }) {
  return error ? html`<p class="failure" role="alert">${error.message}</p>` : null;
}

export function Empty({ children }) {
  return html`<p class="empty">${children}</p>`;
}

/** Attributes as a table of names and values; a value is copied by a click. */
export function Attributes({ items }) {
  const [copied, setCopied] = useState(null);
  if (!items?.length) return html`<p class="empty">None</p>`;
  const copy = async item => {
    await navigator.clipboard?.writeText(item.value);
    setCopied(item.key);
  };
  return html`<table class="attributes"><tbody>${items.map(item => html`
    <tr><th scope="row">${item.key}</th>
      <td><button class="plain" title="Copy" onClick=${() => copy(item)}>${item.value === '' ? '(empty)' : item.value}</button>${copied === item.key ? html` <small>copied</small>` : null}</td></tr>`)}</tbody></table>`;
}

/** A pane beside the list, closed with Escape. */
export function Detail({ title, onClose, children }) {
  return html`<aside class="detail" aria-label=${title} tabindex="-1" onKeyDown=${event => event.key === 'Escape' && onClose()}>
    <header><h2>${title}</h2><button onClick=${onClose} aria-label="Close">✕</button></header>
    <div class="detail-body">${children}</div></aside>`;
}
