import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { OrderRecord } from '../storage/store.ts';
import type { PageHost } from './page-host.ts';
import { sendJson, sendOn, sendPage, wantsJson } from './answers.ts';
import { readQuery } from './read-query.ts';

/** So long after an order was made, the gateway's return address leads to its page; later it only says where the link is. */
const firstHourMs = 60 * 60 * 1000;
/** How long a visit waits for an order that is just being taken in, before it shows the waiting page. */
const waitsMs = [50, 100, 200, 400, 750];

/**
 * The buyer's browser comes back from the gateway. Nothing is granted here and nothing of the address is believed: it only
 * says which order to look up. In its first hour the order's signed page is opened; a bookmark of this address shows no keys.
 */
export async function answerReturn(req: Request, res: Response, name: string, host: PageHost): Promise<void> {
  const gateway = host.gateway(name);
  const site = host.site();
  const visit = { query: readQuery(req.url) };
  const found = await gateway?.gateway.findReturn?.(visit, gateway.context);
  if (!gateway || !found) return tellUnknown(req, res, host);
  const record = await findSoon(name, found.purchase, host);
  if (!record) {
    if (wantsJson(req)) sendJson(req, res, 200, { outcome: 'pending', known: false });
    else sendPage(req, res, await host.pages().showReturn(site));
    return;
  }
  const ageMs = host.now().getTime() - Date.parse(record.order.paidAt ?? record.order.createdAt);
  if (ageMs <= firstHourMs) {
    sendOn(res, host.links().page(record.order.id));
    return;
  }
  if (wantsJson(req)) sendJson(req, res, 200, { outcome: record.order.status, known: true });
  else sendPage(req, res, await host.pages().showLinkSent(site, record.order));
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
