import { createHmac } from 'node:crypto';

/** How a pattern key looks. */
export interface KeyShape {
  /** @default 5 */
  readonly groups?: number;
  /** @default 5 */
  readonly groupLength?: number;
  /** An even number of different letters and digits, 32 at least, no look-alikes. @default Crockford's base 32 */
  readonly alphabet?: string;
}

/** Crockford's base 32: no I, L, O and U. */
export const defaultAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Even number, no character twice, at most one of `0 O o` and one of `1 I l L`. */
export const alphabetPattern = '^(?!.*(.).*\\1)(?!.*[0Oo].*[0Oo])(?!.*[1IlL].*[1IlL])(?:[0-9A-Za-z]{2}){16,31}$';
/** 32 characters carry 5 bits each, so 20 of them make 100 bits; one more is the check character. */
const fewestCharacters = 21;

const filled = (shape: KeyShape): Required<KeyShape> => ({ groups: 5, groupLength: 5, alphabet: defaultAlphabet, ...shape });

/** Why keys of this shape would be refused; undefined when they are fine. A key must hold 100 random bits. */
export function problemOfShape(shape: KeyShape): string | undefined {
  const { groups, groupLength, alphabet } = filled(shape);
  if (!new RegExp(alphabetPattern, 'u').test(alphabet)) {
    return 'its alphabet needs an even number of different letters and digits, 32 at least, and no look-alikes such as 0 and O';
  }
  if (![groups, groupLength].every((each) => Number.isSafeInteger(each) && each > 0 && each <= 64))
    return 'its groups are no numbers';
  if (groups * groupLength >= fewestCharacters) return undefined;
  return `${groups} groups of ${groupLength} characters hold less than 100 random bits; ${fewestCharacters} characters are the least`;
}

/**
 * Makes a key such as `7K2QM-…-X4TZ9` from a stream of random bytes (`randomBytes`, or `keyedBytes` to get the same key again).
 * The last character is a check character (ISO 7064, hybrid system), so every single mistyped character is noticed.
 * Throws a RangeError for a shape that `problemOfShape` refuses.
 */
export function makeKey(bytes: Iterable<number>, shape: KeyShape = {}): string {
  const problem = problemOfShape(shape);
  if (problem !== undefined) throw new RangeError(`Keys of this shape cannot be made: ${problem}.`);
  const { groups, groupLength, alphabet } = filled(shape);
  const length = groups * groupLength - 1;
  // Bytes past the last whole multiple are dropped: every character is equally likely.
  const limit = 256 - (256 % alphabet.length);
  let body = '';
  for (const byte of bytes) {
    if (body.length === length) break;
    if (byte < limit) body += alphabet.charAt(byte % alphabet.length);
  }
  if (body.length < length) throw new RangeError('The stream of random bytes ended before the key was complete.');
  const key = body + checkCharacter(body, alphabet);
  return Array.from({ length: groups }, (_, group) => key.slice(group * groupLength, (group + 1) * groupLength)).join('-');
}

/**
 * Whether a text can be a key of this shape: right characters, right length, right check character. Spaces, hyphens and (where
 * the alphabet has one case) upper and lower case do not matter. It notices typing errors; it is no proof that the key was sold.
 */
export function checkKey(text: string, shape: KeyShape = {}): boolean {
  const { groups, groupLength, alphabet } = filled(shape);
  const key = asTyped(text, alphabet);
  if (key.length !== groups * groupLength || Array.from(key).some((each) => !alphabet.includes(each))) return false;
  return checkCharacter(key.slice(0, -1), alphabet) === key.at(-1);
}

/** An endless stream of bytes that only the secret's holder can tell, the same for the same label (HMAC-SHA256, counted). */
export function* keyedBytes(secret: string, label: string): Generator<number> {
  for (let block = 0; ; block++) yield* createHmac('sha256', secret).update(`${block}:${label}`).digest();
}

function asTyped(text: string, alphabet: string): string {
  const plain = text.replace(/[\s-]/g, '');
  const cased =
    alphabet === alphabet.toUpperCase() ? plain.toUpperCase() : alphabet === alphabet.toLowerCase() ? plain.toLowerCase() : plain;
  return Array.from(cased, (each) => lookAlike(each, alphabet)).join('');
}

function lookAlike(character: string, alphabet: string): string {
  if (alphabet.includes(character)) return character;
  const family = ['0Oo', '1IlL'].find((each) => each.includes(character));
  return Array.from(family ?? '').find((each) => alphabet.includes(each)) ?? character;
}

/** ISO 7064's hybrid system for any even alphabet (MOD 11,10 for digits, MOD 37,36 for letters and digits). */
export function checkCharacter(body: string, alphabet: string): string {
  const size = alphabet.length;
  let product = size;
  for (const character of body) {
    const sum = (product + alphabet.indexOf(character)) % size || size;
    product = (2 * sum) % (size + 1);
  }
  return alphabet.charAt((size + 1 - product) % size);
}
