import type { PaymentEvent } from '../../src/contract/event.ts';
import type { Callback, Reply, Verdict } from '../../src/contract/gateway.ts';
import { signed } from '../../src/gateways/index.ts';
import type { SignedOptions } from '../../src/gateways/signed/options.ts';
import type { SentCallback } from '../../src/testing/suites/gateway-suite.ts';
import { callbackOf, contextFor } from './stripe-site.ts';
import { samples } from './signed-samples.ts';

export interface Terms {
  readonly at?: Date;
  readonly mode?: 'live' | 'test';
}

function contextOf(options: SignedOptions, { at = new Date(), mode = 'live' }: Terms = {}) {
  return contextFor<SignedOptions>(options, { name: 'shop', mode, now: () => at });
}

function callback({ body, headers }: Pick<SentCallback, 'body' | 'headers'>): Callback {
  return { ...callbackOf(body, headers), receivedAt: new Date('2026-01-02T03:04:59Z') };
}

export function verify(options: SignedOptions, sent: Pick<SentCallback, 'body' | 'headers'>, terms: Terms = {}): Verdict {
  return signed.verify(callback(sent), contextOf(options, terms)) as Verdict;
}

export function codeOf(verdict: Verdict): string {
  return verdict.kind === 'refused' ? verdict.code : verdict.kind;
}

export async function answerTo(options: SignedOptions, sent: SentCallback): Promise<Reply | undefined> {
  return signed.reply?.(verify(options, sent), callback(sent), contextOf(options));
}

/** Verifies and reads. Fails when the callback is not accepted. */
export async function eventsOf(options: SignedOptions, sent: SentCallback, terms: Terms = {}): Promise<readonly PaymentEvent[]> {
  const verdict = verify(options, sent, terms);
  if (verdict.kind !== 'accepted') throw new Error(JSON.stringify(verdict));
  const reading = await signed.read(
    { ...callback(sent), deliveryId: verdict.deliveryId, attempts: 1 },
    contextOf(options, terms),
  );
  if ('ignored' in reading) throw new Error(reading.ignored);
  return reading.events;
}

/** What a preset reads out of a callback with this body; empty when it is ignored. */
export async function readAs(
  preset: string,
  body: object,
  changes: Partial<SignedOptions> = {},
): Promise<readonly PaymentEvent[]> {
  const { options, sign } = samples[preset]!;
  const sent = sign(JSON.stringify(body));
  const all = { ...options, ...changes };
  return verify(all, sent).kind === 'ignored' ? [] : eventsOf(all, sent);
}

/** `payment.refunded re_1 1000 EUR` for each. */
export function told(events: readonly PaymentEvent[]): string[] {
  return events.map(({ kind, purchase, payment, reversal, amount, cumulative }) =>
    [
      kind,
      purchase,
      payment === purchase ? undefined : payment,
      reversal,
      amount && `${amount.amount} ${amount.currency}`,
      cumulative && 'so far',
    ]
      .filter((word) => word !== undefined)
      .join(' '),
  );
}

export async function failureOf(events: Promise<unknown>): Promise<{ code?: string; message?: string }> {
  return events.then(
    () => ({}),
    (error: unknown) => error as { code: string; message: string },
  );
}
