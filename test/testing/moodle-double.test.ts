import { expect } from 'chai';
import { startMoodle } from '../../src/testing/moodle/index.ts';
import { ask } from './axis-lms-client.ts';
import { enrolment, newUser, startCaller, type Caller } from './moodle-client.ts';

describe('the double of Moodle: protocol and errors', () => {
  let site: Caller;
  beforeEach(async () => void (site = await startCaller()));
  afterEach(() => site.moodle.close());

  const info = 'core_webservice_get_site_info';
  const server = () => `${site.moodle.url}/webservice/rest/server.php`;
  const full = () => ({ wstoken: site.moodle.token, wsfunction: info, moodlewsrestformat: 'json' });

  it('takes any verb, query or form, and not a JSON body or a header', async () => {
    const query = new URLSearchParams(full()).toString();
    const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(full()) };
    const header = { headers: { authorization: `Bearer ${site.moodle.token}` } };
    const answers = [
      await ask(`${server()}?${query}`),
      await ask(`${server()}?${query}`, { method: 'PUT' }),
      await ask(server(), { method: 'POST', body: new URLSearchParams(full()) }),
      await ask(`${server()}?wstoken=wrong`, { method: 'POST', body: new URLSearchParams(full()) }),
      await ask(server(), json),
      await ask(`${server()}?wsfunction=${info}`, header),
    ];
    expect(answers.map(({ text }) => /sitename|invalidtoken/.exec(text)?.[0])).to.deep.equal([
      ...['sitename', 'sitename', 'sitename', 'sitename'],
      ...['invalidtoken', 'invalidtoken'],
    ]);
  });

  it('answers XML unless JSON is asked for, and escapes slashes in JSON', async () => {
    const xml = await ask(server(), { method: 'POST', body: new URLSearchParams({ wstoken: 'wrong' }) });
    expect(xml.type).to.equal('application/xml');
    expect(xml.text).to.include('<EXCEPTION class="core\\exception\\moodle_exception">');
    expect(xml.text).to.include('<ERRORCODE>invalidtoken</ERRORCODE>');
    expect((await site.post(full())).text).to.include('"siteurl":"http:\\/\\/127.0.0.1');
  });

  it('answers failures with HTTP 200, in the words of its release and language', async () => {
    const told = (prefix: string) => ({
      exception: `${prefix}moodle_exception`,
      errorcode: 'invalidtoken',
      message: 'Invalid token - token not found',
    });
    const wrong = { ...full(), wstoken: 'wrong' };
    const newer = await site.post(wrong);
    expect([newer.status, newer.json]).to.deep.equal([200, told('core\\exception\\')]);
    const older = await startCaller({ version: '4.3' });
    expect((await older.post(wrong)).json).to.deep.equal(told(''));
    await older.moodle.close();
    site.moodle.switches.language = 'de';
    expect((await site.post(wrong)).json).to.include({ errorcode: 'invalidtoken' });
    expect((await site.post(wrong)).text).not.to.include('token not found');
  });

  it('tells reasons of refused values only with developer debugging', async () => {
    site.moodle.addUser({ email: 'old@example.org', username: 'ada' });
    expect(await site.call('core_user_create_users', newUser())).to.not.have.property('debuginfo');
    site.moodle.switches.developerDebugging = true;
    const refused = await site.call('core_user_create_users', newUser());
    expect(refused).to.include({ errorcode: 'invalidparameter', debuginfo: 'Username already exists: ada' });
  });

  it('refuses unknown parameters and functions, and those that are not in the service', async () => {
    expect(await site.code(info, { extra: 1 })).to.equal('invalidparameter');
    expect(await site.code('core_user_create_users', newUser({ nickname: 'a' }))).to.equal('invalidparameter');
    expect(await site.code('core_no_such_function')).to.equal('invalidrecord');
    site.moodle.removeFunctions(info);
    expect(await site.code(info)).to.equal('accessexception');
  });

  it('can be away in the ways a site can', async () => {
    const { switches } = site.moodle;
    const answers: unknown[] = [];
    const note = async () => {
      const { status, text, json } = await site.post(full());
      answers.push([status, (json as { errorcode?: string } | undefined)?.errorcode ?? text.length > 0]);
    };
    for (const [change, back] of [
      [{ maintenance: 'cli' }, { maintenance: 'off' }],
      [{ maintenance: 'admin' }, { maintenance: 'off' }],
      [{ webServices: false }, { webServices: true }],
      [{ database: false }, { database: true }],
      [{ serviceAccount: 'suspended' }, { serviceAccount: 'ready' }],
      [{ serviceAccount: 'mustChangePassword' }, { serviceAccount: 'ready' }],
      [{ serviceAccount: 'mustAgreePolicy' }, { serviceAccount: 'ready' }],
      [{ token: 'expired' }, { token: 'valid' }],
    ] as const) {
      Object.assign(switches, change);
      await note();
      Object.assign(switches, back);
    }
    await note();
    expect(answers).to.deep.equal([
      [503, true],
      [200, 'sitemaintenance'],
      [403, false],
      [200, 'dbconnectionfailed'],
      [200, 'wsaccessusersuspended'],
      [200, 'forcepasswordchangenotice'],
      [200, 'sitepolicynotagreed'],
      [200, 'accessexception'],
      [200, 'invalidtoken'],
    ]);
  });

  it('cuts a call after 5000 variables, and then refuses what is left of it', async () => {
    const users = Array.from({ length: 1100 }, (_, at) => newUser({ username: `u${at}`, email: `u${at}@example.org` }));
    const many = Object.assign({}, ...users.map((user, at) => renumbered(user, at))) as Record<string, string>;
    expect(await site.code('core_user_create_users', many)).to.equal('invalidparameter');
    expect(site.moodle.books.users).to.have.length(0);
  });

  it('can live below the root of its host', async () => {
    const other = await startMoodle({ path: '/moodle' });
    const body = new URLSearchParams({ wstoken: other.token, wsfunction: info, moodlewsrestformat: 'json' });
    const { json } = await ask(`${other.url}/webservice/rest/server.php`, { method: 'POST', body });
    expect(json).to.include({ siteurl: other.url, release: '4.5.6 (Build: 20250811)' });
    await other.close();
  });

  describe('without a right', () => {
    it('finds nobody where users or their addresses may not be seen', async () => {
      const id = site.moodle.addUser({ email: 'old@example.org' });
      const courseId = site.moodle.addCourse({ idnumber: 'TS-101' });
      site.moodle.addEnrolment({ userId: id, courseId });
      const find = () => site.call('core_user_get_users_by_field', { field: 'email', 'values[0]': 'old@example.org' });
      const list = () => site.call('core_enrol_get_enrolled_users', { courseid: courseId });
      expect(await find()).to.have.length(1);
      site.moodle.forbid('moodle/site:viewuseridentity');
      expect([await find(), ((await list()) as unknown[]).length]).to.deep.equal([[], 1]);
      site.moodle.allow('moodle/site:viewuseridentity');
      site.moodle.forbid('moodle/user:viewdetails');
      expect([await find(), await list()]).to.deep.equal([[], []]);
    });

    it('shows user names only with the right to all details', async () => {
      site.moodle.addUser({ email: 'old@example.org' });
      const byName = { field: 'username', 'values[0]': 'old@example.org' };
      const byEmail = { field: 'email', 'values[0]': 'old@example.org' };
      expect(await site.call('core_user_get_users_by_field', byName)).to.deep.equal([]);
      expect(await site.call('core_user_get_users_by_field', byEmail)).to.satisfy(([user]: object[]) => {
        return user !== undefined && !('username' in user);
      });
      site.moodle.allow('moodle/user:viewalldetails');
      expect(await site.call('core_user_get_users_by_field', byName)).to.have.length(1);
    });

    it('fails with the code that real servers give', async () => {
      const userid = site.moodle.addUser({ email: 'old@example.org' });
      const courseid = site.moodle.addCourse({ idnumber: 'TS-101' });
      const groupid = site.moodle.addGroup({ courseId: courseid, name: 'Spring' });
      const cohortid = site.moodle.addCohort({ idnumber: 'C1' });
      const enrol = () => site.code('enrol_manual_enrol_users', enrolment({ userid, courseid }));
      const unenrol = () =>
        site.code('enrol_manual_unenrol_users', { 'enrolments[0][userid]': userid, 'enrolments[0][courseid]': courseid });
      const list = () => site.code('core_enrol_get_enrolled_users', { courseid });
      const courses = () => site.call('core_enrol_get_users_courses', { userid });
      const leave = () =>
        site.code('core_cohort_delete_cohort_members', { 'members[0][cohortid]': cohortid, 'members[0][userid]': userid });
      const group = () =>
        site.code('core_group_add_group_members', { 'members[0][groupid]': groupid, 'members[0][userid]': userid });
      const key = () => site.code('auth_userkey_request_login_url', { 'user[email]': 'old@example.org' });
      site.moodle.addEnrolment({ userId: userid, courseId: courseid });
      for (const [capability, call, expected] of [
        ['webservice/rest:use', () => site.code(info), 'accessexception'],
        ['moodle/user:create', () => site.code('core_user_create_users', newUser()), 'nopermissions'],
        ['moodle/course:view', enrol, 'requireloginerror'],
        ['moodle/course:view', unenrol, 'requireloginerror'],
        ['moodle/course:view', list, 'errorcoursecontextnotvalid'],
        ['moodle/course:view', courses, []],
        ['enrol/manual:enrol', enrol, 'nopermissions'],
        ['enrol/manual:unenrol', unenrol, 'nopermissions'],
        ['moodle/role:assign', enrol, 'wsusercannotassign'],
        ['moodle/course:viewparticipants', list, 'nopermissions'],
        ['moodle/course:viewparticipants', courses, []],
        ['moodle/course:managegroups', group, 'nopermissions'],
        ['moodle/cohort:assign', leave, 'nopermissions'],
        ['auth/userkey:generatekey', key, 'nopermissions'],
      ] as const) {
        const before = await call();
        site.moodle.forbid(capability);
        expect(await call(), capability).to.deep.equal(expected);
        expect(before, `${capability}, given`).not.to.deep.equal(expected);
        site.moodle.allow(capability);
        site.moodle.addEnrolment({ userId: userid, courseId: courseid });
      }
      const option = { courseid, 'options[0][name]': 'onlyactive', 'options[0][value]': 1 };
      expect(await site.code('core_enrol_get_enrolled_users', option)).to.equal('nopermissions');
    });
  });
});

function renumbered(user: Readonly<Record<string, string | number>>, at: number): Record<string, string | number> {
  return Object.fromEntries(Object.entries(user).map(([name, value]) => [name.replace('[0]', `[${at}]`), value]));
}
