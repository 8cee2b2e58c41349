// Requests to the dashboard's own addresses.

/** Reads JSON; an error carries the problem's own words. */
export async function get(path, parameters = {}, signal = undefined) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false));
  const response = await fetch(query.size > 0 ? `${path}?${query}` : path, { signal });
  return read(response);
}

export async function send(method, path) {
  return read(await fetch(path, { method }));
}

async function read(response) {
  if (response.status === 401) throw new Error(await response.text());
  const isJson = response.headers.get('content-type')?.includes('json');
  const body = isJson ? await response.json() : await response.text();
  if (!response.ok) throw new Error(body.detail ?? (isJson ? `Status ${response.status}` : body) ?? `Status ${response.status}`);
  return body;
}
