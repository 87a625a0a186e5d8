import type { KeyRequest } from './key-request.ts';

const names: Readonly<Record<string, (request: KeyRequest & { readonly key?: string }) => string | number | undefined>> = {
  key: ({ key }) => key,
  stepKey: ({ stepKey }) => stepKey,
  serial: ({ serial }) => serial,
  unit: ({ unit }) => unit,
  seats: ({ seats }) => seats,
  issued: ({ issued }) => issued,
  expires: ({ expires }) => expires,
  machineCode: ({ machineCode }) => machineCode,
  'order.number': ({ order }) => order,
  'product.code': ({ product }) => product,
  'product.sku': ({ sku }) => sku,
  'product.title': ({ title }) => title,
  'product.quantity': ({ quantity }) => quantity,
  'buyer.email': ({ buyer }) => buyer.email,
  'buyer.name': ({ buyer }) => buyer.name,
  'buyer.firstName': ({ buyer }) => buyer.firstName,
  'buyer.lastName': ({ buyer }) => buyer.lastName,
  'learner.email': ({ learner }) => learner.email,
  'learner.name': ({ learner }) => learner.name,
};

const requestNames = Object.keys(names).filter((name) => name !== 'key');
const patternOf = (allowed: readonly string[]): string =>
  `^(?:[^{]|\\{(?!\\{)|\\{\\{ ?(?:${allowed.join('|').replaceAll('.', '\\.')}|metadata\\.[A-Za-z0-9_-]+) ?\\}\\})*$`;

/** What a template may hold, as a pattern for the options' schema: a misspelt name is refused when the file is read. */
export const templatePattern = patternOf(requestNames);
/** The same for a key that is taken back, which `{{key}}` names. */
export const revokeTemplatePattern = patternOf(Object.keys(names));
export const templateNames = [...requestNames, 'metadata.<name>'];

/** Fills every field. In JSON a field that is nothing but one number stays a number: `"{{seats}}"` becomes `3`. */
export function fillFields(
  fields: Readonly<Record<string, string>>,
  request: KeyRequest & { readonly key?: string },
): Record<string, string | number> {
  return Object.fromEntries(Object.entries(fields).map(([field, template]) => [field, fill(template, request)]));
}

/** The same where only texts can be sent: in a query or a form. */
export function fillTexts(
  fields: Readonly<Record<string, string>>,
  request: KeyRequest & { readonly key?: string },
): Record<string, string> {
  return Object.fromEntries(Object.entries(fillFields(fields, request)).map(([field, value]) => [field, String(value)]));
}

function fill(template: string, request: KeyRequest & { readonly key?: string }): string | number {
  const alone = /^\{\{ ?([\w.-]+) ?\}\}$/.exec(template)?.[1];
  if (alone !== undefined) return valueOf(alone, request);
  return template.replace(/\{\{ ?([\w.-]+) ?\}\}/g, (_, name: string) => String(valueOf(name, request)));
}

function valueOf(name: string, request: KeyRequest & { readonly key?: string }): string | number {
  if (name.startsWith('metadata.'))
    return Object.entries(request.metadata).find(([field]) => field === name.slice('metadata.'.length))?.[1] ?? '';
  return (Object.hasOwn(names, name) ? names[name]?.(request) : undefined) ?? '';
}
