import type { Environment } from './options.ts';

/**
 * Where PayPal's signing certificates lie. Whoever calls us names the address, so it is compared as a whole: a test for a
 * beginning or an end of the host would let others in. PayPal publishes no list; these four hosts are what its own samples and
 * public implementations name (https://github.com/dubinc/dub/pull/3835).
 */
const hosts: Readonly<Record<Environment, readonly string[]>> = {
  live: ['api.paypal.com', 'api-m.paypal.com'],
  sandbox: ['api.sandbox.paypal.com', 'api-m.sandbox.paypal.com'],
};

const path = /^\/v1\/notifications\/certs\/[A-Za-z0-9_-]{1,100}$/;

/** The address, when it is https, of that environment's hosts, in their folder for certificates, and nothing besides. */
export function certificateAddress(text: string, environment: Environment): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain = url.href === text && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  const isOurs = url.protocol === 'https:' && url.port === '' && hosts[environment].includes(url.hostname);
  return isPlain && isOurs && path.test(url.pathname) ? url : undefined;
}
