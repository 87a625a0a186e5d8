import assert from 'node:assert/strict';
import type { PaymentEvent } from '../../../contract/event.ts';
import type { Callback, GatewayContext, KeptCallback, Reply, Verdict } from '../../../contract/gateway.ts';
import type { HttpClient } from '../../../contract/http.ts';
import { silentLog } from './silent-log.ts';
import type { GatewayUnderTest, SentCallback } from './terms.ts';

/** What the tests of the suite work with: the gateway under test in a context of its own. */
export interface Bench {
  /** Sends a callback to `verify`. Fails when it throws, asks anybody it need not, or changes what it was given. */
  verify(sent: SentCallback, how?: { readonly at?: Date; readonly options?: 'own' | 'other' }): Promise<Verdict>;
  /** Verifies, then reads. */
  read(sent: SentCallback): Promise<readonly PaymentEvent[]>;
  /** What the gateway answers; undefined leaves it to Handover. */
  reply(verdict: Verdict, sent: SentCallback): Promise<Reply | undefined>;
  readonly now: Date;
}

export function openBench<Options>(test: GatewayUnderTest<Options>): Bench {
  const { gateway } = test;
  const now = test.now?.() ?? new Date();
  const name = test.name ?? gateway.name;

  function contextFor(http: HttpClient, at = now, options: 'own' | 'other' = 'own'): GatewayContext<Options> {
    const given = options === 'own' ? test.options : (test.otherAccount ?? test.options);
    return {
      options: typeof given === 'function' ? (given as () => Options)() : given,
      name,
      mode: test.mode ?? 'live',
      now: () => at,
      http,
      log: silentLog,
      signal: new AbortController().signal,
      offer: test.offer ?? (() => Promise.resolve(undefined)),
    };
  }

  async function verify(sent: SentCallback, { at, options }: { at?: Date; options?: 'own' | 'other' } = {}): Promise<Verdict> {
    const callback = callbackOf(sent, name, now);
    const before = JSON.stringify({ ...callback, body: [...callback.body.subarray(0, 5000)] });
    const verdict = await gateway.verify(callback, contextFor(test.proofHttp ?? nobody, at, options));
    assert.equal(
      JSON.stringify({ ...callback, body: [...callback.body.subarray(0, 5000)] }),
      before,
      'verify changed the callback',
    );
    return verdict;
  }

  return {
    now,
    verify,
    async read(sent) {
      const verdict = await verify(sent);
      assert.equal(verdict.kind, 'accepted', JSON.stringify(verdict));
      const kept: KeptCallback = { ...callbackOf(sent, name, now), deliveryId: verdict.deliveryId, attempts: 1 };
      const reading = await gateway.read(kept, contextFor(test.http ?? nobody));
      assert.ok('events' in reading, 'ignored' in reading ? `read ignores it: ${reading.ignored}` : '');
      return reading.events;
    },
    reply: async (verdict, sent) => gateway.reply?.(verdict, callbackOf(sent, name, now), contextFor(nobody)),
  };
}

/** Bodies come out of larger buffers in real life, so they do here. */
function callbackOf({ method = 'POST', url, headers, body }: SentCallback, gateway: string, receivedAt: Date): Callback {
  const bytes = Buffer.concat([Buffer.from('{"in front":'), Buffer.from(body), Buffer.from('}')]);
  const view = new Uint8Array(bytes.buffer, bytes.byteOffset + 12, bytes.length - 13);
  return { gateway, method, url: url ?? `/callbacks/${gateway}`, headers, body: view, receivedAt };
}

const nobody: HttpClient = {
  send: () => Promise.reject(new Error('The gateway asked somebody, which it may not do here.')),
};

/** Changes one character in the middle, where also the loosest decoder sees it. */
export function spoil(text: string): string {
  const at = Math.floor(text.length * 0.75);
  return `${text.slice(0, at)}${text.charAt(at) === '0' ? '1' : '0'}${text.slice(at + 1)}`;
}

export function assertRefused(verdict: Verdict, what: string): void {
  assert.equal(verdict.kind, 'refused', `${what}: ${JSON.stringify(verdict)}`);
  assert.match(verdict.code, /^[A-Z][A-Z0-9_]+$/, `${what} is refused with a code`);
}

export function textOf(body: string | Uint8Array): string {
  return typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
}
