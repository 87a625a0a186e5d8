import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { OrderRecord } from '../storage/store.ts';
import { keepMissed } from '../flow.ts';
import type { PageHost } from './page-host.ts';
import { sendJson, sendOn, sendPage, wantsJson } from './answers.ts';
import { readQuery } from './read-query.ts';

/** So long after an order was made, the gateway's return address leads to its page; later it only says where the link is. */
const firstHourMs = 60 * 60 * 1000;
/** So many visitors may have the gateway asked at once: whoever invents return addresses must not use up our calls there. */
const mostAsking = 8;
/** How long a visit waits for an order that is just being taken in, before it shows the waiting page. */
const waitsMs = [50, 100, 200, 400, 750];

/**
 * The buyer's browser comes back from the gateway. Nothing is granted here and nothing of the address is believed: it only
 * says which order to look up. In its first hour the order's signed page is opened; a bookmark of this address shows no keys.
 */
export function createReturnPage(host: PageHost, wake: () => void): (req: Request, res: Response, name: string) => Promise<void> {
  let asking = 0;

  /** Undefined: the address names no purchase. `busy`: too many visitors have it asked at this moment. */
  async function ask(name: string, query: Record<string, string>): Promise<{ purchase: string } | 'busy' | undefined> {
    const gateway = host.gateway(name);
    if (!gateway?.gateway.findReturn) return undefined;
    if (asking >= mostAsking) return 'busy';
    asking += 1;
    try {
      const found = await gateway.gateway.findReturn({ query }, gateway.context);
      if (found?.missed && (await keepMissed(gateway, found.missed, host.store)) === 'kept') wake();
      return found;
    } finally {
      asking -= 1;
    }
  }

  return async (req, res, name) => {
    const query = readQuery(req.url);
    const known = host.gateway(name) && (await findNamed(name, query, host));
    if (known && known.order.status !== 'started') return showState(req, res, known, host);
    const found = await ask(name, query);
    if (!found) return known ? showState(req, res, known, host) : tellUnknown(req, res, host);
    const record = found === 'busy' ? undefined : await findSoon(name, found.purchase, host);
    if (record) await showState(req, res, record, host);
    else if (wantsJson(req)) sendJson(req, res, 200, { outcome: 'pending', known: false });
    else sendPage(req, res, await host.pages().showReturn(host.site()));
  };
}

async function showState(req: Request, res: Response, { order }: OrderRecord, host: PageHost): Promise<void> {
  const ageMs = host.now().getTime() - Date.parse(order.paidAt ?? order.createdAt);
  if (ageMs <= firstHourMs) sendOn(res, host.links().page(order.id));
  else if (wantsJson(req)) sendJson(req, res, 200, { outcome: order.status, known: true });
  else sendPage(req, res, await host.pages().showLinkSent(host.site(), order));
}

/** A shorter name of a purchase could be guessed (many count up), so it opens nothing: the gateway has to say what it proves. */
const shortestName = 20;

/** Mostly the address names the purchase itself: then the gateway need not be asked. */
async function findNamed(gateway: string, query: Record<string, string>, host: PageHost): Promise<OrderRecord | undefined> {
  const values = Object.entries(query).flatMap(([field, value]) =>
    /^\w+$/.test(field) && value.length >= shortestName ? value : [],
  );
  for (const value of values.slice(0, 5)) {
    const record = await host.store.findPurchase(gateway, value);
    if (record) return record;
  }
  return undefined;
}

/** The gateway's callback and the buyer's browser race each other, and the browser often wins by a moment. */
async function findSoon(gateway: string, purchase: string, host: PageHost): Promise<OrderRecord | undefined> {
  for (const pauseMs of [...waitsMs, 0]) {
    const record = await host.store.findPurchase(gateway, purchase);
    if (record || pauseMs === 0) return record;
    await sleep(pauseMs);
  }
  return undefined;
}

export async function tellUnknown(req: Request, res: Response, host: PageHost): Promise<void> {
  if (wantsJson(req)) sendJson(req, res, 404, { error: 'LINK_UNKNOWN', message: 'This link does not work, or not any more.' });
  else sendPage(req, res, await host.pages().showUnknownLink(host.site()));
}
