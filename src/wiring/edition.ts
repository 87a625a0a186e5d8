import type { Configuration } from '../config/configuration.ts';
import type { Gateway, GatewayContext, Offer } from '../contract/gateway.ts';
import type { HttpClient } from '../contract/http.ts';
import type { Logger } from '../contract/log.ts';
import type { OpenGateway } from '../flow.ts';
import type { Account } from '../fulfilment/run-action.ts';
import { standingGateways } from '../gateways/index.ts';
import { orderNumber } from '../orders/order-number.ts';
import { offerNow, type OfferQuestion } from './offer.ts';
import { createLinks, type Links } from '../secrets/links.ts';
import type { Sealer } from '../secrets/sealing.ts';
import type { Store } from '../storage/store.ts';

/** One configuration with what hangs on it. A change of the files makes a new one; the old one ends with its last user. */
export interface Edition {
  readonly configuration: Configuration;
  readonly links: Links;
  gateway(name: string): OpenGateway | undefined;
  /** Those of handover.json that can begin a payment, in its order. */
  readonly checkouts: readonly OpenGateway[];
  account(name: string): Account | undefined;
  /** A product as it is sold now; undefined when no file has this SKU. */
  offer(sku: string, quantity: number, question?: OfferQuestion): Promise<Offer | undefined>;
  /** How many steps of each account may run at once. */
  readonly limits: ReadonlyMap<string, number>;
}

export interface EditionParts {
  readonly store: Pick<Store, 'stockCounts' | 'keyCounts'>;
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
  const offer = (sku: string, quantity: number, question?: OfferQuestion): Promise<Offer | undefined> =>
    offerNow(sku, quantity, { configuration, store: parts.store, now: parts.now }, question);
  const add = (name: string, gateway: Gateway, options: Readonly<Record<string, unknown>>): void => {
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
      offer: (sku, quantity, purchase) =>
        offer(sku, quantity, purchase === undefined ? {} : { orderId: orderNumber(name, purchase) }),
    };
    open.set(name, { name, gateway, context });
  };
  for (const { name, gateway, options } of gateways.values()) add(name, gateway, options);
  for (const gateway of standingGateways) add(gateway.name, gateway, {});
  return {
    configuration,
    links: createLinks(parts.sealer, site.baseUrl, site.links.pageDays, parts.now),
    gateway: (name) => open.get(name),
    checkouts: [...gateways.keys()]
      .flatMap((name) => open.get(name) ?? [])
      .filter(({ gateway }) => gateway.checkout !== undefined),
    account: (name) => accounts.get(name),
    offer,
    limits: new Map([
      ...[...accounts.values()].map(({ name, limits }) => [name, limits.parallel] as const),
      ['mail', mailsAtOnce] as const,
    ]),
  };
}
