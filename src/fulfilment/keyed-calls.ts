import { createHash } from 'node:crypto';
import type { HttpClient, HttpRequest } from '../contract/http.ts';

const writing = new Set<string>(['POST', 'PUT', 'PATCH', 'DELETE']);
const printable = /^[\x21-\x7e]{1,150}$/;

/**
 * The same client, for one attempt at a step: calls that may change something carry `Idempotency-Key`
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/), unless the connector set one. A system that knows the
 * header then drops a repeat; others pass it over. The key is made from the step's key and the call itself (method, address,
 * body, and which one it is of several alike), so the repeat of a call has the key of the first, and another call never does:
 * many systems take all their calls at one address.
 */
export function keyedCalls(http: HttpClient, stepKey: string): HttpClient {
  const stem = printable.test(stepKey) ? stepKey : digest(stepKey);
  const sent = new Map<string, number>();

  function keyOf(request: HttpRequest): string {
    const call = digest(JSON.stringify([request.method, request.url, request.query, bodyOf(request)]));
    const count = (sent.get(call) ?? 0) + 1;
    sent.set(call, count);
    return count === 1 ? `${stem}:${call}` : `${stem}:${call}:${count}`;
  }

  return {
    send: (request) =>
      http.send(
        writing.has(request.method) && !hasKey(request)
          ? { ...request, headers: { ...request.headers, 'Idempotency-Key': keyOf(request) } }
          : request,
      ),
  };
}

function hasKey({ headers = {} }: HttpRequest): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'idempotency-key');
}

function bodyOf({ form, json, text, bytes }: HttpRequest): unknown {
  return form ?? json ?? text ?? (bytes && Buffer.from(bytes).toString('base64'));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
