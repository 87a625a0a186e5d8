import { expect } from 'chai';
import type { App } from '../../src/app.ts';
import type { Order } from '../../src/contract/index.ts';
import { orderNumber } from '../../src/orders/order-number.ts';
import { CliShop, give, product, sale } from './command-line.ts';
import { legible, opened } from './own-parts.ts';

describe('handover retry, release and done, beside a running site', () => {
  let shop: CliShop;
  let app: App;
  const id = orderNumber('paper', 'p1');
  const step = `${id}/1/1/course/grant/1`;

  beforeEach(async () => {
    opened.clear();
    legible.clear();
    shop = await CliShop.make({
      'products/closed.json': product('CLOSED'),
      'products/key.json': product('KEY', { grants: { licence: { action: 'desk.issue', with: {} } } }),
    });
    app = await shop.open();
  });
  afterEach(() => shop.remove());

  const orderNow = async (): Promise<Order> => (await app.store.findOrder(id))!.order;
  const stateOf = async (key: string) => (await app.store.findOrder(id))!.steps.find((each) => each.key === key)?.state;
  const history = async (): Promise<string> => (await app.store.history(id)).map(({ text }) => text).join('\n');

  it('puts the parked steps of an order back, and the site carries them out', async () => {
    await give(app, sale('p1', 'CLOSED'));
    expect(await stateOf(step)).to.equal('parked');
    opened.add('closed');
    const { code, out } = await shop.run(['retry', id, '--by', 'Grace']);
    expect(code).to.equal(0);
    expect(out).to.equal(`1 step back on the schedule:\n  ${step}\n`);
    await app.runner.idle();
    expect(await stateOf(step)).to.equal('done');
    expect(await history()).to.contain('Grace put grant desk.enrol, line 1, unit 1 back on the schedule.');
  });

  it('retries one step by its key, and says of one that is not parked what it is', async () => {
    await give(app, sale('p1', 'CLOSED'));
    opened.add('closed');
    expect((await shop.run(['retry', step])).code).to.equal(0);
    await app.runner.idle();
    const again = await shop.run(['retry', step]);
    expect(again.code).to.equal(1);
    expect(again.err).to.contain(`STEP_NOT_PARKED  The step ${step} is done, not parked.`);
    expect((await shop.run(['retry', `${id}/9/9/none/grant/1`])).err).to.match(/^STEP_UNKNOWN/);
  });

  it('retries all parked steps and callbacks', async () => {
    await give(app, sale('p1', 'CLOSED'), sale('p2', 'CLOSED'), sale('p3', 'TS-101', { reason: 'illegible' }));
    opened.add('closed');
    const { json } = await shop.run(['retry', '--all', '--json']);
    expect(json<{ steps: string[]; callbacks: number[] }>().steps).to.have.members([
      step,
      `${orderNumber('paper', 'p2')}/1/1/course/grant/1`,
    ]);
    await app.runner.idle();
    expect((await app.store.status()).steps.parked).to.equal(0);
  });

  it('retries parked callbacks, all or one', async () => {
    await give(app, sale('p1', 'TS-101', { reason: 'illegible' }));
    const [parked] = await app.store.parkedCallbacks(10);
    legible.add('slip-p1');
    expect((await shop.run(['retry', `callback/${parked!.id}`])).out).to.equal(
      `1 callback back on the schedule: ${parked!.id}\n`,
    );
    await app.runner.idle();
    expect((await orderNow()).status).to.equal('paid');
    expect((await shop.run(['retry', `callback/${parked!.id}`])).err).to.match(/^CALLBACK_NOT_PARKED/);
    expect((await shop.run(['retry', '--callbacks'])).out).to.equal('Nothing of it is parked.\n');
  });

  it('takes a waiting order up once its product file is there', async () => {
    await give(app, sale('p1', 'TS-102'));
    expect((await shop.run(['retry', id])).out).to.contain('It still waits for a product file.');
    await shop.write('products/TS-102.json', product('TS-102'));
    const { out } = await shop.run(['retry', id]);
    expect(out).to.contain(`Order ${id} is paid.`).and.to.not.contain('still waits');
    await app.runner.idle();
    expect(await stateOf(step)).to.equal('done');
  });

  it('compares a held order with the files as they are now', async () => {
    await give(app, sale('p1', 'TS-101', {}, 5900));
    const still = await shop.run(['retry', id]);
    expect(still.out).to.contain(`Order ${id} is still held:\n  AMOUNT_MISMATCH`);
    await shop.write('products/TS-101.json', product('TS-101', { price: '59.00 EUR' }));
    const { code, out } = await shop.run(['retry', id]);
    expect(code).to.equal(0);
    expect(out).to.contain(`Order ${id} went from held to paid.`);
    await app.runner.idle();
    expect(await stateOf(step)).to.equal('done');
  });

  it('accepts a held order as it is, and the history says who and why', async () => {
    await give(app, sale('p1', 'TS-101', {}, 1000));
    const { code, out } = await shop.run(['release', id.toLowerCase(), '--because', '-80% agreed by phone', '--by', 'Grace']);
    expect(code).to.equal(0);
    expect(out).to.match(new RegExp(`^Order ${id} is paid now; Grace accepted AMOUNT_MISMATCH\\. \\d steps were planned\\.\n$`));
    await app.runner.idle();
    expect(await stateOf(step)).to.equal('done');
    const shown = await shop.run(['order', id]);
    expect(shown.out).to.contain('by Grace: -80% agreed by phone (AMOUNT_MISMATCH)');
    expect((await shop.run(['release', id, '--because', 'again'])).err).to.match(
      /^ORDER_NOT_HELD {2}Order \S+ is paid, not held\./,
    );
  });

  it('releases two orders of one buyer one by one, and asks which when both fit', async () => {
    await give(app, sale('p1', 'TS-101', {}, 1000), sale('p2', 'TS-101', {}, 1000));
    const both = await shop.run(['release', 'ada@example.org', '--because', 'x']);
    expect(both.code).to.equal(1);
    expect(both.err).to.match(/^ORDER_AMBIGUOUS {2}2 orders fit "ada@example\.org"\./);
    expect((await orderNow()).status).to.equal('held');
  });

  it('marks a parked step as done by hand, and what waited for it goes on', async () => {
    await give(app, sale('p1', 'CLOSED'));
    const { code } = await shop.run(['done', step, '--because', 'Enrolled by hand', '--by', 'Grace']);
    expect(code).to.equal(0);
    expect(await stateOf(step)).to.equal('done');
    expect(await history()).to.contain('Grace (Enrolled by hand) marked grant desk.enrol, line 1, unit 1 as done.');
    const again = await shop.run(['done', step, '--because', 'Enrolled by hand']);
    expect(again.code).to.equal(1);
    expect(again.err).to.contain('STEP_NOT_PARKED');
  });

  it('keeps a key that was issued by hand, sealed', async () => {
    await give(app, sale('p1', 'KEY'));
    const licence = `${id}/1/1/licence/grant/1`;
    expect(await stateOf(licence)).to.equal('parked');
    const wrong = await shop.run(['done', licence, '--because', 'x', '--value', 'kye=ABCD-1234']);
    expect(wrong.code).to.equal(2);
    expect(wrong.err).to.contain('desk.issue gives out no "kye". Did you mean "key"?');
    expect((await shop.run(['done', licence, '--because', 'Issued by hand', '--value', 'key=ABCD-1234'])).code).to.equal(0);
    const kept = (await app.store.findOrder(id))!.steps.find(({ key }) => key === licence)!.outcome!;
    expect(JSON.stringify(kept)).to.not.contain('ABCD');
    expect(app.sealer().open(String(kept['key']))).to.equal('ABCD-1234');
    expect((await shop.run(['order', id, '--json'])).out).to.not.contain('ABCD');
  });
});
