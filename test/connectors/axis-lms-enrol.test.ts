import { expect } from 'chai';
import { fault } from '../../src/testing/double-server.ts';
import { isSecondLook, openAxisSite, withSite, windowsOf, year, type AxisSite } from './axis-lms-site.ts';

describe('enrolling in Axis LMS', () => {
  let site: AxisSite;
  beforeEach(async () => void (site = await openAxisSite()));
  afterEach(() => site.close());

  it('enrols from the day of the purchase to the end of the term, and tells the texts about it', async () => {
    const { result } = await site.grant('enrol', year);
    expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260301', end: '20270301' }]);
    expect(result).to.include({ courseName: 'TypeScript in a week', start: '2026-03-01', end: '2027-03-01' });
    expect(result?.['portalUrl']).to.equal(`${site.lms.origin}/`);
  });

  it('counts months to the last day of a short one, and takes a fixed end', async () => {
    site.at('2026-01-31T12:00:00Z');
    site.lms.addCourse({ id: '18', name: 'Other' });
    await site.grant('enrol', { course: '17', months: 1 });
    await site.grant('enrol', { course: '18', until: '2026-12-31' });
    expect(windowsOf(site).map(({ end }) => end)).to.deep.equal(['20260228', '20261231']);
  });

  it("begins the day in the LMS's time zone", async () => {
    site.at('2026-03-01T02:00:00Z');
    await site.grant('enrol', year, site.context({}, { options: { ...site.options, timeZone: 'America/New_York' } }));
    expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260228', end: '20270228' }]);
  });

  it('repeats a lost enrolment as it was, and writes nothing when everything is replayed a day later', async () => {
    site.lms.faults.next(fault.commitThenDrop(), { method: 'POST', path: /enrollments/ });
    const { ctx, errors } = await site.grant('enrol', year);
    expect(errors).to.deep.equal([]);
    site.at('2026-03-02T12:00:00Z');
    await site.grant('enrol', year, ctx.again());
    await site.grant('enrol', year, site.context({}, { order: ctx.order, since: ctx.since }));
    expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260301', end: '20270301' }]);
    expect(site.lms.books.notifications).to.have.length(1);
  });

  it('sends dates even without a term, unless told not to', async () => {
    await site.grant('enrol', { course: '17' });
    expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260301', end: '' }]);
    await withSite({ connector: { sendDatesAlways: false } }, async (other) => {
      other.lms.faults.next(fault.commitThenDrop(), { method: 'POST', path: /enrollments/ });
      const { errors } = await other.grant('enrol', { course: '17' });
      expect(errors).to.deep.equal([]);
      expect(other.lms.books.enrolments[0]).to.include({ start: '', end: '' });
    });
  });

  it('sets the term from a repeated purchase, and never takes time away', async () => {
    await site.grant('enrol', year);
    site.at('2026-06-01T12:00:00Z');
    await site.grant('enrol', year);
    expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260601', end: '20270601' }]);
    await site.grant('enrol', { course: '17', days: 10 });
    expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260601', end: '20270601' }]);
    expect(site.lms.books.notifications).to.have.length(2);
  });

  it('adds the term once to what is left, also with a retry in the middle', async () => {
    const extend = { ...year, repeatPurchase: 'extend' };
    await site.grant('enrol', extend);
    site.at('2026-06-01T12:00:00Z');
    site.lms.faults.next(fault.commitThenDrop(), { method: 'POST', path: /enrollments/ });
    site.lms.faults.next(fault.status(503), { method: 'GET', path: /courses.17.users/, when: isSecondLook() });
    const { errors, ctx } = await site.grant('enrol', extend);
    expect(errors.map(({ code }) => code)).to.deep.equal(['AXIS_NO_ANSWER']);
    await site.grant('enrol', extend, ctx.again());
    expect(site.lms.faults.waiting).to.equal(0);
    expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260301', end: '20280229' }]);
  });

  it('adds every term of orders that are fulfilled at the same time, and of each unit bought', async () => {
    const extend = { ...year, repeatPurchase: 'extend' };
    await Promise.all([1, 2, 1].map((quantity) => site.grant('enrol', extend, site.context({ quantity }))));
    expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260301', end: '20300228' }]);
  });

  it('starts a new term when the access has ended', async () => {
    const { id } = site.lms.addUser({ username: 'ada@example.org' });
    site.lms.addEnrolment({ userId: id, courseId: '17', start: '20240101', end: '20250101' });
    await site.grant('enrol', { ...year, repeatPurchase: 'extend' });
    expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260301', end: '20270301' }]);
  });

  it('leaves an enrolment without end alone, and lifts an end that was bought away', async () => {
    const { id } = site.lms.addUser({ username: 'ada@example.org' });
    site.lms.addEnrolment({ userId: id, courseId: '17', start: '20260101', end: '' });
    await site.grant('enrol', { ...year, repeatPurchase: 'extend' });
    expect(site.lms.books.notifications).to.deep.equal([]);
    site.lms.addCourse({ id: '18', name: 'Other' });
    site.lms.addEnrolment({ userId: id, courseId: '18', start: '20260101', end: '20260401' });
    const { ctx } = await site.grant('enrol', { course: '18' });
    await site.grant('enrol', { course: '18' }, ctx.again());
    expect(windowsOf(site)[1]).to.deep.equal({ courseId: '18', start: '20260301', end: '20991231' });
    expect(site.lms.books.notifications).to.have.length(1);
  });

  it('finds the learner among many, whether the list comes whole or in pages', async () => {
    for (const double of [
      { courseRowsPaged: false },
      { courseRowsPaged: true, pastLastPage: 'error' },
      { courseRowsPaged: true, pastLastPage: 'empty', courseRowNames: 'id/start/end' },
    ] as const) {
      for (const others of [99, 100, 150]) {
        await withSite({ double }, async (other) => {
          for (let n = 0; n < others; n += 1) {
            const { id } = other.lms.addUser({ username: `user${n}` });
            other.lms.addEnrolment({ userId: id, courseId: '17', start: '20260101' });
          }
          const { ctx } = await other.grant('enrol', year);
          const { errors } = await other.grant('enrol', year, ctx.again());
          expect(errors).to.deep.equal([]);
          expect(other.lms.books.notifications).to.have.length(1);
        });
      }
    }
  });

  it('asks a person, naming the SKU, when course or end date cannot work', async () => {
    site.lms.addCourse({ id: '18', name: 'Closed', isActive: false });
    const unknown = await site.grant('enrol', { course: '99' });
    const inactive = await site.grant('enrol', { course: '18' });
    const over = await site.grant('enrol', { course: '17', until: '2026-03-01' });
    const all = [unknown, inactive, over];
    expect(all.map(({ parked }) => parked?.code)).to.deep.equal([
      'AXIS_COURSE_UNKNOWN',
      'AXIS_COURSE_INACTIVE',
      'AXIS_TERM_OVER',
    ]);
    for (const { parked, errors } of all) {
      expect(parked?.message).to.include('TS-101');
      expect(errors).to.have.length(1);
    }
    expect(site.lms.books.users).to.deep.equal([]);
  });

  it('finds out why an enrolment was refused when the reason appeared in between', async () => {
    site.lms.faults.next(
      fault.first(() => site.lms.changeCourse('17', { isActive: false })),
      { method: 'POST', path: /enrollments/ },
    );
    const { parked } = await site.grant('enrol', year);
    expect(parked?.code).to.equal('AXIS_COURSE_INACTIVE');
    site.lms.changeCourse('17', { isActive: true });
    site.lms.faults.next(
      fault.first(() => site.lms.changeUser('601', { isActive: false })),
      { method: 'POST', path: /enrollments/ },
    );
    expect((await site.grant('enrol', year)).parked?.code).to.equal('AXIS_USER_INACTIVE');
  });
});
