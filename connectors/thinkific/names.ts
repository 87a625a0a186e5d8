import type { Person } from 'handover/contract';

/** First and last name, both required: no tags, at most 50 characters, a dash for what is not known. */
export function namesOf({ name = '', firstName, lastName }: Person): { first_name: string; last_name: string } {
  const isSplit = clean(firstName) !== '' || clean(lastName) !== '';
  const words = clean(name).split(' ');
  const [first, last] = isSplit
    ? [clean(firstName), clean(lastName)]
    : words.length < 2
      ? [words[0] ?? '', '']
      : [words.slice(0, -1).join(' '), words.at(-1) ?? ''];
  return { first_name: fit(first), last_name: fit(last) };
}

function clean(text = ''): string {
  return text
    .toWellFormed()
    .replace(/<[^<>]*>/g, ' ')
    .replace(/[<>\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}

function fit(text: string): string {
  return Array.from(text).slice(0, 50).join('').trim() || '-';
}
