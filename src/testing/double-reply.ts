import type { ServerResponse } from 'node:http';

/** What a double answers. */
export interface DoubleReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function jsonReply(value: unknown, status = 200): DoubleReply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

export function textReply(body: string, status = 200): DoubleReply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

export function xmlReply(body: string, status = 200): DoubleReply {
  return { status, headers: { 'content-type': 'text/xml; charset=utf-8' }, body };
}

/** A whole page around `body`, which has to be HTML already: put foreign text through `escapeText`. */
export function htmlReply(title: string, body: string, status = 200): DoubleReply {
  const head = `<meta charset="utf-8"><title>${escapeText(title)}</title><style>${look}</style>`;
  const page = `<!doctype html><html lang="en"><head>${head}</head><body>${body}</body></html>`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
}

export function redirectReply(location: string, status = 302): DoubleReply {
  return { status, headers: { location }, body: '' };
}

/** Makes text safe between tags and in quoted attributes, in HTML and in XML. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

export function sendReply(response: ServerResponse, reply: DoubleReply): void {
  if (response.destroyed) return;
  response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) });
  response.end(reply.body);
}

const look = `body { font: 16px/1.5 sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em }
table { border-collapse: collapse } th, td { border-bottom: 1px solid #ccc; padding: .2em 1em .2em 0; text-align: left }`;
