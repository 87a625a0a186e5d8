import type { Books } from '../books.ts';
import type { FullTerms } from '../terms.ts';
import type { CartLine } from '../line-items.ts';
import type { Customer, Invoice, InvoiceLine, InvoicePayment, Subscription } from '../wire.ts';
import { fullAddress } from './customer.ts';

export interface Period {
  start: number;
  end: number;
}

export interface InvoiceDraft {
  id: string;
  created: number;
  reason: NonNullable<Invoice['billing_reason']>;
  subscription: Subscription;
  customer: Customer;
  terms: FullTerms;
  lines: InvoiceLine[];
  period: Period;
}

/** A finalized invoice nobody has paid yet. Its list of lines is the first page only, as at Stripe. */
export function openInvoice(draft: InvoiceDraft, pageSize: number): Invoice {
  const { id, created, customer, terms, lines, period } = draft;
  const subtotal = lines.reduce((sum, line) => sum + line.subtotal, 0);
  const total = lines.reduce((sum, line) => sum + line.amount, 0);
  return {
    ...untouched(),
    id,
    object: 'invoice',
    amount_due: total,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: total,
    amount_shipping: 0,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    billing_reason: draft.reason,
    created,
    currency: terms.currency.toLowerCase(),
    customer: customer.id,
    customer_address: fullAddress(terms.buyer?.address),
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    effective_at: created,
    lines: { object: 'list', data: lines.slice(0, pageSize), has_more: lines.length > pageSize, url: `/v1/invoices/${id}/lines` },
    livemode: terms.livemode,
    number: `DOUBLE-${id.slice(-4).toUpperCase()}`,
    parent: {
      quote_details: null,
      subscription_details: { metadata: draft.subscription.metadata, subscription: draft.subscription.id },
      type: 'subscription_details',
    },
    period_end: period.end,
    period_start: period.start,
    status: 'open',
    status_transitions: { finalized_at: created, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal,
    subtotal_excluding_tax: subtotal,
    total,
    total_excluding_tax: total,
  };
}

function untouched() {
  return {
    account_country: null,
    account_name: null,
    account_tax_ids: null,
    application: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: null,
    collection_method: 'charge_automatically' as const,
    custom_fields: null,
    customer_account: null,
    customer_shipping: null,
    customer_tax_exempt: 'none' as const,
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    due_date: null,
    ending_balance: 0,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' as const },
    last_finalization_error: null,
    latest_revision: null,
    metadata: {},
    next_payment_attempt: null,
    on_behalf_of: null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    test_clock: null,
    total_discount_amounts: [],
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: null,
  };
}

/** A line names price and product by id only; what was subscribed to is behind `parent`. */
export function invoiceLine(
  books: Books,
  bought: CartLine,
  part: { invoice: string; subscription: string; subscriptionItem: string | undefined; period: Period; free: boolean },
): InvoiceLine {
  const { item, price } = bought;
  const subtotal = part.free ? 0 : item.amount_subtotal - item.amount_discount;
  const product = typeof price.product === 'string' ? price.product : price.product.id;
  return {
    id: books.newId('il'),
    object: 'line_item',
    amount: part.free ? 0 : item.amount_total,
    currency: item.currency,
    description: item.description,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice: part.invoice,
    livemode: price.livemode,
    metadata: item.metadata ?? {},
    parent: part.subscriptionItem
      ? {
          invoice_item_details: null,
          subscription_item_details: {
            invoice_item: null,
            proration: false,
            proration_details: { credited_items: null },
            subscription: part.subscription,
            subscription_item: part.subscriptionItem,
          },
          type: 'subscription_item_details',
        }
      : {
          invoice_item_details: {
            invoice_item: books.newId('ii'),
            proration: false,
            proration_details: null,
            subscription: part.subscription,
          },
          subscription_item_details: null,
          type: 'invoice_item_details',
        },
    period: part.period,
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: price.id, product },
      type: 'price_details',
      unit_amount_decimal: part.free ? '0' : price.unit_amount_decimal,
    },
    quantity: item.quantity,
    quantity_decimal: item.quantity === null ? null : String(item.quantity),
    subscription: part.subscription,
    subtotal,
    taxes: [],
  };
}

/** The link between an invoice and the payment intent that pays it. */
export function makeInvoicePayment(id: string, created: number, invoice: Invoice, paymentIntent: string): InvoicePayment {
  return {
    id,
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: invoice.livemode,
    payment: { payment_intent: paymentIntent, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  };
}
