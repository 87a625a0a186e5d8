const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const grammar = new RegExp(`^${atom}(?:\\.${atom})*@(?:${label}\\.)+(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,59})$`);

/**
 * Whether a text is one plain e-mail address: the dot-atom form of RFC 5321, at most 64 characters before the `@` and 254 in
 * all, a domain with a dot. No display name, no comments, no quotes, no list, no line break: such a text can be put into a
 * header or handed to a mail server without danger.
 */
export function isEmailAddress(text: string): boolean {
  return text.length <= 254 && text.indexOf('@') <= 64 && grammar.test(text);
}
