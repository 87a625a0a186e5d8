import { told } from '../told.ts';
import type { SandboxData, SandboxKind } from './message.ts';
import type { SandboxSale } from './sale.ts';

/** What can be made to happen to a sale. */
export type SandboxAct =
  | 'approve'
  | 'decline'
  | 'wait'
  | 'approveLater'
  | 'expire'
  | 'underpay'
  | 'refund'
  | 'failRefund'
  | 'dispute'
  | 'winDispute'
  | 'loseDispute'
  | 'renew'
  | 'failRenewal'
  | 'end';

export interface ActDetails {
  /** Refunds: minor units. @default everything */
  readonly amount?: number | undefined;
  /** Refunds: tells several of one sale apart. @default the one refund of the whole */
  readonly reference?: string | undefined;
  /** Where the callback goes this time. @default the sandbox's own `callbackUrl` */
  readonly callbackUrl?: string | undefined;
}

/** The fact that an act amounts to. */
export interface SandboxFact {
  readonly type: SandboxKind;
  readonly data: SandboxData;
}

/** Pure. `approveLater` begins as `wait`; its end is the sandbox's to time. */
export function factOf(act: SandboxAct, sale: SandboxSale, { amount, reference = 'refund' }: ActDetails, now: Date): SandboxFact {
  const { payment, lines, total, buyer, language, metadata } = sale;
  const bought = told({ payment, lines, buyer, language, metadata });
  const refund = { payment, reversal: `${payment}_${reference}`, amount: { ...total, amount: amount ?? total.amount } };
  const dispute = { payment, reversal: `${payment}_dispute`, amount: total };
  const renewal = { payment, movement: `${payment}_${now.toISOString().slice(0, 19).replace(/\D/g, '')}`, amount: total };
  switch (act) {
    case 'approve':
      return { type: 'payment.completed', data: { ...bought, amount: total } };
    case 'underpay':
      return { type: 'payment.completed', data: { ...bought, amount: { ...total, amount: Math.floor(total.amount / 2) } } };
    case 'wait':
    case 'approveLater':
      return { type: 'payment.pending', data: { ...bought, amount: total } };
    case 'decline':
      return { type: 'payment.failed', data: { ...bought, amount: total, reason: 'Your card was declined.' } };
    case 'expire':
      return { type: 'payment.expired', data: { ...bought, amount: total } };
    case 'refund':
      return { type: 'payment.refunded', data: refund };
    case 'failRefund':
      return { type: 'payment.refundFailed', data: { ...refund, reason: 'The account the money came from is closed.' } };
    case 'dispute':
      return { type: 'payment.disputed', data: { ...dispute, reason: 'fraudulent' } };
    case 'winDispute':
      return { type: 'payment.disputeWon', data: dispute };
    case 'loseDispute':
      return { type: 'payment.disputeLost', data: dispute };
    case 'renew':
      return { type: 'subscription.renewed', data: { ...renewal, period: monthFrom(now) } };
    case 'failRenewal':
      return { type: 'subscription.renewalFailed', data: { ...renewal, reason: 'Your card has expired.' } };
    case 'end':
      return { type: 'subscription.ended', data: { payment, reason: 'The subscription was cancelled.' } };
  }
}

function monthFrom(now: Date): { from: string; until: string } {
  const until = new Date(now);
  until.setUTCMonth(until.getUTCMonth() + 1);
  return { from: now.toISOString(), until: until.toISOString() };
}
