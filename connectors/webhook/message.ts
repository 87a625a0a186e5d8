import { createHash } from 'node:crypto';
import { replayOf } from 'handover/contract';
import type { ActionContext, Person } from 'handover/contract';
import type { PersonField, WebhookOptions } from './options.ts';

/** `with` in a product or site file. */
export interface SendInput {
  /** @default "order." and the order's status */
  readonly event?: string;
  readonly person?: readonly PersonField[];
  readonly data?: Readonly<Record<string, unknown>>;
}

export type Context = ActionContext<WebhookOptions>;

/** The same on every attempt and on a replay, so that a receiver can drop what it has seen. */
export function messageId(stepKey: string): string {
  return `msg_${createHash('sha256').update(replayOf(stepKey)).digest('hex').slice(0, 32)}`;
}

/** What a message says. `earlier`: the id of the message that it takes back or changes. */
export interface Telling {
  readonly event: string;
  readonly input: SendInput;
  readonly earlier?: string;
}

/** The body of a message. README.md has its schema. */
export function messageBody({ event, input, earlier }: Telling, ctx: Context): string {
  const { order, line, unit, grantId, learner, options, now } = ctx;
  const fields = input.person ?? options.person ?? [];
  const metadata = (options.metadata ?? []).filter((name) => Object.hasOwn(order.metadata, name));
  return JSON.stringify({
    type: event,
    timestamp: now().toISOString(),
    data: {
      order: {
        number: order.id,
        status: order.status,
        mode: order.mode,
        gateway: order.gateway,
        purchase: order.purchase,
        createdAt: order.createdAt,
        paidAt: order.paidAt,
        total: order.total,
        language: order.language,
        ...(metadata.length > 0 && { metadata: Object.fromEntries(metadata.map((name) => [name, order.metadata[name]])) }),
      },
      lines: order.lines.map(({ line: number, sku, title, quantity, subtotal, discount, tax, total }) => ({
        line: number,
        sku,
        title,
        quantity,
        subtotal,
        discount,
        tax,
        total,
      })),
      payments: order.payments.map(({ reference, amount, at, refunded, dispute }) => ({
        reference,
        amount,
        at,
        refunded,
        dispute,
      })),
      about: { grant: replayOf(grantId), line: line.line, unit, earlier },
      ...(fields.length > 0 && { buyer: pickFields(order.buyer, fields), learner: pickFields(learner, fields) }),
      ...(input.data && { data: input.data }),
    },
  });
}

function pickFields(person: Person, fields: readonly PersonField[]): Partial<Person> {
  return Object.fromEntries(fields.flatMap((field) => (person[field] === undefined ? [] : [[field, person[field]]])));
}
