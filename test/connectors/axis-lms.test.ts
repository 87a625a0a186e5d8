import { expect } from 'chai';
import { axisLms, type AxisOptions } from '../../connectors/axis-lms/index.ts';
import { testLine } from '../../src/testing/action-context.ts';
import { fault } from '../../src/testing/double-server.ts';
import { openAxisSite, textOf, withSite, year, type AxisSite } from './axis-lms-site.ts';

describe('the Axis LMS connector', () => {
  let site: AxisSite;
  beforeEach(async () => void (site = await openAxisSite()));
  afterEach(() => site.close());

  describe('learning paths and usergroups', () => {
    for (const [name, input, members] of [
      ['enrolPath', { path: 41 }, () => site.lms.books.learningPathEnrolments.map(({ username }) => username)],
      ['addToGroup', { group: 'spring class' }, () => site.lms.books.usergroups[0]?.members],
    ] as const) {
      it(`${name} lets the learner in once, and out again`, async () => {
        const { result = {}, ctx } = await site.grant(name, input);
        expect(await site.action(name).grant(input, ctx.again())).to.deep.equal(result);
        await site.grant(name, input);
        expect(members()).to.deep.equal(['ada@example.org']);
        expect(result).to.include({ wasIn: false, isNewAccount: true });
        expect((await site.undo('revoke', name, input, result)).errors).to.deep.equal([]);
        expect((await site.undo('revoke', name, input, result)).errors).to.deep.equal([]);
        expect(members()).to.deep.equal([]);
      });

      it(`${name} knows its own entry again when answer and look were lost`, async () => {
        const isLook = /learningpaths.41.users|filtered/;
        site.lms.faults.next(fault.commitThenDrop(), { method: 'POST', path: /enrollments|members/ });
        site.lms.faults.next(fault.drop(), { path: isLook, when: () => isWritten() });
        const isWritten = () => members()?.length === 1;
        const { result, errors } = await site.grant(name, input);
        expect(errors.map(({ code, unknown }) => [code, unknown])).to.deep.equal([['AXIS_NO_ANSWER', true]]);
        expect(result).to.include({ wasIn: false });
        expect(members()).to.deep.equal(['ada@example.org']);
      });

      it(`${name} leaves in who was in before`, async () => {
        await site.grant(name, input);
        const { result = {} } = await site.grant(name, input);
        expect(result).to.include({ wasIn: true });
        await site.undo('revoke', name, input, result);
        expect(members()).to.deep.equal(['ada@example.org']);
      });

      it(`${name} asks a person when there is no such thing or the account is inactive`, async () => {
        const unknown = await site.grant(name, { path: '99', group: 'Nobody' });
        expect(await site.action(name).find?.({ path: '99', group: 'Nobody' }, site.context())).to.equal(undefined);
        site.lms.addUser({ username: 'ada@example.org', isActive: false });
        const inactive = await site.grant(name, input);
        expect([unknown.parked?.code, inactive.parked?.code]).to.deep.equal(['AXIS_TARGET_UNKNOWN', 'AXIS_USER_INACTIVE']);
        expect(unknown.parked?.message).to.include('TS-101');
      });
    }

    it('takes a member out while a payment is disputed, and back in', async () => {
      await withSite({ connector: { groupPath: 'name' }, double: { filterCase: 'sensitive' } }, async (other) => {
        const input = { group: 'Spring class' };
        const { result = {} } = await other.grant('addToGroup', input);
        await other.undo('suspend', 'addToGroup', input, result);
        expect(other.lms.books.usergroups[0]?.members).to.deep.equal([]);
        await other.undo('resume', 'addToGroup', input, result);
        await other.undo('resume', 'addToGroup', input, result);
        expect(other.lms.books.usergroups[0]?.members).to.deep.equal(['ada@example.org']);
      });
    });
  });

  describe('signing in', () => {
    it('gives a fresh link at each click to whose account the order made, for every course of that order', async () => {
      site.lms.addCourse({ id: '18', name: 'Other' });
      const ctx = site.context();
      const first = await site.grant('enrol', year, ctx);
      const second = await site.grant('enrol', { course: '18' }, site.context({}, { order: ctx.order }));
      const links = [];
      for (const { result = {} } of [first, first, second]) links.push(await site.action('enrol').link?.(result, {}, ctx));
      expect(new Set(links)).to.have.property('size', 3);
      for (const link of links) expect(await (await fetch(String(link))).text()).to.include('Signed in as ada@example.org');
    });

    it('sends a known account to the portal, unless the owner trusts the addresses; a manager always', async () => {
      const { id } = site.lms.addUser({ username: 'ada@example.org' });
      const { result = {} } = await site.grant('enrol', year);
      const always = site.context({}, { options: { ...site.options, signIn: 'always' } });
      const never = site.context({}, { options: { ...site.options, signIn: 'never' } });
      const link = (ctx: typeof always, outcome = result) => site.action('enrol').link?.(outcome, {}, ctx);
      expect(await link(site.context())).to.equal(`${site.lms.origin}/`);
      expect(await link(always)).to.include('/sso/');
      expect(await link(never, { ...result, isNewAccount: true })).to.equal(`${site.lms.origin}/`);
      site.lms.changeUser(id, { fields: { role: 'manager' } });
      expect(await link(always)).to.equal(`${site.lms.origin}/`);
    });

    it('sends to the portal when no link can be had, and tells staff why', async () => {
      const { result = {} } = await site.grant('enrol', year);
      for (const trouble of [fault.status(503), fault.html(), fault.drop()]) {
        const ctx = site.context();
        site.lms.faults.next(trouble, { path: /users.601/ });
        expect(await site.action('enrol').link?.(result, {}, ctx)).to.equal(`${site.lms.origin}/`);
        expect(ctx.logged.map(({ level }) => level)).to.deep.equal(['warn']);
      }
    });
  });

  describe('checking an account', () => {
    const check = async (
      other: AxisSite,
      used: { action: string; input: Record<string, unknown>; sku: string }[],
      options = other.options,
    ) => {
      const { http, keys, now } = other.context();
      return (await axisLms.check?.({ options, http, keys, now, used })) ?? [];
    };
    const used = [
      { action: 'enrol', input: { course: '17' }, sku: 'TS-101' },
      { action: 'enrol', input: { course: 17 }, sku: 'TS-102' },
      { action: 'enrolPath', input: { path: '41' }, sku: 'TS-103' },
      { action: 'addToGroup', input: { group: 'Spring class' }, sku: 'TS-104' },
      { action: 'enrol', input: { course: '{{metadata.course}}' }, sku: 'TS-105' },
    ];

    it('tells in words that everything products name is there, and changes nothing', async () => {
      const findings = await check(site, used);
      expect(findings.filter(({ ok }) => !ok)).to.deep.equal([]);
      expect(findings.map(({ message }) => message).join('\n')).to.include(
        'TS-101, TS-102: course 17 "TypeScript in a week" is there and active.',
      );
      expect(site.lms.books.requests.every(({ method }) => method === 'GET')).to.equal(true);
    });

    it('tells what is missing, inactive or over', async () => {
      site.lms.changeCourse('17', { isActive: false });
      const findings = await check(site, [
        { action: 'enrol', input: { course: '17', until: '2026-01-01' }, sku: 'A' },
        { action: 'enrol', input: { course: '99' }, sku: 'B' },
        { action: 'enrolPath', input: { path: '99' }, sku: 'C' },
        { action: 'addToGroup', input: { group: 'Nobody' }, sku: 'D' },
      ]);
      const wrong = findings.filter(({ ok }) => !ok);
      expect(wrong).to.have.length(5);
      expect(wrong.every(({ hint }) => hint !== undefined)).to.equal(true);
    });

    it('tells a wrong key, base URL and time zone apart', async () => {
      const wrong = async (options: Partial<AxisOptions>) =>
        (await check(site, used, { ...site.options, ...options })).filter(({ ok }) => !ok);
      const said = await Promise.all(
        [
          { apiKey: 'wrong' },
          { baseUrl: `${site.lms.origin}/elsewhere/api.php` },
          { baseUrl: site.lms.origin },
          { timeZone: 'Mars' },
        ].map(wrong),
      );
      expect(said.map(({ length }) => length)).to.deep.equal([1, 1, 1, 1]);
      expect(said.map(([finding]) => finding?.message).join('\n')).to.match(/API key.*\n.*base URL.*\n.*base URL.*\n.*timeZone/);
    });
  });

  it('says no secret in any error or log line', async () => {
    const { result = {} } = await site.grant('enrol', year);
    await site.action('enrol').link?.(result, {}, site.context());
    const faults = [
      fault.drop(),
      fault.commitThenDrop(),
      fault.commitThen500(),
      fault.status(429),
      fault.status(403),
      fault.html(),
      fault.truncatedJson(),
    ];
    for (const trouble of faults) {
      for (const path of [/token/, /filtered/, /courses/, /enrollments/, /users.601/]) {
        site.lms.faults.next(trouble, { path });
        await site.grant('enrol', { ...year, repeatPurchase: 'extend' }, site.context({ lines: [testLine({ sku: 'X' })] }));
        const ctx = site.context();
        await site.action('enrol').link?.(result, {}, ctx);
        site.uttered.push(...ctx.logged);
        site.lms.faults.clear();
        if (trouble.kind === 'drop') site.lms.expireTokens();
      }
    }
    const wrong = { ...site.options, keyPlacement: 'query:nowhere', baseUrl: `${site.lms.origin}/nothing` };
    await site.grant('enrol', year, site.context({}, { options: wrong }));
    expect(site.uttered.length).to.be.greaterThan(20);
    const said = site.uttered.map((each) => textOf(each)).join('\n');
    expect(site.lms.books.secrets.filter((secret) => said.includes(secret))).to.deep.equal([]);
    expect(said).to.not.include('ada@example.org');
  });
});
