import type { Request, Response } from 'express';
import { holderMark } from '../presentation/holder-mark.ts';
import { sendJson, sendOn, sendPage, wantsJson } from './answers.ts';
import type { PageHost } from './page-host.ts';
import { tellUnknown } from './return-page.ts';

/**
 * A sign-in link of ours: the real one is asked for at the click, since such links expire and mail scanners use them up.
 * A grant that no longer stands leads to the order's page, which says why; but only its buyer, since the page is the buyer's.
 * With its holder the link ends too.
 */
export async function answerOpenLink(req: Request, res: Response, token: string, host: PageHost): Promise<void> {
  const read = host.links().readOpen(token);
  if (read.kind !== 'open' || read.grantId === undefined) return tellUnknown(req, res, host);
  const record = await host.store.findOrder(read.orderId);
  const grant = record?.grants.find(({ id }) => id === read.grantId);
  if (!record || !grant || (read.holder ?? '') !== holderMark(record.order, grant)) return tellUnknown(req, res, host);
  if (req.method === 'HEAD' && read.holder) {
    res.writeHead(204, { 'Cache-Control': 'no-store' });
    res.end();
    return;
  }
  if (grant.wanted !== 'granted' && read.holder) {
    sendPage(req, res, await host.pages().showText(host.site(), 410, ended));
    return;
  }
  if (req.method === 'HEAD' || grant.wanted !== 'granted') {
    sendOn(res, host.links().page(record.order.id));
    return;
  }
  try {
    sendOn(res, await host.openGrant(record, grant.id));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
    host.log.warn({ order: record.order.id, grant: grant.id, code }, 'A sign-in link could not be made.');
    if (wantsJson(req))
      sendJson(req, res, 503, {
        error: 'LINK_NOT_MADE',
        message: 'The sign-in link could not be made just now. Please try again.',
      });
    else sendPage(req, res, await host.pages().showError(host.site(), { number: record.order.id, status: 503 }));
  }
}

const ended = {
  heading: 'This is not open to you just now',
  tone: 'neutral' as const,
  text: 'What you were given here has ended, or is paused.',
  next: ['Please ask the person who gave it to you.'],
};
