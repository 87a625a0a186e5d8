import type { Request, Response } from 'express';
import type { Callback, Reply } from '../contract/gateway.ts';
import { HandoverError } from '../contract/errors.ts';
import type { Logger } from '../contract/log.ts';
import { logText } from '../contract/log-text.ts';
import { receive, type OpenGateway, type Parts } from '../flow.ts';
import { BodyError, readRawBody } from './raw-body.ts';

export interface CallbackParts extends Pick<Parts, 'store' | 'count' | 'wake'> {
  /** Whether the configuration has a gateway of this name; known before the store is open. */
  knows(name: string): boolean;
  gateway(name: string): OpenGateway | undefined;
  /** Resolves when the store is open, rejects when it cannot be. */
  ready(): Promise<void>;
  readonly now: () => Date;
  readonly log: Logger;
}

/** Answers one gateway callback. Never throws: whatever goes wrong inside is a 503, which every gateway repeats. */
export async function answerCallback(req: Request, res: Response, name: string, parts: CallbackParts): Promise<void> {
  try {
    reply(res, await takeCallback(req, name, parts));
  } catch (error) {
    reply(res, failure(error, req, name, parts));
  }
}

async function takeCallback(req: Request, name: string, parts: CallbackParts): Promise<Reply> {
  if (!parts.knows(name)) return unknownGateway;
  if (req.method !== 'POST' && req.method !== 'GET') return wrongMethod;
  const body = await readRawBody(req);
  await parts.ready();
  const gateway = parts.gateway(name);
  return gateway ? receive(callbackFrom(req, name, body, parts.now()), gateway, parts) : unknownGateway;
}

function callbackFrom(req: Request, gateway: string, body: Buffer, receivedAt: Date): Callback {
  return { gateway, method: req.method, url: req.url, headers: req.headers, body, receivedAt };
}

/** What the sender did wrong is counted with the refusals: whoever sends a thousand broken bodies fills no log. */
function failure(error: unknown, req: Request, gateway: string, { count, log, now }: CallbackParts): Reply {
  if (error instanceof BodyError) {
    if (error.status >= 500) log.error({ gateway, code: error.code, hint: error.hint }, error.message);
    else count(callbackFrom(req, gateway, Buffer.alloc(0), now()), { kind: 'refused', code: error.code });
    const told = plain(error.status, error.code, error.hint ? `${error.message} ${error.hint}` : error.message);
    return error.status === 408 || error.status === 413 ? { ...told, headers: { ...told.headers, Connection: 'close' } } : told;
  }
  const code = error instanceof HandoverError ? error.code : 'INTERNAL_ERROR';
  log.error(
    { gateway, code, error: logText(error instanceof Error ? error.message : 'unknown') },
    'A callback could not be kept; the gateway is asked to repeat it.',
  );
  return {
    ...plain(503, 'TRY_AGAIN', 'The callback could not be kept just now. Please send it again.'),
    headers: { 'Retry-After': '30' },
  };
}

function plain(status: number, code: string, message: string): Reply {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: `${code}: ${message}\n` };
}

const unknownGateway = plain(404, 'GATEWAY_UNKNOWN', 'No gateway of this name is set up here.');
const wrongMethod: Reply = {
  ...plain(405, 'METHOD_NOT_ALLOWED', 'Callbacks are sent with POST.'),
  headers: { Allow: 'POST', 'Content-Type': 'text/plain; charset=utf-8' },
};

/** Written by hand: `res.send` would add an ETag and a content type to every tiny answer. */
function reply(res: Response, { status, headers = {}, body = '' }: Reply): void {
  if (res.headersSent || res.destroyed) return;
  res.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  res.end(body);
}
