import type { Preset, Scheme } from '../profile.ts';

/** The commonest way to sign: HMAC-SHA256 over the body, the secret as text. */
export const plainHmac: Scheme = { grammar: 'bare', algorithm: 'sha256', digest: 'hex', key: 'text', signed: '{body}' };

/** A start for senders of any kind: header, fields and events have to be told. */
export const hmac: Preset = { schemes: [plainHmac], fields: {}, events: {} };
