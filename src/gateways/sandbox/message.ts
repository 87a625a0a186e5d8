import type { GatewayEventKind, EventLine, PaymentEvent, Person } from '../../contract/event.ts';
import type { Money } from '../../contract/money.ts';

/** What the sandbox can say. */
export type SandboxKind = GatewayEventKind;

/** The body of a callback: the shape that Standard Webhooks suggests, with a fact in our terms as its data. */
export interface SandboxMessage {
  readonly type: SandboxKind;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  readonly data: SandboxData;
}

export interface SandboxData {
  /** `sbx_…`: the purchase. */
  readonly payment: string;
  /** A later movement of the same purchase, such as a renewal. The purchase itself when absent. */
  readonly movement?: string;
  readonly amount?: Money;
  readonly reversal?: string;
  readonly lines?: readonly EventLine[];
  readonly buyer?: Person;
  readonly language?: string;
  readonly reason?: string;
  readonly period?: { readonly from: string; readonly until: string };
  readonly metadata?: Readonly<Record<string, string>>;
}

/** How a fact of each kind is named after what it is about. What can happen again has no name of its own: its delivery lends one. */
const changes: Readonly<Record<SandboxKind, string>> = {
  'payment.pending': 'pending',
  'payment.completed': 'completed',
  'payment.failed': 'failed',
  'payment.expired': 'expired',
  'payment.refunded': 'succeeded',
  'payment.refundFailed': 'failed',
  'payment.disputed': 'disputed',
  'payment.disputeWon': 'won',
  'payment.disputeLost': 'lost',
  'subscription.renewed': 'renewed',
  'subscription.renewalFailed': 'failed',
  'subscription.changed': 'changed',
  'subscription.paused': 'paused',
  'subscription.resumed': 'resumed',
  'subscription.ended': 'ended',
};

const happensAgain = new Set<SandboxKind>([
  'payment.failed',
  'subscription.renewalFailed',
  'subscription.changed',
  'subscription.paused',
  'subscription.resumed',
]);

/** Undefined for anything the sandbox did not write. */
export function readMessage(body: Uint8Array): SandboxMessage | undefined {
  try {
    const message: unknown = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
    return isMessage(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

/** The signature says that we wrote it, so the shape is checked no further than reading needs. */
function isMessage(value: unknown): value is SandboxMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { type, timestamp, data } = value as Partial<Record<keyof SandboxMessage, unknown>>;
  if (typeof type !== 'string' || !Object.hasOwn(changes, type) || typeof timestamp !== 'string') return false;
  if (Number.isNaN(Date.parse(timestamp)) || typeof data !== 'object' || data === null) return false;
  const { payment, movement, reversal, lines, amount } = data as Partial<Record<keyof SandboxData, unknown>>;
  const texts = [movement, reversal].every((text) => text === undefined || typeof text === 'string');
  return (
    typeof payment === 'string' &&
    /^sbx_\w{1,60}$/.test(payment) &&
    texts &&
    (lines === undefined || Array.isArray(lines)) &&
    isMoney(amount)
  );
}

function isMoney(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { amount, currency } = value as Partial<Record<keyof Money, unknown>>;
  return Number.isSafeInteger(amount) && typeof currency === 'string';
}

export function eventOf({ type, timestamp, data }: SandboxMessage, gateway: string, deliveryId: string): PaymentEvent {
  const { payment, movement = payment, metadata, ...fact } = data;
  const id = `${fact.reversal ?? movement}:${changes[type]}${happensAgain.has(type) ? `:${deliveryId}` : ''}`;
  return {
    ...fact,
    kind: type,
    gateway,
    id,
    at: new Date(timestamp).toISOString(),
    purchase: payment,
    payment: movement,
    mode: 'test',
    ...(metadata && { metadata: Object.assign(Object.create(null), metadata) as Record<string, string> }),
  };
}
