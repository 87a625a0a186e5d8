import type { AxisLmsDouble } from '../../src/testing/axis-lms/index.ts';

/** A clock that stands still until it is moved. */
export function stoppedClock(start = '2026-03-01T18:00:00Z') {
  let at = new Date(start);
  return {
    now: () => at,
    forward: (seconds: number) => void (at = new Date(at.getTime() + seconds * 1000)),
  };
}

export interface Answer {
  status: number;
  type: string | null;
  text: string;
  location: string | null;
  /** The parsed body; undefined when it is no JSON. */
  json: unknown;
}

export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const { status, headers } = response;
  return { status, type: headers.get('content-type'), text, location: headers.get('location'), json };
}

export async function newToken(lms: AxisLmsDouble): Promise<string> {
  const { json } = await ask(`${lms.url}/token/request/`, { headers: { authorization: `Bearer ${lms.apiKey}` } });
  return (json as { token: string }).token;
}

/** The plainest possible caller: one token, parameters as a form unless told otherwise, no second attempts. */
export async function signedIn(lms: AxisLmsDouble) {
  const token = await newToken(lms);
  const call = (method: string, path: string, init: RequestInit = {}) =>
    ask(lms.url + path, { method, ...init, headers: { authorization: `Bearer ${token}`, ...(init.headers as object) } });
  return {
    token,
    get: (path: string, query: Record<string, string> = {}) => call('GET', withQuery(path, query)),
    post: (path: string, form: Record<string, string> = {}) => call('POST', path, { body: new URLSearchParams(form) }),
    put: (path: string, form: Record<string, string> = {}) => call('PUT', path, { body: new URLSearchParams(form) }),
    delete: (path: string) => call('DELETE', path),
    sendJson: (method: string, path: string, value: unknown) =>
      call(method, path, { body: JSON.stringify(value), headers: { 'content-type': 'application/json' } }),
    sendQuery: (method: string, path: string, query: Record<string, string>) => call(method, withQuery(path, query)),
  };
}

function withQuery(path: string, query: Record<string, string>): string {
  const search = new URLSearchParams(query).toString();
  return search === '' ? path : `${path}?${search}`;
}
