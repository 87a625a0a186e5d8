import { listOf, objectOf, type Json } from '../books.ts';
import { faultOf, unitsOf, type Money } from '../money.ts';
import { ApiError, issue, type Issue } from './errors.ts';

const known = {
  order: ['intent', 'purchase_units', 'payment_source', 'application_context', 'payer', 'processing_instruction'],
  unit: ['reference_id', 'custom_id', 'invoice_id', 'description', 'soft_descriptor', 'payee', 'amount', 'items', 'shipping'],
  item: ['name', 'sku', 'quantity', 'description', 'category', 'unit_amount', 'tax', 'url', 'image_url', 'upc'],
  paypal: ['experience_context', 'email_address', 'name', 'phone', 'birth_date', 'tax_info', 'address', 'attributes'],
  experience: [
    'brand_name',
    'locale',
    'shipping_preference',
    'return_url',
    'cancel_url',
    'landing_page',
    'user_action',
    'payment_method_preference',
    'contact_preference',
  ],
};

/** Refuses what PayPal would (https://developer.paypal.com/docs/api/orders/v2/#orders_create). */
export function checkOrder(body: Json): void {
  const form = [
    ...unknownIn(body, known.order, ''),
    ...(['CAPTURE', 'AUTHORIZE'].includes(String(body['intent'])) ? [] : [issue('INVALID_PARAMETER_VALUE', '/intent')]),
    ...unitsFaults(body),
    ...sourceFaults(objectOf(objectOf(body, 'payment_source'), 'paypal')),
  ];
  if (form.length > 0)
    throw new ApiError(form.some(isMeaning) ? 422 : 400, form.some(isMeaning) ? 'UNPROCESSABLE_ENTITY' : 'INVALID_REQUEST', form);
  const sums = listOf(body, 'purchase_units').flatMap(sumFaults);
  if (sums.length > 0) throw new ApiError(422, 'UNPROCESSABLE_ENTITY', sums);
}

function isMeaning({ issue: name }: Issue): boolean {
  return ['DECIMALS_NOT_SUPPORTED', 'CURRENCY_NOT_SUPPORTED', 'DECIMAL_PRECISION', 'CANNOT_BE_ZERO_OR_NEGATIVE'].includes(name);
}

function unitsFaults(body: Json): Issue[] {
  const units = listOf(body, 'purchase_units');
  if (units.length < 1 || units.length > 10) return [issue('INVALID_ARRAY_LENGTH', '/purchase_units')];
  return units.flatMap((unit, index) => {
    const at = `/purchase_units/${index}`;
    return [
      ...unknownIn(unit, known.unit, at),
      ...['custom_id', 'invoice_id'].flatMap((name) => tooLong(unit, name, 127, at)),
      ...present(faultOf(unit['amount'], `${at}/amount`)),
      ...listOf(unit, 'items').flatMap((item, number) => itemFaults(item, `${at}/items/${number}`)),
    ];
  });
}

function itemFaults(item: Json, at: string): Issue[] {
  return [
    ...unknownIn(item, known.item, at),
    ...(typeof item['name'] === 'string' && item['name'] !== '' ? [] : [issue('MISSING_REQUIRED_PARAMETER', `${at}/name`)]),
    ...['name', 'sku'].flatMap((name) => tooLong(item, name, 127, at)),
    ...(typeof item['quantity'] === 'string' && /^[1-9]\d{0,9}$/.test(item['quantity'])
      ? []
      : [issue('INVALID_PARAMETER_SYNTAX', `${at}/quantity`)]),
    ...present(faultOf(item['unit_amount'], `${at}/unit_amount`)),
  ];
}

function sourceFaults(paypal: Json): Issue[] {
  const experience = objectOf(paypal, 'experience_context');
  const at = '/payment_source/paypal';
  const urls = ['return_url', 'cancel_url'].filter(
    (name) => experience[name] !== undefined && !URL.canParse(textOf(experience[name])),
  );
  const locale = experience['locale'];
  const isLocale = locale === undefined || /^[a-z]{2}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}))?$/.test(textOf(locale));
  return [
    ...unknownIn(paypal, known.paypal, at),
    ...unknownIn(experience, known.experience, `${at}/experience_context`),
    ...urls.map((name) => issue('INVALID_PARAMETER_SYNTAX', `${at}/experience_context/${name}`)),
    ...(isLocale ? [] : [issue('INVALID_PARAMETER_SYNTAX', `${at}/experience_context/locale`)]),
  ];
}

/** Items need a breakdown, the breakdown has to add up to the amount, the items to its item total. */
function sumFaults(unit: Json): Issue[] {
  const amount = unit['amount'] as Money & { breakdown?: Json };
  const items = listOf(unit, 'items');
  const breakdown = amount.breakdown;
  const part = (name: string) => (breakdown?.[name] === undefined ? 0 : unitsOf(breakdown[name] as Money));
  if (items.length > 0 && breakdown?.['item_total'] === undefined) return [issue('ITEM_TOTAL_REQUIRED')];
  if (!breakdown) return [];
  const total = (field: string) =>
    items.reduce(
      (sum, item) => sum + Number(item['quantity']) * (item[field] === undefined ? 0 : unitsOf(item[field] as Money)),
      0,
    );
  const sum =
    part('item_total') +
    part('tax_total') +
    part('shipping') +
    part('handling') +
    part('insurance') -
    part('shipping_discount') -
    part('discount');
  return [
    ...(items.length > 0 && total('unit_amount') !== part('item_total') ? [issue('ITEM_TOTAL_MISMATCH')] : []),
    ...(items.some((item) => item['tax'] !== undefined) && total('tax') !== part('tax_total')
      ? [issue('TAX_TOTAL_MISMATCH')]
      : []),
    ...(sum === unitsOf(amount) ? [] : [issue('AMOUNT_MISMATCH')]),
  ];
}

function unknownIn(object: Json, names: readonly string[], at: string): Issue[] {
  return Object.keys(object).flatMap((name) => (names.includes(name) ? [] : [issue('UNKNOWN_FIELD', `${at}/${name}`)]));
}

function tooLong(object: Json, name: string, most: number, at: string): Issue[] {
  const value = object[name];
  return typeof value === 'string' && value.length > most ? [issue('INVALID_STRING_MAX_LENGTH', `${at}/${name}`)] : [];
}

function present(fault: Issue | undefined): Issue[] {
  return fault ? [fault] : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
