// Before the first paint, so that the page does not flash in the other theme.
(() => {
  const chosen = localStorage.getItem('theme');
  document.documentElement.dataset.theme = chosen ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
})();
