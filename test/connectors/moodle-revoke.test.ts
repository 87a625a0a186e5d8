import { expect } from 'chai';
import { fault, type DoubleRequest } from '../../src/testing/double-server.ts';
import { callsOf, openMoodleSite, seatsOf, seconds, welcomesOf, withSite, year, type MoodleSite } from './moodle-site.ts';

const isEnrol = ({ form }: Pick<DoubleRequest, 'form'>) => form['wsfunction'] === 'enrol_manual_enrol_users';

describe('taking a Moodle enrolment back', () => {
  let site: MoodleSite;
  beforeEach(async () => void (site = await openMoodleSite()));
  afterEach(() => site.close());

  it('unenrols, and again is success', async () => {
    const { result } = await site.grant(year);
    for (const time of [1, 2]) expect((await site.undo('revoke', result)).errors, `time ${time}`).to.deep.equal([]);
    expect(seatsOf(site)).to.deep.equal([]);
    expect(site.moodle.books.users).to.have.length(1);
  });

  it('needs no right to read where it only has to unenrol', async () => {
    const { result } = await site.grant(year);
    site.moodle.forbid('moodle/course:viewparticipants', 'moodle/user:viewdetails');
    expect((await site.undo('revoke', result)).parked).to.equal(undefined);
    expect(seatsOf(site)).to.deep.equal([]);
  });

  it('keeps what a cohort gave', async () => {
    const { result } = await site.grant(year);
    const cohort = site.moodle.addCohort({ idnumber: 'C1', courses: [site.courseId] });
    site.moodle.addToCohort(cohort, 501);
    await site.undo('revoke', result);
    expect(seatsOf(site).map(({ method }) => method)).to.deep.equal(['cohort']);
  });

  for (const endBy of ['suspend', 'window'] as const) {
    it(`ends access and keeps the enrolment with endBy ${endBy}, without mailing twice`, async () => {
      await withSite({ connector: { endBy } }, async (soft) => {
        const { result } = await soft.grant(year);
        soft.at('2026-03-05T12:00:00Z');
        soft.moodle.faults.next(fault.commitThenDrop(), { when: isEnrol });
        const { ctx } = await soft.undo('revoke', result);
        await soft.undo('revoke', result, ctx.again());
        const [seat] = soft.moodle.books.enrolments;
        expect(seat).to.include({ isActive: false, isSuspended: endBy === 'suspend', start: seconds('2026-03-01T11:55:00Z') });
        expect(seat?.end).to.equal(endBy === 'suspend' ? seconds('2027-03-01T12:00:00Z') : seconds('2026-03-05T11:55:00Z'));
        expect(welcomesOf(soft)).to.equal(2);
      });
    });

    it(`writes nothing with endBy ${endBy} when a teacher removed the learner`, async () => {
      await withSite({ connector: { endBy, readParticipants: false } }, async (soft) => {
        const { result } = await soft.grant(year);
        const plain = { ...soft.options, endBy: 'unenrol' as const };
        await soft.undo('revoke', result, soft.context({}, { options: plain }));
        await soft.undo('revoke', result);
        expect(seatsOf(soft)).to.deep.equal([]);
      });
    });
  }

  it('suspends what was suspended or over before, so that progress stays', async () => {
    const userId = site.moodle.addUser({ email: 'ada@example.org' });
    site.moodle.addEnrolment({ userId, courseId: site.courseId, end: seconds('2025-12-31T00:00:00Z') });
    const { result } = await site.grant(year);
    expect(result).to.include({ before: 'listed' });
    await site.undo('revoke', result);
    expect(seatsOf(site)).to.have.length(1);
    expect(seatsOf(site)[0]).to.include({ isSuspended: true });
  });

  it('asks a person about access that was there before, and does nothing to it', async () => {
    const userId = site.moodle.addUser({ email: 'ada@example.org' });
    site.moodle.addEnrolment({ userId, courseId: site.courseId });
    const { result } = await site.grant(year);
    const before = seatsOf(site);
    for (const verb of ['revoke', 'suspend'] as const) {
      expect((await site.undo(verb, result)).parked?.code).to.equal('MOODLE_FORMER_ACCESS');
    }
    expect(seatsOf(site)).to.deep.equal(before);
    site.moodle.addEnrolment({ userId, courseId: site.courseId, isSuspended: true });
    expect((await site.undo('revoke', result)).parked?.code).to.equal('MOODLE_FORMER_ACCESS');
  });

  it('leaves the end of access to the older of two purchases of ours, whichever is refunded first', async () => {
    const first = await site.grant(year);
    const second = await site.grant(year, site.context({}, { alsoGivenBy: ['K3M9-2QXT-7BHD/1/1/course'] }));
    expect(second.result).to.include({ before: 'active', isShared: true });
    expect((await site.undo('revoke', second.result)).parked).to.equal(undefined);
    expect(seatsOf(site)).to.have.length(1);
    await site.undo('revoke', first.result);
    expect(seatsOf(site)).to.deep.equal([]);
  });

  it('closes access in a dispute about the younger of two purchases of ours', async () => {
    await site.grant(year);
    const { result } = await site.grant(year, site.context({}, { alsoGivenBy: ['K3M9-2QXT-7BHD/1/1/course'] }));
    expect((await site.undo('suspend', result)).parked).to.equal(undefined);
    expect(seatsOf(site)[0]).to.include({ isSuspended: true });
  });

  it('asks a person when access lasts longer than it was given for', async () => {
    const { result } = await site.grant({ course: 'TS-101', days: 10 });
    site.moodle.addEnrolment({ userId: 501, courseId: site.courseId });
    site.at('2026-04-01T00:00:00Z');
    expect((await site.undo('revoke', result)).parked?.code).to.equal('MOODLE_ACCESS_CHANGED');
    expect(seatsOf(site)).to.have.length(1);
  });

  it('succeeds when course or account is gone', async () => {
    for (const endBy of ['unenrol', 'suspend'] as const) {
      for (const version of ['4.3', '4.5'] as const) {
        await withSite({ connector: { endBy }, double: { version } }, async (other) => {
          const { result } = await other.grant(year);
          other.moodle.deleteUser(501);
          expect((await other.undo('revoke', result)).errors).to.deep.equal([]);
          const gone = { ...result, courseId: 999 };
          expect((await other.undo('revoke', gone)).errors).to.deep.equal([]);
        });
      }
    }
  });

  it('does not take a lost right for an enrolment that is gone', async () => {
    await withSite({ connector: { endBy: 'suspend' } }, async (soft) => {
      const { result } = await soft.grant(year);
      for (const [capability, code] of [
        ['moodle/course:view', 'MOODLE_COURSE_CLOSED'],
        ['moodle/course:viewparticipants', 'MOODLE_RIGHT_MISSING'],
      ] as const) {
        soft.moodle.forbid(capability);
        expect((await soft.undo('revoke', result)).parked?.code).to.equal(code);
        soft.moodle.allow(capability);
      }
      expect(seatsOf(soft)[0]).to.include({ isSuspended: false });
    });
  });

  it('suspends for a dispute and gives the same access back, each once', async () => {
    const { result } = await site.grant(year);
    const given = seatsOf(site);
    await site.undo('suspend', result);
    await site.undo('suspend', result);
    expect(seatsOf(site)).to.deep.equal(given.map((seat) => ({ ...seat, isSuspended: true })));
    await site.undo('resume', result);
    await site.undo('resume', result);
    expect(seatsOf(site)).to.deep.equal(given);
  });

  it('suspends in a hidden course too, where nobody is active', async () => {
    const { result } = await site.grant(year);
    site.moodle.changeCourse(site.courseId, { visible: false });
    const { ctx } = await site.undo('suspend', result);
    expect(seatsOf(site)[0]).to.include({ isSuspended: true });
    const calls = callsOf(site).filter((name) => name === 'enrol_manual_enrol_users').length;
    await site.undo('suspend', result, ctx.again());
    expect(callsOf(site).filter((name) => name === 'enrol_manual_enrol_users')).to.have.length(calls);
  });

  it('moves the end with a renewal, once, and leaves endless access alone', async () => {
    const { result } = await site.grant({ course: 'TS-101', months: 1 });
    const renewed = await site.renew(result, '2026-05-01T12:00:00Z');
    expect(renewed.result).to.include({ end: '2026-05-01', timeend: seconds('2026-05-01T12:00:00Z') });
    await site.renew(result, '2026-05-01T12:00:00Z', renewed.ctx.again());
    expect([seatsOf(site)[0]?.end, welcomesOf(site)]).to.deep.equal([seconds('2026-05-01T12:00:00Z'), 2]);
    const endless = await site.grant({ course: 'TS-101' }, site.context({ buyer: { email: 'b@example.org' } }));
    expect((await site.renew(endless.result, '2026-05-01')).result).to.deep.equal(endless.result);
    expect((await site.undo('revoke', renewed.result)).errors).to.deep.equal([]);
  });

  it('finds what a cut-off attempt left, so that it can be taken back', async () => {
    const ctx = site.context();
    expect(await site.find(ctx)).to.equal(undefined);
    site.moodle.faults.next(fault.drop(), { when: isEnrol });
    const cut = await site.grant(year, ctx);
    expect(await site.find(cut.ctx.again())).to.deep.equal(cut.result);
    await site.undo('revoke', cut.result);
    expect(await site.find(cut.ctx.again())).to.equal(undefined);
  });
});
