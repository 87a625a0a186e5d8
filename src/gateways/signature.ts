/** What gateways with a shared secret have in common: digest, comparison, time window. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Callback } from '../contract/gateway.ts';

/** HMAC-SHA256 over the parts as if they were one text. Text is taken as UTF-8, bytes as they are. */
export function hmacSha256(key: string | Uint8Array, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/** Constant-time for equal lengths; another length is simply not equal. */
export function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/** A header as one text: a header sent twice becomes a list with commas, as HTTP reads it. Undefined when absent or empty. */
export function headerText(headers: Callback['headers'], name: string): string | undefined {
  const value = headers[name];
  const text = Array.isArray(value) ? value.join(',') : value;
  return typeof text === 'string' && text.trim() !== '' ? text : undefined;
}

/** Whether a stamp (Unix seconds) lies within the window on either side of now: an early one is no better than a late one. */
export function isWithin(toleranceSeconds: number, stampSeconds: number, now: Date): boolean {
  return Math.abs(Math.floor(now.getTime() / 1000) - stampSeconds) <= toleranceSeconds;
}

/** Unix seconds from a header. Undefined for anything but plain digits. */
export function readStamp(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

/** Secrets as they are used: files and variables often end in a line break, and an empty secret must never prove anything. */
export function trimSecrets(secrets: readonly string[]): string[] {
  return secrets.map((secret) => secret.trim()).filter((secret) => secret !== '');
}
