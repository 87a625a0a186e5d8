import type { Person } from 'handover/contract';

/** The whole name; the part before the @ where no name is known, since Canvas takes no blank one. */
export function nameOf({ name, firstName, lastName, email = '' }: Person): string {
  const known = clean(`${firstName ?? ''} ${lastName ?? ''}`) || clean(name);
  return Array.from(known || clean(email.split('@')[0]) || '-')
    .slice(0, 255)
    .join('');
}

function clean(text = ''): string {
  return text
    .toWellFormed()
    .replace(/<[^<>]*>/g, ' ')
    .replace(/[<>\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}
