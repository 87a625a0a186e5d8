import type { Request, Response } from 'express';
import type { Callback, Reply } from '../contract/gateway.ts';
import { HandoverError } from '../contract/errors.ts';
import { logText } from '../contract/log-text.ts';
import { receive, type OpenGateway, type Parts } from '../flow.ts';
import type { IntakeGate } from './intake-gate.ts';
import { BodyError, readRawBody } from './raw-body.ts';
import type { RepeatLog } from './repeat-log.ts';

export interface CallbackParts extends Pick<Parts, 'store' | 'count' | 'wake'> {
  /** Whether the configuration has a gateway of this name; known before the store is open. */
  knows(name: string): boolean;
  gateway(name: string): OpenGateway | undefined;
  /** Resolves when the store is open, rejects when it cannot be. */
  ready(): Promise<void>;
  readonly now: () => Date;
  readonly gate: IntakeGate;
  readonly trouble: RepeatLog;
  /** Hears of callbacks that could not be kept. */
  failed?(gateway: string, code: string): void;
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
  const place = parts.gate.enter();
  try {
    const body = await readRawBody(req, { place });
    place.arrived();
    await parts.ready();
    const gateway = parts.gateway(name);
    return gateway ? await receive(callbackFrom(req, name, body, parts.now()), gateway, parts) : unknownGateway;
  } finally {
    place.leave();
  }
}

function callbackFrom(req: Request, gateway: string, body: Buffer, receivedAt: Date): Callback {
  return { gateway, method: req.method, url: req.url, headers: req.headers, body, receivedAt };
}

/** What the sender did wrong is counted with the refusals: whoever sends a thousand broken bodies fills no log. */
function failure(error: unknown, req: Request, gateway: string, parts: CallbackParts): Reply {
  const { count, now, trouble } = parts;
  if (error instanceof BodyError) {
    if (error.status === 500) {
      trouble({ gateway, code: error.code, hint: error.hint }, error.message);
      parts.failed?.(gateway, error.code);
    } else count(callbackFrom(req, gateway, Buffer.alloc(0), now()), { kind: 'refused', code: error.code });
    const { status, headers, body } = plain(
      error.status,
      error.code,
      error.hint ? `${error.message} ${error.hint}` : error.message,
    );
    const more = { ...(error.isUnfinished && { Connection: 'close' }), ...(status === 503 && tryAgain) };
    return { status, headers: { ...headers, ...more }, body: body ?? '' };
  }
  const code = error instanceof HandoverError ? error.code : 'INTERNAL_ERROR';
  parts.failed?.(gateway, code);
  trouble(
    { gateway, code, error: logText(error instanceof Error ? error.message : 'unknown') },
    'A callback could not be kept; the gateway is asked to repeat it.',
  );
  const { headers, ...told } = plain(503, 'TRY_AGAIN', 'The callback could not be kept just now. Please send it again.');
  return { ...told, headers: { ...headers, ...tryAgain } };
}

function plain(status: number, code: string, message: string): Reply {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: `${code}: ${message}\n` };
}

const tryAgain = { 'Retry-After': '30' };
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
