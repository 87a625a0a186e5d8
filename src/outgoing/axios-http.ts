import { TextDecoder } from 'node:util';
import axios, { AxiosError, type AxiosInstance } from 'axios';
import { tryLater } from '../contract/errors.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../contract/http.ts';
import { addressRefused, guardConnection } from './address-guard.ts';
import { crashPoint } from '../crash-point.ts';
import { readRetryAfter } from './retry-after.ts';

const fiveMegabytes = 5 * 1024 * 1024;

/** Failures before a byte of the request left: the other side cannot have acted. */
const notSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ERR_INVALID_URL']);

/**
 * The one way out: axios, configured once. Every status resolves, redirects are answers, environment proxies are not used,
 * nothing waits longer than the request's `timeoutMs` (default 10 s) from start to last byte, bodies over 5 MB are refused.
 */
export function createHttpClient({ now = Date.now }: { readonly now?: () => number } = {}): HttpClient {
  const client = axios.create({
    maxRedirects: 0,
    proxy: false,
    maxContentLength: fiveMegabytes,
    maxBodyLength: fiveMegabytes,
    responseType: 'arraybuffer',
    transformResponse: (body: unknown) => body,
    validateStatus: () => true,
    headers: { common: { Accept: 'application/json, text/*;q=0.9, */*;q=0.5', 'User-Agent': 'handover' } },
  });
  return { send: (request) => send(client, request, now) };
}

async function send(client: AxiosInstance, request: HttpRequest, now: () => number): Promise<HttpResponse> {
  const timeoutMs = request.timeoutMs ?? 10_000;
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline;
  const isWriting = request.method !== 'GET';
  const guarded = request.guard ? guardConnection(request.url, request.guard) : {};
  crashPoint('before a request');
  if (isWriting) crashPoint('before a writing request');
  try {
    const answer = await client.request<unknown>({
      ...guarded,
      method: request.method,
      url: request.url,
      ...(request.query && { params: new URLSearchParams(request.query) }),
      ...bodyOf(request),
      timeout: timeoutMs,
      signal,
    });
    crashPoint('after a request');
    if (isWriting) crashPoint('after a writing request');
    const headers = headersOf(answer.headers);
    const text = readText(answer.data, headers['content-type'], request.charset);
    const retryAfterMs = readRetryAfter(headers['retry-after'], now());
    return { status: answer.status, headers, text, json: () => parse(text), ...(retryAfterMs !== undefined && { retryAfterMs }) };
  } catch (error) {
    throw explain(error, request, timeoutMs, deadline.aborted);
  }
}

function bodyOf(request: HttpRequest): { data?: string | Uint8Array; headers: Record<string, string> } {
  const headers = { ...request.headers };
  if (request.bytes) return { data: request.bytes, headers: { 'Content-Type': 'application/octet-stream', ...headers } };
  if (request.form) {
    return {
      data: new URLSearchParams(request.form).toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    };
  }
  if (request.json !== undefined) {
    return { data: JSON.stringify(request.json), headers: { 'Content-Type': 'application/json', ...headers } };
  }
  return request.text === undefined ? { headers } : { data: request.text, headers: { 'Content-Type': 'text/plain', ...headers } };
}

function headersOf(raw: object): Record<string, string> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(raw)) {
    headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  return headers;
}

/** By the encoding the answer names, else the one that is expected of it; an unknown one is read as UTF-8. */
function readText(data: unknown, contentType = '', expected = 'utf-8'): string {
  if (!(data instanceof Uint8Array)) return typeof data === 'string' ? data : '';
  const named = /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1] ?? expected;
  return decoderFor(named).decode(data);
}

function decoderFor(label: string): TextDecoder {
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Names the host only: paths and queries may carry keys and personal data. */
function explain(error: unknown, request: HttpRequest, timeoutMs: number, timedOut: boolean): Error {
  const host = hostOf(request.url);
  const code = error instanceof AxiosError ? (error.code ?? '') : '';
  if (code === 'ADDRESS_REFUSED') return addressRefused(host);
  if (notSent.has(code)) {
    return tryLater('NOT_SENT', `${host} could not be reached (${code}).`, {
      hint: `Check that ${host} is up and its address is right.`,
    });
  }
  if (code === 'ERR_BAD_RESPONSE' || code === 'ERR_FR_MAX_CONTENT_LENGTH_EXCEEDED' || /maxContentLength/.test(String(error))) {
    return tryLater('ANSWER_TOO_LARGE', `${host} answered with more than 5 MB.`, { unknown: true });
  }
  const what = timedOut ? `did not answer within ${timeoutMs} ms` : `broke off the connection${code && ` (${code})`}`;
  return tryLater('NO_ANSWER', `${host} ${what}. It may or may not have acted.`, { unknown: true });
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'The address';
}
