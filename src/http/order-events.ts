import type { Request, Response } from 'express';
import { shownMark } from '../presentation/shown-mark.ts';
import { pageHeaders } from '../responses/page-headers.ts';
import { orderOf } from './order-page.ts';
import type { PageHost } from './page-host.ts';
import { readQuery } from './read-query.ts';
import { tellUnknown } from './return-page.ts';

const lookEveryMs = 1000;
const longestMs = 5 * 60 * 1000;
const mostListeners = 200;

/**
 * Server-sent events beside the order page: one `change` when the order looks different from when the page was made (its
 * address says how, in `shown`), then the browser reloads. Ends by itself after five minutes, or when Handover is closed;
 * the page's plain refresh goes on without it.
 */
export function createOrderEvents(host: PageHost): (req: Request, res: Response, token: string) => Promise<void> {
  const listening = new Set<Response>();
  host.onClose(() => {
    for (const res of listening) res.end();
  });

  return async (req, res, token) => {
    const record = await orderOf(token, host);
    if (!record) return tellUnknown(req, res, host);
    if (listening.size >= mostListeners) {
      res.writeHead(503, { 'Retry-After': '10', 'Content-Length': 0 });
      res.end();
      return;
    }
    res.writeHead(200, { ...pageHeaders, 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
    if (req.method === 'HEAD') {
      res.end();
      return;
    }
    listening.add(res);
    res.write('retry: 5000\n\n');
    let before = readQuery(req.url)['shown'];

    async function look(): Promise<void> {
      const found = await host.store.findOrder(record?.order.id ?? '');
      const now = found ? shownMark((await host.show(found)).view) : '';
      before ??= now;
      if (res.writableEnded) return;
      if (now === before) res.write(': still the same\n\n');
      else res.end('event: change\ndata: {}\n\n');
    }
    const lookOrEnd = (): void => void look().catch(() => res.end());
    const timer = setInterval(lookOrEnd, lookEveryMs);
    const end = setTimeout(() => res.end(), longestMs);
    res.on('close', () => {
      clearInterval(timer);
      clearTimeout(end);
      listening.delete(res);
    });
    lookOrEnd();
  };
}
