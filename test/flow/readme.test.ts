import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { builtInConnectors } from '../../src/wiring/built-in-connectors.ts';
import { builtInGateways } from '../../src/gateways/index.ts';
import { startAxisLms, type AxisLmsDouble } from '../../src/testing/axis-lms/index.ts';
import { startMailbox, type Mailbox } from '../../src/testing/mailbox.ts';
import { startStripe, type StripeDouble } from '../../src/testing/stripe/index.ts';
import { fencesOf, type Fence } from '../support/markdown.ts';
import { allFiles, packageFile, readText, root } from '../support/repository.ts';
import { endPrograms, freePort, removeTemporaryFolders, runNode, temporaryFolder } from '../support/run-example.ts';
import { until } from './until.ts';

const examples = allFiles('examples')
  .filter((file) => /\.(ts|cjs|json)$/.test(file))
  .map(readText);

function codeOf(page: string, languages: RegExp): Fence[] {
  return fencesOf(page).filter(({ language }) => languages.test(language));
}

describe('README.md', () => {
  let lms: AxisLmsDouble;
  let mailbox: Mailbox;
  let stripe: StripeDouble;
  before(async () => {
    [lms, mailbox, stripe] = await Promise.all([startAxisLms(), startMailbox(), startStripe()]);
    lms.addCourse({ id: '17', name: 'TypeScript in a week' });
  });
  after(() => Promise.all([lms.close(), mailbox.close(), stripe.close()]));
  after(removeTemporaryFolders);
  afterEach(endPrograms);

  it('begins with the two commands that need nothing but a clone', () => {
    const commands = codeOf('README.md', /^sh$/).map(({ text }) => text.trim());

    expect(commands.slice(0, 2)).to.deep.equal(['npm ci && npm run demo', 'npm ci && npm test']);
    expect(packageFile().scripts).to.include.keys('demo', 'test');
  });

  for (const page of ['README.md', 'docs/connectors.md']) {
    it(`shows only code of the examples: ${page}`, () => {
      const shown = codeOf(page, page === 'README.md' ? /^(ts|js|json)$/ : /^(ts|js)$/);

      expect(shown).not.to.deep.equal([]);
      expect(
        shown.filter(({ text }) => !examples.some((code) => code.includes(text.trimEnd()))).map(({ text }) => text),
      ).to.deep.equal([]);
    });
  }

  it('says of each gateway and connector that it works, and of none that it does not yet', () => {
    const [, works = '', later = ''] = /^## What works.*?$(.+?)^Not yet:\n\n(.+?)\n\n/ms.exec(readText('README.md')) ?? [];
    const names = [...builtInGateways, ...builtInConnectors].map(({ name }) => name.replaceAll('-', ' '));
    const plain = (text: string) => text.toLowerCase().replace(/[\s.-]+/g, ' ');
    const missing = (text: string) => names.filter((name) => !plain(text).includes(name));

    expect(missing(works)).to.deep.equal([]);
    expect(missing(later)).to.deep.equal(names);
  });

  it('shows a server and a product that together enrol whoever pays', async () => {
    const folder = temporaryFolder();
    const [server] = codeOf('README.md', /^ts$/);
    const [product] = codeOf('README.md', /^json$/);
    mkdirSync(join(folder, 'shop', 'products'), { recursive: true });
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules', 'handover'));
    symlinkSync(join(root, 'node_modules', 'express'), join(folder, 'node_modules', 'express'));
    cpSync(join(root, 'examples/minimal/shop/handover.json'), join(folder, 'shop', 'handover.json'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'server.ts'), server?.text ?? '');
    writeFileSync(join(folder, 'shop', 'products', 'TS-101.json'), product?.text ?? '');

    const port = await freePort();
    const shop = `http://127.0.0.1:${port}/shop`;
    const env = {
      PORT: String(port),
      HANDOVER_BASE_URL: shop,
      STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
      STRIPE_API_KEY: stripe.apiKey,
      STRIPE_API_BASE: stripe.url,
      AXIS_LMS_URL: lms.url,
      AXIS_LMS_API_KEY: lms.apiKey,
      SMTP_PORT: String(mailbox.port),
    };
    const program = runNode(['server.ts'], env, folder);
    await program.says(/Listening on/);
    const sale = stripe.sale({
      lines: [{ sku: 'TS-101', unitAmount: 4900 }],
      buyer: { email: 'ada@example.org', name: 'Ada Example' },
    });

    const answer = await stripe.send(`${shop}/callbacks/stripe`, sale.completed());
    await until('the mail has arrived', () => mailbox.subjectsFor('ada@example.org').length > 0);

    expect(answer.status, program.output()).to.equal(200);
    expect(lms.books.enrolments.map(({ email, courseId }) => [email, courseId])).to.deep.equal([['ada@example.org', '17']]);
  });
});
