import { expect } from 'chai';
import { fault } from '../../src/testing/double-server.ts';
import { failureOf, isSecondLook, openAxisSite, withSite, windowsOf, year, type AxisSite } from './axis-lms-site.ts';

describe('taking access back in Axis LMS', () => {
  let site: AxisSite;
  beforeEach(async () => void (site = await openAxisSite()));
  afterEach(() => site.close());

  it('disenrols, and is content when that has happened already', async () => {
    for (const deleteMissing of ['error', 'ok'] as const) {
      for (const deleteBody of ['ids', 'statusOnly'] as const) {
        await withSite({ double: { deleteMissing, deleteBody } }, async (other) => {
          const { result = {} } = await other.grant('enrol', year);
          const first = await other.undo('revoke', 'enrol', year, result);
          const second = await other.undo('revoke', 'enrol', year, result);
          expect([...first.errors, ...second.errors]).to.deep.equal([]);
          expect(other.lms.books.enrolments).to.deep.equal([]);
          expect(other.lms.books.users, 'the account stays').to.have.length(1);
        });
      }
    }
  });

  it('settles a lost disenrolment by looking, without another attempt', async () => {
    const { result = {} } = await site.grant('enrol', year);
    site.lms.faults.next(fault.commitThenDrop(), { method: 'DELETE' });
    expect((await site.undo('revoke', 'enrol', year, result)).errors).to.deep.equal([]);
    expect(site.lms.books.requests.filter(({ method }) => method === 'DELETE')).to.have.length(1);
  });

  it('disenrols two refunds at the same time', async () => {
    const { result = {} } = await site.grant('enrol', year);
    const both = await Promise.all([site.undo('revoke', 'enrol', year, result), site.undo('revoke', 'enrol', year, result)]);
    expect(both.flatMap(({ errors }) => errors)).to.deep.equal([]);
    expect(site.lms.books.enrolments).to.deep.equal([]);
  });

  it('finds what a lost enrolment left behind when the refund comes first', async () => {
    const ctx = site.context();
    expect(await site.action('enrol').find?.(year, ctx)).to.equal(undefined);
    site.lms.faults.next(fault.commitThenDrop(), { method: 'POST', path: /enrollments/ });
    site.lms.faults.next(fault.drop(), { path: /courses.17.users/, when: isSecondLook() });
    await failureOf(site.action('enrol').grant(year, ctx));
    for (const later of [ctx.again(), site.context({}, { order: ctx.order, since: ctx.since })]) {
      const found = await site.action('enrol').find?.(year, later);
      expect(found).to.include({ userId: '601', courseId: '17', before: 'absent' });
    }
    const found = (await site.action('enrol').find?.(year, ctx.again())) ?? {};
    await site.undo('revoke', 'enrol', year, found);
    expect(site.lms.books.enrolments).to.deep.equal([]);
  });

  it('does not take access for ours that was there before, and asks a person where that cannot be told', async () => {
    const { id } = site.lms.addUser({ username: 'ada@example.org' });
    site.lms.addEnrolment({ userId: id, courseId: '17', start: '20260101', end: '20260401' });
    expect(await site.action('enrol').find?.(year, site.context())).to.equal(undefined);
    const extend = { ...year, repeatPurchase: 'extend' };
    const error = await failureOf(site.action('enrol').find?.(extend, site.context()));
    expect(error).to.include({ code: 'AXIS_GRANT_UNKNOWN', retry: 'never' });
  });

  it('gives earlier access back as it was', async () => {
    const { id } = site.lms.addUser({ username: 'ada@example.org' });
    site.lms.addEnrolment({ userId: id, courseId: '17', start: '20260101', end: '20260401' });
    for (const repeatPurchase of ['set', 'extend']) {
      const { result = {} } = await site.grant('enrol', { ...year, repeatPurchase });
      await site.undo('revoke', 'enrol', year, result);
      await site.undo('revoke', 'enrol', year, result);
      expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260101', end: '20260401' }]);
    }
    expect(site.lms.books.notifications).to.have.length(4);
  });

  it('asks a person when the access lasts longer than it gave', async () => {
    const first = await site.grant('enrol', year);
    await site.grant('enrol', { ...year, repeatPurchase: 'extend' });
    const { parked } = await site.undo('revoke', 'enrol', year, first.result ?? {});
    expect(parked?.code).to.equal('AXIS_WINDOW_CHANGED');
    expect(site.lms.books.enrolments).to.have.length(1);
  });

  it('is content when account or course are gone', async () => {
    const { result = {} } = await site.grant('enrol', year);
    site.lms.removeUser('601');
    expect((await site.undo('revoke', 'enrol', year, result)).errors).to.deep.equal([]);
    expect((await site.undo('revoke', 'enrol', year, { ...result, courseId: '99' })).errors).to.deep.equal([]);
  });

  it('ends the window instead where that is wanted, and disenrols while it is too young for it', async () => {
    await withSite({ connector: { endBy: 'window' } }, async (other) => {
      const { result = {} } = await other.grant('enrol', year);
      other.at('2026-03-02T12:00:00Z');
      await other.undo('revoke', 'enrol', year, result);
      expect(other.lms.books.enrolments).to.deep.equal([]);
      const again = await other.grant('enrol', year);
      other.at('2026-03-10T12:00:00Z');
      await other.undo('revoke', 'enrol', year, again.result ?? {});
      await other.undo('revoke', 'enrol', year, again.result ?? {});
      expect(other.lms.books.enrolments[0]).to.include({ start: '20260302', end: '20260309' });
      expect(other.lms.books.notifications).to.have.length(3);
    });
  });

  it('suspends by a window that has ended, even on the first day, and gives the former window back', async () => {
    const { result = {} } = await site.grant('enrol', year);
    await site.undo('suspend', 'enrol', year, result);
    await site.undo('suspend', 'enrol', year, result);
    expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260227', end: '20260228' }]);
    await site.undo('resume', 'enrol', year, result);
    await site.undo('resume', 'enrol', year, result);
    expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260301', end: '20270301' }]);
    await site.undo('suspend', 'enrol', year, result);
    await site.undo('revoke', 'enrol', year, result);
    expect(windowsOf(site)).to.deep.equal([]);
    expect(site.lms.books.notifications).to.have.length(4);
  });

  it('suspends and resumes access without end', async () => {
    const { result = {} } = await site.grant('enrol', { course: '17' });
    await site.undo('suspend', 'enrol', {}, result);
    await site.undo('resume', 'enrol', {}, result);
    await site.undo('resume', 'enrol', {}, result);
    expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260301', end: '20991231' }]);
    await site.undo('revoke', 'enrol', {}, result);
    expect(windowsOf(site)).to.deep.equal([]);
  });

  it('renews until the end of the paid period, once, and never shortens', async () => {
    const { result = {} } = await site.grant('enrol', { course: '17', months: 1 });
    site.lms.faults.next(fault.commitThenDrop(), { method: 'POST', path: /enrollments/ });
    const renewed = await site.renew(result, {}, '2026-05-01T12:00:00Z');
    expect(renewed.errors).to.deep.equal([]);
    expect(renewed.result).to.include({ start: '2026-03-01', end: '2026-05-01', before: 'absent' });
    await site.renew(renewed.result ?? {}, {}, '2026-05-01T12:00:00Z');
    expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260301', end: '20260501' }]);
    expect(site.lms.books.notifications).to.have.length(2);
    await site.grant('enrol', year);
    await site.renew(renewed.result ?? {}, {}, '2026-06-01T12:00:00Z');
    expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260301', end: '20270301' }]);
  });
});
