import { Router, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { logText } from '../contract/log-text.ts';
import { sendJson, sendPage, wantsJson } from './answers.ts';
import { answerCallback, type CallbackParts } from './callbacks.ts';
import { answerOpenLink } from './open-link.ts';
import { createOrderEvents } from './order-events.ts';
import { answerOrderPage } from './order-page.ts';
import type { PageHost } from './page-host.ts';
import { createReturnPage, tellUnknown } from './return-page.ts';

export interface MountParts {
  readonly callbacks: CallbackParts;
  readonly host: PageHost;
  /** The sandbox's payment page; undefined where there is no sandbox. */
  sandbox(): RequestHandler | undefined;
}

/** Every address below the mount. What is not ours goes on to the host's own routes. */
export function createRouter(parts: MountParts): RequestHandler {
  const { callbacks, host } = parts;
  const router = Router();
  const orderEvents = createOrderEvents(host);
  const answerReturn = createReturnPage(host);

  router.get(
    '/return/:gateway',
    page(host, (req, res) => answerReturn(req, res, req.params['gateway'] ?? '')),
  );
  router.get(
    '/orders/:token',
    page(host, (req, res) => answerOrderPage(req, res, req.params['token'] ?? '', host)),
  );
  router.get(
    '/orders/:token/events',
    page(host, (req, res) => orderEvents(req, res, req.params['token'] ?? '')),
  );
  router.get(
    '/open/:token',
    page(host, (req, res) => answerOpenLink(req, res, req.params['token'] ?? '', host)),
  );
  router.get(
    '/assets/:name',
    page(host, async (req, res, next) => sendAsset(req, res, next, host)),
  );
  router.use(
    '/sandbox',
    page(host, async (req, res, next) => {
      const handler = parts.sandbox();
      if (handler) await handler(req, res, next);
      else next();
    }),
  );
  router.use((error: unknown, req: Request<PageParams>, res: Response, next: NextFunction) => {
    if (error instanceof URIError) page(host, () => tellUnknown(req, res, host))(req, res, next);
    else next(error);
  });
  return (req, res, next) => {
    const gateway = gatewayIn(req.url);
    if (gateway === undefined) router(req, res, next);
    else void answerCallback(req, res, gateway, callbacks);
  };
}

/** Gateways are answered before any routing: theirs is the path that must stay short. */
function gatewayIn(url: string): string | undefined {
  return /^\/callbacks\/([^/?#]+)\/?(?:[?#]|$)/.exec(url)?.[1];
}

type PageParams = Readonly<Record<string, string>>;
type PageHandler = (req: Request<PageParams>, res: Response, next: NextFunction) => Promise<void>;

/** Waits until the store is open, and turns whatever goes wrong into our error page: no stack trace reaches the public. */
function page(host: PageHost, answer: PageHandler): (req: Request<PageParams>, res: Response, next: NextFunction) => void {
  return (req, res, next) => {
    host
      .ready()
      .then(() => answer(req, res, next))
      .catch(async (error: unknown) => {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL_ERROR';
        host.log.error(
          {
            code,
            path: req.route ? String((req.route as { path: unknown }).path) : 'unknown',
            error: logText(error instanceof Error ? error.message : 'unknown'),
          },
          'A page could not be shown.',
        );
        await showFailure(req, res, host);
      });
  };
}

async function showFailure(req: Request<PageParams>, res: Response, host: PageHost): Promise<void> {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  try {
    res.setHeader('Retry-After', '10');
    if (wantsJson(req)) {
      sendJson(req, res, 503, { error: 'TRY_AGAIN', message: 'This cannot be shown just now. Please try again in a minute.' });
      return;
    }
    sendPage(req, res, await host.pages().showError(host.site(), { status: 503 }));
  } catch {
    res.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '10' });
    res.end('This page cannot be shown just now. Please try again in a minute.\n');
  }
}

async function sendAsset(req: Request<PageParams>, res: Response, next: NextFunction, host: PageHost): Promise<void> {
  const asset = host.pages().asset(req.params['name'] ?? '', host.site());
  if (!asset) {
    next();
    return;
  }
  const headers = {
    'Content-Type': asset.type,
    ETag: asset.etag,
    'Cache-Control': 'no-cache',
    'X-Content-Type-Options': 'nosniff',
  };
  if (req.headers['if-none-match'] === asset.etag) {
    res.writeHead(304, headers);
    res.end();
    return;
  }
  res.writeHead(200, { ...headers, 'Content-Length': Buffer.byteLength(asset.body) });
  res.end(asset.body);
}
