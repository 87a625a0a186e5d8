import type { Order } from '../contract/order.ts';

/** What a retry came to. */
export interface Retried {
  /** Keys of steps that are back on the schedule. */
  readonly steps: readonly string[];
  /** Numbers of callbacks that are. */
  readonly callbacks: readonly number[];
  /** An order that was looked at again with the files as they are now. */
  readonly order?: SecondLook;
}

export interface SecondLook {
  readonly id: string;
  readonly before: Order['status'];
  readonly now: Order['status'];
  readonly holds: Order['holds'];
  readonly isWaiting: boolean;
}

export function describeRetried({ steps, callbacks, order }: Retried): string[] {
  const lines = [
    ...(steps.length > 0 ? [`${count(steps.length, 'step')} back on the schedule:`, ...steps.map((key) => `  ${key}`)] : []),
    ...(callbacks.length > 0 ? [`${count(callbacks.length, 'callback')} back on the schedule: ${callbacks.join(', ')}`] : []),
    ...(order ? describeLook(order) : []),
  ];
  return lines.length > 0 ? lines : ['Nothing of it is parked.'];
}

export function describeHeld({ id, holds }: Pick<Order, 'id' | 'holds'>): string[] {
  return [`Order ${id} is still held:`, ...holds.map(({ code, message }) => `  ${code}  ${message}`)];
}

function describeLook(look: SecondLook): string[] {
  const { id, before, now, isWaiting } = look;
  if (now === 'held') return [...describeHeld(look), `To accept it as it is: npx handover release ${id} --because "..."`];
  return [
    now === before ? `Order ${id} is ${now}.` : `Order ${id} went from ${before} to ${now}.`,
    ...(isWaiting ? ['It still waits for a product file.'] : []),
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
