import type { NextFunction, Request, Response } from 'express';
import { createApp } from './app.ts';
import type { HandoverOptions } from './wiring/options.ts';
import { createAppRouter } from './wiring/router.ts';

/** A mounted Handover: an Express handler with a beginning and an end. */
export interface Handover {
  (req: Request, res: Response, next: NextFunction): unknown;
  /** Resolves when callbacks can be kept; rejects with what is wrong. Callbacks that come earlier wait for it. */
  ready(): Promise<void>;
  /** Takes nothing more on, finishes or gives back claimed work, closes the store. At most ten seconds. Call it on SIGTERM. */
  close(): Promise<void>;
}

/**
 * Mounts Handover into an Express 4 or 5 site: `app.use('/shop', handover({ config: './shop' }))`, before any body parser.
 * Reads the configuration at once and throws `CONFIG_INVALID` with every problem of every file when it is wrong.
 */
export function handover(options: HandoverOptions): Handover {
  const app = createApp(options);
  const router = createAppRouter(app);
  const handle = (req: Request, res: Response, next: NextFunction): unknown => router(req, res, next);
  return Object.assign(handle, { ready: () => app.ready(), close: () => app.close() });
}

export default handover;
export type { HandoverOptions } from './wiring/options.ts';
export { ConfigurationError } from './config/index.ts';
export { HandoverError } from './contract/errors.ts';
export { mollieCallbackUrl, signCart, type SignedCart, type WebmoneyCart, type WebmoneyItem } from './gateways/index.ts';
