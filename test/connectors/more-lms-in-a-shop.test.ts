import { expect } from 'chai';
import { startDocebo, type DoceboDouble } from '../../src/testing/docebo/index.ts';
import { startKajabi, type KajabiDouble } from '../../src/testing/kajabi/index.ts';
import { startLearnDash, type LearnDashDouble } from '../../src/testing/learndash/index.ts';
import { startLearnWorlds, type LearnWorldsDouble } from '../../src/testing/learnworlds/index.ts';
import { CliShop, product, sale, site } from '../cli/command-line.ts';

describe('LearnDash, Kajabi, LearnWorlds and Docebo, in a shop', () => {
  let doubles: { dash: LearnDashDouble; kajabi: KajabiDouble; worlds: LearnWorldsDouble; docebo: DoceboDouble };
  let shop: CliShop;
  let env: Readonly<Record<string, string>>;
  const former = { ...process.env };

  before(async () => {
    doubles = {
      dash: await startLearnDash(),
      kajabi: await startKajabi(),
      worlds: await startLearnWorlds(),
      docebo: await startDocebo(),
    };
    const { dash, kajabi, worlds, docebo } = doubles;
    dash.addCourse();
    env = {
      TEST_DASH: dash.applicationPassword,
      TEST_ON: kajabi.offer.activationUrl,
      TEST_OFF: kajabi.offer.deactivationUrl,
      TEST_WORLDS: worlds.clientSecret,
      TEST_DOCEBO: docebo.clientSecret,
    };
    Object.assign(process.env, env);
    const connectors = {
      learndash: { baseUrl: dash.url, username: dash.username, applicationPassword: { env: 'TEST_DASH' } },
      kajabi: {
        siteUrl: kajabi.url,
        offers: { main: { activationUrl: { env: 'TEST_ON' }, deactivationUrl: { env: 'TEST_OFF' } } },
      },
      learnworlds: { schoolUrl: worlds.url, clientId: worlds.clientId, clientSecret: { env: 'TEST_WORLDS' } },
      docebo: { baseUrl: docebo.url, clientId: docebo.clientId, clientSecret: { env: 'TEST_DOCEBO' } },
    };
    const grants = {
      dash: { action: 'learndash.enrol', with: { course: 1234 } },
      kajabi: { action: 'kajabi.enrol', with: { offer: 'main' } },
      worlds: { action: 'learnworlds.enrol', with: { product: 'ts-101' } },
      docebo: { action: 'docebo.enrol', with: { course: 42 } },
    };
    shop = await CliShop.make({
      'handover.json': site({ connectors: { desk: {}, ...connectors } }),
      'products/TS-101.json': product('TS-101', { access: { until: '2099-12-31' }, grants }),
    });
  });
  after(async () => {
    for (const name of Object.keys(env)) {
      const value = former[name];
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await shop.remove();
    for (const double of Object.values(doubles)) await double.close();
  });

  const standing = () => ({
    dash: doubles.dash.books.enrolments.length,
    kajabi: doubles.kajabi.books.grants.length,
    worlds: doubles.worlds.books.enrolments.length,
    docebo: doubles.docebo.books.enrolments.map(({ end }) => end),
  });

  it('are found in order before the first sale', async () => {
    const { code, out } = await shop.run(['check', '--online'], { env });
    expect(out).to.include('course 1234 is there').and.include('course 42 is there').and.include('course "ts-101" is there');
    expect(code).to.equal(0);
  });

  it('give what was bought twice once, and take it back when the last purchase is refunded', async () => {
    const [first, second] = [sale('one', 'TS-101'), sale('two', 'TS-101')];
    await shop.takes(first, second);
    const all = { dash: 1, kajabi: 1, worlds: 1, docebo: ['2099-12-31'] };
    expect(standing()).to.deep.equal(all);
    const refund = (of: typeof first, id: string) =>
      ({ ...of, id, kind: 'payment.refunded', at: '2026-04-01T00:00:00Z', reversal: `re-${id}` }) as const;
    await shop.takes(refund(second, 'back-two'));
    expect(standing()).to.deep.equal(all);
    await shop.takes(refund(first, 'back-one'));
    expect(standing()).to.deep.equal({ dash: 0, kajabi: 0, worlds: 0, docebo: [] });
  });
});
