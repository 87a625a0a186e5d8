import { expect } from 'chai';
import { closeSites, openSite } from '../support/open-site.ts';

const product = (course: string) => ({
  sku: 'TS-101',
  title: 'TypeScript in a week',
  price: '49.00 EUR',
  grants: { course: { action: 'axis-lms.enrol', with: { course } } },
});

describe('A step that is parked for a mistake in its product file', () => {
  afterEach(closeSites);

  it('is carried out as the corrected file says when staff retry it', async () => {
    const site = await openSite('examples/minimal', { files: { 'products/TS-101.json': product('999') } });
    site.lms.addCourse({ id: '17', name: 'TypeScript' });
    const buyer = { email: 'ada@example.org', name: 'Ada Byron' };
    await site.receives(site.stripe.sale({ lines: [{ sku: 'TS-101', unitAmount: 4900 }], currency: 'eur', buyer }).completed());
    await site.finishesItsSteps();
    const [parked] = await site.app.store.parkedSteps(10);
    expect(parked?.error?.code).to.equal('AXIS_COURSE_UNKNOWN');

    await site.writes('products/TS-101.json', product('17'));
    await site.app.reload();
    expect(await site.app.retryStep(parked!.key, 'Grace')).to.equal(true);
    await site.finishesItsSteps();

    expect(site.lms.books.enrolments.map(({ courseId }) => courseId)).to.deep.equal(['17']);
    const told = (await site.app.store.history(parked!.orderId)).map(({ text }) => text);
    expect(told.some((text) => text.includes('as its product file says now'))).to.equal(true);
  });
});
