import { expect } from 'chai';
import { closeSites, openSite, type Site } from '../support/open-site.ts';

describe('Two purchases of the same course', () => {
  let site: Site;
  beforeEach(async () => {
    site = await openSite('examples/minimal');
    site.lms.addCourse({ id: '17', name: 'TypeScript' });
  });
  afterEach(closeSites);

  const buy = () =>
    site.stripe.sale({
      lines: [{ sku: 'TS-101', unitAmount: 4900 }],
      currency: 'eur',
      buyer: { email: 'ada@example.org', name: 'Ada Byron' },
    });
  type Sale = ReturnType<typeof buy>;

  async function pay(sale: Sale): Promise<Sale> {
    await site.receives(sale.completed());
    await site.finishesItsSteps();
    return sale;
  }
  async function refund(sale: Sale): Promise<void> {
    for (const callback of sale.refunded()) await site.receives(callback);
    await site.finishesItsSteps();
  }
  const seats = () => site.lms.books.enrolments.map(({ email, courseId }) => `${email} ${courseId}`);

  it('leave the seat as long as one of them stands, whichever is refunded first', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ] as const) {
      const sales = [await pay(buy()), await pay(buy())];
      expect(seats()).to.deep.equal(['ada@example.org 17']);
      await refund(sales[order[0]]!);
      expect(seats()).to.deep.equal(['ada@example.org 17']);
      await refund(sales[order[1]]!);
      expect(seats()).to.deep.equal([]);
    }
  });

  it('take the seat away when a dispute is lost and the other was refunded before', async () => {
    const [first, second] = [await pay(buy()), await pay(buy())];
    await site.receives(first.disputed());
    await site.finishesItsSteps();
    expect(seats()).to.deep.equal(['ada@example.org 17']);
    await refund(second);
    await site.receives(first.disputeClosed('lost'));
    await site.finishesItsSteps();
    expect(seats()).to.deep.equal([]);
  });
});
