import { expect } from 'chai';
import { usernameFor } from '../../connectors/axis-lms/username.ts';
import { fault } from '../../src/testing/double-server.ts';
import { openAxisSite, withSite, year, type AxisSite } from './axis-lms-site.ts';

const grace = { email: 'grace@example.org', name: 'Grace Brewster Hopper' };

describe('the accounts of the Axis LMS connector', () => {
  let site: AxisSite;
  beforeEach(async () => void (site = await openAxisSite()));
  afterEach(() => site.close());

  it('makes an account for a new learner, with name, address and the order that made it', async () => {
    const ctx = site.context({ buyer: grace });
    const { result } = await site.grant('enrol', { ...year, account: { company: 'Navy', state: 'Virginia' } }, ctx);
    expect(site.lms.books.users).to.have.length(1);
    expect(site.lms.books.users[0]?.fields).to.deep.equal({
      role: 'learner',
      username: 'grace@example.org',
      email: 'grace@example.org',
      first_name: 'Grace Brewster',
      last_name: 'Hopper',
      company: 'Navy',
      custom15: ctx.order.id,
    });
    expect(result).to.include({ username: 'grace@example.org', userId: '601', isNewAccount: true });
  });

  it('makes one account for two orders of a new buyer that are fulfilled at the same time', async () => {
    site.lms.addCourse({ id: '18', name: 'Second course' });
    const both = await Promise.all([
      site.grant('enrol', year, site.context()),
      site.grant('enrol', { course: 18 }, site.context()),
    ]);
    expect(both.map(({ errors }) => errors)).to.deep.equal([[], []]);
    expect(site.lms.books.users).to.have.length(1);
    expect(site.lms.books.enrolments.map(({ courseId }) => courseId)).to.have.members(['17', '18']);
  });

  it('makes one account when the answer to its creation is lost', async () => {
    site.lms.faults.next(fault.commitThenDrop(), { method: 'POST', path: /users/ });
    const { result, errors } = await site.grant('enrol', year);
    expect(errors).to.deep.equal([]);
    expect(result).to.include({ isNewAccount: true });
    expect(site.lms.books.users).to.have.length(1);
    expect(site.lms.books.enrolments).to.have.length(1);
  });

  it('gives addresses that are no user names a legal, stable one, and different addresses different ones', async () => {
    const long = `${'a'.repeat(58)}@example.org`;
    for (const email of ['a+b@example.org', 'a!b@example.org', long, 'A+B@example.org']) {
      const { errors } = await site.grant('enrol', year, site.context({ buyer: { email } }));
      expect(errors, email).to.deep.equal([]);
    }
    const names = site.lms.books.users.map(({ username }) => username);
    expect(names).to.have.length(3);
    expect(names[0]).to.match(/^a-b@example\.org-[0-9a-f]{8}$/);
    expect(names[2]).to.have.length(40);
    expect(usernameFor('Ada@Example.org ', 'email')).to.equal('ada@example.org');
    expect(usernameFor('Ada@Example.org', 'hash'))
      .to.equal(usernameFor('ada@example.org', 'hash'))
      .and.match(/^u-[0-9a-f]{24}$/);
  });

  it('uses the account with the same mail address where there is none with the expected user name', async () => {
    const { id } = site.lms.addUser({ username: 'countess', email: 'Ada@Example.org' });
    const { result } = await site.grant('enrol', year);
    expect(result).to.include({ userId: id, username: 'countess', isNewAccount: false });
    expect(site.lms.books.users).to.have.length(1);
  });

  it('makes an account of its own when matching by mail address is off', async () => {
    await withSite({ connector: { matchByEmail: false } }, async (other) => {
      other.lms.addUser({ username: 'countess', email: 'ada@example.org' });
      await other.grant('enrol', year);
      expect(other.lms.books.users.map(({ username }) => username)).to.deep.equal(['countess', 'ada@example.org']);
    });
  });

  it('does not search for a mail address with a comma, which the search phrase cannot express', async () => {
    const { errors } = await site.grant('enrol', year, site.context({ buyer: { email: '"a,id=1"@example.org' } }));
    expect(errors).to.deep.equal([]);
    const searched = site.lms.books.requests.map(({ query }) => query['user_filter'] ?? '').filter((phrase) => phrase !== '');
    expect(searched.every((phrase) => !phrase.includes(','))).to.equal(true);
  });

  it('asks a person when several accounts have the address', async () => {
    site.lms.addUser({ username: 'countess', email: 'ada@example.org' });
    site.lms.addUser({ username: 'lovelace', email: 'ada@example.org' });
    const { parked, errors } = await site.grant('enrol', year);
    expect(parked?.code).to.equal('AXIS_USER_AMBIGUOUS');
    expect(errors).to.have.length(1);
    expect(site.lms.books.users).to.have.length(2);
  });

  it('asks a person when the account is inactive, whether or not a search shows it', async () => {
    for (const filterShowsInactive of [false, true]) {
      await withSite({ double: { filterShowsInactive } }, async (other) => {
        other.lms.addUser({ username: 'ada@example.org', isActive: false });
        const { parked, errors } = await other.grant('enrol', year);
        expect(parked?.code).to.equal('AXIS_USER_INACTIVE');
        expect(parked?.message).to.include('TS-101');
        expect(errors).to.have.length(1);
      });
    }
  });

  it('moves the expiration date of an account only where the owner allows it', async () => {
    for (const filterShowsInactive of [false, true]) {
      for (const expired of ['20260201', '20260401']) {
        await withSite({ double: { filterShowsInactive }, connector: { extendAccounts: true } }, async (other) => {
          other.lms.addUser({ username: 'ada@example.org', fields: { date_expire: expired } });
          const { errors } = await other.grant('enrol', year);
          expect(errors).to.deep.equal([]);
          expect(other.lms.books.users[0]?.fields['date_expire']).to.equal('20270301');
        });
      }
    }
    site.lms.addUser({ username: 'ada@example.org', fields: { date_expire: '20260201' } });
    const { parked } = await site.grant('enrol', year);
    expect(parked?.code).to.equal('AXIS_USER_INACTIVE');
    expect(parked?.hint).to.include('extendAccounts');
  });

  it('asks a person when there is no address, an address too long for Axis, or an illegal user name', async () => {
    const none = await site.grant('enrol', year, site.context({ buyer: { name: 'Ada' } }));
    const long = await site.grant('enrol', year, site.context({ buyer: { email: `${'a'.repeat(80)}@example.org` } }));
    const illegal = await site.grant('enrol', { ...year, username: 'no spaces' });
    const codes = [none, long, illegal].map(({ parked }) => parked?.code);
    expect(codes).to.deep.equal(['AXIS_LEARNER_UNKNOWN', 'AXIS_EMAIL_TOO_LONG', 'AXIS_USERNAME_ILLEGAL']);
    expect(site.lms.books.users).to.deep.equal([]);
  });

  it('takes the user name the product gives, and leaves the fields of an existing account alone', async () => {
    site.lms.addUser({ username: 'Countess', email: 'old@example.org', firstName: 'A.' });
    await site.grant('enrol', { ...year, username: 'countess', account: { company: 'New' } });
    expect(site.lms.books.users).to.have.length(1);
    expect(site.lms.books.users[0]?.fields)
      .to.include({ email: 'old@example.org', first_name: 'A.' })
      .and.not.have.property('company');
  });
});
