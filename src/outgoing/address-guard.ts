import { lookup as resolve, type LookupOptions } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { AxiosRequestConfig } from 'axios';
import ipaddr from 'ipaddr.js';
import { giveUp, type StepError } from '../contract/errors.ts';
import type { AddressGuard } from '../contract/http.ts';

/** Public by its range, but answered inside Azure: the platform's own service of every virtual machine there. */
const platformAddresses = new Set(['168.63.129.16']);

/** Sockets of unguarded requests are kept open and used again; one to an address inside must not be lent to a guarded request. */
const httpAgent = new http.Agent({ keepAlive: false });
const httpsAgent = new https.Agent({ keepAlive: false });

/** What of a connection depends on the guard. */
type GuardedConnection = Pick<AxiosRequestConfig, 'lookup' | 'httpAgent' | 'httpsAgent'>;
type Answered = (error: Error | null, found: { address: string; family: 4 | 6 }[]) => void;

/**
 * Checks an address that is a number now, and a name when its socket is opened: the socket connects to the very addresses that
 * were checked, so a name that changes its mind in between wins nothing. One bad address among good ones refuses all.
 */
export function guardConnection(url: string, { allowPrivate }: AddressGuard): GuardedConnection {
  const host = hostOf(url);
  const agents = { httpAgent, httpsAgent };
  if (allowPrivate.some((allowed) => allowed.toLowerCase() === host)) return agents;
  if (ipaddr.isValid(host)) {
    if (!isPublic(host)) throw addressRefused(host);
    return agents;
  }
  return {
    ...agents,
    lookup(name: string, options: LookupOptions, done: Answered) {
      resolve(name, { ...options, all: true }, (error, found) => {
        if (error) done(error, []);
        else if (found.length === 0 || !found.every(({ address }) => isPublic(address))) done(refusal(), []);
        else
          done(
            null,
            found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 })),
          );
      });
    },
  };
}

/** Whether an address belongs to the public internet. IPv4 inside IPv6 is judged as IPv4. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv6 && parsed.range() === 'rfc6052') {
    return isPublic(parsed.toByteArray().slice(12).join('.'));
  }
  return parsed.range() === 'unicast' && !platformAddresses.has(parsed.toString());
}

export function addressRefused(host: string): StepError {
  return giveUp('ADDRESS_REFUSED', `${host} is an address inside this server's own network, and those are not called.`, {
    hint: `If ${host} is meant, list it in "allowPrivate" of the account in handover.json; then retry the step.`,
  });
}

/** Axios hands the code of a lookup's error on, and nothing else of it. */
function refusal(): NodeJS.ErrnoException {
  return Object.assign(new Error('The address is not public.'), { code: 'ADDRESS_REFUSED' });
}

/** As the socket will have it: `http://0x7f.1/` is `127.0.0.1`. */
function hostOf(url: string): string {
  if (!URL.canParse(url)) return '';
  return new URL(url).hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}
