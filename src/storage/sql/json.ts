import type { PaymentEvent } from '../../contract/event.ts';
import type { Order } from '../../contract/order.ts';
import type { StepProblem } from '../../contract/plan.ts';

/** As text for a column, or null for nothing. */
export function toText(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

export function toRecord(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}

export function toProblem(text: string): StepProblem {
  return JSON.parse(text) as StepProblem;
}

export function toEvent(text: string): PaymentEvent {
  const event = JSON.parse(text) as PaymentEvent;
  return event.metadata ? { ...event, metadata: bare(event.metadata) } : event;
}

/** The document leaves the events out: they have a table of their own. */
export function fromOrder(order: Order): string {
  return JSON.stringify({ ...order, events: undefined });
}

export function toOrder(text: string, events: readonly PaymentEvent[]): Order {
  const order = JSON.parse(text) as Omit<Order, 'events'>;
  return { ...order, metadata: bare(order.metadata), events };
}

/** Names in metadata are data, `__proto__` and `constructor` included. */
function bare(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.assign(Object.create(null) as Record<string, string>, record);
}

/** Milliseconds since 1970 of an ISO 8601 time; 0 when it is none. */
export function toMilliseconds(iso: string): number {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? 0 : at;
}
