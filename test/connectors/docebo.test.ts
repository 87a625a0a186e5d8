import { expect } from 'chai';
import type { Action, Outcome } from 'handover/contract';
import { docebo, type DoceboOptions } from '../../connectors/docebo/index.ts';
import { testContext, type TestContext } from '../../src/testing/action-context.ts';
import { startDocebo, type DoceboDouble } from '../../src/testing/docebo/index.ts';
import { fault, jsonReply } from '../../src/testing/double-server.ts';
import { connectorSuite } from '../../src/testing/suites/connector-suite.ts';

let clock = new Date('2026-03-01T12:00:00Z');
const now = () => clock;
const until = new Date('2027-03-01T12:00:00Z');
const enrol = docebo.actions['enrol'] as unknown as Action<Record<string, unknown>, Outcome, DoceboOptions>;
const input = { course: 42 };

function optionsFor({ url, clientId, clientSecret }: DoceboDouble): DoceboOptions {
  return { baseUrl: url, clientId, clientSecret, requestTimeoutSeconds: 1 };
}

for (const errorLists of ['beside', 'within'] as const) {
  connectorSuite({
    name: `docebo.enrol (errors ${errorLists})`,
    connector: docebo,
    action: 'enrol',
    async open() {
      const platform = await startDocebo({ now });
      platform.switches.errorLists = errorLists;
      platform.enrol({ userId: platform.addUser({ email: 'bystander@example.org' }), end: '2026-12-31' });
      const options = optionsFor(platform);
      return {
        options,
        input,
        effects: () => platform.books.enrolments,
        traces: () => platform.books.users,
        secrets: () => platform.books.secrets,
        faults: platform.faults,
        now,
        wrong: [
          { name: 'a bad secret', options: { ...options, clientSecret: 'wrong' } },
          { name: 'a grant type that is off', options: { ...options, grantType: 'password', username: 'a', password: 'b' } },
          { name: 'a missing right', prepare: () => void (platform.switches.maySeeUsers = false) },
          { name: 'an unknown course', input: { course: 99 } },
        ],
        close: () => platform.close(),
      };
    },
  });
}

describe('the Docebo connector', () => {
  let platform: DoceboDouble;
  let options: DoceboOptions;
  beforeEach(async () => {
    clock = new Date('2026-03-01T12:00:00Z');
    platform = await startDocebo({ now });
    options = optionsFor(platform);
  });
  afterEach(() => platform.close());

  const context = (changes: object = {}): TestContext<DoceboOptions> => testContext({ options, now, ...changes });
  const ends = () => platform.books.enrolments.map(({ email, end }) => `${email} ${end}`);
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: unknown) => (error as { code?: string }).code,
    );

  it('gives access until the day the purchase ends, in the zone of the platform, and moves it with a renewal', async () => {
    const late = new Date('2027-03-01T23:30:00Z');
    const ctx = context({ until: late, options: { ...options, timeZone: 'Europe/Vienna' } });
    const result = await enrol.grant(input, ctx);
    expect(result).to.include({ end: '2027-03-02', courseUrl: `${platform.url}/learn/courses/42` });
    const next = context({ until: new Date('2028-03-01T12:00:00Z') });
    expect(await enrol.renew?.(result, input, next as never)).to.include({ end: '2028-03-01' });
    expect(ends()).to.deep.equal(['ada@example.org 2028-03-01']);
    expect(
      await codeOf(
        enrol.grant(input, context({ until: new Date('2025-01-01T00:00:00Z'), learner: { email: 'eve@example.org' } })),
      ),
    ).to.equal('DOCEBO_TERM_OVER');
  });

  it('writes the moment where the platform takes one', async () => {
    await enrol.grant(input, context({ until, options: { ...options, dateFormat: 'dateTime' } }));
    expect(ends()).to.deep.equal(['ada@example.org 2027-03-01 12:00:00']);
  });

  it('does not take 200 for enrolled', async () => {
    platform.switches.mayEnrol = false;
    expect(await codeOf(enrol.grant(input, context()))).to.equal('DOCEBO_RIGHT_MISSING');
    platform.faults.next(fault.reply(jsonReply({ data: { enrolled: [], errors: [] } })), { path: /enrollments$/ });
    expect(await codeOf(enrol.grant(input, context()))).to.equal('DOCEBO_NOT_CONFIRMED');
    expect(ends()).to.deep.equal([]);
  });

  it('tells a person of a waiting list', async () => {
    platform.switches.hasWaitingList = true;
    expect(await codeOf(enrol.grant(input, context()))).to.equal('DOCEBO_WAITING');
  });

  it('finds the learner on the second page, among addresses that hold the same letters', async () => {
    for (let n = 0; n < 230; n += 1) platform.addUser({ email: `${n}ada@example.org` });
    const id = platform.addUser({ email: 'Ada@example.org' });
    expect(await enrol.grant(input, context())).to.include({ userId: id });
  });

  it('opens access that was over, and gives the former end back with a refund', async () => {
    platform.enrol({ userId: platform.addUser({ email: 'ada@example.org' }), end: '2025-12-31' });
    const result = await enrol.grant(input, context({ until }));
    expect(ends()).to.deep.equal(['ada@example.org 2027-03-01']);
    await enrol.revoke?.(result, input, context());
    expect(ends()).to.deep.equal(['ada@example.org 2025-12-31']);
    expect(await codeOf(enrol.grant(input, context()))).to.equal('DOCEBO_END_STAYS');
  });

  it('leaves in who was in before, and lengthens only what another order of ours gave', async () => {
    platform.enrol({ userId: platform.addUser({ email: 'ada@example.org' }), end: '2026-06-30' });
    const result = await enrol.grant(input, context({ until }));
    await enrol.revoke?.(result, input, context());
    expect([result['isOurs'], ends()]).to.deep.equal([false, ['ada@example.org 2026-06-30']]);
    expect(await codeOf(enrol.grant({ ...input, ifEnrolled: 'ask' }, context({ until })))).to.equal('DOCEBO_HAS_ACCESS');
    const shared = await enrol.grant(input, context({ until, alsoGivenBy: ['other/1/1/course'] }));
    await enrol.revoke?.(shared, input, context());
    expect(ends()).to.deep.equal(['ada@example.org 2027-03-01']);
  });

  it('asks for an account where the grant type takes one', () => {
    const problems = docebo.problems?.({ ...options, grantType: 'password', username: 'shop' }) ?? [];
    expect(problems.map(({ keys }) => keys)).to.deep.equal([['password']]);
  });

  it('gets a new token when the old one ends', async () => {
    await enrol.grant(input, context());
    clock = new Date('2026-03-01T13:10:00Z');
    await enrol.grant(input, context());
    expect(platform.books.requests.filter(({ path }) => path === '/oauth2/token')).to.have.length(2);
  });
});
