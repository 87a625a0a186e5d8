import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { jsonReply, startDouble, type DoubleReply, type DoubleServer } from '../../src/testing/double-server.ts';
import { paypal } from '../../src/gateways/index.ts';
import { contextFor } from './stripe-site.ts';

const odd: Record<string, DoubleReply> = {
  'JSON that is cut off': { status: 200, headers: { 'content-type': 'application/json' }, body: '{"id":' },
  'a page': { status: 200, headers: { 'content-type': 'application/hal+json' }, body: '{}' },
  'no content type': { status: 200, headers: {}, body: '{"id":"1"}' },
};

/** Gets a token, then asks for an order with the SDK's own transport. */
const script = `
  const sdk = require(process.env.SDK);
  const environment = new sdk.core.PayPalEnvironment('id', 'secret', process.env.API, process.env.API);
  new sdk.core.PayPalHttpClient(environment).execute(new sdk.orders.OrdersGetRequest('ORDER1')).catch(() => {});
`;

describe("the transport of PayPal's SDK, and ours", () => {
  let server: DoubleServer;
  let answer: DoubleReply;

  beforeEach(async () => {
    server = await startDouble({
      handle: ({ path }) =>
        path === '/v1/oauth2/token' ? jsonReply({ access_token: 't', token_type: 'Bearer', expires_in: 900 }) : answer,
    });
  });
  afterEach(() => server.close());

  async function exitCodeOfSdk(): Promise<number> {
    const env = {
      ...process.env,
      API: server.origin,
      SDK: createRequire(import.meta.url).resolve('@paypal/checkout-server-sdk'),
    };
    const child = spawn(process.execPath, ['-e', script], { env, stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number];
    return code;
  }

  it('ends the process on an odd answer where ours tries again later', async () => {
    for (const [what, reply] of Object.entries(odd)) {
      answer = reply;
      expect(await exitCodeOfSdk(), `the SDK, given ${what}`).to.not.equal(0);
      const options = { clientId: 'id-of-app', clientSecret: 'secret-of-app', webhookIds: ['W1'], apiBase: server.origin };
      const body = JSON.stringify({
        id: 'WH-1',
        event_type: 'CHECKOUT.ORDER.APPROVED',
        create_time: '2026-01-02T03:04:05Z',
        resource: { id: 'ORDER1' },
      });
      const callback = {
        gateway: 'paypal',
        method: 'POST',
        url: '/',
        headers: {},
        body: Buffer.from(body),
        receivedAt: new Date(),
        deliveryId: 'WH-1',
        attempts: 1,
      };
      const told: unknown = await paypal.read(callback, contextFor(options, { mode: 'test' })).catch((error: unknown) => error);
      if (told instanceof Error) expect(told).to.include({ retry: 'later' });
      else expect(told).to.have.any.keys('events', 'ignored');
    }
  });

  it('words a sound request all the same', async () => {
    answer = jsonReply({ id: 'ORDER1' });
    expect(await exitCodeOfSdk()).to.equal(0);
  });
});
