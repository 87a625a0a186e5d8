const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const domainLabel = /^(?!-)[\p{L}\p{N}\p{M}-]{1,63}(?<!-)$/u;

/**
 * Whether a text is one plain e-mail address, `local@domain.tld`. Stricter than RFC 5322: no display name, comment, quote,
 * list, address literal or line break, so it can stand in a header or go to a mail server without meaning anything else.
 * At most 64 characters before the `@` and 254 in all; domains may be international.
 */
export function isEmailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const labels = text.slice(at + 1).split('.');
  if (text.length > 254 || at < 1 || local.length > 64 || !localPart.test(local)) return false;
  return labels.length >= 2 && labels.every((label) => domainLabel.test(label)) && /\p{L}/u.test(labels.at(-1) ?? '');
}
