import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import express5, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
// @ts-expect-error Express 4 is installed beside 5 under another name, without types.
import express4Untyped from 'express4';
import type { HandoverError } from '../../src/contract/errors.ts';
import handover, { type Handover, type HandoverOptions } from '../../src/index.ts';
import { openSqliteStore } from '../../src/storage/sqlite/index.ts';
import { signedHeaders } from '../../src/testing/stripe/sign.ts';
import { until } from './until.ts';

const express4 = express4Untyped as typeof express5;
const secret = 'whsec_mounting';

/** A store of one's own has no place for a key file beside it. */
const ownSecret = { secret: { env: 'HANDOVER_SECRET' } };

interface LogLine {
  readonly level: string;
  readonly fields: { readonly code?: string; readonly hint?: string };
  readonly message: string;
}

/** A host site with Handover in it, on a port of its own. The callbacks are kept and not worked on. */
interface Host {
  readonly url: string;
  readonly folder: string;
  readonly log: readonly LogLine[];
  readonly options: (changes?: Partial<HandoverOptions>) => HandoverOptions;
  /** Mounts another Handover, closed with the host. */
  readonly open: (changes?: Partial<HandoverOptions>) => Handover;
  /** Ids of the callbacks that were kept. */
  kept(): string[];
  post(path: string, id?: string, headers?: Record<string, string>): Promise<{ status: number; text: string; headers: Headers }>;
  close(): Promise<void>;
}

const hosts = new Set<Host>();

function eventBody(id: string): string {
  return JSON.stringify({
    id,
    object: 'event',
    type: 'checkout.session.completed',
    created: 1,
    data: { object: { id: 'cs_test_1' } },
  });
}

/** `site` is laid over the shop's handover.json. */
async function startHost(express: typeof express5, mount: (app: Express, host: Host) => void, site: object = {}): Promise<Host> {
  const folder = await mkdtemp(join(tmpdir(), 'handover-mount-'));
  await cp(fileURLToPath(new URL('../../examples/minimal/shop', import.meta.url)), folder, { recursive: true });
  const settings = JSON.parse(await readFile(join(folder, 'handover.json'), 'utf8')) as object;
  await writeFile(join(folder, 'handover.json'), JSON.stringify({ ...settings, ...site }));
  const app = express();
  const server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const log: LogLine[] = [];
  const logger = Object.fromEntries(
    ['debug', 'info', 'warn', 'error'].map((level) => [
      level,
      (fields: LogLine['fields'], message: string) => void log.push({ level, fields, message }),
    ]),
  ) as unknown as NonNullable<HandoverOptions['logger']>;
  const opened: Handover[] = [];
  const env = {
    HANDOVER_BASE_URL: `${url}/shop`,
    HANDOVER_SECRET: 'thirty-two random characters, or more',
    STRIPE_WEBHOOK_SECRET: secret,
    STRIPE_API_KEY: 'sk_test_mounting',
    STRIPE_API_BASE: 'http://127.0.0.1:9',
    AXIS_LMS_API_KEY: 'unused',
  };
  const host: Host = {
    url,
    folder,
    log,
    options: ({ env: more, ...changes } = {}) => ({
      config: folder,
      worker: false,
      watch: false,
      logger,
      env: { ...env, ...more },
      ...changes,
    }),
    open(changes) {
      const shop = handover(host.options(changes));
      opened.push(shop);
      return shop;
    },
    kept() {
      const database = new DatabaseSync(join(folder, 'handover.db'));
      const rows = database.prepare('SELECT delivery_id FROM callbacks ORDER BY id').all();
      database.close();
      return rows.map((row) => String(row['delivery_id']));
    },
    async post(path, id = 'evt_1', headers = {}) {
      const body = eventBody(id);
      const signed = signedHeaders(body, { secrets: [secret], at: new Date() });
      const answer = await fetch(`${url}${path}`, { method: 'POST', body, headers: { ...signed, ...headers } });
      return { status: answer.status, text: await answer.text(), headers: answer.headers };
    },
    async close() {
      hosts.delete(host);
      await stop(server);
      await Promise.all(opened.map((shop) => shop.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
  hosts.add(host);
  mount(app, host);
  return host;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

for (const [version, express] of [
  ['4', express4],
  ['5', express5],
] as const) {
  describe(`Handover in an Express ${version} site`, () => {
    afterEach(() => Promise.all([...hosts].map((host) => host.close())));

    for (const [where, path] of [
      ['below a path', '/shop'],
      ['below a deeper path', '/en/shop/v2'],
      ['at the root', ''],
      ['below a path with a parameter', '/sites/7'],
    ] as const) {
      it(`takes callbacks when it is mounted ${where}`, async () => {
        const pattern = path.replace('7', ':site');
        const host = await startHost(express, (app, { open }) => app.use(pattern === '' ? '/' : pattern, open()));
        expect((await host.post(`${path}/callbacks/stripe`)).status).to.equal(200);
        expect((await host.post(`${path}/callbacks/stripe/?x=1`, 'evt_2')).status).to.equal(200);
        expect((await fetch(`${host.url}${path}/orders/x`)).status).to.equal(404);
        expect(host.kept()).to.deep.equal(['evt_1', 'evt_2']);
      });
    }

    it('takes callbacks when it is mounted in a router of the host', async () => {
      const host = await startHost(express, (app, { open }) => {
        const router = express.Router();
        router.use('/shop', open());
        app.use('/inner', router);
      });
      expect((await host.post('/inner/shop/callbacks/stripe')).status).to.equal(200);
    });

    it('is one shop when the same instance is mounted at two places', async () => {
      const host = await startHost(express, (app, { open }) => {
        const shop = open();
        app.use('/shop', shop);
        app.use('/en/shop', shop);
      });
      expect((await host.post('/shop/callbacks/stripe')).status).to.equal(200);
      expect((await host.post('/en/shop/callbacks/stripe')).status).to.equal(200);
      expect(host.kept()).to.deep.equal(['evt_1']);
    });

    it('refuses a second instance on the same store, and takes it once the first is closed', async () => {
      const host = await startHost(express, (app, { open }) => app.use('/shop', open()));
      const again = (): unknown => handover(host.options({ store: join(host.folder, 'x', '..', 'handover.db') }));
      expect(again)
        .to.throw()
        .that.satisfies((error: HandoverError) => error.code === 'STORE_ALREADY_MOUNTED' && /store/.test(error.hint ?? ''));
      expect((await host.post('/shop/callbacks/stripe')).status).to.equal(200);

      const first = handover(host.options({ store: join(host.folder, 'other.db') }));
      await first.close();
      const second = host.open({ store: join(host.folder, 'other.db') });
      await second.ready();
    });

    it('leaves what is not its own to the host: other paths, other methods, errors', async () => {
      const host = await startHost(express, (app, { open }) => {
        app.use('/shop', open());
        app.get('/shop/about', (_req, res) => void res.send('about'));
        app.get('/shop/broken', () => {
          throw new Error('The host failed.');
        });
        app.post('/shop/orders/:id', express.json(), (req, res) => void res.send(JSON.stringify(req.body)));
        app.use((_req, res) => void res.status(404).send('the host has no such page'));
        // Express knows a handler of errors by its four parameters.
        // eslint-disable-next-line @typescript-eslint/no-unused-vars
        const failed: ErrorRequestHandler = (error: Error, _req, res, _next) =>
          void res.status(500).send(`the host says: ${error.message}`);
        app.use(failed);
      });
      const textOf = async (path: string, init?: RequestInit): Promise<string> => (await fetch(host.url + path, init)).text();
      expect(await textOf('/shop/about')).to.equal('about');
      expect(await textOf('/shop/broken')).to.equal('the host says: The host failed.');
      for (const path of [
        '/shop',
        '/shop/',
        '/shop/callbacks',
        '/shop/callbacks/',
        '/shop/orders',
        '/shop/return',
        '/shop/assets/none.css',
        '/shop/a/b/c',
        '/callbacks/stripe',
      ]) {
        expect(await textOf(path), path).to.equal('the host has no such page');
      }
      const json = { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } };
      expect(await textOf('/shop/orders/7', json)).to.equal('{"a":1}');
    });

    it('says what to do when a body parser was there first', async () => {
      const host = await startHost(express, (app, { open }) => app.use(express.json()).use('/shop', open()));
      const { status, text } = await host.post('/shop/callbacks/stripe');
      expect(status).to.equal(500);
      expect(text)
        .to.match(/^CALLBACK_ALREADY_PARSED/)
        .and.contain('before express.json()')
        .and.contain('req.rawBody');
      const line = host.log.find(({ level }) => level === 'error');
      expect(line?.fields.code).to.equal('CALLBACK_ALREADY_PARSED');
      expect(line?.fields.hint).to.contain('rawBody');
      expect(host.kept()).to.deep.equal([]);
    });

    const keepBytes = express.json({ verify: (req, _res, bytes) => void Object.assign(req, { rawBody: bytes }) });
    for (const [what, parser] of Object.entries<RequestHandler>({
      'express.json() that keeps the bytes in rawBody': keepBytes,
      'express.raw()': express.raw({ type: '*/*' }),
      'express.text()': express.text({ type: '*/*' }),
      'express.urlencoded(), which does not read JSON': express.urlencoded({ extended: true }),
      'express.json() for another kind of content': express.json({ type: 'application/vnd.api+json' }),
    })) {
      it(`takes callbacks behind ${what}`, async () => {
        const host = await startHost(express, (app, { open }) => app.use(parser).use('/shop', open()));
        expect(await host.post('/shop/callbacks/stripe')).to.include({ status: 200 });
        expect((await host.post('/shop/callbacks/stripe', 'evt_2', { 'stripe-signature': 't=1,v1=1' })).status).to.equal(400);
        expect(host.kept()).to.deep.equal(['evt_1']);
      });
    }

    it('works behind a proxy that ends TLS, strips a prefix and adds its headers', async () => {
      const host = await startHost(express, (app, host) => {
        app.set('trust proxy', true).set('query parser', false).set('strict routing', true).set('case sensitive routing', true);
        app.use('/', host.open({ env: { HANDOVER_BASE_URL: 'https://shop.example.com/public/shop' } }));
      });
      const proxy = createServer((req, res) => {
        const headers = {
          ...req.headers,
          'x-forwarded-for': '203.0.113.7',
          'x-forwarded-proto': 'https',
          'x-forwarded-host': 'shop.example.com',
        };
        const passed = request(
          host.url + (req.url ?? '').replace('/public/shop', ''),
          { method: req.method, headers },
          (answer) => {
            res.writeHead(answer.statusCode ?? 502, answer.headers);
            answer.pipe(res);
          },
        );
        req.pipe(passed);
      }).listen(0, '127.0.0.1');
      await once(proxy, 'listening');
      const front = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      try {
        const body = eventBody('evt_1');
        const headers = signedHeaders(body, { secrets: [secret], at: new Date() });
        expect((await fetch(`${front}/public/shop/callbacks/stripe`, { method: 'POST', body, headers })).status).to.equal(200);
        const page = await fetch(`${front}/public/shop/return/stripe?session_id=cs_test_1`);
        const html = await page.text();
        expect(html).to.contain('We are waiting for your bank');
        const styles = /href="([^"]+handover\.css)"/.exec(html)?.[1];
        expect(styles).to.equal('/public/shop/assets/handover.css');
        expect((await fetch(front + styles!)).status).to.equal(200);
      } finally {
        await stop(proxy);
      }
    });

    it('lets requests that come before it is ready wait', async () => {
      const store = openSqliteStore({ path: ':memory:', now: () => Date.now() });
      let isOpen = false;
      const slowly = async (): Promise<void> => {
        await sleep(100);
        await store.open();
        isOpen = true;
      };
      const host = await startHost(
        express,
        (app, { open }) => app.use('/shop', open({ store: { ...store, open: slowly } })),
        ownSecret,
      );
      const [callback, page] = await Promise.all([host.post('/shop/callbacks/stripe'), fetch(`${host.url}/shop/orders/x`)]);
      expect([isOpen, callback.status, page.status]).to.deep.equal([true, 200, 404]);
    });

    it('asks for patience while its store cannot be opened, and heals by itself when it can', async () => {
      const host = await startHost(express, (app, host) =>
        app.use('/shop', host.open({ store: join(host.folder, 'missing', 'handover.db') })),
      );
      const { status, text, headers } = await host.post('/shop/callbacks/stripe');
      expect([status, headers.get('retry-after')]).to.deep.equal([503, '30']);
      expect(text)
        .to.match(/^TRY_AGAIN/)
        .and.not.contain(host.folder);
      const page = await fetch(`${host.url}/shop/orders/x`);
      expect(page.status).to.equal(503);
      expect(page.headers.get('retry-after')).to.match(/^\d+$/);
      expect(await page.text())
        .to.contain('Something went wrong on our side')
        .and.not.contain(host.folder);
      const told = host.log.filter(({ level }) => level === 'error')[0];
      expect(told?.message).to.contain('could not start');
      expect(JSON.stringify(told), 'where it looked, and what to do').to.contain(host.folder).and.contain('Create it');

      await mkdir(join(host.folder, 'missing'));
      await until('a callback is taken', async () => (await host.post('/shop/callbacks/stripe')).status === 200);
      expect((await fetch(`${host.url}/shop/orders/x`)).status).to.equal(404);
    });

    for (const [how, fail] of Object.entries<() => unknown>({
      'rejects with an error': () => Promise.reject(new Error('SECRET PLACE /srv/shop.db is full')),
      'throws at once': () => {
        throw new TypeError('SECRET PLACE is undefined');
      },
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      'rejects with no error': () => Promise.reject(null),
    })) {
      it(`answers 503 and lives on when its store ${how}`, async () => {
        let isBroken = false;
        const whole = openSqliteStore({ path: ':memory:', now: () => Date.now() });
        const store = new Proxy(whole, {
          get(target, name, receiver): unknown {
            const operation = Reflect.get(target, name, receiver) as unknown;
            if (typeof operation !== 'function' || name === 'open' || name === 'close') return operation;
            return (...args: unknown[]): unknown => (isBroken ? fail() : Reflect.apply(operation, target, args));
          },
        });
        const host = await startHost(express, (app, { open }) => app.use('/shop', open({ store })), ownSecret);
        expect((await host.post('/shop/callbacks/stripe')).status).to.equal(200);
        isBroken = true;
        const callback = await host.post('/shop/callbacks/stripe', 'evt_2');
        expect([callback.status, callback.headers.get('retry-after')]).to.deep.equal([503, '30']);
        const page = await fetch(`${host.url}/shop/return/stripe?session_id=cs_test_1`);
        expect(page.status).to.equal(503);
        expect(`${callback.text} ${await page.text()}`).not.to.contain('SECRET PLACE');
        isBroken = false;
        expect((await host.post('/shop/callbacks/stripe', 'evt_2')).status).to.equal(200);
      });
    }

    it('refuses callbacks politely after it was closed, and the host lives on', async () => {
      const host = await startHost(express, (app, { open }) => {
        const shop = open();
        app.get('/close', (_req, res, next) => void shop.close().then(() => res.send('closed'), next));
        app.use('/shop', shop);
        app.get('/host', (_req, res) => void res.send('the host'));
      });
      await host.post('/shop/callbacks/stripe');
      await fetch(`${host.url}/close`);
      const { status, headers } = await host.post('/shop/callbacks/stripe', 'evt_2');
      expect([status, headers.get('retry-after')]).to.deep.equal([503, '30']);
      expect((await fetch(`${host.url}/shop/orders/x`)).status).to.equal(503);
      expect(await (await fetch(`${host.url}/host`)).text()).to.equal('the host');
      expect(host.kept()).to.deep.equal(['evt_1']);
    });
  });
}
