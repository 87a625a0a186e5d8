import type { PaymentEvent, Person } from '../../contract/event.ts';
import type { KeptCallback } from '../../contract/gateway.ts';
import { namesOf } from '../json-fields.ts';
import { told } from '../told.ts';
import type { Form } from './form.ts';
import { receiverOf, subscriptionOf, timeOf, valueOf } from './message.ts';
import { environmentOf, type IpnContext } from './options.ts';

/** What a reader has at hand. */
export interface Message {
  readonly form: Form;
  readonly callback: KeptCallback;
  readonly context: IpnContext;
}

/** What every fact of a message has. A message of the sandbox says so, and is never live money, whatever the configuration says. */
export function factOf({ form, callback, context }: Message): Omit<PaymentEvent, 'kind' | 'id' | 'purchase' | 'payment'> {
  const receiver = receiverOf(form, context.options.accounts);
  const metadata = Object.assign(
    Object.create(null) as Record<string, string>,
    told({ custom: valueOf(form, 'custom'), invoice: valueOf(form, 'invoice', 'rp_invoice_id') }),
  );
  const isTest = environmentOf(context) === 'sandbox' || form.get('test_ipn') === '1';
  return {
    gateway: context.name,
    at: timeOf(valueOf(form, 'payment_date', 'subscr_date', 'case_creation_date')) ?? callback.receivedAt.toISOString(),
    mode: isTest ? 'test' : 'live',
    ...told({ receiver: typeof receiver === 'object' ? receiver.account : undefined, buyer: buyerOf(form) }),
    references: namesOf(
      valueOf(form, 'parent_txn_id'),
      valueOf(form, 'txn_id'),
      subscriptionOf(form),
      valueOf(form, 'invoice', 'rp_invoice_id'),
      valueOf(form, 'custom'),
    ),
    metadata,
  };
}

function buyerOf(form: Form): Person | undefined {
  const firstName = valueOf(form, 'first_name');
  const lastName = valueOf(form, 'last_name');
  const joined = [firstName, lastName].filter((name) => name !== undefined).join(' ');
  const buyer = told({
    email: valueOf(form, 'payer_email'),
    name: joined || valueOf(form, 'payer_business_name'),
    firstName,
    lastName,
    phone: valueOf(form, 'contact_phone'),
    country: valueOf(form, 'address_country_code', 'residence_country'),
  });
  return Object.keys(buyer).length > 0 ? buyer : undefined;
}
