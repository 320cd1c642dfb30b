// Asking the API.

const BASE = "/api/v1";

/** What the API refused, in its own words. */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? `The service answered ${status}.`);
    this.status = status;
    this.code = body?.code;
    this.faults = body?.faults ?? [];
  }
}

const ask = (method, path, body) =>
  request(method, path, body === undefined ? undefined : JSON.stringify(body), body === undefined ? {} : { "Content-Type": "application/json" });

async function request(method, path, body, headers) {
  let response;
  try {
    response = await fetch(BASE + path, { method, headers, body });
  } catch {
    throw new Problem(0, { detail: "The service cannot be reached." });
  }
  const text = await response.text();
  let value;
  try { value = text ? JSON.parse(text) : undefined; } catch { value = undefined; }
  if (!response.ok) {
    if (response.status === 401 && path !== "/session") window.dispatchEvent(new Event("parley:signed-out"));
    throw new Problem(response.status, value);
  }
  return value;
}

export const get = (path, parameters = {}) => {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== ""));
  // A plus is a plus to the service, and no space.
  return ask("GET", path + (query.size ? `?${query.toString().replaceAll("+", "%20")}` : ""));
};
export const post = (path, body = {}) => ask("POST", path, body);
export const patch = (path, body) => ask("PATCH", path, body);
/** Sends text or a file as it is; `key` makes a repeat of it no second one. */
export const send = (path, body, type, key) =>
  request("POST", path, body, { "Content-Type": type, ...(key ? { "Idempotency-Key": key } : {}) });
/** Puts text or a file at an address, as it is; `headers` say what must be so. */
export const put = (path, body, type, headers = {}) => request("PUT", path, body, { "Content-Type": type, ...headers });
export const remove = (path, headers = {}) => request("DELETE", path, undefined, headers);
/** For one act, however often it is sent. */
export const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export const recordingURL = (id) => `${BASE}/calls/${encodeURIComponent(id)}/recording`;

/** The audio of a call on the line, of `caller`, `agent` or `both`, as a stream of bytes. */
export async function audio(id, side, signal) {
  const response = await fetch(`${BASE}/calls/${encodeURIComponent(id)}/audio?side=${side}`, { signal });
  if (response.ok) return response.body;
  throw new Problem(response.status, await response.json().catch(() => undefined));
}

/** Server-sent events from the one with id `after` on; the browser resumes by itself. */
export const events = (after) => new EventSource(`${BASE}/events?levels=true&after=${encodeURIComponent(after)}`);
