/** The cookies of one attempt. All requests go to one host, so path, domain and age do not matter. */
export class Cookies {
  readonly #values = new Map<string, string>();

  /** Takes up `Set-Cookie`. Several of them reach us in one line, and dates hold commas of their own. */
  read(header: string | undefined): void {
    for (const cookie of header?.split(/,\s*(?=[^;,=\s]+=)/) ?? []) {
      const [pair = '', ...attributes] = cookie.split(';');
      const at = pair.indexOf('=');
      const name = pair.slice(0, at).trim();
      if (at < 1) continue;
      if (attributes.some((attribute) => /^\s*max-age\s*=\s*(0|-\d+)\s*$/i.test(attribute))) this.#values.delete(name);
      else this.#values.set(name, pair.slice(at + 1).trim());
    }
  }

  header(): string | undefined {
    if (this.#values.size === 0) return undefined;
    return [...this.#values].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}
