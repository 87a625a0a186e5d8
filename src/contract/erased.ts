import type { Person } from './event.ts';

/** Ends the address of everybody who was erased; a name that no mail server ever has (RFC 2606). */
export const erasedDomain = '@erased.invalid';

/** Stands where a person's name stood. */
export const erasedName = 'Erased';

/** The address that stands for somebody whose data were erased. `mark`: small letters and digits. */
export function erasedAddress(mark: string): string {
  return `erased-${mark}${erasedDomain}`;
}

/** Nobody is behind it, so there is nobody to write to. */
export function isErasedAddress(address: string | undefined): boolean {
  return address?.toLowerCase().endsWith(erasedDomain) === true;
}

export function isErased(person: Person | undefined): boolean {
  return isErasedAddress(person?.email);
}
