import { createHmac } from 'node:crypto';
import { readExactJson, textIn } from '../exact-json.ts';
import { isEqual, trimSecrets } from '../signature.ts';

/** The payment that a classic callback names: a form with one field. */
export function namedPayment(body: Uint8Array): string | undefined {
  if (body.length > 1000) return undefined;
  const id =
    new URLSearchParams(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1').trim()).get('id') ?? '';
  return /^[a-z]{2,6}_[A-Za-z0-9]{4,60}$/.test(id) ? id : undefined;
}

/** A next-gen event (https://docs.mollie.com/reference/webhooks-new). */
export interface MollieEvent {
  readonly id: string;
  readonly type: string;
  /** Undefined when the event is about something else, or does not say which payment it is about. */
  readonly payment: string | undefined;
}

/** Undefined when it is not an event as Mollie words them. */
export function readEvent(body: Uint8Array): MollieEvent | undefined {
  const event = readExactJson(body);
  const [id, type] = [textIn(event, '/id'), textIn(event, '/type')];
  if (textIn(event, '/resource') !== 'event' || id === undefined || id.length > 200 || type === undefined) return undefined;
  const names = ['/entityId', '/_embedded/entity/paymentId', '/_embedded/entity/id'].map((place) => textIn(event, place));
  return { id, type, payment: names.find((name) => name !== undefined && isPayment(name)) };
}

export function isPayment(name: string): boolean {
  return /^tr_[A-Za-z0-9]{4,60}$/.test(name);
}

/**
 * `X-Mollie-Signature`: HMAC-SHA256 over the body in hexadecimal digits (https://docs.mollie.com/reference/webhooks-best-practices);
 * Mollie's own libraries put `sha256=` in front.
 */
export function proveEvent(header: string, body: Uint8Array, secrets: readonly string[]): 'genuine' | 'malformed' | 'mismatch' {
  const [, digits] = /^(?:sha256=)?([0-9a-f]{64})$/i.exec(header.trim()) ?? [];
  if (digits === undefined) return 'malformed';
  const given = Buffer.from(digits, 'hex');
  const isGenuine = trimSecrets(secrets).some((secret) => isEqual(given, createHmac('sha256', secret).update(body).digest()));
  return isGenuine ? 'genuine' : 'mismatch';
}

/** What a sweep keeps of a payment. */
export function sweptBody(payment: string): string {
  return new URLSearchParams({ id: payment }).toString();
}
