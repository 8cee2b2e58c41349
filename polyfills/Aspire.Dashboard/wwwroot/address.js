// The page's state that can be linked to lies in the address after #.

/** The address after #: page, the rest of its path, and its parameters. */
export function readAddress() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [page = '', ...rest] = path.split('/').map(decodeURIComponent);
  return { page: page || 'resources', rest, parameters: Object.fromEntries(new URLSearchParams(query)) };
}

/** Changes parameters of the present address without a new entry in the history. */
export function setParameters(changes) {
  const { page, rest, parameters } = readAddress();
  const query = new URLSearchParams(Object.entries({ ...parameters, ...changes }).filter(([, value]) => value !== '' && value !== undefined && value !== null && value !== false));
  history.replaceState(null, '', `#/${[page, ...rest].map(encodeURIComponent).join('/')}${query.size > 0 ? `?${query}` : ''}`);
  dispatchEvent(new HashChangeEvent('hashchange'));
}
