import type { Rule } from './profile.ts';

/** The kinds of event a sender's types can mean. */
export const kinds: readonly Rule['is'][] = [
  'payment.pending',
  'payment.completed',
  'payment.failed',
  'payment.expired',
  'payment.refunded',
  'payment.refundFailed',
  'payment.disputed',
  'payment.disputeWon',
  'payment.disputeLost',
  'subscription.renewed',
  'subscription.renewalFailed',
  'subscription.changed',
  'subscription.paused',
  'subscription.resumed',
  'subscription.ended',
];
