import { isEmailAddress } from '../contract/email-address.ts';
import type { Person } from '../contract/event.ts';
import type { CartItem, CartRequest, CheckoutRequest } from './cart-request.ts';
import { CheckoutError } from './checkout-error.ts';

type Fields = Readonly<Record<string, unknown>>;

const mostItems = 50;
const mostMetadata = 20;
/** Of single texts that travel to gateways; some take no more than 500 characters. */
const longestText = 400;

/**
 * A checkout from JSON or, already taken apart, from a form. Throws a `CheckoutError` that says which field is wrong.
 * `items` of a form have been read from its own spelling before.
 */
export function readCheckout(body: unknown): CheckoutRequest {
  const fields = recordIn(body, 'The request');
  const campaign = textIn(fields, 'campaign');
  const seller = textIn(fields, 'seller');
  const metadata = { ...metadataIn(fields['metadata']), ...(campaign && { campaign }), ...(seller && { seller }) };
  const gateway = textIn(fields, 'gateway', 64);
  const method = textIn(fields, 'method', 64);
  const key = textIn(fields, 'cart', 200);
  const language = languageIn(fields);
  const cancelUrl = textIn(fields, 'cancelUrl', 2000);
  if (key !== undefined && key.length < 16)
    throw wrong('"cart" must be a name nobody can guess: at least 16 characters, chosen at random.');
  return {
    ...readCart(fields),
    buyer: personIn(fields['buyer'], 'buyer'),
    metadata,
    ...(gateway !== undefined && { gateway }),
    ...(method !== undefined && { method }),
    ...(key !== undefined && { key }),
    ...(language !== undefined && { language }),
    ...(cancelUrl !== undefined && { cancelUrl }),
  };
}

/** What is in a cart. Throws a `CheckoutError`. */
export function readCart(fields: Fields): CartRequest {
  const listed = fields['items'];
  if (!Array.isArray(listed) || listed.length === 0) throw wrong('There is nothing in the cart: "items" is empty.');
  if (listed.length > mostItems) throw wrong(`A cart holds at most ${mostItems} different items.`);
  const currency = textIn(fields, 'currency', 3)?.toUpperCase();
  if (currency !== undefined && !/^[A-Z]{3}$/.test(currency)) throw wrong('"currency" is not a currency code such as EUR.');
  return { items: listed.map(itemIn), ...(currency !== undefined && { currency }) };
}

function itemIn(value: unknown): CartItem {
  const fields = recordIn(value, 'An item');
  const sku = textIn(fields, 'sku', 127);
  if (sku === undefined) throw wrong('An item needs its "sku".');
  const quantity = fields['quantity'] ?? 1;
  if (typeof quantity !== 'number' || !Number.isSafeInteger(quantity) || quantity < 1 || quantity > 10_000)
    throw wrong(`The quantity of ${sku} must be a whole number from 1 to 10 000.`);
  const learner = fields['learner'];
  return { sku, quantity, ...(learner !== undefined && learner !== null && { learner: personIn(learner, 'learner') }) };
}

function personIn(value: unknown, what: string): Person {
  if (value === undefined || value === null) return {};
  const fields = recordIn(value, `"${what}"`);
  const email = textIn(fields, 'email', 254);
  const country = textIn(fields, 'country', 2)?.toUpperCase();
  if (email !== undefined && !isEmailAddress(email))
    throw wrong(`The e-mail address of the ${what} is not a valid one.`, 'CHECKOUT_BUYER');
  if (country !== undefined && !/^[A-Z]{2}$/.test(country)) throw wrong('"country" is not a country code such as AT.');
  const texts = Object.fromEntries(
    (['name', 'firstName', 'lastName', 'phone'] as const).flatMap((name) => {
      const text = textIn(fields, name, name === 'phone' ? 40 : 200);
      return text === undefined ? [] : [[name, text]];
    }),
  );
  return { ...(email !== undefined && { email }), ...texts, ...(country !== undefined && { country }) };
}

function metadataIn(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  const fields = recordIn(value, '"metadata"');
  const names = Object.keys(fields);
  if (names.length > mostMetadata) throw wrong(`"metadata" has more than ${mostMetadata} entries.`);
  const odd = names.find((name) => !/^[A-Za-z][\w-]{0,39}$/.test(name) || name === 'constructor' || name === 'prototype');
  if (odd !== undefined)
    throw wrong('A name in "metadata" begins with a letter and has at most 40 letters, digits, "_" and "-".');
  return Object.fromEntries(names.map((name) => [name, textIn(fields, name) ?? '']));
}

function languageIn(fields: Fields): string | undefined {
  const language = textIn(fields, 'language', 35);
  if (language === undefined) return undefined;
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    throw wrong('"language" is not a language code such as en or de-AT.');
  }
}

/** Trimmed, without control characters; empty is absent. */
function textIn(fields: Fields, name: string, longest = longestText): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrong(`"${name}" must be a text.`);
  const text = value.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  if (text.length > longest) throw wrong(`"${name}" is longer than ${longest} characters.`);
  return text === '' ? undefined : text;
}

function recordIn(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw wrong(`${what} is not what it should be: names with values.`);
}

function wrong(message: string, code = 'CHECKOUT_MALFORMED'): CheckoutError {
  return new CheckoutError(422, code, message);
}
