import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createApp, type App } from '../../src/app.ts';
import type { PaymentEvent } from '../../src/contract/index.ts';
import { silentLog } from '../../src/outgoing/console-log.ts';
import { connectors, gateways } from './own-parts.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const ownParts = fileURLToPath(new URL('own-parts.ts', import.meta.url));

export interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Standard output as JSON. */
  readonly json: <T = Record<string, unknown>>() => T;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs the real command line in a process of its own. */
export async function runCli(args: readonly string[], { env = {}, input = '' }: RunOptions = {}): Promise<Result> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HANDOVER_')));
  const child = spawn(process.execPath, ['--conditions=dev-source', main, ...args], { env: { ...inherited, TZ: 'UTC', ...env } });
  child.stdin.end(input);
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, out, err, json: <T>() => JSON.parse(out) as T };
}

/** A shop in a folder of its own, with a gateway and a connector of its own. */
export class CliShop {
  readonly folder: string;
  #apps: App[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(files: Readonly<Record<string, object>> = {}): Promise<CliShop> {
    const shop = new CliShop(await mkdtemp(join(tmpdir(), 'handover-cli-')));
    const all = { 'handover.json': site(), 'products/TS-101.json': product('TS-101'), ...files };
    for (const [file, content] of Object.entries(all)) await shop.write(file, content);
    return shop;
  }

  async write(file: string, content: object): Promise<void> {
    const path = join(this.folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, JSON.stringify(content));
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<Result> {
    return runCli(args, { ...options, env: { HANDOVER_SHOP: this.folder, HANDOVER_WITH: ownParts, ...options.env } });
  }

  /** The site on this shop's store, in this process, with a runner. */
  async open(): Promise<App> {
    const app = createApp({ config: this.folder, watch: false, logger: silentLog, gateways, connectors });
    this.#apps.push(app);
    await app.ready();
    return app;
  }

  /** Opens the site, lets it take the events in and carry out what follows, and closes it. */
  async takes(...events: PaymentEvent[]): Promise<void> {
    const app = await this.open();
    await give(app, ...events);
    await app.close();
  }

  async remove(): Promise<void> {
    for (const app of this.#apps) await app.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Hands events to an open site as callbacks and waits until nothing is due. */
export async function give(app: App, ...events: PaymentEvent[]): Promise<void> {
  for (const event of events) {
    const body = Buffer.from(JSON.stringify(event));
    const callback = { gateway: 'paper', method: 'POST', url: '/callbacks/paper', headers: {}, body, receivedAt: new Date() };
    await app.store.keepCallback(callback, event.id);
  }
  app.runner.wake();
  await app.runner.idle();
}

export function site(changes: object = {}): object {
  return {
    mode: 'test',
    baseUrl: 'https://shop.example.com/shop',
    site: { name: 'Example School' },
    owner: { email: 'owner@example.org' },
    gateways: { paper: {} },
    connectors: { desk: {} },
    ...changes,
  };
}

export function product(sku: string, changes: object = {}): object {
  return {
    sku,
    title: `Course ${sku}`,
    price: '49.00 EUR',
    grants: { course: { action: 'desk.enrol', with: { course: sku.toLowerCase() } } },
    ...changes,
  };
}

let moment = Date.UTC(2026, 2, 1, 12);

/** A paid purchase of one SKU at 49.00 EUR, each a minute after the one before. */
export function sale(purchase: string, sku: string, changes: Partial<PaymentEvent> = {}, cents = 4900): PaymentEvent {
  moment += 60_000;
  const amount = { amount: cents, currency: 'EUR' };
  return {
    kind: 'payment.completed',
    gateway: 'paper',
    id: `slip-${purchase}`,
    at: new Date(moment).toISOString(),
    purchase,
    payment: `pay-${purchase}`,
    mode: 'test',
    amount,
    lines: [{ sku, title: `Course ${sku}`, quantity: 1, subtotal: amount, total: amount }],
    buyer: { email: 'ada@example.org', name: 'Ada Byron' },
    ...changes,
  };
}
