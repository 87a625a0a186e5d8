import { expect } from 'chai';
import { startAxisLms, type AxisLmsDouble, type BodyEncoding } from '../../src/testing/axis-lms/index.ts';
import { ask, signedIn, stoppedClock } from './axis-lms-client.ts';

describe('the double of Axis LMS: users', () => {
  let lms: AxisLmsDouble;
  let axis: Awaited<ReturnType<typeof signedIn>>;
  let clock: ReturnType<typeof stoppedClock>;
  beforeEach(async () => {
    clock = stoppedClock();
    lms = await startAxisLms({ now: clock.now, languages: ['English', 'German'] });
    axis = await signedIn(lms);
  });
  afterEach(() => lms.close());

  const create = (fields: Record<string, string>) => axis.post('/users/', fields);
  const search = async (phrase: string, fields = 'username') => {
    const { json, status } = await axis.get('/users/filtered/', { fields, user_filter: phrase });
    return status === 200 ? (json as Record<string, string>[]).map((row) => row['username']) : status;
  };

  it('creates an active user and answers its id as text', async () => {
    const { json } = await create({
      username: 'ada@example.org',
      first_name: 'Ada',
      custom15: 'order-1',
      password: 'x',
      shoe: '38',
    });
    expect(json).to.deep.equal({ status: '200', id: '601' });
    const [user] = lms.books.users;
    expect(user).to.include({ username: 'ada@example.org', firstName: 'Ada', isActive: true });
    expect(user?.fields).to.include({ custom15: 'order-1', role: 'learner' }).and.not.have.any.keys('password', 'shoe');
  });

  it('refuses usernames that are missing, too short, too long or of illegal characters', async () => {
    for (const username of ['', 'ada', 'a'.repeat(41), 'a+b@example.org', 'ada lovelace', 'ädelheid']) {
      expect((await create({ username })).status, username).to.equal(400);
    }
    expect((await create({ email: 'ada@example.org' })).status).to.equal(400);
    expect((await create({ username: 'a'.repeat(40) })).status).to.equal(200);
    expect(lms.books.users).to.have.length(1);
  });

  it('refuses a second user of the same name, whatever the case and even if the first is inactive', async () => {
    lms.addUser({ username: 'ada.lovelace', isActive: false });
    expect((await create({ username: 'Ada.Lovelace' })).status).to.equal(409);
    expect(lms.books.users).to.have.length(1);
  });

  it('refuses values that are too long, no date, no role, no manager or no language, and changes nothing', async () => {
    const learner = lms.addUser({ username: 'some.learner' });
    const wrong = [
      { first_name: 'x'.repeat(101) },
      { email: `${'x'.repeat(70)}@example.org` },
      { middle_init: 'AB' },
      { state: 'Texas' },
      { custom15: 'x'.repeat(256) },
      { date_start: '2026-03-01' },
      { date_expire: '20260231' },
      { date_expire: '' },
      { role: 'admin' },
      { manager_id: learner.id },
      { manager_id: '9' },
      { localization: 'Klingon' },
    ];
    for (const fields of wrong) {
      const told = JSON.stringify(fields);
      expect((await create({ username: 'ada.lovelace', ...fields })).status, told).to.equal(400);
      expect((await axis.put(`/users/${learner.id}`, fields)).status, told).to.equal(400);
    }
    expect(lms.books.users).to.deep.equal([learner]);
    const manager = lms.addUser({ username: 'some.manager', fields: { role: 'manager' } });
    const right = { first_name: 'ü'.repeat(100), date_expire: '20280229', manager_id: manager.id, localization: 'German' };
    expect((await create({ username: 'ada.lovelace', ...right })).status).to.equal(200);
  });

  it('does not let a test enter one user twice', () => {
    lms.addUser({ id: '700', username: 'ada.lovelace' });
    expect(() => lms.addUser({ username: 'Ada.Lovelace' })).to.throw('Ada.Lovelace');
    expect(() => lms.addUser({ id: '700', username: 'alan.turing' })).to.throw('700');
    expect(lms.addUser({ username: 'alan.turing' }).id).to.equal('701');
  });

  it('updates only what is sent, never the username, and knows no update of a stranger', async () => {
    const { id } = lms.addUser({ username: 'ada.lovelace', firstName: 'Ada', lastName: 'Byron' });
    const { json } = await axis.put(`/users/${id}`, { last_name: 'Lovelace', username: 'somebody.else' });
    expect(json).to.deep.equal({ status: '200', id });
    expect(lms.books.users[0]).to.include({ username: 'ada.lovelace', firstName: 'Ada', lastName: 'Lovelace' });
    expect((await axis.put('/users/999', { city: 'London' })).status).to.equal(404);
  });

  for (const encoding of ['any', 'form', 'json', 'query'] as BodyEncoding[]) {
    it(`reads the parameters of a write only from where bodyEncoding "${encoding}" looks`, async () => {
      lms.switches.bodyEncoding = encoding;
      const ways = {
        form: (username: string) => axis.post('/users/', { username }),
        json: (username: string) => axis.sendJson('POST', '/users/', { username }),
        query: (username: string) => axis.sendQuery('POST', '/users/', { username }),
      };
      for (const [way, send] of Object.entries(ways)) {
        expect((await send(`by.${way}`)).status, way).to.equal(encoding === 'any' || encoding === way ? 200 : 400);
      }
    });
  }

  it('can want one encoding for POST and another for PUT', async () => {
    lms.switches.bodyEncoding = { post: 'form', put: 'json' };
    const { json } = await create({ username: 'ada.lovelace' });
    const { id } = json as { id: string };
    await axis.put(`/users/${id}`, { city: 'Paris' });
    expect(lms.books.users[0]?.fields).not.to.have.property('city');
    await axis.sendJson('PUT', `/users/${id}`, { city: 'London' });
    expect(lms.books.users[0]?.fields).to.include({ city: 'London' });
  });

  it('finds users by every operator, all conditions together', async () => {
    lms.addUser({ username: 'ada@example.org', email: 'ada@example.org', firstName: 'Ada', fields: { company: 'a=b' } });
    lms.addUser({ username: 'alan@example.com', email: 'alan@example.com', firstName: 'Alan' });
    expect(await search('username=ada@example.org')).to.deep.equal(['ada@example.org']);
    expect(await search('username!=ada@example.org')).to.deep.equal(['alan@example.com']);
    expect(await search('email~example')).to.deep.equal(['ada@example.org', 'alan@example.com']);
    expect(await search('email!~.org')).to.deep.equal(['alan@example.com']);
    expect(await search('email~example,first_name=Alan')).to.deep.equal(['alan@example.com']);
    expect(await search('company=a=b')).to.deep.equal(['ada@example.org']);
    expect(await search('id=602')).to.deep.equal(['alan@example.com']);
    expect(await search('email=nobody@example.org')).to.deep.equal([]);
  });

  it('refuses phrases with an unknown field, without an operator, or none at all', async () => {
    for (const phrase of ['shoe=38', 'username', 'username=ada,', 'company=Byron, Sons', '', 'usergroup=Buyers']) {
      expect(await search(phrase), phrase).to.equal(400);
    }
    expect((await axis.get('/users/filtered/')).status).to.equal(400);
  });

  it('compares with or without regard to case, as filterCase says', async () => {
    lms.addUser({ username: 'Ada.Lovelace' });
    expect(await search('username=ada.lovelace')).to.deep.equal(['Ada.Lovelace']);
    lms.switches.filterCase = 'sensitive';
    expect(await search('username=ada.lovelace')).to.deep.equal([]);
    expect(await search('username~Lovelace')).to.deep.equal(['Ada.Lovelace']);
  });

  it('hides inactive users from the filter unless filterShowsInactive, and lists them by status', async () => {
    lms.addUser({ username: 'ada.lovelace' });
    lms.addUser({ username: 'alan.turing', isActive: false });
    lms.addUser({ username: 'was.here', fields: { date_expire: '20260228' } });
    const names = async (path: string) => ((await axis.get(path)).json as { username: string }[]).map(({ username }) => username);
    expect(await search('username~a')).to.deep.equal(['ada.lovelace']);
    expect(await names('/users/list/')).to.deep.equal(['ada.lovelace']);
    expect(await names('/users/list/inactive/')).to.deep.equal(['alan.turing', 'was.here']);
    expect(await names('/users/list/all/')).to.have.length(3);
    lms.switches.filterShowsInactive = true;
    expect(await search('username~a')).to.deep.equal(['ada.lovelace', 'alan.turing', 'was.here']);
  });

  it('knows who is a member of a usergroup', async () => {
    const { id } = lms.addUser({ username: 'ada.lovelace' });
    lms.addUser({ username: 'alan.turing' });
    expect((await axis.post('/usergroups/Paying%20buyers/')).json).to.deep.equal({ status: '200', id: '81' });
    expect((await axis.post('/usergroups/Paying%20buyers/')).status).to.equal(409);
    expect((await axis.post('/usergroups/abc/')).status).to.equal(400);
    expect((await axis.post(`/usergroups/members/81/${id}/`)).status).to.equal(200);
    expect((await axis.post(`/usergroups/members/81/${id}/`)).status).to.equal(400);
    expect(await search('usergroup~Paying buyers')).to.deep.equal(['ada.lovelace']);
    expect(await search('usergroup!~Paying buyers')).to.deep.equal(['alan.turing']);
    expect((await axis.delete(`/usergroups/members/81/${id}/`)).status).to.equal(200);
    expect((await axis.delete(`/usergroups/members/81/${id}/`)).status).to.equal(400);
    expect((await axis.get('/usergroups/list/')).json).to.deep.equal([{ id: '81', name: 'Paying buyers' }]);
  });

  it('gives the fields asked for as text, sorted by the first, and refuses unknown ones', async () => {
    lms.addUser({ username: 'ada b', email: 'z@example.org' });
    lms.addUser({ username: 'ada', email: 'y@example.org', fields: { date_expire: '20300101' } });
    expect((await axis.get('/users/all/', { fields: 'username,id,date_expire' })).json).to.deep.equal([
      { username: 'ada', id: '602', date_expire: '20300101' },
      { username: 'ada b', id: '601', date_expire: '' },
    ]);
    expect((await axis.get('/users/all/')).json).to.deep.equal([
      { id: '601', username: 'ada b' },
      { id: '602', username: 'ada' },
    ]);
    expect((await axis.get('/users/all/', { fields: 'id,password' })).status).to.equal(400);
  });

  it('pages by 100 and counts as text', async () => {
    for (let index = 0; index < 205; index += 1) lms.addUser({ username: `user${String(index).padStart(4, '0')}` });
    const names = async (path: string) => (await search100(path)).map(({ username }) => username);
    const search100 = async (path: string) =>
      (await axis.get(path, { fields: 'username', user_filter: 'username~user' })).json as { username: string }[];
    expect(await names('/users/filtered/'))
      .to.have.length(100)
      .and.include('user0000');
    expect(await names('/users/all/page3/')).to.deep.equal(['user0200', 'user0201', 'user0202', 'user0203', 'user0204']);
    expect(await names('/users/filtered/page4/')).to.deep.equal([]);
    lms.switches.pastLastPage = 'error';
    expect((await axis.get('/users/all/page4/')).status).to.equal(404);
    expect((await axis.get('/users/all/page0/')).status).to.equal(404);
    const count = async (path: string, query = {}) => (await axis.get(path, query)).json;
    expect(await count('/users/all/count/')).to.deep.equal([{ records: '205' }]);
    for (const path of ['/users/all/count/', '/users/filtered/count/']) {
      expect(await count(path, { user_filter: 'username~user01' })).to.deep.equal([{ records: '100' }]);
    }
  });

  it('gives one user as an array of one', async () => {
    const user = lms.addUser({ username: 'ada.lovelace' });
    const course = lms.addCourse({ name: 'TypeScript in a week' });
    lms.addEnrolment({ userId: user.id, courseId: course.id });
    const { json } = await axis.get(`/users/${user.id}/`, { fields: 'id,courses,badges' });
    expect(json).to.deep.equal([{ id: '601', courses: [{ id: '17', name: 'TypeScript in a week' }], badges: [] }]);
    expect((await axis.get('/users/17/')).status).to.equal(404);
  });

  it('signs in by a link that is new at each call and ends after an hour', async () => {
    const user = lms.addUser({ username: 'ada.lovelace' });
    const course = lms.addCourse({ name: 'TypeScript in a week' });
    lms.addEnrolment({ userId: user.id, courseId: course.id });
    const link = async () => {
      const { json } = await axis.get(`/users/${user.id}/`, { fields: 'id,sso' });
      return (json as [{ sso: string }])[0].sso;
    };
    const [first, second] = [await link(), await link()];
    expect(first).not.to.equal(second);
    clock.forward(3599);
    const page = await ask(first);
    expect(page.status).to.equal(200);
    expect(page.text).to.include('Signed in as ada.lovelace').and.include('TypeScript in a week');
    clock.forward(1);
    expect((await ask(first)).status).to.equal(403);
    expect((await ask(`${lms.origin}/sso/guessed`)).status).to.equal(403);
    expect(lms.books.secrets).to.include(first.slice(first.lastIndexOf('/') + 1));
  });
});
