import { expect } from 'chai';
import { closeSites, openSite } from '../support/open-site.ts';

describe('A paid Stripe callback', () => {
  afterEach(closeSites);

  it('enrols the buyer once, however often the callback is repeated', async () => {
    const site = await openSite('examples/minimal');
    site.lms.addCourse({ id: '17', name: 'TypeScript' });
    const sale = site.stripe.sale({ lines: [{ sku: 'TS-101', unitAmount: 4900 }], currency: 'eur', buyer: { email: 'ada@example.org', name: 'Ada Byron' }, livemode: false });
    const paid = sale.completed();
    expect((await site.receives(paid)).status).to.equal(200);
    expect((await site.receives(paid)).status).to.equal(200);
    await site.finishesItsSteps();
    console.log(site.log.filter(({level}) => level !== 'info'));
    expect(site.lms.books.enrolments.map(({ email, courseId }) => ({ email, courseId }))).to.deep.equal([{ email: 'ada@example.org', courseId: '17' }]);
    expect(site.mailbox.subjectsFor('ada@example.org')).to.have.length(1);
    console.log(site.mailbox.messages.map((m) => m.parsed.subject + '\n' + m.parsed.text));
  });
});
