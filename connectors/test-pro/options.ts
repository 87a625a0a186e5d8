import type { HttpRequest } from 'handover/contract';
import type { AnswerPlace } from './find-key.ts';
import type { KeyShape } from './pattern-key.ts';

export interface TestProOptions {
  readonly sources: Readonly<Record<string, SourceSettings>>;
}

export type SourceSettings =
  PoolSettings | PatternSettings | SignedSettings | HttpSettings | FunctionSettings | FastspringSettings | KeygenSettings;
export type SourceKind = SourceSettings['kind'];

/** Keys that were made elsewhere and imported. */
export interface PoolSettings extends RevokeSettings {
  readonly kind: 'pool';
  /** @default the source's name */
  readonly pool?: string;
  /** @default 10 */
  readonly lowStock?: number;
}

/** Random-looking keys with a check character. */
export interface PatternSettings extends RevokeSettings, KeyShape {
  readonly kind: 'pattern';
  readonly secret: string;
}

/** Keys that prove themselves by an Ed25519 signature. */
export interface SignedSettings extends RevokeSettings {
  readonly kind: 'signed';
  readonly privateKey: string;
  /** @default the product's SKU */
  readonly product?: string;
}

/** Keys that an address of the owner's gives out. */
export interface HttpSettings extends RevokeSettings {
  readonly kind: 'http';
  readonly url: string;
  /** @default POST */
  readonly method?: 'GET' | 'POST';
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, string>>;
  /** Where the key is in the answer. @default the whole text */
  readonly answer?: AnswerPlace;
  /** @default Idempotency-Key */
  readonly idempotencyHeader?: string;
  /** @default false */
  readonly deduplicates?: boolean;
}

/** Keys that a function of the site makes, handed in by `createTestPro`. */
export interface FunctionSettings extends RevokeSettings {
  readonly kind: 'function';
  /** @default false */
  readonly deduplicates?: boolean;
}

/** Keys from a program that was written for FastSpring's remote requests. */
export interface FastspringSettings extends RevokeSettings {
  readonly kind: 'fastspring';
  readonly url: string;
  /** Of the fulfilment, as the program knows it. */
  readonly privateKey: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** @default the whole text */
  readonly answer?: AnswerPlace;
  /** @default false */
  readonly deduplicates?: boolean;
}

/** Licences of Keygen, each with a key that we choose. */
export interface KeygenSettings extends RevokeSettings {
  readonly kind: 'keygen';
  readonly account: string;
  /** Id of the policy. */
  readonly policy: string;
  readonly token: string;
  /** @default https://api.keygen.sh */
  readonly baseUrl?: string;
}

/** How an address is called; the hook for revoked keys is possible with every kind. */
export interface RevokeSettings {
  readonly revokeUrl?: string;
  readonly revokeBody?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly secretHeaders?: Readonly<Record<string, string>>;
  /** @default json */
  readonly bodyEncoding?: 'json' | 'form';
  /** @default 10 */
  readonly timeoutSeconds?: number;
}

/** Whether a repeated request can make a second key: then an unknown outcome goes to a person. */
export function isBlind(source: SourceSettings): boolean {
  return (source.kind === 'http' || source.kind === 'function' || source.kind === 'fastspring') && source.deduplicates !== true;
}

/** What every call to an address of the owner's has in common. */
export function callSettings(settings: RevokeSettings): Pick<HttpRequest, 'headers' | 'timeoutMs'> {
  return { headers: { ...settings.headers, ...settings.secretHeaders }, timeoutMs: (settings.timeoutSeconds ?? 10) * 1000 };
}
