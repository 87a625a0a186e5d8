import type { Person } from '../contract/event.ts';

export interface Buyer {
  readonly name: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}

/**
 * The buyer as pages and mails write them. Payment forms take any text as a name, so a name that carries an address is
 * dropped: our mails must not carry a stranger's advertising.
 */
export function nameBuyer(person: Person): Buyer {
  const name = clean(person.name) || [clean(person.firstName), clean(person.lastName)].filter(Boolean).join(' ');
  const words = name.split(' ');
  return {
    name,
    firstName: clean(person.firstName) || (words[0] ?? ''),
    lastName: clean(person.lastName) || words.slice(1).join(' '),
    email: (person.email ?? '').replace(/\p{C}/gu, '').trim(),
  };
}

function clean(text: string | undefined): string {
  const plain = (text ?? '')
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, 80)
    .trim();
  return /:\/\/|www\.|@|\.[a-z]{2,}\//i.test(plain) ? '' : plain;
}
