import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express, { type RequestHandler } from 'express';
// @ts-expect-error Express 4 is installed beside 5 under another name, without types.
import express4Untyped from 'express4';
import { createApp, type App } from '../../src/app.ts';
import type { HandoverOptions } from '../../src/wiring/options.ts';
import { createAppRouter } from '../../src/wiring/router.ts';
import type { silentLog } from '../../src/outgoing/console-log.ts';
import { startAxisLms, type AxisLmsDouble, type AxisLmsOptions } from '../../src/testing/axis-lms/index.ts';
import { startMailbox, type Mailbox } from '../../src/testing/mailbox.ts';
import { startStripe, type StripeCallback, type StripeDouble } from '../../src/testing/stripe/index.ts';

const express4 = express4Untyped as typeof express;

export interface SiteOptions {
  /** Changes to the copied shop before it is opened: file name → new content, or a function of the old one. */
  readonly files?: Readonly<Record<string, string | object | ((old: Record<string, unknown>) => object)>>;
  readonly express?: 4 | 5;
  readonly before?: readonly RequestHandler[];
  readonly handover?: Partial<HandoverOptions>;
  readonly lms?: AxisLmsOptions;
  readonly stripe?: Parameters<typeof startStripe>[0];
}

/** A real site on a real port: the shop's files copied, SQLite on disk, and the doubles of Stripe, Axis LMS and a mail server. */
export interface Site {
  /** Address of the mount, e.g. `http://127.0.0.1:40000/shop`. */
  readonly url: string;
  readonly folder: string;
  /** Where its configuration's variables come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly app: App;
  readonly stripe: StripeDouble;
  readonly lms: AxisLmsDouble;
  readonly mailbox: Mailbox;
  readonly log: readonly { level: string; fields: object; message: string }[];
  /** Sends a gateway callback over HTTP. */
  receives(
    callback: { body: string; headers: Record<string, string> },
    gateway?: string,
  ): Promise<{ status: number; text: string }>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Waits until nothing is due. */
  finishesItsSteps(): Promise<void>;
  /** Stops the process part and opens it again on the same files and store. */
  restart(): Promise<void>;
  writes(file: string, content: object): Promise<void>;
  close(): Promise<void>;
}

const openSites = new Set<Site>();

/** Closes what a test left open. */
export async function closeSites(): Promise<void> {
  await Promise.all([...openSites].map((site) => site.close()));
}

export async function openSite(example: string, options: SiteOptions = {}): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'handover-site-'));
  await cp(new URL(`../../${example}/shop`, import.meta.url), folder, { recursive: true });
  for (const [file, change] of Object.entries(options.files ?? {})) await changeFile(join(folder, file), change);

  const [stripe, lms, mailbox] = await Promise.all([startStripe(options.stripe), startAxisLms(options.lms), startMailbox()]);
  const log: { level: string; fields: object; message: string }[] = [];
  const logger = Object.fromEntries(
    ['debug', 'info', 'warn', 'error'].map((level) => [
      level,
      (fields: object, message: string) => void log.push({ level, fields, message }),
    ]),
  ) as unknown as typeof silentLog;

  let handler: RequestHandler = (_req, _res, next) => next();
  const host = (options.express === 4 ? express4 : express)();
  for (const each of options.before ?? []) host.use(each);
  host.use('/shop', (req, res, next) => void handler(req, res, next));
  const server = createServer(host);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/shop`;
  const env = {
    HANDOVER_BASE_URL: url,
    STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
    STRIPE_API_KEY: stripe.apiKey,
    STRIPE_API_BASE: stripe.url,
    AXIS_LMS_URL: lms.url,
    AXIS_LMS_API_KEY: lms.apiKey,
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(mailbox.port),
    TEST_PRO_SECRET: 'a secret of the key maker, long enough for it',
    ...options.handover?.env,
  };
  const open = (): App => createApp({ config: folder, logger, watch: false, ...options.handover, env });
  let app = open();
  handler = createAppRouter(app);
  await app.ready();

  const site: Site = {
    url,
    folder,
    env,
    get app() {
      return app;
    },
    stripe,
    lms,
    mailbox,
    log,
    async receives({ body, headers }, gateway = 'stripe') {
      const answer = await fetch(`${url}/callbacks/${gateway}`, { method: 'POST', body, headers });
      return { status: answer.status, text: await answer.text() };
    },
    get: (path, headers = {}) => fetch(path.startsWith('http') ? path : `${url}${path}`, { headers, redirect: 'manual' }),
    finishesItsSteps: () => app.runner.idle(),
    async restart() {
      await app.close();
      app = open();
      handler = createAppRouter(app);
      await app.ready();
    },
    writes: (file, content) => writeFile(join(folder, file), JSON.stringify(content)),
    async close() {
      openSites.delete(site);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await app.close();
      await Promise.all([stripe.close(), lms.close(), mailbox.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
  openSites.add(site);
  return site;
}

async function changeFile(file: string, change: string | object | ((old: Record<string, unknown>) => object)): Promise<void> {
  if (typeof change === 'string') return writeFile(file, change);
  const content =
    typeof change === 'function'
      ? (change as (old: Record<string, unknown>) => object)(JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>)
      : change;
  await writeFile(file, JSON.stringify(content));
}

export type { StripeCallback };
