import type { Request, Response } from 'express';
import { pageHeaders } from '../responses/page-headers.ts';
import type { PageHost } from './page-host.ts';
import { orderOf } from './order-page.ts';
import { tellUnknown } from './return-page.ts';

const lookEveryMs = 1000;
const longestMs = 5 * 60 * 1000;
const mostListeners = 200;

/**
 * Server-sent events beside the order page: one `change` when the order looks different from when the page was made, then
 * the browser reloads. Ends by itself after five minutes; the page's plain refresh goes on without it.
 */
export function createOrderEvents(): (req: Request, res: Response, token: string, host: PageHost) => Promise<void> {
  let listeners = 0;
  return async (req, res, token, host) => {
    const record = await orderOf(token, host);
    if (!record) return tellUnknown(req, res, host);
    if (listeners >= mostListeners) {
      res.writeHead(503, { 'Retry-After': '10', 'Content-Length': 0 });
      res.end();
      return;
    }
    const { id } = record.order;
    const look = async (): Promise<string> => {
      const now = await host.store.findOrder(id);
      if (!now) return '';
      const { view } = await host.show(now);
      return JSON.stringify([view.outcome, view.mail, view.items.map(({ state, grants }) => [state, grants.map((grant) => [grant.state, grant.units])])]);
    };
    const first = await look();
    listeners += 1;
    res.writeHead(200, { ...pageHeaders, 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
    res.write('retry: 5000\n\n');
    const timer = setInterval(() => {
      look().then(
        (now) => {
          if (now !== first) finish('event: change\ndata: {}\n\n');
          else res.write(': still the same\n\n');
        },
        () => finish(''),
      );
    }, lookEveryMs);
    const end = setTimeout(() => finish(''), longestMs);
    timer.unref();
    end.unref();
    res.on('close', () => {
      clearInterval(timer);
      clearTimeout(end);
      listeners -= 1;
    });

    function finish(last: string): void {
      clearInterval(timer);
      if (!res.writableEnded) res.end(last);
    }
  };
}
