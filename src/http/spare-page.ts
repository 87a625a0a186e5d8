import type { Request, Response } from 'express';
import { sendPage } from './answers.ts';
import type { PageHost } from './page-host.ts';
import { tellUnknown } from './return-page.ts';

/** What the route needs beside the other pages. */
export interface SpareHost extends PageHost {
  /** The order of a token that spares its buyer; undefined for any other token. */
  readSpareToken(token: string): string | undefined;
  /** No follow-up mails to this address any more. */
  spare(email: string): Promise<void>;
}

/**
 * "No more of these mails". A visit only asks, since mail scanners follow links; the button, and the one click of mail programs
 * (RFC 8058), does it. Mails about payments and deliveries still come.
 */
export async function answerSpare(req: Request, res: Response, token: string, host: SpareHost): Promise<void> {
  const orderId = host.readSpareToken(token);
  const record = orderId === undefined ? undefined : await host.store.findOrder(orderId);
  const email = record?.order.buyer.email;
  if (!record || email === undefined) return tellUnknown(req, res, host);
  if (req.method === 'POST') await host.spare(email);
  const text =
    req.method === 'POST'
      ? {
          heading: 'No more of these mails',
          tone: 'good' as const,
          text: 'You will only hear of your purchases and what they give you.',
          next: [],
        }
      : {
          heading: 'No more of these mails?',
          tone: 'neutral' as const,
          text: 'We send a few mails after a purchase: how it is going, or that access ends soon. You can be spared them. Mails about payments and deliveries still come.',
          next: [],
          form: { label: 'Send me no more of them', fields: [] },
        };
  sendPage(req, res, await host.pages().showText(host.site(), 200, text));
}
