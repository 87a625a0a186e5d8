import { expect } from 'chai';
import { newUser, startCaller, type Caller, type Fields } from './moodle-client.ts';

describe('the double of Moodle: users', () => {
  let site: Caller;
  beforeEach(async () => void (site = await startCaller()));
  afterEach(() => site.moodle.close());

  const create = (changes: Fields = {}) => site.call('core_user_create_users', newUser(changes));
  const refusal = (changes: Fields) => site.code('core_user_create_users', newUser(changes));
  const users = () => site.moodle.books.users;
  const search = async (value: string) => {
    const found = await site.call('core_user_get_users', { 'criteria[0][key]': 'email', 'criteria[0][value]': value });
    return (found as { users: { email: string }[] }).users.map(({ email }) => email);
  };

  it('makes an account and names id and user name', async () => {
    expect(await create()).to.deep.equal([{ id: 501, username: 'ada' }]);
    expect(users()[0]).to.include({ email: 'ada@example.org', auth: 'manual', mustChangePassword: false });
  });

  it('refuses what Moodle refuses, all with one code', async () => {
    site.moodle.addUser({ email: 'Old@example.org', username: 'taken' });
    for (const changes of [
      { username: 'Ada' },
      { username: 'ada+1' },
      { username: 'ada byron' },
      { username: 'taken' },
      { email: 'old@EXAMPLE.org' },
      { email: 'nobody' },
      { lastname: ' ' },
      { firstname: '<b>Ada</b>' },
      { auth: 'telepathy' },
      { lang: 'xx' },
    ]) {
      expect(await refusal(changes), JSON.stringify(changes)).to.equal('invalidparameter');
    }
    expect(users()).to.have.length(1);
  });

  it('takes names with signs, a lone dot, and no password where the method has none', async () => {
    await create({ username: 'a', email: 'a@example.org', firstname: 'Ада & < Co.', lastname: '.' });
    await create({ username: 'b', email: 'b@example.org', auth: 'oauth2', password: '' });
    expect(users()).to.have.length(2);
  });

  it('tells a text that is too long, and a password against the policy, in its own ways', async () => {
    expect(await refusal({ lastname: 'x'.repeat(101) })).to.equal('dmlwriteexception');
    expect(await create({ username: 'b', email: 'b@example.org', lastname: 'x'.repeat(100) })).to.have.length(1);
    expect(await refusal({ password: 'secret' })).to.match(/^<div>Passwords must be/);
  });

  it('makes all or none of a batch', async () => {
    const second = Object.entries(newUser({ username: 'Bad Name', email: 'b@example.org' })).map(([name, value]) => {
      return [name.replace('[0]', '[1]'), value] as const;
    });
    expect(await site.code('core_user_create_users', { ...newUser(), ...Object.fromEntries(second) })).to.equal(
      'invalidparameter',
    );
    expect(users()).to.have.length(0);
  });

  it('makes one account of eight identical calls at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => create()));
    const codes = answers.map((answer) => (answer as { errorcode?: string }).errorcode);
    expect(codes.filter((code) => code === undefined)).to.have.length(1);
    expect(codes.filter((code) => code !== undefined && !['invalidparameter', 'dmlwriteexception'].includes(code))).to.deep.equal(
      [],
    );
    expect(users()).to.have.length(1);
  });

  it('makes two accounts of one address when two user names race', async () => {
    await Promise.all(['a', 'b'].map((username) => create({ username })));
    expect(users().map(({ email }) => email)).to.deep.equal(['ada@example.org', 'ada@example.org']);
    expect(await refusal({ username: 'c' })).to.equal('invalidparameter');
    site.moodle.switches.sharedAddresses = true;
    expect(await create({ username: 'c' })).to.have.length(1);
  });

  it('frees name and address of a deleted account', async () => {
    await create();
    site.moodle.deleteUser(501);
    expect(await search('ada@example.org')).to.deep.equal([]);
    expect(await create()).to.deep.equal([{ id: 502, username: 'ada' }]);
  });

  it('mails a password where it is asked to', async () => {
    await create({ password: '', createpassword: 1 });
    expect(site.moodle.books.mails.map(({ kind, email }) => [kind, email])).to.deep.equal([['password', 'ada@example.org']]);
    expect(users()[0]?.mustChangePassword).to.equal(true);
  });

  it('finds by a field exactly, in capital letters too', async () => {
    site.moodle.addUser({ email: 'buyer1@example.org' });
    const exact = (value: string) => site.call('core_user_get_users_by_field', { field: 'email', 'values[]': value });
    expect(await exact('buyer1@example.org')).to.have.length(1);
    expect(await exact('BUYER1@example.org')).to.deep.equal([]);
    site.moodle.switches.caseSensitive = false;
    expect(await exact('BUYER1@example.org')).to.have.length(1);
  });

  it('searches by a pattern: any case, and underscore and percent are wildcards', async () => {
    for (const email of ['a_b@example.org', 'axb@example.org', 'ab@example.org']) site.moodle.addUser({ email });
    expect(await search('A_B@EXAMPLE.org')).to.deep.equal(['a_b@example.org', 'axb@example.org']);
    expect(await search('%@example.org')).to.have.length(3);
    expect(await search('axb@example.orgx')).to.deep.equal([]);
  });

  it('warns of users it does not know instead of failing, when they are to be changed', async () => {
    site.moodle.allow('moodle/user:update');
    const unknown = await site.call('core_user_update_users', { 'users[0][id]': 999, 'users[0][suspended]': 1 });
    expect((unknown as { warnings: unknown[] }).warnings).to.have.length(1);
  });

  describe('sign-in links', () => {
    const link = async () => {
      const answer = await site.call('auth_userkey_request_login_url', { 'user[email]': 'old@example.org' });
      return (answer as { loginurl: string }).loginurl;
    };
    const visit = (url: string) => fetch(url, { redirect: 'manual' });

    it('work once, lead where they are told, and end', async () => {
      site.moodle.addUser({ email: 'old@example.org' });
      const url = await link();
      expect(url).to.match(/\/auth\/userkey\/login\.php\?key=[0-9a-f]{32}$/);
      const first = await visit(`${url}&wantsurl=${encodeURIComponent('https://www.example.com/')}`);
      expect([first.status, first.headers.get('location')]).to.deep.equal([303, 'https://www.example.com/']);
      expect((await visit(url)).status).to.equal(404);
      const second = await link();
      site.clock.forward(61);
      expect((await visit(second)).status).to.equal(404);
    });

    it('replace each other, and are made by the chosen field only', async () => {
      site.moodle.addUser({ email: 'old@example.org' });
      const [first, second] = [await link(), await link()];
      expect((await visit(first)).status).to.equal(404);
      expect((await visit(second)).status).to.equal(303);
      site.moodle.switches.userKeyField = 'username';
      const wrong = { 'user[email]': 'old@example.org' };
      expect(await site.code('auth_userkey_request_login_url', wrong)).to.equal('invalidparameter');
      expect(await site.code('auth_userkey_request_login_url', { 'user[username]': 'nobody' })).to.equal('invalidparameter');
    });
  });
});
