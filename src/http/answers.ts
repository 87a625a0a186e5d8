import type { Request, Response } from 'express';
import { pageHeaders } from '../responses/page-headers.ts';
import type { ShownPage } from '../responses/pages.ts';

/** Whether the caller asks for JSON rather than a page. What a browser accepts means a page. */
export function wantsJson(req: Request): boolean {
  return req.accepts(['html', 'json']) === 'json';
}

/** `headers` go before those every page has. */
export function sendPage(req: Request, res: Response, { status, html }: ShownPage, headers: Headers = {}): void {
  send(req, res, status, 'text/html; charset=utf-8', html, headers);
}

export function sendJson(req: Request, res: Response, status: number, body: unknown, headers: Headers = {}): void {
  send(req, res, status, 'application/json; charset=utf-8', `${JSON.stringify(body)}\n`, headers);
}

type Headers = Readonly<Record<string, string>>;

function send(req: Request, res: Response, status: number, type: string, body: string, headers: Headers): void {
  if (res.headersSent || res.destroyed) return;
  const usual = { ...pageHeaders, Vary: 'Accept' };
  res.writeHead(status, { ...usual, ...headers, 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  res.end(req.method === 'HEAD' ? undefined : body);
}

/** Sends the browser on, leaving nothing in caches or referrers. */
export function sendOn(res: Response, address: string): void {
  res.writeHead(303, { ...pageHeaders, Location: address, 'Content-Length': 0 });
  res.end();
}
