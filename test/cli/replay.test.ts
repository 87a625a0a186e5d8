import { expect } from 'chai';
import { orderNumber } from '../../src/orders/order-number.ts';
import { secrets, startReceiver, type Receiver } from '../connectors/webhook-receiver.ts';
import { CliShop, give, product, sale, site } from './command-line.ts';

describe('handover replay', () => {
  let shop: CliShop;
  let receiver: Receiver;
  const step = `${orderNumber('paper', 'told')}/1/1/crm/grant/1`;
  const given = `${orderNumber('paper', 'given')}/1/1/course/grant/1`;

  before('sell something that another system is told of', async () => {
    receiver = await startReceiver(secrets[0]);
    process.env['TEST_CRM_SECRET'] = secrets[0];
    const crm = { use: 'webhook', url: receiver.url, secret: { env: 'TEST_CRM_SECRET' }, allowPrivate: ['127.0.0.1'] };
    shop = await CliShop.make({
      'handover.json': site({ connectors: { desk: {}, crm } }),
      'products/BK-7.json': product('BK-7', { grants: { crm: { action: 'crm.send', with: { data: { warehouse: 'north' } } } } }),
    });
    await shop.takes(sale('told', 'BK-7'), sale('given', 'TS-101'));
  });
  after(async () => {
    await shop.remove();
    await receiver.close();
    delete process.env['TEST_CRM_SECRET'];
  });

  it('sends the message once more under the same id, with the same type, and the receiver drops it', async () => {
    expect(receiver.requests).to.have.length(1);
    for (const nth of [1, 2]) {
      const { code, out } = await shop.run(['replay', step]);
      expect(code, out).to.equal(0);
      expect(out).to.include(`${step}/replay/${nth}`);
      const app = await shop.open();
      await give(app);
      await app.close();
    }
    expect(receiver.requests).to.have.length(3);
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id']))).to.have.property('size', 1);
    const told = receiver.requests.map(({ json }) => json as { type: string; data: { data: unknown } });
    expect(new Set(told.map(({ type, data }) => `${type} ${JSON.stringify(data.data)}`))).to.have.property('size', 1);
    expect(receiver.messages).to.have.property('size', 1);
  });

  it('never replays what gives something, nor what is not there', async () => {
    expect(await shop.run(['replay', given])).to.include({ code: 1 });
    expect((await shop.run(['replay', given])).err).to.include('STEP_NOT_REPLAYABLE');
    expect((await shop.run(['replay', 'nothing/1'])).err).to.include('STEP_UNKNOWN');
  });
});
