import { Router, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { ActivationService } from '../activation/service.ts';
import { logText } from '../contract/log-text.ts';
import { createActivationPages } from './activation.ts';
import { sendJson, sendPage, wantsJson } from './answers.ts';
import { answerCallback, type CallbackParts } from './callbacks.ts';
import { createCheckoutPages } from './checkout.ts';
import type { Checkout } from './checkout-host.ts';
import { answerDownload, answerNewLink, type DownloadHost } from './downloads.ts';
import { answerHealth, answerLive, type HealthReport } from './health.ts';
import { answerMetrics, type MetricsPage } from './metrics.ts';
import { answerOpenLink } from './open-link.ts';
import { createOrderEvents } from './order-events.ts';
import { answerOrderPage } from './order-page.ts';
import type { PageHost } from './page-host.ts';
import { createSeatPages } from './seats.ts';
import type { SeatHost } from './seats-host.ts';
import { answerSpare, type SpareHost } from './spare-page.ts';
import { createReturnPage, tellUnknown } from './return-page.ts';

export interface MountParts {
  readonly callbacks: CallbackParts;
  readonly host: DownloadHost & SpareHost & SeatHost;
  readonly checkout: Checkout;
  readonly activation: ActivationService;
  /** The sandbox's payment page; undefined where there is no sandbox. */
  sandbox(): RequestHandler | undefined;
  /** Goes around the answer to each callback, where somebody watches. */
  readonly watched: ((gateway: string, work: () => Promise<void>) => Promise<void>) | undefined;
  health(): Promise<HealthReport>;
  /** Undefined: metrics are off. */
  readonly metrics: MetricsPage | undefined;
}

/** Every address below the mount. What is not ours goes on to the host's own routes. */
export function createRouter(parts: MountParts): RequestHandler {
  const { callbacks, host, watched } = parts;
  const router = Router();
  const orderEvents = createOrderEvents(host);
  const answerReturn = createReturnPage(host, () => callbacks.wake());
  const activation = createActivationPages(host, parts.activation, () => host.site().activation.requestsPerMinute);
  const seats = createSeatPages(host);
  const { cart, begin, preflight } = createCheckoutPages(host, parts.checkout);

  router.get(
    '/return/:gateway',
    page(host, (req, res) => answerReturn(req, res, req.params['gateway'] ?? '')),
  );
  router.get('/cart', page(host, cart));
  router.post('/checkout', page(host, begin));
  router.options('/checkout', page(host, preflight));
  router.get(
    '/orders/:token',
    page(host, (req, res) => answerOrderPage(req, res, req.params['token'] ?? '', host)),
  );
  router.get(
    '/orders/:token/events',
    page(host, (req, res) => orderEvents(req, res, req.params['token'] ?? '')),
  );
  router.post(
    '/orders/:token/seats',
    page(host, (req, res) => seats.change(req, res, req.params['token'] ?? '')),
  );
  router
    .route('/claim/:token')
    .get(page(host, (req, res) => seats.claim(req, res, req.params['token'] ?? '')))
    .post(page(host, (req, res) => seats.claim(req, res, req.params['token'] ?? '')));
  router.get(
    '/open/:token',
    page(host, (req, res) => answerOpenLink(req, res, req.params['token'] ?? '', host)),
  );
  router.get(
    '/files/:token',
    page(host, (req, res, next) => answerDownload(req, res, next, req.params['token'] ?? '', host)),
  );
  router.post(
    '/files/:token',
    page(host, (req, res) => answerNewLink(req, res, req.params['token'] ?? '', host)),
  );
  router
    .route('/spare/:token')
    .get(page(host, (req, res) => answerSpare(req, res, req.params['token'] ?? '', host)))
    .post(page(host, (req, res) => answerSpare(req, res, req.params['token'] ?? '', host)));
  router.post('/activate', page(host, activation.activate));
  router.post('/validate', page(host, activation.validate));
  router.post('/deactivate', page(host, activation.deactivate));
  router.get('/activation', page(host, activation.offline));
  router.post('/activation', page(host, activation.offline));
  router.get('/activation-key', page(host, activation.publicKey));
  router.get('/revoked-keys', page(host, activation.revokedKeys));
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
  router.get('/health', (req, res, next) => void answerHealth(req, res, () => parts.health()).catch(next));
  router.get('/health/live', answerLive);
  router.get('/metrics', (req, res, next) => void answerMetrics(req, res, next, parts.metrics).catch(next));
  router.use((error: unknown, req: Request<PageParams>, res: Response, next: NextFunction) => {
    if (error instanceof URIError) page(host, () => tellUnknown(req, res, host))(req, res, next);
    else next(error);
  });
  return (req, res, next) => {
    const gateway = gatewayIn(req.url);
    if (gateway === undefined) router(req, res, next);
    else if (watched) void watched(gateway, () => answerCallback(req, res, gateway, callbacks));
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
