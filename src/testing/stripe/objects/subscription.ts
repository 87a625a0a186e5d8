import type { Books } from '../books.ts';
import { planOf } from '../catalog.ts';
import type { CartLine } from '../line-items.ts';
import type { FullTerms } from '../terms.ts';
import type { Subscription, SubscriptionItem } from '../wire.ts';
import type { Period } from './invoice.ts';

/** An active subscription, or a trialing one, with one item for each recurring line. */
export function makeSubscription(
  books: Books,
  start: { customer: string; lines: readonly CartLine[]; terms: FullTerms; period: Period; trial: Period | null },
): Subscription {
  const { customer, lines, terms, period, trial } = start;
  const id = books.newId('sub');
  const items = lines.map((line) => subscriptionItem(books, id, line, period));
  return {
    id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: period.start,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: null, type: 'classic' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: 'charge_automatically',
    created: period.start,
    currency: terms.currency.toLowerCase(),
    customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    ended_at: null,
    invoice_settings: { account_tax_ids: null, custom_fields: null, description: null, footer: null, issuer: { type: 'self' } },
    items: { object: 'list', data: items, has_more: false, url: `/v1/subscription_items?subscription=${id}` },
    latest_invoice: null,
    livemode: terms.livemode,
    managed_payments: { enabled: false },
    metadata: terms.subscriptionMetadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: null,
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: period.start,
    status: trial ? 'trialing' : 'active',
    test_clock: null,
    transfer_data: null,
    trial_end: trial?.end ?? null,
    trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' } },
    trial_start: trial?.start ?? null,
  };
}

function subscriptionItem(books: Books, subscription: string, { price, item }: CartLine, period: Period): SubscriptionItem {
  return {
    id: books.newId('si'),
    object: 'subscription_item',
    billing_thresholds: null,
    created: period.start,
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata: item.metadata ?? {},
    plan: planOf(price),
    price,
    quantity: item.quantity ?? 1,
    subscription,
    tax_rates: [],
  };
}
