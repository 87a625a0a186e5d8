import { expect } from 'chai';
import { startMailbox } from '../../src/testing/mailbox.ts';
import { CliShop, product, site } from './command-line.ts';

describe('handover check', () => {
  let shop: CliShop;
  afterEach(() => shop.remove());

  it('shows products, connectors and the callback address to enter at each gateway', async () => {
    shop = await CliShop.make({ 'products/TS-102.json': product('TS-102', { price: ['20.00 EUR', '22.00 USD'] }) });
    const { code, out, err } = await shop.run(['check']);
    expect(code).to.equal(0);
    expect(err).to.equal('');
    expect(out).to.match(/^The configuration in .* is good: mode test, version [0-9a-f]{12}\.$/m);
    expect(out).to.match(/^ {2}TS-101 {2}Course TS-101 {2}49\.00 EUR +desk\.enrol$/m);
    expect(out).to.match(/^ {2}TS-102 {2}Course TS-102 {2}20\.00 EUR or 22\.00 USD {2}desk\.enrol$/m);
    expect(out).to.match(/^ {2}desk {2}A desk with a person behind it {2}2 products use it$/m);
    expect(out).to.match(/^ {2}paper {2}https:\/\/shop\.example\.com\/shop\/callbacks\/paper {2}Slips of paper$/m);
  });

  it('makes no store and no key file', async () => {
    shop = await CliShop.make();
    await shop.run(['check', '--online']);
    const { err } = await shop.run(['status']);
    expect(err).to.contain('STORE_MISSING');
  });

  it('tells all problems of all files at once, and ends with 1', async () => {
    shop = await CliShop.make({
      'handover.json': site({ messages: 'condensd' }),
      'products/TS-101.json': product('TS-101', { grants: { course: { action: 'dsk.enrol', with: { course: 'x' } } } }),
    });
    const { code, out } = await shop.run(['check']);
    expect(code).to.equal(1);
    expect(out).to.match(/^The configuration has 2 problems$/m);
    expect(out).to.match(/^ {2}handover\.json {2}messages\n {4}.*"condensed"/m);
    expect(out).to.match(/^ {2}products\/TS-101\.json {2}grants\.course\.action\n {4}.*"desk\.enrol"/m);
    const { problems } = (await shop.run(['check', '--json'])).json<{ problems: { file: string; path: string }[] }>();
    expect(problems.map(({ file, path }) => `${file} ${path}`)).to.deep.equal([
      'handover.json messages',
      'products/TS-101.json grants.course.action',
    ]);
  });

  it('asks nobody unless --online is given', async () => {
    shop = await CliShop.make({ 'products/closed.json': product('CLOSED') });
    expect((await shop.run(['check'])).code).to.equal(0);
  });

  it('asks gateways and connectors about what the products use, and ends with 1 when one of them finds fault', async () => {
    shop = await CliShop.make({ 'products/closed.json': product('CLOSED') });
    const { code, out } = await shop.run(['check', '--online']);
    expect(code).to.equal(1);
    expect(out).to.contain('  gateway paper\n    ✓ There is paper.\n');
    expect(out).to.contain(
      '  connector desk\n    ✓ The desk is staffed; 0 keys are in the drawer.\n    ✗ CLOSED: enrol leads to a closed course.\n      Open it.\n',
    );
    expect(out).to.contain('1 thing needs a person.');
  });

  it('gives the findings to machines', async () => {
    shop = await CliShop.make();
    const { code, json } = await shop.run(['check', '--online', '--json']);
    expect(code).to.equal(0);
    const found = json<{ ok: boolean; online: { kind: string; name: string; findings: { ok: boolean }[] }[] }>();
    expect(found.ok).to.equal(true);
    expect(found.online.map(({ kind, name }) => `${kind} ${name}`)).to.deep.equal(['gateway paper', 'connector desk']);
  });

  it('signs in at the mail server, and says when it cannot', async () => {
    const mailbox = await startMailbox();
    const mail = (port: number): object => ({
      mail: { from: { email: 'school@example.org' }, smtp: { host: '127.0.0.1', port } },
    });
    shop = await CliShop.make({ 'handover.json': site(mail(mailbox.port)) });
    const good = await shop.run(['check', '--online']);
    await mailbox.close();
    expect(good.out).to.match(/^ {2}mail server 127\.0\.0\.1\n {4}✓ .*lets us in/m);
    expect(good.code).to.equal(0);
    const bad = await shop.run(['check', '--online']);
    expect(bad.out).to.match(/^ {2}mail server 127\.0\.0\.1\n {4}✗ /m);
    expect(bad.code).to.equal(1);
  });

  it('prints no secret', async () => {
    shop = await CliShop.make({ 'handover.json': site({ connectors: { desk: { secret: { env: 'DESK_SECRET' } } } }) });
    const env = { DESK_SECRET: 'very-secret-value' };
    for (const args of [
      ['check', '--online'],
      ['check', '--json'],
    ]) {
      const { code, out, err } = await shop.run(args, { env });
      expect(code).to.equal(0);
      expect(out + err).to.not.contain('very-secret-value');
    }
  });

  it('says what is wrong with a module that is to bring gateways and connectors', async () => {
    shop = await CliShop.make();
    const missing = await shop.run(['check', '--with', 'nowhere.js']);
    expect(missing.code).to.equal(1);
    expect(missing.err).to.match(/^MODULE_UNUSABLE {2}The module nowhere\.js cannot be used: it cannot be imported/);
    const other = await shop.run(['check', '--with', `${import.meta.dirname}/../support/repository.ts`]);
    expect(other.err).to.contain('it exports neither "gateways" nor "connectors"');
  });
});
