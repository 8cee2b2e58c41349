// Calls the gateway, with the key where one is required. It is kept for this tab only.
export async function api(path, init = {}) {
  const response = await fetch(path, withKey(init));
  if (response.status !== 401) {
    return response;
  }

  const key = prompt("This installation asks for a key.");
  if (!key) {
    return response;
  }

  sessionStorage.setItem("key", key);
  return fetch(path, withKey(init));
}

function withKey(init) {
  const key = sessionStorage.getItem("key");
  return key ? { ...init, headers: { ...init.headers, "x-api-key": key } } : init;
}
