import { html, render, useEffect, useState } from './lib/htm-preact.js';
import { readAddress } from './address.js';
import { BudgetsPage } from './budgets.js';
import { ConsolePage } from './console.js';
import { HealthPage } from './health.js';
import { LogsPage } from './logs.js';
import { MetricsPage } from './metrics.js';
import { ResourcesPage } from './resources.js';
import { TracePage } from './trace.js';
import { TracesPage } from './traces.js';

const pages = [
  ['resources', 'Resources', ResourcesPage],
  ['console', 'Console', ConsolePage],
  ['logs', 'Logs', LogsPage],
  ['traces', 'Traces', TracesPage],
  ['metrics', 'Metrics', MetricsPage],
  ['health', 'Health', HealthPage],
  ['budgets', 'Budgets', BudgetsPage],
];

function toggleTheme() {
  const theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  localStorage.setItem('theme', theme);
  dispatchEvent(new Event('themechange'));
}

function App() {
  const [address, setAddress] = useState(readAddress());
  useEffect(() => {
    const moved = () => setAddress(readAddress());
    const pressed = event => {
      if (event.target.closest('input, select, textarea') || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '/') {
        document.querySelector('.search')?.focus();
        event.preventDefault();
      } else if (pages[Number(event.key) - 1]) {
        location.hash = `#/${pages[Number(event.key) - 1][0]}`;
      }
    };
    addEventListener('hashchange', moved);
    addEventListener('keydown', pressed);
    return () => {
      removeEventListener('hashchange', moved);
      removeEventListener('keydown', pressed);
    };
  }, []);
  const [name, title, Page] = pages.find(([key]) => key === address.page) ?? pages[0];
  useEffect(() => { document.title = `${title} – Dashboard`; }, [title]);
  return html`
    <nav aria-label="Pages">
      <strong class="brand">Dashboard</strong>
      ${pages.map(([key, text], index) => html`<a href=${`#/${key}`} aria-current=${key === name ? 'page' : undefined} title=${`Key ${index + 1}`}>${text}</a>`)}
      <button class="theme" onClick=${toggleTheme} aria-label="Light or dark" title="Light or dark">◐</button>
    </nav>
    <main>${name === 'traces' && address.rest[0]
      ? html`<${TracePage} key=${address.rest[0]} id=${address.rest[0]} parameters=${address.parameters} />`
      : html`<${Page} rest=${address.rest} parameters=${address.parameters} />`}</main>`;
}

render(html`<${App} />`, document.getElementById('app'));
