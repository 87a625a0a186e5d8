/** Why a text is no web address; undefined when it is one. The text itself is not repeated: it may hold a password. */
export function whyNoWebAddress(text: string): string | undefined {
  if (/[\s\\]/.test(text)) return 'A web address has no spaces or backslashes.';
  if (!/^https?:\/\/[^/]/i.test(text)) return 'A web address begins with "https://" or "http://".';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return 'This is not a web address. Look at the host name and the port.';
  if (url.username !== '' || url.password !== '') return 'A web address may not hold a user name or a password.';
  return undefined;
}

/** Why a text cannot be the address that all links are made from. */
export function whyNoBaseUrl(text: string): string | undefined {
  const fault = whyNoWebAddress(text);
  if (fault !== undefined) return fault;
  if (/[?#]/.test(text)) return 'The base address ends with the mount path: take out "?" and "#" and what follows them.';
  return undefined;
}
