import { createHash } from 'node:crypto';

/** Without I, L, O and U, which people misread or mistype. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const bodyLength = 10;

/**
 * What the buyer writes on the transfer: a creditor reference by ISO 11649 (`RF`, two check digits, text), which banks check too.
 * Ten characters of a hash of the cart, so the same cart has the same one.
 */
export function referenceOf(cart: string): string {
  const hash = createHash('sha256').update(`offline\n${cart}`).digest();
  const body = Array.from({ length: bodyLength }, (_, index) => letters[(hash[index] ?? 0) & 31]).join('');
  const digits = String(98 - remainder(`${body}RF00`)).padStart(2, '0');
  return `RF${digits}${body}`;
}

/** `RF18ABCDEFGHJK` as `RF18 ABCD EFGH JK`, the way it is printed. */
export function inGroups(reference: string): string {
  return reference.replace(/(.{4})(?=.)/g, '$1 ');
}

/** The references of ours in a text, whatever spaces and dashes a bank or a buyer put between. Wrong check digits are no reference. */
export function referencesIn(text: string): string[] {
  const solid = text.toUpperCase().replace(/[^0-9A-Z]/g, '');
  const found = [...solid.matchAll(new RegExp(`(?=(RF\\d{2}[${letters}]{${bodyLength}}))`, 'g'))].map(([, one = '']) => one);
  return [...new Set(found)].filter((one) => remainder(one.slice(4) + one.slice(0, 4)) === 1);
}

/** Whether the check digits of an IBAN are right (ISO 13616). */
export function isIban(text: string): boolean {
  const iban = text.toUpperCase().replace(/\s/g, '');
  return /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban) && remainder(iban.slice(4) + iban.slice(0, 4)) === 1;
}

/** Modulo 97 of a text whose letters count 10 to 35 (ISO 7064, MOD 97-10). */
function remainder(text: string): number {
  let rest = 0;
  for (const character of text) {
    const value = parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}
