import type { Request, Response } from 'express';
import { toJson } from '../responses/page-json.ts';
import type { OrderRecord } from '../storage/store.ts';
import { sendJson, sendPage, wantsJson } from './answers.ts';
import type { PageHost } from './page-host.ts';
import { tellUnknown } from './return-page.ts';

/** The page of one order, for whoever holds its signed link. What it shows is looked up at each visit. */
export async function answerOrderPage(req: Request, res: Response, token: string, host: PageHost): Promise<void> {
  const record = await orderOf(token, host);
  if (!record) return tellUnknown(req, res, host);
  const shown = await host.show(record);
  if (wantsJson(req)) sendJson(req, res, 200, toJson(shown.view, shown.site));
  else
    sendPage(
      req,
      res,
      await host.pages().showOrder(shown.view, { site: shown.site, product: (sku) => shown.product(sku), now: host.now() }),
    );
}

export async function orderOf(token: string, host: PageHost): Promise<OrderRecord | undefined> {
  const read = host.links().readPage(token);
  return read.kind === 'page' ? host.store.findOrder(read.orderId) : undefined;
}
