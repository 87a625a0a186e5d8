import { expect } from 'chai';
import { orderNumber } from '../../src/orders/order-number.ts';
import { startCanvas } from '../../src/testing/canvas/index.ts';
import { startOpenEdx } from '../../src/testing/open-edx/index.ts';
import { startTalentLms } from '../../src/testing/talentlms/index.ts';
import { startThinkific } from '../../src/testing/thinkific/index.ts';
import { CliShop, product, sale, site } from '../cli/command-line.ts';

interface Lms {
  readonly account: Readonly<Record<string, unknown>>;
  readonly course: number | string;
  /** How many learners are in the course now. */
  learners(): number;
  close(): Promise<void>;
}

const systems: Readonly<Record<string, () => Promise<Lms>>> = {
  async talentlms() {
    const lms = await startTalentLms();
    const account = { baseUrl: lms.url, apiKey: { env: 'LMS_SECRET' } };
    process.env['LMS_SECRET'] = lms.apiKey;
    return { account, course: lms.addCourse(), learners: () => lms.books.enrolments.length, close: () => lms.close() };
  },
  async thinkific() {
    const lms = await startThinkific();
    const account = { baseUrl: lms.url, subdomain: lms.subdomain, apiKey: { env: 'LMS_SECRET' } };
    process.env['LMS_SECRET'] = lms.apiKey;
    return { account, course: lms.addCourse(), learners: () => lms.books.open.length, close: () => lms.close() };
  },
  async canvas() {
    const lms = await startCanvas();
    const account = { baseUrl: lms.url, token: { env: 'LMS_SECRET' } };
    process.env['LMS_SECRET'] = lms.token;
    const learners = () => lms.books.enrolments.filter((seat) => seat.enrollment_state === 'active').length;
    return { account, course: lms.addCourse(), learners, close: () => lms.close() };
  },
  async 'open-edx'() {
    const lms = await startOpenEdx();
    const account = { baseUrl: lms.url, clientId: lms.clientId, clientSecret: { env: 'LMS_SECRET' } };
    process.env['LMS_SECRET'] = lms.clientSecret;
    const learners = () => lms.books.enrolments.filter(({ isActive }) => isActive).length;
    return { account, course: lms.addCourse(), learners, close: () => lms.close() };
  },
};

for (const [name, start] of Object.entries(systems)) {
  describe(`${name}, in a shop`, () => {
    let lms: Lms;
    let shop: CliShop;
    before(async () => {
      lms = await start();
      const grants = { course: { action: 'school.enrol', with: { course: lms.course } } };
      shop = await CliShop.make({
        'handover.json': site({ connectors: { desk: {}, school: { use: name, ...lms.account } } }),
        'products/TS-101.json': product('TS-101', { grants, access: { days: 36_000 } }),
        'products/TS-200.json': product('TS-200', { grants }),
      });
    });
    after(async () => {
      await shop.remove();
      await lms.close();
      delete process.env['LMS_SECRET'];
    });

    it('is found right by the check before the first sale', async () => {
      const { out, err } = await shop.run(['check', '--online']);
      expect(out + err).to.include('TypeScript in a week');
      expect(lms.learners()).to.equal(0);
    });

    it('keeps the learner in the course until the last of two purchases is refunded', async () => {
      const [first, second] = [sale('first', 'TS-101'), sale('second', 'TS-200')];
      const back = (paid: typeof first, id: string) =>
        ({ ...paid, id, kind: 'payment.refunded', at: '2026-04-01T00:00:00Z', reversal: `re_${id}` }) as const;
      await shop.takes(first);
      await shop.takes(second);
      expect(lms.learners()).to.equal(1);
      await shop.takes(back(first, 'back-1'));
      expect(lms.learners()).to.equal(1);
      await shop.takes(back(second, 'back-2'));
      expect(lms.learners()).to.equal(0);
      const { out } = await shop.run(['order', orderNumber('paper', 'second'), '--json']);
      const { steps } = JSON.parse(out) as { steps: { state: string }[] };
      expect(steps.filter(({ state }) => state === 'parked')).to.deep.equal([]);
    });
  });
}
