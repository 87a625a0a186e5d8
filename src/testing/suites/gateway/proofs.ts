import { spoil, textOf } from './bench.ts';
import type { ProofPlace, SentCallback } from './terms.ts';

/** The callback with each part of its proof replaced; undefined takes a part away. */
export function withProof(
  sent: SentCallback,
  place: ProofPlace,
  change: (value: string) => string | readonly string[] | undefined,
): SentCallback {
  if ('headers' in place) {
    const changed = place.headers.map((name): [string, string | readonly string[] | undefined] => [
      name,
      change(headerOf(sent, name)),
    ]);
    const headers = { ...sent.headers, ...Object.fromEntries(changed) };
    return { ...sent, headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) };
  }
  return place.fields.reduce((form, field) => withField(form, field, (value) => [change(value) ?? []].flat()), sent);
}

/** A form with the values of one field replaced: none, one or several. */
export function withField(sent: SentCallback, field: string, change: (value: string) => readonly string[]): SentCallback {
  const pairs = [...new URLSearchParams(textOf(sent.body))];
  if (!pairs.some(([name]) => name === field)) return sent;
  const changed = pairs.flatMap(([name, value]) =>
    (name === field ? change(value) : [value]).map((each): [string, string] => [name, each]),
  );
  return { ...sent, body: new URLSearchParams(changed).toString() };
}

function headerOf({ headers }: SentCallback, name: string): string {
  const value = headers[name];
  const text = typeof value === 'string' ? value : value?.[0];
  if (text === undefined) throw new Error(`The genuine callback has no header ${name}.`);
  return text;
}

/** The body with something changed after it was signed. What is not part of the proof is left alone. */
export function alterations(sent: SentCallback, place: ProofPlace): [string, SentCallback][] {
  if ('fields' in place) {
    return place.signed.flatMap((field): [string, SentCallback][] => [
      [`${field} with another byte`, withField(sent, field, (value) => [spoilDigit(value)])],
      [`${field} with white space`, withField(sent, field, (value) => [`${value} `])],
      [`no ${field}`, withField(sent, field, () => [])],
      [`${field} twice, the false one last`, withField(sent, field, (value) => [value, spoilDigit(value)])],
      [`${field} twice, the false one first`, withField(sent, field, (value) => [spoilDigit(value), value])],
    ]);
  }
  const text = textOf(sent.body);
  const changed: [string, string][] = [
    ['another byte in the middle', spoil(text)],
    ['another first byte', ` ${text.slice(1)}`],
    ['another last byte', `${text.slice(0, -1)} `],
    ['white space before it', ` ${text}`],
    ['a line break after it', `${text}\n`],
    ['a byte less', text.slice(0, -1)],
    ['the body twice', text + text],
    ['a byte order mark', `\uFEFF${text}`],
    ['a key repeated with another value', text.replace('{', '{"id":"forged","type":"forged","data":{},')],
    ['no body', ''],
  ];
  return changed.map(([what, body]) => [what, { ...sent, body }]);
}

function spoilDigit(value: string): string {
  return value.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10));
}
