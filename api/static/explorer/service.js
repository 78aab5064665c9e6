// What the service answers.

import { address } from "./dom.js";

/** An answer that is an error: a problem document (RFC 9457). */
export class Problem extends Error {
  constructor(status, title, detail) {
    super(detail);
    this.status = status;
    this.title = title;
  }
}

async function read(response) {
  const type = response.headers.get("content-type") || "";
  if (response.ok) return type.includes("json") ? response.json() : response.text();
  const body = type.includes("json") ? await response.json() : {};
  throw new Problem(response.status, body.title || response.statusText, body.detail || `${response.status} ${response.statusText}`);
}

/** GET a path of the service. */
export async function get(path, parameters, signal) {
  return read(await fetch(address(path, parameters), { signal }));
}

/** POST an object; `token` where the service asks for one. */
export async function post(path, body, token) {
  const headers = { "content-type": "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  return read(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

let overview = null;
/** What the graph holds; asked once a page load. */
export function getOverview() {
  overview ||= get("/api/overview").catch((error) => { overview = null; throw error; });
  return overview;
}
export function forgetOverview() { overview = null; }
