import { createHash } from 'node:crypto';
import { giveUp } from 'handover/contract';
import type { ActionContext, Person } from 'handover/contract';
import { defaultAlphabet } from './pattern-key.ts';

/** `with` in a product file. */
export interface IssueKeyInput {
  readonly source?: string;
  readonly product?: string;
  /** @default keyPerUnit */
  readonly seats?: 'keyPerUnit' | 'oneKeyWithSeats';
  readonly validDays?: number;
  readonly machineCodeField?: string;
  /** Machines at a time for each seat. */
  readonly devices?: number;
}

/** What a key is made for: the same on every attempt. */
export interface KeyRequest {
  readonly source: string;
  /** Names this issuing, on every attempt: a source that sees it again gives the same key. */
  readonly stepKey: string;
  /** Names the key for people; says nothing about it. */
  readonly serial: string;
  /** `with.product`; undefined when the product file names none. */
  readonly product: string | undefined;
  readonly seats: number;
  /** Whole days, UTC: `2026-05-01`. */
  readonly issued: string;
  readonly expires: string | undefined;
  readonly machineCode: string | undefined;
  readonly order: string;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unit: number;
  readonly buyer: Person;
  readonly learner: Person;
  readonly metadata: Readonly<Record<string, string>>;
}

const dayMs = 86_400_000;
const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

/** `code` is the machine's, where the key depends on one. */
export function keyRequest(source: string, input: IssueKeyInput, ctx: ActionContext, code?: string): KeyRequest {
  const { order, line, since } = ctx;
  return {
    source,
    stepKey: ctx.stepKey,
    serial: serialOf(ctx.stepKey),
    product: input.product,
    seats: input.seats === 'oneKeyWithSeats' ? line.quantity : 1,
    issued: dayOf(since),
    expires: input.validDays === undefined ? undefined : dayOf(new Date(since.getTime() + input.validDays * dayMs)),
    machineCode: code,
    order: order.id,
    sku: line.sku ?? '',
    title: line.title,
    quantity: line.quantity,
    unit: ctx.unit,
    buyer: order.buyer,
    learner: ctx.learner,
    metadata: order.metadata,
  };
}

/** `4F7K-20QX-MJ8T`: 60 bits of the step key's hash, so every attempt has the same and no two steps share one. */
export function serialOf(stepKey: string): string {
  const hash = createHash('sha256').update(stepKey).digest();
  const characters = [...hash.subarray(0, 12)].map((byte) => defaultAlphabet.charAt(byte % 32)).join('');
  return [characters.slice(0, 4), characters.slice(4, 8), characters.slice(8)].join('-');
}

/**
 * Undefined: the product needs none. Several units need several machines: unit 2 is read from `<field>_2` only, unit 1 from
 * `<field>_1` or `<field>`.
 */
export function findMachineCode({ machineCodeField: field, seats }: IssueKeyInput, ctx: ActionContext): string | undefined {
  if (field === undefined) return undefined;
  const { order, line, unit } = ctx;
  const isAlone = unit === 1 || seats === 'oneKeyWithSeats';
  const code = (order.metadata[`${field}_${unit}`] ?? (isAlone ? order.metadata[field] : undefined))?.trim();
  if (code === undefined || code === '') {
    throw giveUp(
      'MACHINE_CODE_MISSING',
      `Unit ${unit} of SKU ${line.sku ?? '?'} needs a machine code, and the order carries none.`,
      {
        where: `order ${order.id}`,
        hint: `Ask the buyer for it and issue the key by hand. Let the checkout send it as metadata "${unit > 1 ? `${field}_${unit}` : field}".`,
      },
    );
  }
  if (code.length > 200 || /[\p{Cc}\p{Cf}]/u.test(code)) {
    throw giveUp('MACHINE_CODE_UNUSABLE', 'The machine code of the order is too long or holds control characters.', {
      where: `order ${order.id}`,
      hint: 'Ask the buyer for the code again and issue the key by hand.',
    });
  }
  return code;
}
