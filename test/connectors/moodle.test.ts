import { expect } from 'chai';
import { fault } from '../../src/testing/double-server.ts';
import { sufficientCapabilities } from '../../src/testing/moodle/index.ts';
import { callsOf, openMoodleSite, withSite, year, type Input, type MoodleSite } from './moodle-site.ts';

describe('the Moodle connector', () => {
  let site: MoodleSite;
  beforeEach(async () => void (site = await openMoodleSite()));
  afterEach(() => site.close());

  describe('addToCohort', () => {
    const cohort = { cohort: 'members' };
    let id: number;
    beforeEach(() => {
      id = site.moodle.addCohort({ idnumber: 'members', courses: [site.courseId] });
      site.moodle.allow('moodle/cohort:view');
    });
    const members = () => site.moodle.books.cohorts[0]?.members;
    const join = (input: Input = cohort, ctx = site.context()) => site.grant(input, ctx, 'addToCohort');

    it('lets the learner in once, with the courses of the cohort, and out again', async () => {
      const { result, ctx, errors } = await join();
      await join(cohort, ctx.again());
      expect([errors, members()]).to.deep.equal([[], ['ada@example.org']]);
      expect(result).to.include({ cohortId: id, wasIn: false, courseUrl: `${site.moodle.url}/` });
      expect(site.moodle.books.enrolments.map(({ method }) => method)).to.deep.equal(['cohort']);
      for (const verb of ['suspend', 'resume', 'revoke', 'revoke'] as const) {
        expect((await site.undo(verb, result, site.context(), 'addToCohort')).errors, verb).to.deep.equal([]);
        expect(members(), verb).to.deep.equal(verb === 'resume' ? ['ada@example.org'] : []);
      }
      expect(site.moodle.books.enrolments).to.deep.equal([]);
    });

    it('leaves in who was in before, and knows its own again after a lost answer', async () => {
      site.moodle.faults.next(fault.commitThenDrop(), {
        when: ({ form }) => form['wsfunction'] === 'core_cohort_add_cohort_members',
      });
      const own = await join();
      expect([own.errors.length, own.result?.['wasIn']]).to.deep.equal([1, false]);
      const again = await join();
      expect(again.result).to.include({ wasIn: true });
      await site.undo('revoke', again.result, site.context(), 'addToCohort');
      expect(members()).to.deep.equal(['ada@example.org']);
      expect(await site.find(own.ctx.again(), 'addToCohort')).to.include({ userId: 501, wasIn: false });
    });

    it('gives without the right to list cohorts, but then a person has to take back', async () => {
      site.moodle.forbid('moodle/cohort:view');
      const { result } = await join();
      expect(members()).to.deep.equal(['ada@example.org']);
      const { parked } = await site.undo('revoke', result, site.context(), 'addToCohort');
      expect(parked?.code).to.equal('MOODLE_COHORT_ID_UNKNOWN');
      site.moodle.allow('moodle/cohort:view');
      expect((await site.undo('revoke', result, site.context(), 'addToCohort')).errors).to.deep.equal([]);
      expect(members()).to.deep.equal([]);
    });

    it('takes the number where that is set, and needs no list then', async () => {
      site.moodle.forbid('moodle/cohort:view');
      const options = { ...site.options, cohortBy: 'id' as const };
      const { result } = await join({ cohort: id }, site.context({}, { options }));
      expect((await site.undo('revoke', result, site.context({}, { options }), 'addToCohort')).errors).to.deep.equal([]);
      expect(callsOf(site)).not.to.include('core_cohort_get_cohorts');
      expect(members()).to.deep.equal([]);
    });

    it('asks a person when there is no such cohort or the right is missing', async () => {
      const unknown = await join({ cohort: 'nobody' });
      site.moodle.forbid('moodle/cohort:assign');
      const forbidden = await join();
      expect([unknown.parked?.code, forbidden.parked?.code]).to.deep.equal(['MOODLE_COHORT_UNKNOWN', 'MOODLE_RIGHT_MISSING']);
      expect(await site.find(unknown.ctx.again(), 'addToCohort')).to.equal(undefined);
    });
  });

  describe('addToGroup', () => {
    const group = { course: 'TS-101', group: 'S1' };
    beforeEach(() => void site.moodle.addGroup({ courseId: site.courseId, name: 'Spring', idnumber: 'S1' }));
    const members = () => site.moodle.books.groups[0]?.members;
    const join = (input: Input = group, ctx = site.context()) => site.grant(input, ctx, 'addToGroup');

    it('lets an enrolled learner in once, and out again', async () => {
      await site.grant(year);
      const { result, ctx } = await join();
      await join(group, ctx.again());
      expect(members()).to.deep.equal(['ada@example.org']);
      expect(result).to.include({ groupName: 'Spring', wasIn: false });
      for (const verb of ['suspend', 'resume', 'revoke', 'revoke'] as const) {
        expect((await site.undo(verb, result, site.context(), 'addToGroup')).errors, verb).to.deep.equal([]);
        expect(members(), verb).to.deep.equal(verb === 'resume' ? ['ada@example.org'] : []);
      }
    });

    it('waits a while for the enrolment of the same order, then asks a person', async () => {
      const early = site.context();
      site.moodle.faults.next(
        fault.first(() => {
          const userId = site.moodle.books.users[0]?.id ?? 0;
          site.moodle.addEnrolment({ userId, courseId: site.courseId });
        }),
        { when: ({ form }) => form['wsfunction'] === 'core_group_get_course_groups' && site.moodle.books.users.length > 0 },
      );
      const waited = await join(group, early);
      expect(waited.errors.map(({ code, retry }) => [code, retry])).to.deep.equal([['MOODLE_NOT_ENROLLED', 'later']]);
      expect(members()).to.deep.equal(['ada@example.org']);
      const { parked, errors } = await join(group, site.context({ buyer: { email: 'b@example.org' } }));
      expect([parked?.code, errors.length]).to.deep.equal(['MOODLE_NOT_ENROLLED', 6]);
    });

    it('leaves in who was in before, as far as members may be listed', async () => {
      await site.grant(year);
      await join();
      const { result } = await join();
      expect(result).to.include({ wasIn: true });
      await site.undo('revoke', result, site.context(), 'addToGroup');
      expect(members()).to.deep.equal(['ada@example.org']);
      site.moodle.removeFunctions('core_group_get_group_members');
      expect((await join()).result).to.include({ wasIn: false });
    });

    it('finds the group by name where that is set, and asks a person when there is none', async () => {
      await site.grant(year);
      const options = { ...site.options, groupBy: 'name' as const };
      expect((await join({ course: 'TS-101', group: 'Spring' }, site.context({}, { options }))).parked).to.equal(undefined);
      expect((await join({ course: 'TS-101', group: 'S2' })).parked?.code).to.equal('MOODLE_GROUP_UNKNOWN');
      expect((await join({ course: 'TS-102', group: 'S1' })).parked?.code).to.equal('MOODLE_COURSE_UNKNOWN');
    });
  });

  describe('signing in', () => {
    const visit = (url = '') => fetch(url, { redirect: 'manual' });

    it('makes a fresh link at each click that leads to the course, for whose account the order made', async () => {
      const { result } = await site.grant(year);
      const [first, second] = [await site.link(result), await site.link(result)];
      expect(first).not.to.equal(second);
      const answer = await visit(second);
      expect([answer.status, answer.headers.get('location')]).to.deep.equal([303, result?.['courseUrl']]);
      const cookie = answer.headers.get('set-cookie') ?? '';
      const page = await (await fetch(String(result?.['courseUrl']), { headers: { cookie } })).text();
      expect(page).to.include('TypeScript in a week').and.include('Signed in as ada@example.org');
      expect((await visit(second)).status).to.equal(404);
    });

    it('leads to the course page those who were there before, unless the owner trusts the addresses', async () => {
      site.moodle.addUser({ email: 'ada@example.org' });
      const { result } = await site.grant(year);
      const link = (signIn: 'always' | 'never') => site.link(result, site.context({}, { options: { ...site.options, signIn } }));
      expect(await site.link(result)).to.equal(result?.['courseUrl']);
      expect(await link('never')).to.equal(result?.['courseUrl']);
      expect(await link('always')).to.include('/auth/userkey/login.php?key=');
    });

    it('names the user by the field the plugin is set to', async () => {
      const { result } = await site.grant({ ...year, account: { idnumber: 'C-7' } });
      site.moodle.allow('moodle/user:viewalldetails');
      for (const userKeyField of ['username', 'idnumber'] as const) {
        site.moodle.switches.userKeyField = userKeyField;
        const options = { ...site.options, userKeyField };
        expect(await site.link(result, site.context({}, { options }))).to.include('login.php?key=');
      }
    });

    it('leads to the course page when no link can be had, and tells staff why without naming anybody', async () => {
      const { result } = await site.grant(year);
      const spoils: readonly (() => unknown)[] = [
        () => site.moodle.forbid('auth/userkey:generatekey'),
        () => (site.moodle.switches.userKeys = false),
        () => (site.moodle.switches.userKeyField = 'username'),
        () => site.moodle.removeFunctions('auth_userkey_request_login_url'),
        () => site.moodle.changeUser(501, { suspended: true }),
        () => site.moodle.deleteUser(501),
        () => site.moodle.goDown(),
      ];
      for (const spoil of spoils) {
        await spoil();
        const ctx = site.context();
        expect(await site.link(result, ctx)).to.equal(result?.['courseUrl']);
        expect(ctx.logged.map(({ level }) => level)).to.deep.equal(['warn']);
        expect(JSON.stringify(ctx.logged)).not.to.include('ada@');
      }
    });

    it('hands out no link that leads away from the site', async () => {
      const { result } = await site.grant(year);
      const siteUrl = 'https://moodle.example.com';
      const options = { ...site.options, siteUrl };
      expect(await site.link(result, site.context({}, { options }))).to.equal(result?.['courseUrl']);
    });
  });

  describe('checking an account', () => {
    const used: readonly { action: string; input: Input; sku: string }[] = [
      { action: 'enrol', input: { course: 'TS-101' }, sku: 'TS-101' },
      { action: 'enrol', input: { course: 'TS-101', roleId: 5 }, sku: 'TS-102' },
      { action: 'addToGroup', input: { course: 'TS-101', group: 'S1' }, sku: 'TS-103' },
      { action: 'addToCohort', input: { cohort: 'members' }, sku: 'TS-104' },
      { action: 'enrol', input: { course: '{{metadata.course}}' }, sku: 'TS-105' },
    ];
    const checkEmail = 'old@example.org';
    beforeEach(() => prepare(site));

    function prepare({ moodle, courseId }: MoodleSite): void {
      const userId = moodle.addUser({ email: checkEmail });
      moodle.addEnrolment({ userId, courseId });
      moodle.addGroup({ courseId, name: 'Spring', idnumber: 'S1' });
      moodle.addCohort({ idnumber: 'members' });
      moodle.allow('moodle/cohort:view');
    }
    const wrong = async (other: MoodleSite, uses = used, options = {}) =>
      (await other.check(uses, { checkEmail, ...options })).filter(({ ok }) => !ok);

    it('tells in words that all is well, and changes nothing', async () => {
      for (const version of ['4.3', '4.5'] as const) {
        await withSite({ double: { version } }, async (other) => {
          prepare(other);
          const state = () => JSON.stringify({ ...other.moodle.books, requests: [], secrets: [] });
          const before = state();
          expect(await wrong(other)).to.deep.equal([]);
          const said = (await other.check(used)).map(({ message }) => message).join('\n');
          expect(said).to.include('TS-101, TS-102, TS-103: course "TS-101" is there: TypeScript in a week');
          expect(said).to.include(`we may enrol in course ${other.courseId} with the role 5`);
          expect(said).to.include(`we may unenrol from course ${other.courseId}`).and.include('We may create a user');
          expect(said).to.include('Accounts are found by mail address.');
          expect(state()).to.equal(before);
        });
      }
    });

    for (const capability of sufficientCapabilities) {
      const isNoticed = !['moodle/course:useremail', 'moodle/course:viewhiddencourses', 'moodle/cohort:assign'].includes(
        capability,
      );
      if (!isNoticed) continue;
      it(`finds that ${capability} is missing, and says what to do`, async () => {
        site.moodle.forbid(capability);
        const found = await wrong(site);
        expect(found).not.to.deep.equal([]);
        expect(found.every(({ hint }) => hint !== undefined)).to.equal(true);
        expect(found.map(({ message, hint }) => `${message} ${hint}`).join('\n')).to.match(
          /capability|right|role|moodle\/|rest:use/,
        );
      });
    }

    it('finds a participant to prove the search with where no address is set, or says that it could not', async () => {
      expect(await wrong(site, used, { checkEmail: '' })).to.deep.equal([]);
      site.moodle.forbid('moodle/site:viewuseridentity');
      expect((await wrong(site, used, { checkEmail: '' }))[0]?.message).to.include('is not found by its mail address');
      const said = await site.check([], {});
      expect(said.map(({ message }) => message).join('\n')).to.include('could not be proved');
    });

    it('tells what is not there, hidden, not enrollable or over', async () => {
      const hidden = site.moodle.addCourse({ idnumber: 'HIDDEN', visible: false });
      site.moodle.addCourse({ idnumber: 'SELF', methods: ['self'] });
      site.moodle.allow('moodle/course:update');
      const found = await wrong(site, [
        { action: 'enrol', input: { course: 'TS-999' }, sku: 'A' },
        { action: 'enrol', input: { course: 'HIDDEN' }, sku: 'B' },
        { action: 'enrol', input: { course: 'SELF' }, sku: 'C' },
        { action: 'enrol', input: { course: 'TS-101', roleId: 1 }, sku: 'D' },
        { action: 'addToGroup', input: { course: 'TS-101', group: 'S2' }, sku: 'E' },
        { action: 'addToCohort', input: { cohort: 'nobody' }, sku: 'F' },
        { action: 'enrol', input: { course: 'TS-101', until: '2026-02-28' }, sku: 'G' },
      ]);
      const said = found.map(({ message }) => message).join('\n');
      for (const part of ['TS-999', 'HIDDEN', 'SELF', 'wsusercannotassign', 'S2', 'nobody', '2026-02-28'])
        expect(said).to.include(part);
      expect(hidden).to.be.a('number');
    });

    it('tells which functions the service lacks, and what the optional ones are for', async () => {
      site.moodle.removeFunctions(
        'core_enrol_get_users_courses',
        'core_group_get_group_members',
        'auth_userkey_request_login_url',
      );
      const said = await site.check(used, { checkEmail });
      const of = (ok: boolean) =>
        said
          .filter((each) => each.ok === ok)
          .map(({ message }) => message)
          .join('\n');
      expect(of(false)).to.include('lacks core_enrol_get_users_courses.');
      expect(of(true)).to.include('Without core_group_get_group_members,').and.include('Without auth_userkey_request_login_url,');
    });

    it('tells a wrong token, address, site and time zone apart', async () => {
      const say = async (options: object) => (await wrong(site, used, options)).map(({ message }) => message).join('\n');
      expect(await say({ token: 'wrong' })).to.include('invalidtoken');
      expect(await say({ baseUrl: `${site.moodle.url}/elsewhere` })).to.include('404');
      expect(await say({ baseUrl: 'http://moodle.example.com' })).to.include('https');
      expect(await say({ timeZone: 'Mars/Olympus' })).to.include('no time zone');
      expect(await say({ siteUrl: 'https://moodle.example.com' })).to.include('calls itself');
      site.moodle.switches.webServices = false;
      expect(await say({})).to.include('403');
    });

    it('only reads where it is told to', async () => {
      await site.check(used, { checkEmail, proveRights: false });
      expect(callsOf(site).filter((name) => /create|enrol_users|unenrol|add_|delete_|login_url/.test(name))).to.deep.equal([]);
    });
  });
});
