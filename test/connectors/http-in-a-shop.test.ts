import { expect } from 'chai';
import { orderNumber } from '../../src/orders/order-number.ts';
import { startHttpTarget, type HttpTarget } from '../../src/testing/http-target/index.ts';
import { CliShop, product, sale, site } from '../cli/command-line.ts';
import { enrol, found } from './http-site.ts';

describe('http, in a shop', () => {
  let target: HttpTarget;
  let shop: CliShop;
  const id = orderNumber('paper', 'first');
  const paid = sale('first', 'TS-101');
  const refunded = { ...paid, id: 'back', kind: 'payment.refunded', at: '2026-04-01T00:00:00Z', reversal: 're_1' } as const;

  before(async () => {
    target = await startHttpTarget({ refusesRepeats: true });
    const school = {
      ...{ use: 'http', baseUrl: target.apiUrl, allowPrivate: ['127.0.0.1'] },
      actions: { enrol: { ...enrol, repeats: 'check', find: found } },
    };
    shop = await CliShop.make({
      'handover.json': site({ connectors: { desk: {}, school } }),
      'products/TS-101.json': product('TS-101', {
        grants: { course: { action: 'school.enrol', with: { course: 'ts-101', days: 30 } } },
      }),
    });
  });
  after(async () => {
    await shop.remove();
    await target.close();
  });

  it('gives what was bought, keeps what it needs sealed, and takes it back at a refund', async () => {
    await shop.takes(paid);
    expect(target.books.seats.map(({ course }) => course)).to.deep.equal(['ts-101']);
    const { code, out } = await shop.run(['order', id, '--json']);
    expect(code).to.equal(0);
    const { steps } = JSON.parse(out) as { steps: { verb: string; state: string; outcome?: Record<string, unknown> }[] };
    const { outcome } = steps.find(({ verb }) => verb === 'grant')!;
    expect(outcome).to.include({ userId: target.books.users[0]!.id });
    expect(String(outcome!['kept'])).to.not.include('userId');
    await shop.takes(refunded);
    expect(target.books.seats).to.deep.equal([]);
  });

  it('is checked with everything else when the files are read', async () => {
    await shop.write('products/other.json', product('OTHER', { grants: { course: { action: 'school.enroll' } } }));
    const { code, out, err } = await shop.run(['check']);
    expect(code).to.equal(1);
    expect(out + err).to.include('"school.enroll" is not an action. Did you mean "school.enrol"?');
  });
});
