import { textIn } from '../exact-json.ts';
import { callApi, type Line } from './client.ts';

/** What a subscription is called, and how often it runs. */
export interface Subscription {
  readonly name: string | undefined;
  readonly length: number;
  readonly unit: 'days' | 'months';
}

/** Undefined when the account does not know it. */
export async function getSubscription(line: Line, id: string): Promise<Subscription | undefined> {
  const answer = await callApi(line, 'ARBGetSubscriptionRequest', { subscriptionId: id }, `subscription ${id}`);
  if (!answer) return undefined;
  const interval = '/subscription/paymentSchedule/interval';
  return {
    name: textIn(answer, '/subscription/name'),
    length: Number(textIn(answer, `${interval}/length`)),
    unit: textIn(answer, `${interval}/unit`) === 'days' ? 'days' : 'months',
  };
}

/** What one payment covers: from its day on, one interval. A month that is too short ends on its last day. */
export function periodFrom(begin: string, { length, unit }: Subscription): { from: string; until: string } | undefined {
  if (!Number.isSafeInteger(length) || length < 1 || length > 1000) return undefined;
  const end = new Date(begin);
  if (unit === 'days') end.setUTCDate(end.getUTCDate() + length);
  else {
    const day = end.getUTCDate();
    end.setUTCMonth(end.getUTCMonth() + length);
    if (end.getUTCDate() !== day) end.setUTCDate(0);
  }
  return { from: new Date(begin).toISOString(), until: end.toISOString() };
}
