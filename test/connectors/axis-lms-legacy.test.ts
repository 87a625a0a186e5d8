import { expect } from 'chai';
import fc from 'fast-check';
import { axisLms } from '../../connectors/axis-lms/index.ts';
import { readLegacyAnswer } from '../../connectors/axis-lms/legacy-answer.ts';
import { fault } from '../../src/testing/double-server.ts';
import { openAxisSite, textOf, withSite, windowsOf, type AxisSite, type SiteOptions } from './axis-lms-site.ts';

const course = { course: 'TypeScript in a week', days: 365 };
const legacy: SiteOptions = { connector: { api: 'legacy' } };

describe('the Legacy API of Axis LMS', () => {
  let site: AxisSite;
  beforeEach(async () => void (site = await openAxisSite(legacy)));
  afterEach(() => site.close());

  it('makes the account with a password nobody knows, and enrols by names', async () => {
    const ctx = site.context();
    const { result } = await site.grant('enrol', { ...course, account: { company: 'A || B=C |' } }, ctx);
    expect(site.lms.books.users[0]?.fields).to.deep.equal({
      role: 'learner',
      username: 'ada@example.org',
      email: 'ada@example.org',
      first_name: 'Ada',
      last_name: 'Byron',
      company: 'A B=C',
      custom15: ctx.order.id,
    });
    expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260301', end: '20270301' }]);
    expect(result).to.include({
      userId: 'ada@example.org',
      courseId: 'TypeScript in a week',
      end: '2027-03-01',
      before: 'absent',
    });
    const { password } = { password: site.lms.books.requests.find(({ query }) => query['command'] === 'user__add')?.query['p3'] };
    expect(password).to.have.length.greaterThan(20);
  });

  it('makes one account for two orders of a new buyer that are fulfilled at the same time', async () => {
    const both = await Promise.all([site.grant('enrol', course), site.grant('enrol', course)]);
    expect(both.map(({ parked }) => parked)).to.deep.equal([undefined, undefined]);
    expect(site.lms.books.users).to.have.length(1);
    expect(site.lms.books.enrolments).to.have.length(1);
  });

  it('finds a lost enrolment on file where a repeat is refused', async () => {
    await withSite({ ...legacy, double: { legacyRepeatEnrol: 'false' } }, async (other) => {
      other.lms.faults.next(fault.commitThenDrop(), { when: ({ query }) => query['command'] === 'user__enroll' });
      const { errors, ctx } = await other.grant('enrol', course);
      const replay = await other.grant('enrol', course, ctx.again());
      expect([...errors, ...replay.errors]).to.deep.equal([]);
      expect(other.lms.books.notifications).to.have.length(1);
    });
  });

  it('asks a person, naming the SKU, when the course is unknown or extending is wanted', async () => {
    const unknown = await site.grant('enrol', { course: '17' });
    const extend = await site.grant('enrol', { ...course, repeatPurchase: 'extend' });
    expect([unknown.parked?.code, extend.parked?.code]).to.deep.equal(['AXIS_COURSE_UNKNOWN', 'AXIS_EXTEND_IMPOSSIBLE']);
    for (const { parked } of [unknown, extend]) expect(parked?.message).to.include('TS-101');
  });

  it('tries a "false" without a reason twice more, then asks a person', async () => {
    site.lms.changeCourse('17', { isActive: false });
    const { parked, errors } = await site.grant('enrol', course);
    expect(parked?.code).to.equal('AXIS_LEGACY_FALSE');
    expect(errors).to.have.length(3);
  });

  it('asks a person when the account is not active, which looks as if there were none', async () => {
    site.lms.addUser({ username: 'ada@example.org', isActive: false });
    expect((await site.grant('enrol', course)).parked?.code).to.equal('AXIS_LEGACY_FALSE');
    expect(site.lms.books.users).to.have.length(1);
  });

  it('disenrols, and is content when that has happened already', async () => {
    const { result = {} } = await site.grant('enrol', course);
    const first = await site.undo('revoke', 'enrol', course, result);
    const second = await site.undo('revoke', 'enrol', course, result);
    expect([...first.errors, ...second.errors]).to.deep.equal([]);
    expect(site.lms.books.enrolments).to.deep.equal([]);
  });

  it('is content with a lost disenrolment and with a missing account, even where nothing can be read', async () => {
    await withSite({ ...legacy, double: { legacyReads: 'false' } }, async (other) => {
      const { result = {} } = await other.grant('enrol', course);
      other.lms.faults.next(fault.commitThenDrop(), { when: ({ query }) => query['command'] === 'user__disenroll' });
      const lost = await other.undo('revoke', 'enrol', course, result);
      expect(lost.parked).to.equal(undefined);
      other.lms.removeUser('601');
      expect((await other.undo('revoke', 'enrol', course, result)).errors).to.deep.equal([]);
    });
  });

  it('asks a person to restore access that was there before, since no dates are told', async () => {
    await site.grant('enrol', course);
    const { result = {} } = await site.grant('enrol', course);
    expect(result).to.include({ before: 'listed' });
    expect((await site.undo('revoke', 'enrol', course, result)).parked?.code).to.equal('AXIS_FORMER_DATES_UNKNOWN');
    expect(site.lms.books.enrolments).to.have.length(1);
  });

  it('suspends and resumes by the dates', async () => {
    const { result = {} } = await site.grant('enrol', course);
    await site.undo('suspend', 'enrol', course, result);
    expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260227', end: '20260228' }]);
    await site.undo('resume', 'enrol', course, result);
    expect(windowsOf(site)).to.deep.equal([{ courseId: '17', start: '20260301', end: '20270301' }]);
  });

  it('makes sign-in links that end, and asks for none without an end', async () => {
    const { result = {} } = await site.grant('enrol', course);
    const options = { ...site.options, ssoMinutes: 5 };
    const link = await site.action('enrol').link?.(result, course, site.context({}, { options }));
    expect(await (await fetch(String(link))).text()).to.include('Signed in as ada@example.org');
    site.at('2026-03-01T12:06:00Z');
    expect((await fetch(String(link))).status).to.equal(403);
    const asked = site.lms.books.requests.filter(({ query }) => query['command'] === 'user__getSSO');
    expect(asked.every(({ query }) => query['p3'] === 'false' && Number(query['p4']) > 0)).to.equal(true);
  });

  it('cannot do learning paths and usergroups, and says so', async () => {
    expect((await site.grant('enrolPath', { path: '41' })).parked?.code).to.equal('AXIS_NEEDS_REST');
    expect((await site.grant('addToGroup', { group: 'Spring class' })).parked?.code).to.equal('AXIS_NEEDS_REST');
  });

  it('takes a page instead of XML for trouble, never for an answer', async () => {
    for (const body of [fault.html(), fault.truncatedJson()]) {
      site.lms.faults.next(body, { when: ({ query }) => query['command'] === 'course__getRecord' });
      const { errors } = await site.grant('enrol', course);
      expect(errors.map(({ code }) => code)).to.deep.equal(['AXIS_UNREADABLE']);
    }
  });

  it('tells a wrong key when it checks the account, whichever way Axis says so', async () => {
    for (const legacyWrongKey of ['false', 'forbidden'] as const) {
      await withSite({ ...legacy, double: { legacyWrongKey } }, async (other) => {
        const { http, keys, now } = other.context();
        const used = [
          { action: 'enrol', input: course, sku: 'A' },
          { action: 'enrol', input: { course: 'Nothing' }, sku: 'B' },
          { action: 'enrolPath', input: { path: '41' }, sku: 'C' },
        ];
        const right = await axisLms.check?.({ options: other.options, http, keys, now, used });
        expect(right?.map(({ ok }) => ok)).to.deep.equal([true, true, false, false]);
        const wrong = await axisLms.check?.({ options: { ...other.options, apiKey: 'wrong' }, http, keys, now, used });
        expect(wrong?.map(({ ok }) => ok)).to.deep.equal([false]);
      });
    }
  });

  it('says no secret in any error or log line', async () => {
    const { result = {} } = await site.grant('enrol', course);
    for (const trouble of [
      fault.drop(),
      fault.commitThenDrop(),
      fault.status(429),
      fault.status(403),
      fault.html(),
      fault.redirect('https://example.com/?auth=1'),
    ]) {
      for (const command of ['course__getRecord', 'user__getSSO', 'user__enroll']) {
        site.lms.faults.next(trouble, { when: ({ query }) => query['command'] === command });
        await site.grant('enrol', course);
        const ctx = site.context();
        await site.action('enrol').link?.(result, course, ctx);
        site.uttered.push(...ctx.logged);
        site.lms.faults.clear();
      }
    }
    await site.lms.goDown();
    await site
      .action('enrol')
      .grant(course, site.context())
      .catch((error: unknown) => site.uttered.push(error));
    expect(site.uttered.length).to.be.greaterThan(10);
    const said = site.uttered.map((each) => textOf(each)).join('\n');
    expect(site.lms.books.secrets.filter((secret) => said.includes(secret))).to.deep.equal([]);
    expect(said).to.not.include('ada@example.org');
  });
});

describe('the reader of Legacy answers', () => {
  it('reads values, lists, records and empty answers', () => {
    expect(readLegacyAnswer('<api_result><result>true</result></api_result>')).to.deep.equal([{ name: 'result', text: 'true' }]);
    expect(readLegacyAnswer('\uFEFF<?xml version="1.0"?>\n<api_result>\n <id>1</id>\n <name/>\n</api_result>\n')).to.deep.equal([
      { name: 'id', text: '1' },
      { name: 'name', text: '' },
    ]);
    expect(readLegacyAnswer('<api_result></api_result>')).to.deep.equal([]);
    expect(readLegacyAnswer('<api_result/>')).to.deep.equal([]);
  });

  it('reads escapes, sections of raw text and loose markup as text', () => {
    const text = (xml: string) => readLegacyAnswer(`<api_result><result>${xml}</result></api_result>`)?.[0]?.text;
    expect(text('https://example.com/?a=1&amp;b=2')).to.equal('https://example.com/?a=1&b=2');
    expect(text('&#60;&#x3e;&quot;&apos;&unknown;')).to.equal(`<>"'&unknown;`);
    expect(text('<![CDATA[a & b]]>')).to.equal('a & b');
    expect(text('<b>tagged <i>badly')).to.equal('<b>tagged <i>badly');
  });

  it('takes nothing else for an answer', () => {
    for (const other of [
      '',
      'false',
      '<html><body>api_result</body></html>',
      '<api_result><result>true</result>',
      '<api_result>true</api_result>',
      '<api_result><result>true</api_result>',
      '<api_result/><more/>',
      '<!DOCTYPE api_result><api_result/>',
      '{"status":"200"}',
    ]) {
      expect(readLegacyAnswer(other), other).to.equal(undefined);
    }
  });

  it('gives back every list of texts that was escaped', () => {
    const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
        const xml = `<api_result>${texts.map((text) => `<result>${escaped(text)}</result>`).join('')}</api_result>`;
        expect(readLegacyAnswer(xml)?.map(({ text }) => text)).to.deep.equal(texts);
      }),
    );
  });

  it('reads any text without failing', () => {
    fc.assert(fc.property(fc.string(), (text) => void readLegacyAnswer(text)));
    fc.assert(fc.property(fc.string(), (text) => void readLegacyAnswer(`<api_result>${text}</api_result>`)));
  });
});
