import { createHash } from 'node:crypto';
import type { Money } from '../../contract/money.ts';
import { moneyOf } from '../paypal/money.ts';
import type { Form } from './form.ts';

/** The value of a field; undefined also when it is empty. */
export function valueOf(form: Form, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = form.get(name)?.trim();
    if (value) return value;
  }
  return undefined;
}

/** A sum in the message's currency, with its sign. */
export function sumOf(form: Form, ...names: string[]): Money | undefined {
  return moneyOf(valueOf(form, ...names), valueOf(form, 'mc_currency'));
}

/** The subscription or recurring profile the message is about. */
export function subscriptionOf(form: Form): string | undefined {
  return valueOf(form, 'subscr_id', 'recurring_payment_id');
}

/** Whether a form can be a message at all. */
export function isMessage(form: Form): boolean {
  return valueOf(form, 'txn_id', 'case_id', 'subscr_id', 'recurring_payment_id', 'mp_id', 'txn_type') !== undefined;
}

/**
 * Who got the money, in the words of `accounts`. `business` is what the form of the shop said, so it counts only where PayPal
 * does not name the receiver itself. Undefined: the message names nobody.
 */
export function receiverOf(form: Form, accounts: readonly string[]): { readonly account: string } | 'other' | undefined {
  const own = [valueOf(form, 'receiver_id'), valueOf(form, 'receiver_email')].filter((name) => name !== undefined);
  const business = valueOf(form, 'business');
  const names = own.length > 0 || business === undefined ? own : [business];
  if (names.length === 0) return undefined;
  const account = accounts.find((each) => names.some((name) => name.toLowerCase() === each.trim().toLowerCase()));
  return account === undefined ? 'other' : { account };
}

/** The same on each delivery of a message. A payment keeps its id while its status changes, so both stand in it. */
export function deliveryOf(form: Form, body: Uint8Array): string {
  const about = valueOf(form, 'txn_id', 'case_id') ?? subscriptionOf(form) ?? 'message';
  const what = valueOf(form, 'payment_status') ?? valueOf(form, 'txn_type') ?? '';
  const track = valueOf(form, 'ipn_track_id') ?? createHash('sha256').update(body).digest('hex').slice(0, 32);
  return `${about}:${what}:${track}`.slice(0, 255);
}

/** `20:12:59 Jan 13, 2009 PST`, as PayPal writes times, in Pacific time. Undefined when it is none. */
export function timeOf(text: string | undefined): string | undefined {
  const [, time, month = '', day = '', year, zone = ''] =
    /^(\d\d:\d\d:\d\d) ([A-Z][a-z]{2})[a-z]*\.? (\d{1,2}), (\d{4}) (P[SD]T)$/.exec(text ?? '') ?? [];
  const number = months.indexOf(month) + 1;
  if (number === 0) return undefined;
  const two = (digits: string) => digits.padStart(2, '0');
  const at = new Date(`${year}-${two(String(number))}-${two(day)}T${time}${zone === 'PDT' ? '-07:00' : '-08:00'}`);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
