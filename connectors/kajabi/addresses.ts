import type { OfferAddresses, Settings } from './options.ts';

/**
 * What is wrong with the addresses of an offer, in words that name no part of them. A swapped pair would take access away when
 * somebody pays. That both end in the verb and are the same before it is seen, not documented.
 */
export function problemOfAddresses(
  { activationUrl, deactivationUrl }: OfferAddresses,
  { allowHttp }: Pick<Settings, 'allowHttp'>,
): string | undefined {
  for (const [name, address] of Object.entries({ activationUrl, deactivationUrl })) {
    if (!isSafe(address, allowHttp)) return `"${name}" is not an https address.`;
  }
  const [on, off] = [pathOf(activationUrl), pathOf(deactivationUrl)];
  if (on.verb === 'deactivate' && off.verb === 'activate') return 'The two addresses are swapped.';
  if (on.verb !== 'activate') return '"activationUrl" does not end in "/activate".';
  if (off.verb !== 'deactivate') return '"deactivationUrl" does not end in "/deactivate".';
  return on.offer === off.offer ? undefined : 'The two addresses are of different offers.';
}

function isSafe(address: string, allowHttp: boolean): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && (isHere || allowHttp));
}

function pathOf(address: string): { offer: string; verb: string } {
  const { origin, pathname } = new URL(address);
  const parts = pathname.replace(/\/+$/, '').split('/');
  return { offer: `${origin}${parts.slice(0, -1).join('/')}`, verb: parts.at(-1) ?? '' };
}
