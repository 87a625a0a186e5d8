import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSite } from '../site.ts';
import { startStandIns, type StandIns } from './stand-ins.ts';

/** The site and all it talks to, running. */
export interface Demo {
  /** The site's home page. */
  readonly home: string;
  /** Where Handover is mounted. */
  readonly baseUrl: string;
  readonly store: string;
  readonly standIns: StandIns;
  /** May be called again. */
  close(): Promise<void>;
}

export interface DemoOptions {
  /** 0: a free one. */
  readonly port: number;
  /** A file to keep the orders in. Left out: a temporary one, removed at the end. */
  readonly store?: string | undefined;
  /** A gateway's callback was answered. */
  readonly onCallback: (callback: { readonly path: string; readonly status: number; readonly tookMs: number }) => void;
  /** What Handover warns of. */
  readonly onWarning: (message: string) => void;
}

export async function openDemo({ port, store, onCallback, onWarning }: DemoOptions): Promise<Demo> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const home = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const baseUrl = `${home}shop`;
  const standIns = await startStandIns(baseUrl);
  const temporary = await mkdtemp(join(tmpdir(), 'handover-demo-'));
  const path = store ?? join(temporary, 'handover.db');

  const nothing = (): void => undefined;
  const warn = (_fields: object, message: string): void => onWarning(message);
  const { app, shop } = createSite({
    env: { ...standIns.env, HANDOVER_STORE: path },
    logger: { debug: nothing, info: nothing, warn, error: warn },
    before(req, res, next) {
      const begun = performance.now();
      if (req.path.startsWith('/shop/callbacks/')) {
        res.once('finish', () =>
          onCallback({ path: req.originalUrl, status: res.statusCode, tookMs: performance.now() - begun }),
        );
      }
      next();
    },
  });
  server.on('request', app);

  async function closeAll(): Promise<void> {
    server.close();
    await shop.close();
    server.closeAllConnections();
    await standIns.close();
    await rm(temporary, { recursive: true, force: true });
  }
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeAll());

  try {
    await shop.ready();
  } catch (error) {
    await close();
    throw error;
  }
  return { home, baseUrl, store: path, standIns, close };
}
