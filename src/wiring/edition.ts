import type { Configuration } from '../config/configuration.ts';
import type { GatewayContext } from '../contract/gateway.ts';
import type { HttpClient } from '../contract/http.ts';
import type { Logger } from '../contract/log.ts';
import type { OpenGateway } from '../flow.ts';
import type { Account } from '../fulfilment/run-action.ts';
import { offerOf } from './offer.ts';
import { createLinks, type Links } from '../secrets/links.ts';
import type { Sealer } from '../secrets/sealing.ts';

/** One configuration with what hangs on it. A change of the files makes a new one; the old one ends with its last user. */
export interface Edition {
  readonly configuration: Configuration;
  readonly links: Links;
  gateway(name: string): OpenGateway | undefined;
  account(name: string): Account | undefined;
  /** How many steps of each account may run at once. */
  readonly limits: ReadonlyMap<string, number>;
}

export interface EditionParts {
  readonly sealer: Sealer;
  readonly http: HttpClient;
  readonly log: Logger;
  readonly now: () => Date;
  readonly stopping: AbortSignal;
}

const mailsAtOnce = 5;

export function createEdition(configuration: Configuration, parts: EditionParts): Edition {
  const { site, gateways, accounts } = configuration;
  const open = new Map<string, OpenGateway>();
  for (const { name, gateway, options } of gateways.values()) {
    const context: GatewayContext<unknown> = {
      name,
      mode: site.mode,
      options:
        gateway.testOnly && options['secret'] === undefined
          ? { ...options, secret: parts.sealer.derive(`gateway ${name}`).toString('base64') }
          : options,
      now: parts.now,
      http: parts.http,
      log: parts.log,
      signal: parts.stopping,
      offer: (sku) => Promise.resolve(offerOf(configuration.products, sku)),
    };
    open.set(name, { name, gateway, context });
  }
  return {
    configuration,
    links: createLinks(parts.sealer, site.baseUrl, site.links.pageDays, parts.now),
    gateway: (name) => open.get(name),
    account: (name) => accounts.get(name),
    limits: new Map([
      ...[...accounts.values()].map(({ name, limits }) => [name, limits.parallel] as const),
      ['mail', mailsAtOnce] as const,
    ]),
  };
}
