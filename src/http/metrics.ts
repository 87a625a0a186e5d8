import { createHash, timingSafeEqual } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

/** The page for Prometheus. */
export interface MetricsPage {
  /** What askers must send as bearer token; undefined: the address does not exist. */
  token(): string | undefined;
  render(): Promise<{ readonly type: string; readonly text: string }>;
}

/** `GET /metrics`, for who has the token. Where it is not switched on, the request goes on to the host's own routes. */
export async function answerMetrics(
  req: Request,
  res: Response,
  next: NextFunction,
  page: MetricsPage | undefined,
): Promise<void> {
  const token = page?.token();
  if (!page || token === undefined) {
    next();
    return;
  }
  if (!isSame(bearerOf(req), token)) {
    send(res, 401, 'text/plain; charset=utf-8', 'Send the token of handover.json as "Authorization: Bearer …".\n', {
      'WWW-Authenticate': 'Bearer realm="handover"',
    });
    return;
  }
  const { type, text } = await page.render();
  send(res, 200, type, text);
}

function bearerOf(req: Request): string {
  return /^Bearer +(\S+) *$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
}

/** In the same time for every wrong one. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function send(res: Response, status: number, type: string, text: string, headers: Readonly<Record<string, string>> = {}): void {
  if (res.headersSent || res.destroyed) return;
  res.writeHead(status, {
    ...headers,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  res.end(text);
}
