import type { Request, Response } from 'express';
import { ipKeyGenerator, rateLimit, type RateLimitRequestHandler } from 'express-rate-limit';
import { ActivationError } from '../activation/activation-error.ts';
import { readRequest, readRequestCode, type ActivationRequest } from '../activation/activation-request.ts';
import type { ActivationAnswer, ActivationService } from '../activation/service.ts';
import type { SeatStatus } from '../storage/store.ts';
import { offlinePage } from '../responses/activation-page.ts';
import { sendJson, sendPage, wantsJson } from './answers.ts';
import { readFields } from './read-fields.ts';
import type { PageHost } from './page-host.ts';

type Handler = (req: Request, res: Response) => Promise<void>;

export interface ActivationPages {
  readonly activate: Handler;
  readonly validate: Handler;
  readonly deactivate: Handler;
  /** The page where a request code is turned into an answer by hand. */
  readonly offline: Handler;
  readonly publicKey: Handler;
  readonly revokedKeys: Handler;
}

/** What is unknown, and what is another product's, is told in the same words and with the same status. */
const statuses: Readonly<Record<SeatStatus, number>> = {
  active: 200,
  inactive: 200,
  full: 409,
  tooOften: 429,
  expired: 403,
  revoked: 403,
  unknown: 404,
};

const minuteMs = 60_000;
const tooMany = new ActivationError(
  429,
  'ACTIVATION_TOO_OFTEN',
  'That was a lot of questions in a short time. Please ask again in a minute.',
);

/** Software asks whether its key is good on its machine. Whoever tries keys is slowed down by address and by key. */
export function createActivationPages(host: PageHost, service: ActivationService, perMinute: () => number): ActivationPages {
  const byAddress = limiter(perMinute, (req) => ipKeyGenerator(req.ip ?? ''));
  const byKey = limiter(
    () => Math.ceil(perMinute() / 3),
    (_req, res) => String(res.locals['handoverKey'] ?? ''),
  );

  async function guarded(req: Request, res: Response, read: () => Promise<ActivationRequest>): Promise<ActivationRequest> {
    await within(byAddress, req, res);
    const request = await read();
    res.locals['handoverKey'] = service.fingerprint(request.key);
    await within(byKey, req, res);
    return request;
  }

  const answering =
    (work: (request: ActivationRequest) => Promise<ActivationAnswer>): Handler =>
    async (req, res) => {
      try {
        const answer = await work(await guarded(req, res, async () => readRequest(await readFields(req))));
        sendJson(req, res, statuses[answer.status], answer);
      } catch (error) {
        tellProblem(req, res, error);
      }
    };

  return {
    activate: answering((request) => service.activate(request)),
    validate: answering((request) => service.validate(request)),
    deactivate: answering((request) => service.deactivate(request)),

    async offline(req, res) {
      if (req.method !== 'POST') {
        sendPage(req, res, await host.pages().showText(host.site(), 200, offlinePage()));
        return;
      }
      try {
        const request = await guarded(req, res, async () => readRequestCode(codeIn(await readFields(req))));
        const answer = await service.activateOffline(request);
        if (wantsJson(req)) sendJson(req, res, statuses[answer.status], answer);
        else sendPage(req, res, await host.pages().showText(host.site(), statuses[answer.status], offlinePage(answer)));
      } catch (error) {
        if (wantsJson(req) || !(error instanceof ActivationError)) tellProblem(req, res, error);
        else sendPage(req, res, await host.pages().showText(host.site(), error.status, offlinePage({ problem: error.message })));
      }
    },

    async publicKey(req, res) {
      res.setHeader('Access-Control-Allow-Origin', '*');
      sendJson(req, res, 200, await service.publicKey());
    },

    async revokedKeys(req, res) {
      const { etag, list } = await service.revokedKeys();
      const headers = {
        ETag: etag,
        'Cache-Control': 'no-cache',
        'Access-Control-Allow-Origin': '*',
        'X-Content-Type-Options': 'nosniff',
      };
      const isKnown = (req.headers['if-none-match'] ?? '').split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
      if (isKnown) {
        res.writeHead(304, headers).end();
        return;
      }
      res.writeHead(200, { ...headers, 'Content-Type': 'application/jwt', 'Content-Length': Buffer.byteLength(list) });
      res.end(req.method === 'HEAD' ? undefined : list);
    },
  };
}

function codeIn(fields: unknown): string {
  const code = typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>)['request'] : undefined;
  return typeof code === 'string' ? code : '';
}

function tellProblem(req: Request, res: Response, error: unknown): void {
  if (!(error instanceof ActivationError)) throw error;
  if (error.status === 429) res.setHeader('Retry-After', '60');
  sendJson(req, res, error.status, { error: error.code, message: error.message });
}

function limiter(limit: () => number, keyGenerator: (req: Request, res: Response) => string): RateLimitRequestHandler {
  return rateLimit({
    windowMs: minuteMs,
    limit,
    keyGenerator,
    standardHeaders: false,
    legacyHeaders: false,
    validate: false,
    handler: (_req, _res, next) => next(tooMany),
  });
}

/** Throws what the limiter hands on. */
function within(limit: RateLimitRequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void limit(req, res, (error?: unknown) => (error instanceof Error ? reject(error) : resolve()));
  });
}
