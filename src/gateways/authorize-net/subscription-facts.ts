import type { PaymentEvent } from '../../contract/event.ts';
import type { GatewayContext, KeptCallback, Reading } from '../../contract/gateway.ts';
import { accountMode } from './client.ts';
import type { Notice } from './notice.ts';
import type { AuthorizeNetOptions } from './options.ts';
import { subscriptionPurchase } from './place.ts';

interface Meaning {
  readonly kind: PaymentEvent['kind'];
  /** Happens at most once to a subscription. */
  readonly isFinal?: boolean;
  readonly reason: string;
}

/**
 * Notices about a subscription itself; its payments are transactions. The list of types is Authorize.net's, what `failed` and
 * `expired` stand for is told by programs that use them. `created`, `expiring` and most of `updated` change nothing that was
 * paid for.
 */
const meanings: Readonly<Record<string, Meaning>> = {
  'customer.subscription.suspended': { kind: 'subscription.paused', reason: 'Authorize.net suspended the subscription.' },
  'customer.subscription.failed': { kind: 'subscription.renewalFailed', reason: 'A payment of the subscription failed.' },
  'customer.subscription.terminated': { kind: 'subscription.ended', isFinal: true, reason: 'The subscription was terminated.' },
  'customer.subscription.cancelled': { kind: 'subscription.ended', isFinal: true, reason: 'The subscription was cancelled.' },
  'customer.subscription.expired': { kind: 'subscription.ended', isFinal: true, reason: 'The subscription has run its course.' },
  'customer.subscription.updated': { kind: 'subscription.resumed', reason: 'The subscription is active.' },
};

/** Whether a type can change an order at all. */
export function isSubscriptionNews({ type, status }: Notice): boolean {
  return Object.hasOwn(meanings, type) && (type !== 'customer.subscription.updated' || status === 'active');
}

export function readSubscriptionNews(
  notice: Notice,
  { receivedAt }: KeptCallback,
  context: GatewayContext<AuthorizeNetOptions>,
): Reading {
  const meaning = isSubscriptionNews(notice) ? meanings[notice.type] : undefined;
  if (!meaning) return { ignored: `Authorize.net's ${notice.type} changes no order` };
  const { kind, isFinal, reason } = meaning;
  const purchase = subscriptionPurchase(notice.about);
  const change = kind.slice('subscription.'.length);
  return {
    events: [
      {
        kind,
        gateway: context.name,
        id: isFinal ? `${purchase}:${change}` : `${purchase}:${change}:${notice.at ?? notice.id}`,
        at: notice.at ?? receivedAt.toISOString(),
        purchase,
        payment: purchase,
        mode: accountMode(context),
        references: [notice.about],
        reason,
      },
    ],
  };
}
