import { expect } from 'chai';
import { fault, jsonReply, type DoubleRequest } from '../../src/testing/double-server.ts';
import { openMoodleSite, year, type MoodleSite } from './moodle-site.ts';

const isEnrol = ({ form }: Pick<DoubleRequest, 'form'>) => form['wsfunction'] === 'enrol_manual_enrol_users';

describe('how the Moodle connector speaks', () => {
  let site: MoodleSite;
  beforeEach(async () => void (site = await openMoodleSite()));
  afterEach(() => site.close());

  const exception = (errorcode: string, message = 'Words.') => jsonReply({ exception: 'x', errorcode, message });

  it('switches on the code of an answer alone, in whatever release and language', async () => {
    const codes: [string, string | undefined, string | undefined][] = [];
    for (const errorcode of [
      'sitemaintenance',
      'dbconnectionfailed',
      'invalidtoken',
      'nopermissions',
      'invalidrecord',
      'wsnoinstance',
    ]) {
      site.moodle.faults.next(fault.reply(jsonReply({ exception: 'anything', errorcode, message: 'Irgendwas', debuginfo: 'x' })));
      const { errors } = await site.grant(year);
      codes.push([errorcode, errors[0]?.code, errors[0]?.retry]);
    }
    expect(codes).to.deep.equal([
      ['sitemaintenance', 'MOODLE_BUSY', 'later'],
      ['dbconnectionfailed', 'MOODLE_BUSY', 'later'],
      ['invalidtoken', 'MOODLE_TOKEN_REFUSED', 'never'],
      ['nopermissions', 'MOODLE_RIGHT_MISSING', 'never'],
      ['invalidrecord', 'MOODLE_NOT_FOUND', 'never'],
      ['wsnoinstance', 'MOODLE_NO_MANUAL_ENROLMENT', 'never'],
    ]);
  });

  it('meets a code it does not know three times, and one that is none not again', async () => {
    const stop = site.moodle.faults.always(fault.reply(exception('locktimeout')));
    const unknown = await site.grant(year);
    stop();
    site.moodle.faults.next(
      fault.reply(exception('<div>Passwords must be at least 8 characters long.</div>', 'error/<div>Too short</div>')),
    );
    const none = await site.grant(year);
    expect([unknown.parked?.code, unknown.errors.length]).to.deep.equal(['MOODLE_REFUSED', 3]);
    expect([none.parked?.code, none.errors.length]).to.deep.equal(['MOODLE_REFUSED', 1]);
    expect(none.parked?.message).to.include('Too short').and.not.include('<');
  });

  it('shows staff what Moodle says, without tags, token, links and addresses', async () => {
    const said = `<b>It is Sunday.</b> ${site.moodle.token} https://moodle.example.com/?x=1 ada@example.org`;
    site.moodle.faults.next(fault.reply(exception('nopermissions', said)));
    const { parked } = await site.grant(year);
    for (const part of ['It is Sunday.', '[secret]', '[link]', '[address]']) expect(parked?.message).to.include(part);
    for (const part of [site.moodle.token, 'example', '<b>']) expect(parked?.message).to.not.include(part);
  });

  it('takes only the documented confirmation for success', async () => {
    for (const body of ['{}', '[]', 'true', '""', '{"status":"ok"}', 'null null']) {
      site.moodle.faults.next(fault.reply({ status: 200, headers: { 'content-type': 'application/json' }, body }), {
        when: isEnrol,
      });
      const buyer = { email: `n${body.length}${body.charCodeAt(0)}@example.org` };
      const { errors } = await site.grant(year, site.context({ buyer }));
      expect(
        errors.map(({ code, unknown }) => [code, unknown]),
        body,
      ).to.deep.equal([['MOODLE_UNREADABLE', true]]);
    }
  });

  it('asks a person when a page stands where the answer should be and stays there', async () => {
    site.moodle.faults.always(fault.html());
    const { parked, errors } = await site.grant(year);
    expect([parked?.code, errors.length]).to.deep.equal(['MOODLE_UNREADABLE', 7]);
    expect(parked?.message).to.include('text/html').and.not.include('We will be back soon');
  });

  it('tells statuses apart, hands on how long to wait, and limits how often it meets a server error', async () => {
    const first = async (status: number, retryAfter?: number) => {
      site.moodle.faults.next(fault.status(status, retryAfter === undefined ? {} : { retryAfter }));
      const { errors } = await site.grant(year);
      return [errors[0]?.code, errors[0]?.retry, errors[0]?.retryAfterMs];
    };
    expect([
      await first(503, 60),
      await first(429, 5),
      await first(502),
      await first(404),
      await first(403),
      await first(401),
    ]).to.deep.equal([
      ['MOODLE_BUSY', 'later', 60_000],
      ['MOODLE_BUSY', 'later', 5000],
      ['MOODLE_SERVER_ERROR', 'later', undefined],
      ['MOODLE_BASE_URL', 'never', undefined],
      ['MOODLE_SERVICES_OFF', 'never', undefined],
      ['MOODLE_REFUSED', 'never', undefined],
    ]);
    site.moodle.faults.always(fault.status(500));
    const { parked, errors } = await site.grant(year);
    expect([parked?.code, errors.length]).to.deep.equal(['MOODLE_SERVER_ERROR', 8]);
  });

  it('refuses to send its token over plain HTTP, unless the owner says it may', async () => {
    const baseUrl = 'http://moodle.example.com';
    const closed = await site.grant(year, site.context({}, { options: { ...site.options, baseUrl } }));
    expect(closed.parked?.code).to.equal('MOODLE_BASE_URL');
    const sent: string[] = [];
    const http = { send: async ({ url }: { url: string }) => Promise.reject(new Error(sent.push(url).toString())) };
    const open = site.context({}, { options: { ...site.options, baseUrl, allowHttp: true }, http });
    await site.find(open);
    await site.check([], { baseUrl: 'http://[::1]:1' });
    const link = await site.link({ userId: 1, courseUrl: 'x', isNewAccount: true }, open);
    expect([link, sent]).to.deep.equal(['x', [`${baseUrl}/webservice/rest/server.php`]]);
  });

  it('says that nothing was sent when the other side is down, and stops when it is told to', async () => {
    await site.moodle.goDown();
    const codeOf = ({ logged }: ReturnType<typeof site.context>) =>
      logged.map(({ fields }) => (fields as { code?: string }).code);
    const down = site.context();
    await site.link({ userId: 1, courseUrl: 'x', isNewAccount: true }, down);
    expect(codeOf(down)).to.deep.equal(['MOODLE_NOT_REACHED']);
    await site.moodle.comeBack();
    const context = site.context({}, { signal: AbortSignal.abort() });
    await site.link({ userId: 1, courseUrl: 'x', isNewAccount: true }, context);
    expect(codeOf(context)).to.deep.equal(['MOODLE_NO_ANSWER']);
  });

  it('cleans the address it was given', async () => {
    const options = { ...site.options, baseUrl: ` ${site.moodle.url}/// `, siteUrl: `${site.moodle.url}/` };
    const { result } = await site.grant(year, site.context({}, { options }));
    expect(result?.['courseUrl']).to.equal(`${site.moodle.url}/course/view.php?id=${site.courseId}`);
  });
});
