/** What a function takes. Lists and records in each other, as the function's documentation shows them. */
export type Parameter = string | number | boolean | readonly Parameter[] | { readonly [name: string]: Parameter | undefined };

/** `{ users: [{ username: 'a' }] }` as PHP wants it in a form: `users[0][username]=a`. What is undefined is not sent. */
export function formOf(parameters: Readonly<Record<string, Parameter | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).flatMap(([name, value]) => pairs(name, value)));
}

function pairs(name: string, value: Parameter | undefined): [string, string][] {
  if (value === undefined) return [];
  if (typeof value === 'boolean') return [[name, value ? '1' : '0']];
  if (typeof value !== 'object') return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, inside]: [string, Parameter | undefined]) => pairs(`${name}[${key}]`, inside));
}
