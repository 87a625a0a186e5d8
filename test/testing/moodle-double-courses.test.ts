import { expect } from 'chai';
import { enrolment, startCaller, type Caller, type Fields } from './moodle-client.ts';

describe('the double of Moodle: courses, groups and cohorts', () => {
  let site: Caller;
  let userid: number;
  let courseid: number;
  beforeEach(async () => {
    site = await startCaller();
    userid = site.moodle.addUser({ email: 'ada@example.org' });
    courseid = site.moodle.addCourse({ idnumber: 'TS-101', shortname: 'TS', fullname: 'TypeScript in a week' });
  });
  afterEach(() => site.moodle.close());

  const now = () => site.clock.now().getTime() / 1000;
  const enrol = (fields: Fields = {}) => site.call('enrol_manual_enrol_users', enrolment({ userid, courseid, ...fields }));
  const refusal = (fields: Fields) => site.code('enrol_manual_enrol_users', enrolment({ userid, courseid, ...fields }));
  const unenrol = (fields: Fields = {}) => {
    const all: Fields = { userid, courseid, ...fields };
    return site.call(
      'enrol_manual_unenrol_users',
      Object.fromEntries(Object.entries(all).map(([name, value]) => [`enrolments[0][${name}]`, value])),
    );
  };
  const courses = async () =>
    ((await site.call('core_enrol_get_users_courses', { userid })) as { id: number }[]).map(({ id }) => id);
  const participants = async () =>
    ((await site.call('core_enrol_get_enrolled_users', { courseid })) as { id: number }[]).map(({ id }) => id);
  const find = async (field: string, value: string | number) => {
    const { courses: found } = (await site.call('core_course_get_courses_by_field', { field, value })) as {
      courses: { id: number }[];
    };
    return found.map(({ id }) => id);
  };

  it('finds courses by exact fields, hidden ones with a right only, and shows id numbers to editors only', async () => {
    expect([await find('idnumber', 'TS-101'), await find('shortname', 'TS'), await find('id', courseid)]).to.deep.equal([
      [courseid],
      [courseid],
      [courseid],
    ]);
    expect(await find('idnumber', 'ts-101')).to.deep.equal([]);
    expect(await site.code('core_course_get_courses_by_field', { field: 'name', value: 'x' })).to.equal('invalidparameter');
    const shown = async () =>
      JSON.stringify(await site.call('core_course_get_courses_by_field', { field: 'id', value: courseid }));
    expect(await shown())
      .to.include('"enrollmentmethods":["manual"]')
      .and.not.include('TS-101');
    site.moodle.allow('moodle/course:update');
    expect(await shown()).to.include('TS-101');
    site.moodle.changeCourse(courseid, { visible: false });
    site.moodle.forbid('moodle/course:viewhiddencourses');
    expect(await find('id', courseid)).to.deep.equal([]);
    expect(await refusal({})).to.equal('requireloginerror');
  });

  it('replaces everything with each enrolment', async () => {
    expect(await enrol({ timestart: 100, timeend: 200, suspend: 1 })).to.equal(null);
    expect(await enrol()).to.equal(null);
    expect(site.moodle.books.enrolments).to.have.length(1);
    expect(site.moodle.books.enrolments[0]).to.include({ start: 0, end: 0, isSuspended: false, isActive: true });
    await enrol({ roleid: 5, timeend: 1 });
    expect(site.moodle.books.enrolments[0]).to.include({ end: 1, isActive: false });
  });

  it('lists as a user’s courses only what is active now, by a rounded clock, and as participants everybody', async () => {
    for (const [fields, isActive] of [
      [{ timestart: now() - 200 }, true],
      [{ timestart: now() }, false],
      [{ timestart: now() + 60 }, false],
      [{ timeend: now() + 200 }, true],
      [{ timeend: now() - 200 }, false],
      [{ suspend: 1 }, false],
    ] as const) {
      await enrol(fields);
      expect(await courses(), JSON.stringify(fields)).to.deep.equal(isActive ? [courseid] : []);
      expect(await participants()).to.deep.equal([userid]);
    }
    await enrol();
    site.moodle.changeCourse(courseid, { visible: false });
    expect([await courses(), await participants()]).to.deep.equal([[], [userid]]);
  });

  it('pages participants and shows chosen fields', async () => {
    const second = site.moodle.addUser({ email: 'second@example.org' });
    site.moodle.addEnrolment({ userId: userid, courseId: courseid });
    site.moodle.addEnrolment({ userId: second, courseId: courseid });
    const options = { userfields: 'id', limitfrom: 1, limitnumber: 1 };
    const fields = Object.entries(options).flatMap(([name, value], at) => [
      [`options[${at}][name]`, name],
      [`options[${at}][value]`, value],
    ]);
    const page = await site.call('core_enrol_get_enrolled_users', { courseid, ...(Object.fromEntries(fields) as Fields) });
    expect(page).to.deep.equal([{ id: second, fullname: 'Old Customer' }]);
  });

  it('refuses unknown courses, users, roles and methods as its release does', async () => {
    const older = await startCaller({ version: '4.3' });
    older.moodle.addCourse({ idnumber: 'TS-101' });
    const old = (fields: Fields) => older.code('enrol_manual_enrol_users', enrolment({ userid, courseid, ...fields }));
    expect([await refusal({ courseid: 999 }), await old({ courseid: 999, userid: 2 })]).to.deep.equal([
      'invalidparameter',
      'invalidparameter',
    ]);
    expect([await refusal({ userid: 999 }), await old({ userid: 999 })]).to.deep.equal(['invaliduser', 'codingerror']);
    const codeOf = (answer: unknown) => (answer as { errorcode?: string }).errorcode;
    expect(codeOf(await unenrol({ courseid: 999 }))).to.equal('invalidrecord');
    expect(codeOf(await unenrol({ userid: 999 }))).to.equal('invaliduser');
    expect(await refusal({ roleid: 1 })).to.equal('wsusercannotassign');
    site.moodle.deleteUser(userid);
    expect(await refusal({})).to.equal('userdeleted');
    site.moodle.changeUser(site.moodle.addUser({ email: 'new@example.org' }), { confirmed: false });
    expect(await refusal({ userid: userid + 1 })).to.equal('usernotconfirmed');
    site.moodle.changeCourse(courseid, { methods: ['self'] });
    expect(await refusal({})).to.equal('wsnoinstance');
    await older.moodle.close();
  });

  it('ends in one state when enrolments race, some told as a failed write', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => enrol({ timeend: 500 })));
    const codes = answers.map((answer) => (answer as { errorcode?: string } | null)?.errorcode ?? null);
    expect(codes).to.include(null);
    expect(codes.filter((code) => code !== null && code !== 'dmlwriteexception')).to.deep.equal([]);
    expect(site.moodle.books.enrolments).to.have.length(1);
  });

  it('welcomes at every enrolment from 4.5 on, where a teacher can be the sender', async () => {
    await enrol();
    site.moodle.changeCourse(courseid, { hasTeacher: true });
    for (const fields of [{}, {}, { suspend: 1 }]) await enrol(fields);
    expect(site.moodle.books.mails.map(({ kind }) => kind)).to.deep.equal(['welcome', 'welcome', 'welcome']);
    site.moodle.switches.welcomeMessages = false;
    await enrol();
    expect(site.moodle.books.mails).to.have.length(3);
  });

  it('unenrols as often as it is asked, and manual enrolments only', async () => {
    const cohort = site.moodle.addCohort({ idnumber: 'C1', courses: [courseid] });
    await enrol();
    expect([await unenrol(), await unenrol()]).to.deep.equal([null, null]);
    expect(await participants()).to.deep.equal([]);
    site.moodle.addToCohort(cohort, userid);
    await unenrol();
    expect(await participants()).to.deep.equal([userid]);
  });

  it('takes group members who are enrolled, and lets them go with the enrolment', async () => {
    const groupid = site.moodle.addGroup({ courseId: courseid, name: 'Spring', idnumber: 'S1' });
    const member = { 'members[0][groupid]': groupid, 'members[0][userid]': userid };
    const groups = await site.call('core_group_get_course_groups', { courseid });
    expect((groups as object[])[0]).to.include({ id: groupid, idnumber: 'S1' });
    expect(await site.code('core_group_add_group_members', member)).to.equal('invalidparameter');
    await enrol();
    expect([
      await site.call('core_group_add_group_members', member),
      await site.call('core_group_add_group_members', member),
    ]).to.deep.equal([null, null]);
    expect(await site.code('core_group_add_group_members', { ...member, 'members[0][groupid]': 999 })).to.equal('invalidrecord');
    expect(site.moodle.books.groups[0]?.members).to.deep.equal(['ada@example.org']);
    await unenrol();
    expect(site.moodle.books.groups[0]?.members).to.deep.equal([]);
    expect(await site.call('core_group_delete_group_members', member)).to.equal(null);
  });

  it('tells faults of cohort members as warnings of a success', async () => {
    const cohortid = site.moodle.addCohort({ idnumber: 'COH-SUB' });
    const join = async (type: string, value: string, user = String(userid)) => {
      const answer = await site.call('core_cohort_add_cohort_members', {
        'members[0][cohorttype][type]': type,
        'members[0][cohorttype][value]': value,
        'members[0][usertype][type]': 'id',
        'members[0][usertype][value]': user,
      });
      return (answer as { warnings: { warningcode: string }[] }).warnings.map(({ warningcode }) => warningcode);
    };
    expect([await join('name', 'x'), await join('idnumber', 'x'), await join('id', String(cohortid), '999')]).to.deep.equal([
      ['1'],
      ['2'],
      ['2'],
    ]);
    expect([await join('idnumber', 'COH-SUB'), await join('id', String(cohortid))]).to.deep.equal([[], ['3']]);
    const member = { 'members[0][cohortid]': cohortid, 'members[0][userid]': userid };
    for (const time of [1, 2])
      expect(await site.call('core_cohort_delete_cohort_members', member), `time ${time}`).to.equal(null);
    expect(await site.code('core_cohort_get_cohorts')).to.equal('nopermissions');
  });
});
