import type { Request } from 'express';
import { CheckoutError } from '../checkout/checkout-error.ts';
import { BodyError, readRawBody } from './raw-body.ts';
import { readCart } from './sandbox-cart.ts';

const maxBytes = 64 * 1024;

/** The fields of a checkout, sent as JSON or as a form, also where a body parser of the host was quicker. Throws a `CheckoutError`. */
export async function readCheckoutBody(req: Request): Promise<unknown> {
  const isJson = Boolean(req.is(['json', '+json']));
  if (!isJson && !req.is('urlencoded'))
    throw new CheckoutError(415, 'CHECKOUT_MALFORMED', 'Send the cart as a form or as JSON: "Content-Type: application/json".');
  const parsed: unknown = req.body;
  if (isParsed(parsed)) return isJson ? parsed : fieldsOf(formFrom(parsed));
  const text = (await rawBody(req)).toString('utf8');
  if (!isJson) return fieldsOf(new URLSearchParams(text));
  try {
    return JSON.parse(text);
  } catch {
    throw new CheckoutError(400, 'CHECKOUT_MALFORMED', 'The body is not JSON.');
  }
}

/** `gateway:method`, the value of a button. */
function payIn(pay: string | null): { gateway?: string; method?: string } {
  const [gateway = '', method = ''] = (pay ?? '').split(':');
  return { ...(gateway !== '' && { gateway }), ...(method !== '' && { method }) };
}

const direct = ['gateway', 'method', 'currency', 'language', 'campaign', 'seller', 'cart', 'cancelUrl'];
const ofBuyer = ['email', 'name', 'firstName', 'lastName', 'phone', 'country'];

function fieldsOf(form: URLSearchParams): Record<string, unknown> {
  const pick = (names: readonly string[]) =>
    Object.fromEntries(names.flatMap((name) => (form.has(name) ? [[name, form.get(name)]] : [])));
  const metadata = [...form].flatMap(([name, value]) => (name.startsWith('metadata.') ? [[name.slice(9), value] as const] : []));
  return {
    ...pick(direct),
    ...payIn(form.get('pay')),
    items: readCart(form),
    buyer: pick(ofBuyer),
    ...(metadata.length > 0 && { metadata: Object.fromEntries(metadata) }),
  };
}

function isParsed(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null && !(body instanceof Uint8Array) && Object.keys(body).length > 0;
}

function formFrom(parsed: Record<string, unknown>): URLSearchParams {
  const pairs = Object.entries(parsed).flatMap(([name, value]) =>
    [value].flat().flatMap((each): [string, string][] => (typeof each === 'string' ? [[name, each]] : [])),
  );
  return new URLSearchParams(pairs);
}

async function rawBody(req: Request): Promise<Buffer> {
  try {
    return await readRawBody(req, { maxBytes });
  } catch (error) {
    if (error instanceof BodyError && error.status < 500)
      throw new CheckoutError(error.status, 'CHECKOUT_MALFORMED', error.message);
    throw error;
  }
}
