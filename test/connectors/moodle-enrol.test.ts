import { expect } from 'chai';
import { fault, type DoubleRequest } from '../../src/testing/double-server.ts';
import { callsOf, openMoodleSite, seatsOf, seconds, welcomesOf, withSite, year, type MoodleSite } from './moodle-site.ts';

const isEnrol = ({ form }: Pick<DoubleRequest, 'form'>) => form['wsfunction'] === 'enrol_manual_enrol_users';
const grace = { email: 'grace@example.com', name: 'Grace Hopper' };

describe('moodle.enrol', () => {
  let site: MoodleSite;
  beforeEach(async () => void (site = await openMoodleSite()));
  afterEach(() => site.close());

  it('makes the account, enrols for the term, and tells what texts may use', async () => {
    const { result, errors } = await site.grant(year);
    expect(errors).to.deep.equal([]);
    expect(seatsOf(site)).to.deep.equal([
      {
        email: 'ada@example.org',
        method: 'manual',
        start: seconds('2026-03-01T11:55:00Z'),
        end: seconds('2027-03-01T12:00:00Z'),
        isSuspended: false,
      },
    ]);
    expect(result).to.deep.include({
      userId: 501,
      username: 'ada@example.org',
      courseId: site.courseId,
      courseName: 'TypeScript in a week',
      courseUrl: `${site.moodle.url}/course/view.php?id=${site.courseId}`,
      start: '2026-03-01',
      end: '2027-03-01',
      isNewAccount: true,
      before: 'absent',
    });
    expect(site.moodle.books.enrolments[0]).to.deep.include({ isActive: true, roles: [5] });
  });

  it('sends the token in the form of a POST, and nothing in the address', async () => {
    await site.grant(year);
    for (const { method, path, query, form } of site.moodle.books.requests) {
      expect([method, path, query]).to.deep.equal(['POST', '/webservice/rest/server.php', {}]);
      expect(form).to.include({ wstoken: site.moodle.token, moodlewsrestformat: 'json' });
    }
  });

  it('is seen as active right after the purchase although Moodle rounds its clock', async () => {
    for (const moment of ['2026-03-01T12:00:01Z', '2026-03-01T12:00:50Z', '2026-03-01T12:01:39Z']) {
      site.at(moment);
      await site.grant(year, site.context({ buyer: { email: `at-${Date.parse(moment)}@example.org` } }));
    }
    expect(site.moodle.books.enrolments.map(({ isActive }) => isActive)).to.deep.equal([true, true, true]);
  });

  for (const [term, end] of [
    [{}, 0],
    [{ days: 30 }, seconds('2026-03-31T12:00:00Z')],
    [{ months: 1 }, seconds('2026-04-01T12:00:00Z')],
    [{ months: 12 }, seconds('2027-03-01T12:00:00Z')],
    [{ until: '2026-12-31' }, seconds('2027-01-01T00:00:00Z')],
  ] as const) {
    it(`computes the end of ${JSON.stringify(term)}`, async () => {
      await site.grant({ course: 'TS-101', ...term });
      expect(seatsOf(site)[0]?.end).to.equal(end);
    });
  }

  it('counts days by the calendar of the zone, over a change of clocks too', async () => {
    const options = { ...site.options, timeZone: 'Europe/Vienna' };
    const { result } = await site.grant({ course: 'TS-101', days: 30 }, site.context({}, { options }));
    expect(result).to.include({ timeend: seconds('2026-03-31T11:00:00Z'), end: '2026-03-31' });
    const fixed = await site.grant({ course: 'TS-101', until: '2026-07-31' }, site.context({ buyer: grace }, { options }));
    expect(fixed.result).to.include({ timeend: seconds('2026-07-31T22:00:00Z'), end: '2026-07-31' });
    const leap = await site.grant(
      { course: 'TS-101', months: 1 },
      site.context({ buyer: { email: 'leap@example.org' } }, { options, since: new Date('2028-01-31T22:59:59.900Z') }),
    );
    expect(leap.result).to.include({ timeend: seconds('2028-02-29T22:59:59Z'), end: '2028-02-29' });
  });

  it('gives nothing whose time is over', async () => {
    const over = await site.grant({ course: 'TS-101', until: '2026-02-28' });
    expect(over.parked?.code).to.equal('MOODLE_TERM_OVER');
    const since = new Date('2025-01-01T00:00:00Z');
    expect((await site.grant(year, site.context({}, { since }))).parked?.code).to.equal('MOODLE_TERM_OVER');
    expect(callsOf(site)).to.deep.equal([]);
  });

  it('finds the course by short name or number where that is set, and another role where the product says so', async () => {
    for (const [courseBy, course] of [
      ['shortname', 'TS'],
      ['id', site.courseId],
    ] as const) {
      const options = { ...site.options, courseBy };
      expect((await site.grant({ course }, site.context({}, { options }))).parked).to.equal(undefined);
    }
    site.moodle.allowRoles(5, 9);
    await site.grant({ course: 'TS-101', roleId: 9 }, site.context({ buyer: grace }));
    expect(site.moodle.books.enrolments.map(({ roles }) => roles)).to.deep.equal([[5], [9]]);
  });

  it('sends the same dates on every attempt, whenever it is', async () => {
    const days = ['2026-03-02', '2026-03-03', '2026-03-04'];
    for (const day of days) {
      site.moodle.faults.next(fault.drop(), { when: isEnrol });
      site.moodle.faults.next(
        fault.first(() => site.at(`${day}T08:00:00Z`)),
        { when: ({ form }) => form['wsfunction'] === 'core_enrol_get_users_courses' },
      );
    }
    const { errors } = await site.grant(year);
    expect(errors).to.have.length(3);
    expect(seatsOf(site)[0]).to.include({ start: seconds('2026-03-01T11:55:00Z'), end: seconds('2027-03-01T12:00:00Z') });
  });

  it('reads before it writes again, so that nobody is welcomed twice', async () => {
    site.moodle.faults.next(fault.commitThenDrop(), { when: isEnrol });
    const { result, errors, ctx } = await site.grant(year);
    expect(errors.map(({ code, unknown }) => [code, unknown])).to.deep.equal([['MOODLE_NO_ANSWER', true]]);
    expect(result).to.include({ before: 'absent', isNewAccount: true });
    await site.grant(year, ctx.again());
    expect(welcomesOf(site)).to.equal(1);
  });

  it('takes a failed write for done when the learner is in', async () => {
    site.moodle.switches.raceMs = 20;
    const userId = site.moodle.addUser({ email: 'ada@example.org' });
    const twin = fault.first(() => void setTimeout(() => site.moodle.addEnrolment({ userId, courseId: site.courseId }), 5));
    site.moodle.faults.next(twin, { when: isEnrol });
    const { errors, parked } = await site.grant(year);
    expect([errors, parked]).to.deep.equal([[], undefined]);
    expect(site.moodle.books.enrolments).to.have.length(1);
  });

  describe('for a learner who has access already', () => {
    const teacherGave = () => {
      const userId = site.moodle.addUser({ email: 'ada@example.org' });
      site.moodle.addEnrolment({ userId, courseId: site.courseId, end: seconds('2026-04-01T00:00:00Z') });
    };

    it('sets the dates of the purchase, even where the answer was lost and nobody can tell', async () => {
      teacherGave();
      site.moodle.faults.next(fault.commitThenDrop(), { when: isEnrol });
      const { result, ctx } = await site.grant(year);
      expect(result).to.include({ before: 'active', isOurs: true });
      expect(seatsOf(site)[0]?.end).to.equal(seconds('2027-03-01T12:00:00Z'));
      const before = callsOf(site).length;
      await site.grant(year, ctx.again());
      expect(callsOf(site).slice(before)).not.to.include('enrol_manual_enrol_users');
    });

    it('leaves everything as it is where that is chosen, and takes nothing back later', async () => {
      teacherGave();
      const { result } = await site.grant({ ...year, ifEnrolled: 'keep' });
      expect(result).to.include({ isOurs: false });
      for (const verb of ['suspend', 'resume', 'revoke'] as const)
        expect((await site.undo(verb, result)).errors).to.deep.equal([]);
      expect((await site.renew(result, '2030-01-01')).result).to.deep.equal(result);
      expect(seatsOf(site).map(({ end }) => end)).to.deep.equal([seconds('2026-04-01T00:00:00Z')]);
    });

    it('asks a person where that is chosen', async () => {
      teacherGave();
      const options = { ...site.options, ifEnrolled: 'ask' as const };
      const { parked } = await site.grant(year, site.context({}, { options }));
      expect(parked?.code).to.equal('MOODLE_HAS_ACCESS');
      expect(seatsOf(site)[0]?.end).to.equal(seconds('2026-04-01T00:00:00Z'));
    });
  });

  it('says what is wrong in Moodle, by the code of the answer in any language', async () => {
    site.moodle.switches.language = 'de';
    const codes: (string | undefined)[] = [];
    const park = async (input = year) => {
      const { parked } = await site.grant(input, site.context({ buyer: grace }));
      codes.push(parked?.code);
      expect(parked?.hint, parked?.message).to.be.a('string');
    };
    await park({ course: 'TS-999' });
    await park({ course: ' ' });
    for (const capability of ['enrol/manual:enrol', 'moodle/role:assign', 'moodle/course:view', 'webservice/rest:use'] as const) {
      site.moodle.forbid(capability);
      await park();
      site.moodle.allow(capability);
    }
    site.moodle.changeCourse(site.courseId, { methods: [] });
    await park();
    site.moodle.removeFunctions('core_course_get_courses_by_field');
    await park();
    Object.assign(site.moodle.switches, { serviceAccount: 'mustAgreePolicy' });
    await park();
    Object.assign(site.moodle.switches, { serviceAccount: 'ready', token: 'expired' });
    await park();
    await park();
    Object.assign(site.moodle.switches, { webServices: false });
    await park();
    expect(codes).to.deep.equal([
      'MOODLE_COURSE_UNKNOWN',
      'MOODLE_COURSE_UNKNOWN',
      'MOODLE_RIGHT_MISSING',
      'MOODLE_ROLE_REFUSED',
      'MOODLE_COURSE_CLOSED',
      'MOODLE_ACCESS_DENIED',
      'MOODLE_NO_MANUAL_ENROLMENT',
      'MOODLE_ACCESS_DENIED',
      'MOODLE_SERVICE_ACCOUNT',
      'MOODLE_ACCESS_DENIED',
      'MOODLE_TOKEN_REFUSED',
      'MOODLE_SERVICES_OFF',
    ]);
  });

  it('works alike on 4.3, below a path, and where user names may be seen', async () => {
    for (const double of [
      { version: '4.3' },
      { version: '4.5', path: '/moodle' },
      { version: '4.5', token: 'a'.repeat(32) },
    ] as const) {
      await withSite({ double: { ...double, switches: { developerDebugging: true } } }, async (other) => {
        other.moodle.allow('moodle/user:viewalldetails', 'moodle/course:update');
        const { result, errors } = await other.grant(year);
        expect(errors).to.deep.equal([]);
        expect(result?.['courseUrl']).to.equal(`${other.moodle.url}/course/view.php?id=${other.courseId}`);
        expect((await other.undo('revoke', result)).errors).to.deep.equal([]);
        expect(seatsOf(other)).to.deep.equal([]);
      });
    }
  });

  it('tells a user who was deleted meanwhile on both releases', async () => {
    for (const version of ['4.3', '4.5'] as const) {
      await withSite({ double: { version } }, async (other) => {
        const gone = fault.first(() => other.moodle.deleteUser(501));
        other.moodle.faults.next(gone, { when: isEnrol });
        const { parked, ctx } = await other.grant(year);
        expect(parked?.code).to.equal('MOODLE_USER_GONE');
        expect((await other.grant(year, ctx.again())).result).to.include({ userId: 502 });
      });
    }
  });
});
