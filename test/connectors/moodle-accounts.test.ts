import { expect } from 'chai';
import { fault, type DoubleRequest } from '../../src/testing/double-server.ts';
import { callsOf, openMoodleSite, seatsOf, year, type MoodleSite } from './moodle-site.ts';

const isCreate = ({ form }: Pick<DoubleRequest, 'form'>) => form['wsfunction'] === 'core_user_create_users';

describe('accounts in Moodle', () => {
  let site: MoodleSite;
  beforeEach(async () => void (site = await openMoodleSite()));
  afterEach(() => site.close());

  const users = () => site.moodle.books.users;
  const enrolled = () => site.moodle.books.enrolments.map(({ email }) => email);
  const buy = (email: string | undefined, changes: Record<string, unknown> = {}, input = year) =>
    site.grant(
      input,
      site.context(
        { buyer: { name: 'Ada Byron', ...(email !== undefined && { email }) } },
        { options: { ...site.options, ...changes } },
      ),
    );

  it('uses the account with the address in any case, and changes nothing of it', async () => {
    site.moodle.addUser({ email: 'Ada@Example.org', username: 'al', firstname: 'Augusta' });
    const before = users();
    const { result } = await buy('ada@example.ORG');
    expect(result).to.include({ isNewAccount: false, username: '' });
    expect(users()).to.deep.equal(before);
    expect(callsOf(site)).not.to.include('core_user_create_users');
  });

  it('is not led astray by wildcards in an address', async () => {
    site.moodle.addUser({ email: 'axb@example.org' });
    site.moodle.addUser({ email: 'aab@example.org' });
    await buy('a_b@example.org');
    await buy('a%b@example.org');
    expect(enrolled()).to.deep.equal(['a_b@example.org', 'a%b@example.org']);
    expect(users()).to.have.length(4);
  });

  it('leaves suspended accounts out, and makes no second one beside', async () => {
    const id = site.moodle.addUser({ email: 'ada@example.org', suspended: true });
    expect((await buy('ada@example.org')).parked?.code).to.equal('MOODLE_USER_SUSPENDED');
    site.moodle.switches.sharedAddresses = true;
    site.moodle.addUser({ email: 'ada@example.org', username: 'ada2' });
    expect((await buy('ada@example.org')).result).to.include({ userId: id + 1 });
    expect(users()).to.have.length(2);
  });

  it('asks a person when several accounts have the address', async () => {
    site.moodle.addUser({ email: 'ada@example.org', username: 'a' });
    site.moodle.addUser({ email: 'ADA@example.org', username: 'b' });
    const { parked } = await buy('ada@example.org');
    expect(parked?.code).to.equal('MOODLE_USER_AMBIGUOUS');
    expect(parked?.message).to.include('501, 502').and.not.include('ada@');
  });

  it('computes a legal user name for any address, the same in any case, and a mute one where that is set', async () => {
    for (const email of ['Ada+Shop@Example.org', "o'neill@example.org", `${'x'.repeat(76)}+@quite-long.example.org`])
      await buy(email);
    await buy('mute@example.org', { usernameRule: 'hash' });
    const names = users().map(({ username }) => username);
    expect(names[0]).to.match(/^ada-shop@example\.org-[0-9a-f]{8}$/);
    expect(names[1]).to.match(/^o-neill@example\.org-[0-9a-f]{8}$/);
    expect(names[2]).to.match(/^x{76}-@quite-long\.ex-[0-9a-f]{8}$/);
    expect(names[3]).to.match(/^shop-[0-9a-f]{24}$/);
  });

  it('cleans names, and never sends a blank one', async () => {
    for (const [person, expected] of [
      [{ name: 'Ada Byron' }, ['Ada', 'Byron']],
      [{ name: 'Madonna' }, ['Madonna', '.']],
      [{}, ['.', '.']],
      [{ firstName: '<b>Ada</b>', lastName: ' <script>x</script> ' }, ['Ada', 'x']],
      [{ firstName: 'Ада', lastName: "O'Neill & Söhne <3" }, ['Ада', "O'Neill & Söhne 3"]],
      [{ firstName: 'A\u0000\u200b\ud800', lastName: '😀'.repeat(120) }, ['A \ufffd', '😀'.repeat(100)]],
      [{ name: 'Ada Augusta King  Noel', lastName: '  ' }, ['Ada Augusta King', 'Noel']],
    ] as const) {
      const email = `n${users().length}@example.org`;
      const { parked } = await site.grant(year, site.context({ buyer: { ...person, email } }));
      expect(parked?.message, JSON.stringify(person)).to.equal(undefined);
      const made = users().at(-1);
      expect([made?.firstname, made?.lastname]).to.deep.equal(expected);
    }
  });

  it('gives new accounts a password as the settings say', async () => {
    await buy('a@example.org');
    await buy('b@example.org', { password: 'random' });
    await buy('c@example.org', { password: 'none', auth: 'oauth2' });
    expect(users().map(({ auth, mustChangePassword }) => [auth, mustChangePassword])).to.deep.equal([
      ['manual', true],
      ['manual', false],
      ['oauth2', false],
    ]);
    expect((await buy('d@example.org', { password: 'none' })).parked?.code).to.equal('MOODLE_ACCOUNT_REFUSED');
  });

  it('fills in further fields of new accounts', async () => {
    const account = { idnumber: 'C-7', lang: 'de', city: 'Vienna', country: 'AT', customfields: { order: '4711', empty: ' ' } };
    await buy('ada@example.org', {}, { ...year, account });
    expect(users()[0]).to.deep.include({ ...account, customfields: { order: '4711' } });
  });

  it('makes one account for orders at the same time', async () => {
    site.moodle.switches.raceMs = 15;
    const all = await Promise.all(['ada@example.org', 'ADA@example.org', 'ada@example.org'].map((email) => buy(email)));
    expect(all.flatMap(({ errors }) => errors)).to.deep.equal([]);
    expect(users()).to.have.length(1);
    expect(seatsOf(site)).to.have.length(1);
  });

  it('finds the account that another process made first, and does not take it for its own', async () => {
    for (const gap of ['before', 'during'] as const) {
      const email = `${gap}@example.org`;
      site.moodle.switches.raceMs = gap === 'during' ? 30 : 0;
      const make = () => void site.moodle.addUser({ email });
      site.moodle.faults.next(
        fault.first(() => (gap === 'before' ? make() : void setTimeout(make, 5))),
        { when: isCreate },
      );
      const { result, errors } = await buy(email);
      expect(errors).to.deep.equal([]);
      expect(result).to.include({ isNewAccount: false });
    }
    expect(users()).to.have.length(2);
  });

  it('knows an account of its own again after a lost answer, for every grant of the order', async () => {
    site.moodle.faults.next(fault.commitThenDrop(), { when: isCreate });
    const { result, errors, ctx } = await buy('ada@example.org');
    expect(errors).to.deep.equal([]);
    expect(result).to.include({ isNewAccount: true });
    site.moodle.addCourse({ idnumber: 'TS-102' });
    const second = await site.grant({ course: 'TS-102' }, site.context({}, { order: ctx.order }));
    expect(second.result).to.include({ isNewAccount: true });
    const other = await buy('ada@example.org');
    expect(other.result).to.include({ isNewAccount: false });
    expect(users()).to.have.length(1);
  });

  it('asks a person when somebody else has the user name, or when Moodle does not say why it refuses', async () => {
    site.moodle.addUser({ email: 'new-address@example.org', username: 'ada@example.org' });
    const unseen = await buy('ada@example.org');
    site.moodle.allow('moodle/user:viewalldetails');
    const seen = await buy('ada@example.org');
    const refused = await buy('nobody', {});
    expect([unseen, seen, refused].map(({ parked }) => parked?.code)).to.deep.equal([
      'MOODLE_ACCOUNT_REFUSED',
      'MOODLE_USERNAME_TAKEN',
      'MOODLE_ACCOUNT_REFUSED',
    ]);
    expect(unseen.parked?.hint).to.include('viewuseridentity');
    expect(users()).to.have.length(1);
  });

  it('makes no second account where a missing right hides the first', async () => {
    site.moodle.addUser({ email: 'ada@example.org' });
    site.moodle.forbid('moodle/site:viewuseridentity');
    expect((await buy('ada@example.org')).parked?.code).to.equal('MOODLE_ACCOUNT_REFUSED');
    expect(users()).to.have.length(1);
  });

  it('asks a person when there is no address, or one that is too long', async () => {
    const none = await buy(undefined);
    const long = await buy(`${'x'.repeat(100)}@example.org`);
    expect([none.parked?.code, long.parked?.code]).to.deep.equal(['MOODLE_LEARNER_UNKNOWN', 'MOODLE_EMAIL_TOO_LONG']);
  });

  it('tries a failed write once more and then asks a person', async () => {
    const account = { idnumber: 'x' };
    site.moodle.faults.always(
      fault.reply({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '{"exception":"dml_write_exception","errorcode":"dmlwriteexception","message":"Error writing to database"}',
      }),
      { when: isCreate },
    );
    const { parked, errors } = await buy('ada@example.org', {}, { ...year, account });
    expect([parked?.code, errors.length]).to.deep.equal(['MOODLE_WRITE_FAILED', 2]);
  });
});
