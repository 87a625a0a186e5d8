import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { env, product, productContent, Shop, site, siteContent } from './shop.ts';

interface Refusal {
  readonly what: string;
  readonly files: Record<string, unknown>;
  readonly file?: string;
  readonly path: string;
  readonly says: string;
}

const tenLines = (change: string): string => JSON.stringify(productContent(), null, 2).replace('"title"', change);
const productFile = 'products/TS-101.json';
const inProduct = (path: string, value: unknown) => ({ [productFile]: product(path, value) });
const inSite = (path: string, value: unknown) => ({ 'handover.json': site(path, value) });

/** What is wrong in a product file, and how its problem begins and what it proposes. */
const productRefusals: readonly Refusal[] = [
  {
    what: 'a misspelt action',
    files: inProduct('grants.course.action', 'moodel.enrol'),
    path: 'grants.course.action',
    says: '"moodel.enrol" is not an action. Did you mean "moodle.enrol"?',
  },
  {
    what: 'a cart rule about a SKU that nothing sells',
    files: inProduct('cart', { requires: ['TS-111'] }),
    path: 'cart.requires[0]',
    says: 'There is no product "TS-111".',
  },
  {
    what: 'a cart rule about the product itself',
    files: inProduct('cart', { excludes: ['TS-101'] }),
    path: 'cart.excludes[0]',
    says: 'This is the product itself.',
  },
  {
    what: 'a quantity that can never be bought',
    files: inProduct('cart', { min: 5, max: 2 }),
    path: 'cart.max',
    says: 'so it could never be bought',
  },
  {
    what: 'a sale that ends before it begins',
    files: inProduct('sale', { from: '2026-12-24', until: '2026-12-01' }),
    path: 'sale.until',
    says: 'so it could never be bought',
  },
  {
    what: 'a pool of places with two capacities',
    files: {
      ...inProduct('stock', { capacity: 20, pool: 'march' }),
      'products/A.json': { sku: 'A', title: 'A', price: '1.00 EUR', stock: { capacity: 10, pool: 'march' } },
    },
    path: 'stock.capacity',
    says: 'of the pool "march". Write the same number in both.',
  },
  {
    what: "a learner's mail that leads to the buyer's page",
    files: inProduct('outcomes.paid.learnerMail', { text: '{{order.url}}' }),
    path: 'outcomes.paid.learnerMail.text',
    says: '{{order.url}} is not known here',
  },
  {
    what: 'what becomes of grants under an outcome that decides nothing about them',
    files: inProduct('outcomes.partlyRefunded', { grants: 'revoke' }),
    path: 'outcomes.partlyRefunded.grants',
    says: 'takes no reason for a grant away',
  },
  {
    what: 'an action the connector does not have',
    files: inProduct('grants.course.action', 'moodle.enroll'),
    path: 'grants.course.action',
    says: 'Did you mean "moodle.enrol"?',
  },
  {
    what: 'an action named after an object method',
    files: inProduct('grants.course.action', 'moodle.toString'),
    path: 'grants.course.action',
    says: '"moodle.toString" is not an action.',
  },
  {
    what: 'an action of a connector the site does not use',
    files: { ...inSite('connectors.keys', undefined), ...inProduct('grants.key', { action: 'keys.take' }) },
    path: 'grants.key.action',
    says: 'Add it under "connectors" in handover.json.',
  },
  {
    what: 'a missing input of an action',
    files: inProduct('grants.course.with', { days: 30 }),
    path: 'grants.course.with.course',
    says: 'For example: "course": "ts-101"',
  },
  {
    what: 'an unknown input of an action',
    files: inProduct('grants.course.with', { course: 'a', dayz: 30 }),
    path: 'grants.course.with.dayz',
    says: 'Did you mean "days"?',
  },
  {
    what: 'an input of the wrong type, even as a placeholder',
    files: inProduct('grants.course.with', { course: 'a', days: '{{product.quantity}}' }),
    path: 'grants.course.with.days',
    says: 'This must be a whole number.',
  },
  {
    what: "a grant's placeholder in an action's input",
    files: inProduct('grants.course.with', { course: '{{course.loginUrl}}' }),
    path: 'grants.course.with.course',
    says: 'is not known yet when a grant is made. Use placeholders of order, buyer, learner, product, site and metadata.',
  },
  {
    what: 'a misspelt placeholder of a grant',
    files: inProduct('outcomes.paid.mail.text', 'Sign in: {{coures.loginUrl}}'),
    path: 'outcomes.paid.mail.text',
    says: '{{coures.loginUrl}} is given by no grant. Did you mean {{course.loginUrl}}?',
  },
  {
    what: 'a misspelt placeholder of the buyer',
    files: inProduct('outcomes.declined.page.heading', 'Sorry, {{buyer.firstname}}'),
    path: 'outcomes.declined.page.heading',
    says: '{{buyer.firstname}} is not known here. Did you mean {{buyer.firstName}}?',
  },
  {
    what: 'metadata that is not there',
    files: inProduct('outcomes.paid.mail.text', '{{metadata.teacher}}'),
    path: 'outcomes.paid.mail.text',
    says: '{{metadata.teacher}} is not known here.',
  },
  {
    what: 'an unknown placeholder inside a section',
    files: inProduct('outcomes.paid.mail.text', '{{#course.loginUrl}}{{nobody}}{{/course.loginUrl}}'),
    path: 'outcomes.paid.mail.text',
    says: '{{nobody}} is given by no grant. The grants give {{course.loginUrl}}, {{course.courseUrl}}.',
  },
  {
    what: 'an open section',
    files: inProduct('outcomes.paid.mail.text', '{{#reason}}why'),
    path: 'outcomes.paid.mail.text',
    says: '{{#reason}} is not closed. Add {{/reason}}.',
  },
  {
    what: 'an open placeholder',
    files: inProduct('outcomes.paid.mail.subject', 'Hello {{buyer.name'),
    path: 'outcomes.paid.mail.subject',
    says: 'A placeholder is not closed. It ends with two braces',
  },
  {
    what: 'a partial',
    files: inProduct('outcomes.paid.mail.text', '{{> footer}}'),
    path: 'outcomes.paid.mail.text',
    says: 'Write that text here.',
  },
  {
    what: 'three braces',
    files: inProduct('outcomes.paid.page.text', '{{{buyer.name}}}'),
    path: 'outcomes.paid.page.text',
    says: 'Write {{buyer.name}}: two braces',
  },
  {
    what: 'one brace around a known name',
    files: inProduct('outcomes.paid.page.text', 'Hello {buyer.firstName}'),
    path: 'outcomes.paid.page.text',
    says: 'Write two: {{buyer.firstName}}',
  },
  {
    what: 'a button that leads where the buyer says',
    files: inProduct('outcomes.paid.page.button.link', '{{buyer.name}}'),
    path: 'outcomes.paid.page.button.link',
    says: 'Begin with "https://"',
  },
  {
    what: 'a button that runs a script',
    files: inProduct('outcomes.paid.page.button.link', 'javascript:alert(1)'),
    path: 'outcomes.paid.page.button.link',
    says: 'a web address, "mailto:" or a path on the site',
  },
  {
    what: 'a misspelt outcome',
    files: inProduct('outcomes.refundet', {}),
    path: 'outcomes.refundet',
    says: 'Did you mean "refunded"?',
  },
  {
    what: 'a grant decision that does not exist',
    files: inProduct('outcomes.refunded.grants', 'revoked'),
    path: 'outcomes.refunded.grants',
    says: '"revoked" is not possible here. Did you mean "revoke"?',
  },
  {
    what: 'a mail that is true',
    files: inProduct('outcomes.paid.mail', true),
    path: 'outcomes.paid.mail',
    says: 'This must be an object { … } or false.',
  },
  {
    what: 'a mail with an unknown member',
    files: inProduct('outcomes.paid.mail', { subjekt: 'Hello' }),
    path: 'outcomes.paid.mail.subjekt',
    says: 'Did you mean "subject"?',
  },
  {
    what: 'a subject of two lines',
    files: inProduct('outcomes.paid.mail.subject', 'Hello\nBcc: all@example.org'),
    path: 'outcomes.paid.mail.subject',
    says: 'The subject, one line.',
  },
  {
    what: 'a bad address among those told',
    files: inProduct('outcomes.paid.tell', ['staff@example.com', 'a@example.com,b@example.com']),
    path: 'outcomes.paid.tell[1]',
    says: 'This is not a mail address.',
  },
  {
    what: 'a view that is not there',
    files: inProduct('outcomes.paid.page.view', 'welcome'),
    path: 'outcomes.paid.page.view',
    says: 'There is no file pages/welcome.ejs. Create it',
  },
  {
    what: 'a view outside the folder',
    files: inProduct('outcomes.paid.page.view', '../../etc/passwd'),
    path: 'outcomes.paid.page.view',
    says: 'Name of a view of your own in pages/',
  },
  { what: 'a price without currency', files: inProduct('price', '49.00'), path: 'price', says: 'For example: "49.00 EUR"' },
  {
    what: 'a price that is a number',
    files: inProduct('price', 49),
    path: 'price',
    says: 'This must be a text in quotes or a list',
  },
  { what: 'an unknown currency', files: inProduct('price', '49.00 EUX'), path: 'price', says: 'Did you mean "EUR"?' },
  { what: 'yen with decimals', files: inProduct('price', '49.50 JPY'), path: 'price', says: 'JPY is written without decimals.' },
  {
    what: 'a price below nothing',
    files: inProduct('price', '-1.00 EUR'),
    path: 'price',
    says: 'This does not have the right form.',
  },
  {
    what: 'two prices in one currency',
    files: inProduct('price', ['49.00 EUR', '50.00 EUR']),
    path: 'price[1]',
    says: 'There is a price in EUR already. Keep one of them.',
  },
  { what: 'no title', files: inProduct('title', undefined), path: 'title', says: 'For example: "title": "TypeScript in a week"' },
  { what: 'a misspelt option', files: inProduct('titel', 'x'), path: 'titel', says: 'Did you mean "title"?' },
  {
    what: 'an SKU with a space at its end',
    files: inProduct('sku', 'TS-101 '),
    path: 'sku',
    says: 'What the product is called at the payment gateway.',
  },
  { what: 'an SKU that JavaScript knows', files: inProduct('sku', 'constructor'), path: 'sku', says: 'Choose another one.' },
  {
    what: 'a grant with a taken name',
    files: inProduct('grants.order', { action: 'keys.take' }),
    path: 'grants.order',
    says: '"order" cannot be a name here.',
  },
  {
    what: 'a grant with a name that cannot be a placeholder',
    files: inProduct('grants.My-key', { action: 'keys.take' }),
    path: 'grants.My-key',
    says: "A grant's name begins with a small letter",
  },
  {
    what: 'a grant called constructor',
    files: inProduct('grants.constructor', { action: 'keys.take' }),
    path: 'grants.constructor',
    says: 'Choose another one.',
  },
  {
    what: 'metadata that is not a text',
    files: inProduct('metadata', { weight: 3 }),
    path: 'metadata.weight',
    says: 'This must be a text in quotes.',
  },
  {
    what: 'a name that stands twice',
    files: { [productFile]: tenLines('"sku": "TS-102", "title"') },
    path: 'sku',
    says: 'This name stands twice in the same object. Keep one of them. (line 4, column 3)',
  },
  {
    what: 'the prototype as a name',
    files: { [productFile]: tenLines('"__proto__": { "polluted": true }, "title"') },
    path: '__proto__',
    says: 'This name may not be used.',
  },
  { what: 'a list instead of an object', files: { [productFile]: '[]' }, path: '', says: 'The file must hold one object' },
  {
    what: 'an SKU of two files',
    files: { 'products/copy.json': productContent() },
    file: 'products/copy.json',
    path: 'sku',
    says: '"TS-101" is the SKU of products/TS-101.json too. Take one of the two files away',
  },
];

const siteRefusals: readonly Refusal[] = [
  { what: 'a misspelt option', files: inSite('ownr', {}), path: 'ownr', says: 'Did you mean "owner"?' },
  {
    what: 'no owner',
    files: inSite('owner', undefined),
    path: 'owner',
    says: 'For example: "owner": { "email": "owner@example.com"',
  },
  {
    what: 'an alarm about a gateway that is not there',
    files: inSite('alarms', { silenceHours: { stripee: 5 } }),
    path: 'alarms.silenceHours.stripee',
    says: 'There is no gateway "stripee". Did you mean "stripe"?',
  },
  {
    what: 'a token for metrics that is easily guessed',
    files: inSite('metrics', { token: { env: 'SHORT_SECRET' } }),
    path: 'metrics.token',
    says: 'it needs at least 16 letters',
  },
  { what: 'an unknown mode', files: inSite('mode', 'prod'), path: 'mode', says: 'Known here: "live", "test".' },
  {
    what: 'no mail server in live mode',
    files: inSite('mail', undefined),
    path: 'mail',
    says: 'add "mail" with "from" and "smtp"',
  },
  {
    what: 'a mail server user without password',
    files: inSite('mail.smtp', { host: 'smtp.example.com', user: 'school' }),
    path: 'mail.smtp.password',
    says: '"user" needs it.',
  },
  {
    what: 'a base address of another kind',
    files: inSite('baseUrl', 'ftp://shop.example.com'),
    path: 'baseUrl',
    says: 'begins with "https://"',
  },
  {
    what: 'a base address with a query',
    files: inSite('baseUrl', 'https://shop.example.com/?a=1'),
    path: 'baseUrl',
    says: 'take out "?" and "#"',
  },
  {
    what: 'a base address with a password',
    files: inSite('baseUrl', 'https://user:very-secret-in-url@shop.example.com'),
    path: 'baseUrl',
    says: 'may not hold a user name or a password',
  },
  { what: 'an impossible host', files: inSite('baseUrl', 'https://shop example'), path: 'baseUrl', says: 'has no spaces' },
  {
    what: 'an impossible port',
    files: inSite('site.url', 'https://example.com:99999'),
    path: 'site.url',
    says: 'Look at the host name and the port.',
  },
  {
    what: 'a bad owner address',
    files: inSite('owner.email', 'owner@localhost'),
    path: 'owner.email',
    says: 'For example: "owner@example.com"',
  },
  {
    what: 'a bad support address',
    files: inSite('site.support', 'mailto:help'),
    path: 'site.support',
    says: 'After "mailto:" there must be one mail address.',
  },
  {
    what: 'an unknown time zone',
    files: inSite('site.timeZone', 'Europe/Wien'),
    path: 'site.timeZone',
    says: 'For example: "Europe/Vienna"',
  },
  { what: 'an unknown language', files: inSite('site.language', 'english!'), path: 'site.language', says: 'For example: "en"' },
  {
    what: 'a colour that closes the style',
    files: inSite('brand.colors.primary', 'red;}'),
    path: 'brand.colors.primary',
    says: 'For example: "#1f4f8f"',
  },
  { what: 'a limit beyond reason', files: inSite('links.pageDays', 0), path: 'links.pageDays', says: 'This must be at least 1.' },
  {
    what: 'a secret in the file',
    files: inSite('gateways.stripe.webhookSecret', 'whsec_very-secret-value-in-file'),
    path: 'gateways.stripe.webhookSecret',
    says: 'A secret may not stand in this file. Put it into the environment and write { "env": "NAME" }',
  },
  {
    what: 'a secret in a list in the file',
    files: inSite('gateways.stripe.webhookSecret', [{ env: 'STRIPE_SECRET' }, 'whsec_very-secret-value-in-file']),
    path: 'gateways.stripe.webhookSecret[1]',
    says: 'A secret may not stand in this file.',
  },
  {
    what: 'a secret with a default',
    files: inSite('secret', { env: 'HANDOVER_SECRET', default: 'very-secret-value-in-file' }),
    path: 'secret.default',
    says: '"default" is not an option here.',
  },
  {
    what: 'a gateway without its secret',
    files: inSite('gateways.stripe', {}),
    path: 'gateways.stripe.webhookSecret',
    says: 'This secret is missing. Signs callbacks. For example: "webhookSecret": { "env": "STRIPE_WEBHOOK_SECRET" }',
  },
  {
    what: 'a secret from a variable that is not set',
    files: inSite('gateways.stripe.webhookSecret', { env: 'STRIPE_SECRTE' }),
    path: 'gateways.stripe.webhookSecret',
    says: 'The environment variable STRIPE_SECRTE is not set. Set it before the start. Did you mean STRIPE_SECRET?',
  },
  {
    what: 'a secret from a variable named like a method of objects',
    files: inSite('gateways.stripe.webhookSecret', { env: 'toString' }),
    path: 'gateways.stripe.webhookSecret',
    says: 'The environment variable toString is not set.',
  },
  {
    what: 'a secret from an empty variable',
    files: inSite('gateways.stripe.webhookSecret', { env: 'BLANK' }),
    path: 'gateways.stripe.webhookSecret',
    says: 'The environment variable BLANK is empty.',
  },
  {
    what: 'a secret from a file that is not there',
    files: inSite('gateways.stripe.webhookSecret', { file: 'no-such-secret' }),
    path: 'gateways.stripe.webhookSecret',
    says: 'The secret file no-such-secret does not exist. Create it, or correct its path.',
  },
  {
    what: 'a secret from an empty file',
    files: { ...inSite('gateways.stripe.webhookSecret', { file: 'empty' }), empty: '\n' },
    path: 'gateways.stripe.webhookSecret',
    says: 'The secret file empty is empty.',
  },
  {
    what: 'a secret named in two ways',
    files: inSite('secret', { env: 'HANDOVER_SECRET', file: '/run/secrets/x' }),
    path: 'secret',
    says: 'Name either "env" or "file", not both.',
  },
  {
    what: 'a short secret',
    files: inSite('secret', { env: 'SHORT' }),
    path: 'secret',
    says: '"openssl rand -hex 32" makes a good one.',
  },
  {
    what: 'a setting from a variable that is not set',
    files: inSite('baseUrl', { env: 'SHOP_URL' }),
    path: 'baseUrl',
    says: 'The environment variable SHOP_URL is not set. Set it, or add a "default".',
  },
  {
    what: 'a setting that does not fit',
    files: inSite('mail.smtp.port', { env: 'STRIPE_SECRET' }),
    path: 'mail.smtp.port',
    says: 'The value of the environment variable STRIPE_SECRET does not fit. This must be a whole number.',
  },
  {
    what: "a setting's default that does not fit",
    files: inSite('mail.smtp.port', { env: 'SMTP_PORT', default: 'smtp' }),
    path: 'mail.smtp.port.default',
    says: 'This must be a whole number',
  },
  {
    what: 'an unknown gateway',
    files: inSite('gateways.strip', {}),
    path: 'gateways.strip',
    says: '"strip" is not a gateway. Did you mean "stripe"?',
  },
  {
    what: 'an unknown type of gateway',
    files: inSite('gateways.cards', { use: 'strip' }),
    path: 'gateways.cards.use',
    says: 'Did you mean "stripe"?',
  },
  {
    what: 'a gateway under the name of another one',
    files: inSite('gateways.sandbox', { use: 'stripe', webhookSecret: { env: 'STRIPE_SECRET' } }),
    path: 'gateways.sandbox.use',
    says: 'Choose a name of your own for this "stripe".',
  },
  {
    what: 'a gateway name that cannot be part of an address',
    files: inSite('gateways.My Stripe', { use: 'stripe', webhookSecret: { env: 'STRIPE_SECRET' } }),
    path: 'gateways["My Stripe"]',
    says: 'A name begins with a small letter',
  },
  {
    what: 'a test gateway in live mode',
    files: inSite('gateways.sandbox', {}),
    path: 'gateways.sandbox',
    says: 'takes test payments only. Take it out, or set "mode" to "test".',
  },
  {
    what: 'an unknown connector',
    files: inSite('connectors.moodel', {}),
    path: 'connectors.moodel',
    says: 'Did you mean "moodle"?',
  },
  {
    what: 'a connector called mail',
    files: inSite('connectors.mail', { use: 'keys' }),
    path: 'connectors.mail',
    says: '"mail" is taken.',
  },
  {
    what: "an unknown option of a connector's part",
    files: inSite('connectors.moodle.tokn', 'x'),
    path: 'connectors.moodle.tokn',
    says: 'Did you mean "token"?',
  },
  {
    what: 'a nested option that does not fit',
    files: inSite('gateways.stripe.api', { url: 'https://api.example.com', version: 'v3' }),
    path: 'gateways.stripe.api.version',
    says: '"v3" is not possible here.',
  },
  {
    what: 'a site text with a name some products do not give',
    files: {
      ...inSite('outcomes.paid.mail.text', '{{key.key}}'),
      'products/k.json': { ...productContent(), sku: 'K', grants: { key: { action: 'keys.take' } }, outcomes: {} },
    },
    path: 'outcomes.paid.mail.text',
    says: '{{key.key}} is not given by every product. Put it between {{#key.key}} and {{/key.key}}',
  },
  {
    what: 'a site text with a name nothing gives',
    files: inSite('outcomes.paid.mail.text', '{{coarse.loginUrl}}'),
    path: 'outcomes.paid.mail.text',
    says: 'Did you mean {{course.loginUrl}}?',
  },
];

const fileRefusals: readonly Refusal[] = [
  {
    what: 'a missing comma',
    files: { [productFile]: '{\n  "sku": "A"\n  "title": "B"\n}' },
    path: '',
    says: 'not valid JSON (line 3, column 3). A comma is missing before this.',
  },
  {
    what: 'a comma too many',
    files: { [productFile]: '{\n  "sku": "A",\n}' },
    path: '',
    says: '(line 2, column 13). There is a comma too many',
  },
  { what: 'a comment', files: { [productFile]: '{ // mine\n}' }, path: '', says: '(line 1, column 3). JSON has no comments.' },
  { what: 'single quotes', files: { [productFile]: "{ 'sku': 'A' }" }, path: '', says: 'double quotes in JSON' },
  {
    what: 'an open text',
    files: { [productFile]: '{ "sku": "A\n}' },
    path: '',
    says: '(line 1, column 10). This text has no closing quote',
  },
  { what: 'a lonely backslash', files: { [productFile]: '{ "sku": "C:\\shop" }' }, path: '', says: 'Write it twice: \\\\' },
  { what: 'a text without end', files: { [productFile]: '{ "sku": "A"' }, path: '', says: 'The closing "}" is missing.' },
  { what: 'an empty file', files: { [productFile]: '' }, path: '', says: 'the text ends here' },
  { what: 'something behind the end', files: { [productFile]: '{} {}' }, path: '', says: 'The text goes on after its end.' },
  { what: 'endless nesting', files: { [productFile]: '['.repeat(500_000) }, path: '', says: 'more than 40 deep' },
  {
    what: 'another encoding',
    files: { [productFile]: Buffer.from('{"sku":"Tür"}', 'latin1') },
    path: '',
    says: 'The file is not UTF-8. Save it in this encoding.',
  },
  { what: 'a huge file', files: { [productFile]: `"${'x'.repeat(1024 * 1024)}"` }, path: '', says: 'Is it the right file?' },
];

describe('a configuration that is wrong', () => {
  const withVariables = { ...env, BLANK: '  ', SHORT: 'very-secret-but-short' };
  const refusals = [
    ...productRefusals.map((one) => ({ file: productFile, ...one })),
    ...siteRefusals.map((one) => ({ file: 'handover.json', ...one })),
    ...fileRefusals.map((one) => ({ file: productFile, ...one })),
  ];

  for (const { what, files, file, path, says } of refusals) {
    it(`names the place and the cure for ${what} in ${file}`, () => {
      const shop = new Shop(files);
      try {
        const error = shop.refusal({ env: withVariables });
        const found = error.problems.find(
          (problem) => problem.file === file && problem.path === path && problem.message.includes(says),
        );
        expect(found, error.message).to.exist;
        expect(error.problems, error.message).to.have.length(1);
        expect(error.message).to.include(`  ${path === '' ? file : `${file}  ${path}`}\n    ${found?.message ?? ''}`);
        expect(error.message).not.to.include('very-secret');
      } finally {
        shop.remove();
      }
    });
  }

  it('is printed with all problems of all files, the site first', () => {
    const text = JSON.stringify(product('grants.course.action', 'moodel.enrol')).replace(
      'Sign in: {{course.',
      'Sign in: {{coures.',
    );
    const shop = new Shop({ 'products/TS-101.json': text, 'handover.json': site('mode', 'liv') });
    const error = shop.refusal();
    shop.remove();
    expect(error.code).to.equal('CONFIG_INVALID');
    expect(error.message).to.equal(
      [
        'The configuration has 3 problems',
        '  handover.json  mode',
        '    "liv" is not possible here. Did you mean "live"?',
        '  products/TS-101.json  grants.course.action',
        '    "moodel.enrol" is not an action. Did you mean "moodle.enrol"?',
        '  products/TS-101.json  outcomes.paid.mail.text',
        '    {{coures.loginUrl}} is given by no grant. Did you mean {{course.loginUrl}}?',
      ].join('\n'),
    );
  });

  it('is told about a missing folder', () => {
    const shop = new Shop();
    shop.remove();
    expect(shop.refusal().message).to.include(
      'the configuration folder does not exist. Name the folder that holds handover.json.',
    );
  });

  it('is told about a missing handover.json once, not by every product', () => {
    const shop = new Shop({ 'handover.json': undefined });
    const { problems } = shop.refusal();
    shop.remove();
    expect(problems.map(({ file, path }) => [file, path])).to.deep.equal([['handover.json', '']]);
    expect(problems[0]?.message).to.include('The file does not exist. Create it');
  });

  it('is told about folders and links that are no files', () => {
    const shop = new Shop();
    mkdirSync(join(shop.folder, 'products/folder.json'));
    mkdirSync(join(shop.folder, 'products/old'));
    mkdirSync(join(shop.folder, 'products/.hidden'));
    symlinkSync('loop.json', join(shop.folder, 'products/loop.json'));
    symlinkSync('nowhere', join(shop.folder, 'products/broken.json'));
    const { problems } = shop.refusal();
    shop.remove();
    expect(problems.map(({ file, message }) => [file, message])).to.deep.equal([
      ['products/broken.json', 'The file does not exist. Create it, or correct the link that leads to it.'],
      ['products/folder.json', 'This is a folder. A file must stand here.'],
      ['products/loop.json', 'The file is a symbolic link that leads back to itself. Let it lead to a file.'],
      ['products/old', 'This is a folder. Product files lie directly in products/; move it elsewhere.'],
    ]);
  });

  it('changes no object of the program, whatever its files are named and hold', () => {
    const shop = new Shop({
      'products/__proto__.json':
        '{ "sku": "__proto__", "title": "x", "price": "1.00 EUR", "grants": { "__proto__": { "polluted": true } } }',
      'handover.json': JSON.stringify(siteContent()).replace(
        '{',
        '{ "__proto__": { "polluted": true }, "constructor": { "prototype": { "polluted": true } },',
      ),
    });
    const { problems } = shop.refusal();
    shop.remove();
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
    expect(problems.map(({ path }) => path)).to.include.members(['__proto__', 'constructor', 'grants.__proto__', 'sku']);
  });
});
