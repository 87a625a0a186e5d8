import { domainToASCII } from 'node:url';

const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const domainLabel = /^(?!-)[\p{L}\p{N}\p{M}-]{1,63}(?<!-)$/u;

/**
 * Whether mail can be sent to it: one bare address, `local@domain.tld`. Stricter than RFC 5322: no quotes, comments, address
 * literals or display names, so nothing in it can mean something else to a mail server. Domains may be international.
 */
export function isEmailAddress(text: string): boolean {
  if (text.length > 254) return false;
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  if (at < 1 || local.length > 64 || !localPart.test(local)) return false;
  const labels = domain.split('.');
  if (labels.length < 2 || !labels.every((label) => domainLabel.test(label))) return false;
  const ascii = domainToASCII(domain).split('.');
  return (
    ascii.length === labels.length &&
    ascii.every((label) => /^[a-z0-9-]{1,63}$/i.test(label)) &&
    /[a-z]/i.test(ascii.at(-1) ?? '')
  );
}
