import { expect } from 'chai';
import type { App } from '../../src/app.ts';
import { orderNumber } from '../../src/orders/order-number.ts';
import { CliShop, give, product, sale } from './command-line.ts';
import { opened } from './own-parts.ts';

describe('the commands with which staff decide after a sale', () => {
  let shop: CliShop;
  let app: App;
  const id = orderNumber('paper', 'p1');
  const grant = `${id}/1/1/course`;
  const because = ['--because', 'Agreed by phone', '--by', 'Grace'];

  beforeEach(async () => {
    opened.clear();
    shop = await CliShop.make({ 'products/TS-102.json': product('TS-102') });
    app = await shop.open();
    await give(app, sale('p1', 'TS-101'));
  });
  afterEach(() => shop.remove());

  const wanted = async () => (await app.store.findOrder(id))!.grants.map((each) => each.wanted);
  const lastStep = async () => (await app.store.findOrder(id))!.steps.findLast(({ grantId }) => grantId === grant);

  it('take a grant back and give it again, with who and why in the history', async () => {
    const taken = await shop.run(['decide', grant, 'revoke', ...because]);
    expect(taken.err).to.equal('');
    expect(taken.out).to.contain('decided by Grace').and.contain(`revoke  ${grant}/revoke/2`);
    expect(await wanted()).to.deep.equal(['revoked']);
    await app.runner.idle();
    expect((await shop.run(['give-back', grant.toLowerCase(), ...because])).code).to.equal(0);
    expect(await wanted()).to.deep.equal(['granted']);
    const history = (await app.store.history(id)).map(({ text }) => text).join('\n');
    expect(history).to.contain('Grace').and.contain('Agreed by phone');
  });

  it('change nothing when they are said twice', async () => {
    await shop.run(['reissue', grant, ...because]);
    await app.runner.idle();
    const before = (await app.store.findOrder(id))!.steps.length;
    await shop.run(['decide', grant, 'keep', ...because]);
    expect((await shop.run(['decide', grant, 'keep', ...because])).out).to.contain('Nothing has to be done.');
    expect((await app.store.findOrder(id))!.steps).to.have.length(before);
  });

  it('issue a grant anew: the old one is taken back first', async () => {
    const { json } = await shop.run(['reissue', grant, ...because, '--json']);
    expect(json<{ planned: string[] }>().planned).to.deep.equal([`revoke  ${grant}/revoke/2`, `grant  ${grant}/grant/3`]);
    expect((await lastStep())?.after).to.deep.equal([`${grant}/revoke/2`]);
  });

  it('give a line to another person', async () => {
    const { code, out } = await shop.run(['transfer', id, '--to', 'bo@example.org', '--name', 'Bo Example', ...because]);
    expect(code, out).to.equal(0);
    expect((await lastStep())?.terms?.learner).to.deep.equal({ email: 'bo@example.org', name: 'Bo Example' });
  });

  it('correct the address of a buyer, of one order or of all', async () => {
    await give(app, sale('p2', 'TS-102'));
    const { order } = (await app.store.findOrder(id))!;
    const { out } = await shop.run(['correct-buyer', order.buyer.email!, '--email', 'right@example.org', ...because]);
    expect(out.split('\n').filter((line) => line.includes('belongs to right@example.org'))).to.have.length(2);
    expect(await app.store.findOrders({ text: 'right@example.org', limit: 5 })).to.have.length(2);
  });

  it('let access last longer, and say what is wrong with a day that is none', async () => {
    expect((await shop.run(['extend', grant, '--until', 'tomorrow', ...because])).err).to.contain(
      '--until takes a day as 2027-06-30',
    );
    expect((await shop.run(['extend', grant, '--until', '2031-02-03', ...because])).code).to.equal(0);
    expect((await app.store.findOrder(id))!.grants[0]?.reasons[0]?.until).to.equal('2031-02-04T00:00:00.000Z');
  });

  it('send the buyer a mail once more, as a mail of its own', async () => {
    const first = (await app.store.findOrder(id))!.steps.filter(({ verb }) => verb === 'mail');
    const { out, code } = await shop.run(['resend', id]);
    expect(code, out).to.equal(0);
    const steps = (await app.store.findOrder(id))!.steps.filter(({ verb }) => verb === 'mail');
    expect(steps).to.have.length(first.length + 1);
    expect(steps.at(-1)?.input).to.deep.equal(first.at(-1)?.input);
    expect((await shop.run(['resend', id, '--outcome', 'refunded'])).err)
      .to.match(/^MAIL_UNKNOWN/)
      .and.contain('--outcome paid');
  });

  it('say what they need and what there is', async () => {
    expect((await shop.run(['decide', grant, 'burn', ...because])).err).to.contain(
      '"burn" is no decision. It is one of revoke, suspend, keep.',
    );
    expect((await shop.run(['decide', grant, 'keep'])).err).to.contain('needs a reason: --because TEXT');
    const unknown = await shop.run(['reissue', `${id}/9/1/course`, ...because]);
    expect(unknown.err)
      .to.match(/^GRANT_NOT_OF_ORDER/)
      .and.contain(grant);
    expect((await shop.run(['assign-refund', id, '--lines', '1', ...because])).err).to.match(/^REFUND_UNKNOWN/);
    expect((await shop.run(['transfer', id, '--to', 'nobody', ...because])).err).to.contain('"nobody" is no e-mail address.');
  });
});
