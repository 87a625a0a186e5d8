import { giveUp } from 'handover/contract';
import type { HttpResponse } from 'handover/contract';
import { fillText } from './fill.ts';
import type { Values } from './names.ts';
import type { KeepSettings, Plain } from './options.ts';
import { at } from './pointer.ts';

/** `nothing`: a list was there and had no such entry. `unreadable`: the answer is not what was described. */
export type Kept =
  | { readonly kind: 'value'; readonly value: Plain }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** A pattern looks at so much of a page and no more. */
const longestText = 256 * 1024;

/** Picks a value out of an answer. Never quotes the answer. */
export function pick(answer: HttpResponse, place: string | KeepSettings, values: Values): Kept {
  const settings = typeof place === 'string' ? { at: place } : place;
  if (settings.header !== undefined || settings.pattern !== undefined) return fromText(answer, settings);
  const body = answer.json();
  if (body === undefined) return { kind: 'unreadable', why: 'it is not JSON' };
  if (settings.in !== undefined) return fromList(body, settings, values);
  return plain(at(body, settings.at ?? ''), settings.at ?? '');
}

function fromText(answer: HttpResponse, { header, pattern }: KeepSettings): Kept {
  const text = header === undefined ? answer.text.slice(0, longestText) : answer.headers[header.toLowerCase()];
  if (text === undefined) return { kind: 'unreadable', why: `it has no header "${header ?? ''}"` };
  if (pattern === undefined) return { kind: 'value', value: text };
  const found = new RegExp(pattern, 'u').exec(text);
  if (!found) return { kind: 'unreadable', why: 'the pattern fits nothing in it' };
  const value = found[1] ?? found[0];
  return { kind: 'value', value: header === undefined ? withoutReferences(value) : value };
}

/** A search may find more than was asked for, so each entry is compared again. */
function fromList(body: unknown, { in: list = '', where = {}, at: inside = '' }: KeepSettings, values: Values): Kept {
  const entries = at(body, list);
  if (!Array.isArray(entries)) return { kind: 'unreadable', why: `what stands at "${list}" is no list` };
  const wanted = Object.entries(where).map(([pointer, text]) => ({ pointer, text: fillText(text, values).toLowerCase() }));
  if (wanted.some(({ text }) => text === '')) {
    throw giveUp('HTTP_VALUE_MISSING', 'A value that an entry is looked for by is missing from this order.', {
      where: list,
      hint: 'Look whether the buyer or the product file should have given it; then retry the step.',
    });
  }
  const fitting = entries.filter((entry) => wanted.every(({ pointer, text }) => textAt(entry, pointer) === text));
  if (fitting.length === 0) return { kind: 'nothing' };
  if (fitting.length === 1) return plain(at(fitting[0], inside), inside);
  throw giveUp('HTTP_AMBIGUOUS', `The other side has ${fitting.length} entries where one was looked for.`, {
    where: list,
    hint: 'Put them right on the other side, or make "where" more exact; then retry the step.',
  });
}

function textAt(entry: unknown, pointer: string): string | undefined {
  const found = at(entry, pointer);
  return typeof found === 'string' || typeof found === 'number' ? String(found).toLowerCase() : undefined;
}

function plain(found: unknown, pointer: string): Kept {
  if (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean')
    return { kind: 'value', value: found };
  return {
    kind: 'unreadable',
    why: found === undefined ? `it has nothing at "${pointer}"` : `what stands at "${pointer}" is no text or number`,
  };
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** A value cut out of HTML is written as HTML writes it. */
function withoutReferences(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return named[name.toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
