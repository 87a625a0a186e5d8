import type { Request, Response } from 'express';
import { pageHeaders } from '../responses/page-headers.ts';

/** What the answer is made of; `status` decides between 200 and 503. */
export interface HealthReport {
  readonly status: 'ok' | 'failing';
}

/** `GET /health`: whether this process can take payments now. Answers within two seconds, whatever the store does. */
export async function answerHealth(req: Request, res: Response, look: () => Promise<HealthReport>): Promise<void> {
  const report = await look();
  send(req, res, report.status === 'ok' ? 200 : 503, report);
}

/** `GET /health/live`: this process answers. Asks nobody. */
export function answerLive(req: Request, res: Response): void {
  send(req, res, 200, { status: 'ok' });
}

/** JSON, whatever the asker accepts: probes accept anything. */
function send(req: Request, res: Response, status: number, body: object): void {
  if (res.headersSent || res.destroyed) return;
  const text = `${JSON.stringify(body)}\n`;
  const type = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(text) };
  res.writeHead(status, { ...pageHeaders, ...type });
  res.end(req.method === 'HEAD' ? undefined : text);
}
