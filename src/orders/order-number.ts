import { createHash } from 'node:crypto';

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Our public number of a purchase, e.g. `K3M9-2QXT-7BHD`: 60 bits of a hash, so every process computes the same one. */
export function orderNumber(gateway: string, purchase: string): string {
  const hash = createHash('sha256').update(`${gateway}\n${purchase}`).digest();
  const characters = Array.from({ length: 12 }, (_, index) => crockford[(hash[index] ?? 0) & 31]).join('');
  return `${characters.slice(0, 4)}-${characters.slice(4, 8)}-${characters.slice(8)}`;
}
