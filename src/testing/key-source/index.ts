/**
 * A double of "some program that issues activation keys": one address that answers a key as text, JSON or XML.
 * It copies no vendor's service; none is publicly described.
 */
import {
  escapeText,
  jsonReply,
  startDouble,
  textReply,
  xmlReply,
  type DoubleReply,
  type DoubleRequest,
  type FaultQueue,
} from '../double-server.ts';

export interface KeySourceSwitches {
  /** `text` is the bare key, `json` is `{"activation":{"id":"…","key":"…"}}`, `xml` the same as elements. @default 'text' */
  answer: 'text' | 'json' | 'xml';
  /** Whether a fulfilment id that was seen gets its key again. Without that every call issues one. @default true */
  deduplicates: boolean;
  /** Where the fulfilment id is looked for: `header:NAME`, or `field:NAME` in query, form or JSON. The first found counts. */
  idFrom: readonly (`header:${string}` | `field:${string}`)[];
  /** What is answered when no key is left: HTTP 409, or 200 without a body. @default 'conflict' */
  whenEmpty: 'conflict' | 'emptyBody';
}

export interface KeySourceOptions extends Partial<KeySourceSwitches> {
  /** @default '/keys' */
  path?: string;
  /** These keys and no more. Left out, keys are made up without end. */
  keys?: readonly string[];
  /** If given, the `Authorization` header has to be exactly this; else 401. */
  authorization?: string;
  now?: () => Date;
  /** @default 0, a free port */
  port?: number;
}

/** A key that left the double, whether or not the answer arrived. */
export interface IssuedKey {
  readonly key: string;
  /** Empty when the request named none. */
  readonly fulfilmentId: string;
  readonly at: Date;
  /** Everything sent in query, form or JSON. */
  readonly sent: Readonly<Record<string, unknown>>;
  readonly isRevoked: boolean;
}

export interface KeySourceDouble {
  /** GET or POST issues a key. */
  readonly url: string;
  /** GET or POST with the field `key` revokes it: `ok`, or 404 for a key that was never issued. A repeat is `ok`. */
  readonly revokeUrl: string;
  readonly books: { readonly issued: IssuedKey[]; readonly requests: readonly DoubleRequest[] };
  readonly faults: FaultQueue;
  /** May be changed at any time. */
  readonly switches: KeySourceSwitches;
  /** Adds keys to a supply that runs out. */
  restock(...keys: string[]): void;
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the double on 127.0.0.1. */
export async function startKeySource(options: KeySourceOptions = {}): Promise<KeySourceDouble> {
  const { path = '/keys', keys, authorization, now = () => new Date(), port, ...chosen } = options;
  const switches: KeySourceSwitches = { ...defaultSwitches, ...chosen };
  const supply = keys && [...keys];
  let issued: IssuedKey[] = [];

  function issue(request: DoubleRequest): DoubleReply {
    const sent = sentFields(request);
    const fulfilmentId = readId(request, sent, switches);
    if (switches.deduplicates && fulfilmentId === '') return textReply('no fulfilment id', 400);
    const known = switches.deduplicates ? issued.find((entry) => entry.fulfilmentId === fulfilmentId) : undefined;
    if (known) return render(known, switches);
    const key = supply ? supply.shift() : `KEY-${String(issued.length + 1).padStart(4, '0')}-${checkLetters(issued.length)}`;
    if (key === undefined) return switches.whenEmpty === 'conflict' ? textReply('no keys left', 409) : textReply('');
    const entry = { key, fulfilmentId, at: now(), sent, isRevoked: false };
    issued.push(entry);
    return render(entry, switches);
  }

  function revoke(request: DoubleRequest): DoubleReply {
    const { key } = sentFields(request);
    if (!issued.some((entry) => entry.key === key)) return textReply('unknown key', 404);
    issued = issued.map((entry) => (entry.key === key ? { ...entry, isRevoked: true } : entry));
    return textReply('ok');
  }

  const server = await startDouble({
    port,
    now,
    handle(request) {
      const work = request.path === path ? issue : request.path === `${path}/revoke` ? revoke : undefined;
      if (!work) return textReply('not found', 404);
      if (request.method !== 'GET' && request.method !== 'POST') return textReply('method not allowed', 405);
      if (authorization !== undefined && request.headers.authorization !== authorization) return textReply('not authorized', 401);
      return work(request);
    },
  });

  return {
    url: server.origin + path,
    revokeUrl: `${server.origin}${path}/revoke`,
    books: {
      get issued() {
        return [...issued];
      },
      requests: server.requests,
    },
    faults: server.faults,
    switches,
    restock: (...more) => void supply?.push(...more),
    goDown: () => server.goDown(),
    comeBack: () => server.comeBack(),
    close: () => server.close(),
  };
}

const defaultSwitches: Readonly<KeySourceSwitches> = {
  answer: 'text',
  deduplicates: true,
  idFrom: ['header:idempotency-key', 'field:fulfilmentId'],
  whenEmpty: 'conflict',
};

function sentFields({ query, form, json }: DoubleRequest): Record<string, unknown> {
  return { ...query, ...form, ...(typeof json === 'object' ? json : {}) };
}

function readId(request: DoubleRequest, sent: Readonly<Record<string, unknown>>, { idFrom }: KeySourceSwitches): string {
  const found = idFrom.map((place) => {
    const name = place.slice(place.indexOf(':') + 1);
    return place.startsWith('header:') ? request.headers[name.toLowerCase()] : sent[name];
  });
  return found.find((value): value is string => typeof value === 'string' && value !== '') ?? '';
}

function render({ key, fulfilmentId: id }: IssuedKey, { answer }: KeySourceSwitches): DoubleReply {
  if (answer === 'json') return jsonReply({ activation: { id, key } });
  if (answer === 'xml') return xmlReply(`<activation><id>${escapeText(id)}</id><key>${escapeText(key)}</key></activation>`);
  return textReply(key);
}

/** Four letters that differ from key to key, so that a shortened key is noticed. */
function checkLetters(serial: number): string {
  return ((serial + 1) * 7919 + 35_937).toString(36).toUpperCase().padStart(4, '0').slice(-4);
}
