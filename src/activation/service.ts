import { createHash } from 'node:crypto';
import type { SeatAnswer, SeatRequest, SeatStatus, Store } from '../storage/store.ts';
import type { ActivationRequest } from './activation-request.ts';
import { openSigner, type PublicKey, type Signer } from './signer.ts';

/** Answers software that asks whether its key is good on its machine. */
export interface ActivationService {
  /** Takes a seat for the machine; the same machine again takes no other. */
  activate(request: ActivationRequest): Promise<ActivationAnswer>;
  /** As `activate`, for a machine without network: the answer is good for longer. */
  activateOffline(request: ActivationRequest): Promise<ActivationAnswer>;
  /** Changes nothing. */
  validate(request: ActivationRequest): Promise<ActivationAnswer>;
  /** Gives the machine's seat back. */
  deactivate(request: ActivationRequest): Promise<ActivationAnswer>;
  publicKey(): Promise<PublicKey>;
  /** The marks of all keys that were taken back, signed. */
  revokedKeys(): Promise<RevokedList>;
  /** Names a key among questions without telling it. */
  fingerprint(key: string): string;
}

export interface ActivationAnswer {
  readonly status: SeatStatus;
  /** The same, signed, with all that belongs to it: a compact JWS. */
  readonly answer: string;
}

export interface RevokedList {
  readonly etag: string;
  /** A compact JWS with the claim `keys`. */
  readonly list: string;
}

export interface ActivationParts {
  readonly store: Store;
  readonly sealer: { seal(text: string): string; open(sealed: string): string; fingerprint(text: string): string };
  /** The public mark of a key. */
  readonly markOf: (key: string) => string;
  readonly now: () => Date;
  /** As the configuration has them now. */
  settings(): {
    readonly baseUrl: string;
    readonly activation: {
      readonly privateKey?: string | undefined;
      readonly answerDays: number;
      readonly offlineDays: number;
      readonly returnsPerMonth: number;
    };
  };
}

const daySeconds = 86_400;
const monthMs = 30 * daySeconds * 1000;

export function createActivationService(parts: ActivationParts): ActivationService {
  const { store, sealer, now, markOf } = parts;
  let opened: { readonly given: string | undefined; readonly signer: Promise<Signer> } | undefined;
  let listed: (RevokedList & { readonly state: string }) | undefined;

  function signer(): Promise<Signer> {
    const given = parts.settings().activation.privateKey;
    if (!opened || opened.given !== given) {
      const made = { given, signer: openSigner(given, store, sealer) };
      made.signer.catch(() => (opened = opened === made ? undefined : opened));
      opened = made;
    }
    return opened.signer;
  }

  function seatOf({ product, key, machine, version }: ActivationRequest): SeatRequest {
    return {
      fingerprint: sealer.fingerprint(key),
      product,
      machine: sealer.fingerprint(`machine\n${product}\n${machine}`),
      ...(version !== undefined && { app: version }),
      today: now().toISOString().slice(0, 10),
    };
  }

  /** An answer that lets software run ends by itself, at the latest with the key. */
  async function answer(request: ActivationRequest, found: SeatAnswer, days: number): Promise<ActivationAnswer> {
    const { status, used, devices, expires } = found;
    const { product, key, machine, version, nonce } = request;
    const iat = Math.floor(now().getTime() / 1000);
    const end = expires === undefined ? Infinity : Date.parse(`${expires}T00:00:00Z`) / 1000 + daySeconds;
    const isKnown = status !== 'unknown' && status !== 'revoked' && status !== 'expired';
    const claims = {
      iss: parts.settings().baseUrl,
      aud: product,
      iat,
      ...(status === 'active' && { exp: Math.min(iat + days * daySeconds, end) }),
      status,
      key: markOf(key),
      machine,
      ...(version !== undefined && { version }),
      ...(nonce !== undefined && { nonce }),
      ...(isKnown && { seats: { used, of: devices } }),
      ...(expires !== undefined && { expires }),
    };
    return { status, answer: (await signer()).sign(claims) };
  }

  const settings = () => parts.settings().activation;
  return {
    activate: async (request) => answer(request, await store.takeSeat(seatOf(request)), settings().answerDays),
    activateOffline: async (request) => answer(request, await store.takeSeat(seatOf(request)), settings().offlineDays),
    validate: async (request) => answer(request, await store.findSeat(seatOf(request)), settings().answerDays),
    deactivate: async (request) =>
      answer(request, await store.freeSeat(seatOf(request), settings().returnsPerMonth, monthMs), settings().answerDays),
    publicKey: async () => (await signer()).publicKey,
    fingerprint: (key) => sealer.fingerprint(key),

    async revokedKeys() {
      const ours = await signer();
      const { count, latest } = await store.revokedKeyCount();
      const state = `${ours.publicKey.kid}-${count}-${latest}`;
      if (listed?.state === state) return listed;
      const keys = (await store.revokedKeys()).map(({ mark }) => mark);
      const list = ours.sign({ iss: parts.settings().baseUrl, iat: Math.floor(latest / 1000), keys });
      listed = { state, list, etag: `"${createHash('sha256').update(list).digest('base64url').slice(0, 22)}"` };
      return listed;
    },
  };
}
