import type { Cart } from '../line-items.ts';
import type { FullTerms } from '../terms.ts';
import type { Session } from '../wire.ts';
import { customerDetails, fullAddress } from './customer.ts';

/** A hosted Checkout Session as it is before anybody paid. */
export function openSession(id: string, created: number, terms: FullTerms, cart: Cart, url: string): Session {
  return {
    id,
    object: 'checkout.session',
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: cart.subtotal,
    amount_total: cart.total,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: terms.cancelUrl,
    client_reference_id: terms.clientReferenceId,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created,
    currency: terms.currency.toLowerCase(),
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: null,
    customer_account: null,
    customer_creation: terms.mode === 'payment' ? (terms.buyer?.customer ? 'always' : 'if_required') : null,
    customer_details: null,
    customer_email: null,
    discounts: [],
    expires_at: created + 24 * 3600,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: terms.livemode,
    locale: terms.locale,
    managed_payments: { enabled: false },
    metadata: terms.metadata,
    mode: terms.mode,
    origin_context: null,
    payment_intent: null,
    payment_link: terms.paymentLink,
    payment_method_collection: terms.mode === 'subscription' ? 'always' : 'if_required',
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card'],
    payment_status: 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: terms.shipping
      ? { amount_subtotal: cart.shipping, amount_tax: 0, amount_total: cart.shipping, shipping_rate: null }
      : null,
    shipping_options: [],
    status: 'open',
    submit_type: null,
    subscription: null,
    success_url: terms.successUrl,
    total_details: { amount_discount: cart.discount, amount_shipping: cart.shipping, amount_tax: cart.tax },
    ui_mode: 'hosted_page',
    url,
    wallet_options: null,
  };
}

/** The buyer has finished the form, whether or not the money is there. */
export function finishSession(session: Session, terms: FullTerms, paymentStatus: Session['payment_status']): void {
  session.status = 'complete';
  session.payment_status = paymentStatus;
  session.url = null;
  session.customer_details = terms.buyer ? customerDetails(terms.buyer) : null;
  session.collected_information = {
    business_name: terms.buyer?.businessName ?? null,
    individual_name: terms.buyer?.individualName ?? null,
    shipping_details: terms.shipping
      ? { address: fullAddress(terms.shipping.address), name: terms.shipping.name ?? terms.buyer?.name ?? '' }
      : null,
  };
}
