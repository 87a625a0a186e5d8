import type { OutcomeName } from '../presentation/config-shapes.ts';
import type { OrderView } from '../presentation/order-view.ts';

/** The views in `views/pages`. */
export type PageKind = 'waiting' | 'order' | 'refused' | 'held' | 'unknown' | 'error' | 'cart' | 'onward';

/** Sets the sign and colour beside the heading. */
export type Tone = 'good' | 'waiting' | 'bad' | 'neutral';

export interface PageChoice {
  readonly kind: PageKind;
  readonly tone: Tone;
  /** Reload after so many seconds, script or no script. Undefined: nothing changes by itself. */
  readonly refreshSeconds?: number;
  /** Worth listening for changes. */
  readonly listens: boolean;
}

const kinds: Readonly<Record<OutcomeName, readonly [PageKind, Tone]>> = {
  pending: ['waiting', 'waiting'],
  paid: ['order', 'good'],
  partly: ['order', 'waiting'],
  declined: ['refused', 'bad'],
  expired: ['refused', 'bad'],
  abandoned: ['refused', 'neutral'],
  refunded: ['order', 'neutral'],
  partlyRefunded: ['order', 'neutral'],
  disputed: ['order', 'neutral'],
  disputeWon: ['order', 'good'],
  renewed: ['order', 'good'],
  renewalFailed: ['order', 'bad'],
  ended: ['order', 'neutral'],
  held: ['held', 'waiting'],
};

/** Which page an order shows now, and how it stays true. */
export function choosePage(view: Pick<OrderView, 'outcome' | 'items' | 'createdAt' | 'toPay'>, now: Date): PageChoice {
  const [kind, tone] = kinds[view.outcome];
  const refreshSeconds = refreshAfter(view, now);
  const listens = ['pending', 'partly', 'held', 'declined', 'expired', 'abandoned'].includes(view.outcome);
  return { kind, tone, listens, ...(refreshSeconds !== undefined && { refreshSeconds }) };
}

/** Seldomer as time goes by: a card answers in seconds, a bank transfer in days. */
function refreshAfter(
  { outcome, items, createdAt, toPay }: Pick<OrderView, 'outcome' | 'items' | 'createdAt' | 'toPay'>,
  now: Date,
): number | undefined {
  const waits =
    outcome === 'pending' || outcome === 'held' || (outcome === 'partly' && items.some(({ state }) => state === 'late'));
  if (!waits) return undefined;
  if (toPay) return 300;
  const ageMinutes = (now.getTime() - Date.parse(createdAt)) / 60_000;
  if (ageMinutes < 3) return outcome === 'pending' ? 5 : 10;
  return ageMinutes < 60 ? 30 : 300;
}
