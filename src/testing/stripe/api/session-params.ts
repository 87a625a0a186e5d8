import { isJson } from '../versions.ts';
import type { Json } from '../wire.ts';
import { invalid, required } from './errors.ts';
import { allowOnly, integerIn, tableIn, textIn } from './params.ts';

/** What the double does something with. */
const carriedOut = [
  'cancel_url',
  'client_reference_id',
  'currency',
  'customer',
  'customer_creation',
  'customer_email',
  'expand',
  'expires_at',
  'line_items',
  'locale',
  'metadata',
  'mode',
  'payment_intent_data',
  'subscription_data',
  'success_url',
  'ui_mode',
];

/** What only changes the look of Stripe's own page, or how a card is kept. It is taken and has no effect. */
const withoutEffect = [
  'adaptive_pricing',
  'after_expiration',
  'allow_promotion_codes',
  'allowed_payment_method_types',
  'billing_address_collection',
  'branding_settings',
  'consent_collection',
  'custom_fields',
  'custom_text',
  'customer_update',
  'excluded_payment_method_types',
  'integration_identifier',
  'name_collection',
  'origin_context',
  'payment_method_collection',
  'payment_method_configuration',
  'payment_method_data',
  'payment_method_options',
  'payment_method_types',
  'phone_number_collection',
  'saved_payment_method_options',
  'submit_type',
  'tax_id_collection',
  'wallet_options',
];

/** What would change the sums or who is paid: the double says that it cannot, instead of coming to a wrong total. */
const beyondTheDouble = [
  'automatic_tax',
  'customer_account',
  'discounts',
  'invoice_creation',
  'managed_payments',
  'optional_items',
  'permissions',
  'redirect_on_completion',
  'return_url',
  'setup_intent_data',
  'shipping_address_collection',
  'shipping_options',
];

/** Checks everything of a new session but its lines. */
export function checkSession(params: Json): void {
  allowOnly(params, [...carriedOut, ...withoutEffect, ...beyondTheDouble]);
  for (const name of beyondTheDouble) {
    if (name in params) throw invalid(name, `This double of Stripe does not carry out ${name}.`, 'double_cannot');
  }
  const uiMode = textIn(params, 'ui_mode') ?? 'hosted_page';
  if (uiMode !== 'hosted_page' && uiMode !== 'hosted')
    throw invalid('ui_mode', `This double of Stripe only has ui_mode hosted_page.`, 'double_cannot');
  const mode = textIn(params, 'mode');
  if (mode === undefined) throw required('mode');
  if (mode !== 'payment' && mode !== 'subscription')
    throw invalid('mode', 'Invalid mode: must be one of payment, setup, or subscription');
  if (textIn(params, 'success_url') === undefined) throw required('success_url');
  for (const name of ['success_url', 'cancel_url']) checkUrl(params, name);
  checkBuyer(params);
  checkMetadata(params, 'metadata');
  for (const [name, needs] of [
    ['payment_intent_data', 'payment'],
    ['subscription_data', 'subscription'],
  ] as const) {
    const data = tableIn(params, name);
    if (!data) continue;
    if (mode !== needs) throw invalid(name, `You can not pass \`${name}\` in \`${mode}\` mode.`);
    checkMetadata(data, 'metadata', name);
  }
  const reference = textIn(params, 'client_reference_id');
  if (reference !== undefined && reference.length > 200) {
    throw invalid('client_reference_id', 'Invalid string: must be at most 200 characters', 'parameter_invalid');
  }
}

/** A session may live for 30 minutes to 24 hours. */
export function expiryIn(params: Json, now: number): number {
  const expiresAt = integerIn(params, 'expires_at') ?? now + 24 * 3600;
  if (expiresAt < now + 30 * 60)
    throw invalid('expires_at', 'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.');
  if (expiresAt > now + 24 * 3600)
    throw invalid('expires_at', 'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.');
  return expiresAt;
}

/** At most 50 keys of 40 characters with values of 500 (https://docs.stripe.com/api/metadata). */
export function metadataIn(params: Json): Record<string, string> {
  return { ...(tableIn(params, 'metadata') as Record<string, string> | undefined) };
}

function checkMetadata(params: Json, name: string, under = ''): void {
  const metadata = params[name];
  if (metadata === undefined) return;
  const full = under ? `${under}[${name}]` : name;
  if (!isJson(metadata)) throw invalid(full, 'Invalid object');
  const entries = Object.entries(metadata);
  if (entries.length > 50) throw invalid(full, 'You can have up to 50 keys in metadata.');
  for (const [key, value] of entries) {
    if (key.length > 40) throw invalid(`${full}[${key}]`, 'Metadata keys must have at most 40 characters.');
    if (typeof value !== 'string') throw invalid(`${full}[${key}]`, 'Metadata values must be strings.');
    if (value.length > 500) throw invalid(`${full}[${key}]`, 'Metadata values must have at most 500 characters.');
  }
}

function checkBuyer(params: Json): void {
  const email = textIn(params, 'customer_email');
  if (email === undefined) return;
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
    throw invalid('customer_email', `Invalid email address: ${email}`, 'email_invalid');
  if ('customer' in params)
    throw invalid('customer_email', 'You may only specify one of these parameters: customer, customer_email.');
}

function checkUrl(params: Json, name: string): void {
  const url = textIn(params, name);
  if (url !== undefined && !(URL.canParse(url) && /^https?:/.test(url))) throw invalid(name, 'Not a valid URL', 'url_invalid');
}
