import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** One request as a double received it. Names are kept as sent (`line_items[0][price]`); of a repeated name the last value counts. */
export interface DoubleRequest {
  readonly method: string;
  /** Without the query, still percent-encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The body's bytes read as UTF-8. */
  readonly text: string;
  /** Empty unless the content type is `application/x-www-form-urlencoded`. */
  readonly form: Readonly<Record<string, string>>;
  /** Undefined unless the content type is JSON and the text parses. */
  readonly json: unknown;
  /** The form, the JSON or the text, whichever the content type names. Undefined without a body. */
  readonly body: unknown;
  /** Arrival, by the double's clock. */
  readonly at: Date;
}

/** Reads a request to its end. Throws when the caller goes away before. */
export async function readRequest(incoming: IncomingMessage, at: Date): Promise<DoubleRequest> {
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://double');
  const text = await readText(incoming);
  const kind = (incoming.headers['content-type'] ?? '').replace(/;.*$/s, '').trim().toLowerCase();
  const form = kind === 'application/x-www-form-urlencoded' ? record(new URLSearchParams(text)) : undefined;
  const json = /^application\/(?:.+\+)?json$/.test(kind) ? parse(text) : undefined;
  return {
    method: incoming.method ?? 'GET',
    path: pathname,
    query: record(searchParams),
    headers: incoming.headers,
    text,
    form: form ?? {},
    json,
    body: form ?? json ?? (text === '' ? undefined : text),
    at,
  };
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function record(parameters: URLSearchParams): Record<string, string> {
  return Object.fromEntries(parameters);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
