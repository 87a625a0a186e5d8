import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect } from 'chai';
import { defineAction, defineConnector, type Outcome } from '../../src/contract/connector.ts';
import { giveUp } from '../../src/contract/errors.ts';
import { fault } from '../../src/testing/double-server.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { buyer, keysOf, openShop, owner, pageAddress, pageJson, recordOf, sell, settles, takes, type Sale } from './shop.ts';

const person = { email: buyer, name: 'Ada Example', phone: '+1 555 0100' };
const metricsToken = 'a-token-nobody-may-read';
const secret = 'a secret of these tests, thirty-two characters and more';
const echoKey = 'echo key/of these tests?';

/** A system that repeats what it was sent, and a connector that passes its words on and logs them. */
const echo = defineConnector<{ readonly key: string }>({
  name: 'echo',
  summary: 'Repeats what it hears',
  options: { type: 'object', properties: { key: { type: 'string', secret: true } } },
  actions: {
    say: defineAction<object, Outcome, { readonly key: string }>({
      summary: 'Say',
      repeats: 'keyed',
      input: { type: 'object' },
      output: {},
      async grant(_input, { options: { key }, log }): Promise<Outcome> {
        log.warn({ asked: `https://echo.example.com/?key=${encodeURIComponent(key)}` }, `It does not know the key ${key}.`);
        throw giveUp('ECHO_REFUSED', `It said: ${key} is not known.`, {
          hint: `See https://echo.example.com/${encodeURIComponent(key)}`,
        });
      },
    }),
  },
});
const echoProduct = { sku: 'ECHO', title: 'Echo', price: '1.00 EUR', grants: { it: { action: 'echo.say', with: {} } } };

/** Everything that anybody but the buyer and staff may come to see, and what must not stand in it. */
interface Seen {
  readonly log: string;
  readonly metrics: string;
  readonly spans: string;
  readonly health: string;
  /** Answers to strangers: error pages, refusals, unknown links. */
  readonly answers: string;
  /** For staff: who the buyer is may stand there, keys and secrets may not. */
  readonly history: string;
  readonly secrets: readonly string[];
  readonly persons: readonly string[];
}

describe('Nothing that is kept secret', function () {
  this.timeout(60_000);
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  let seen: Seen;

  before(async () => {
    trace.setGlobalTracerProvider(provider);
    seen = await playEverything(exporter);
  });
  after(async () => {
    await closeSites();
    trace.disable();
    await provider.shutdown();
  });

  it('was put to the test: every outcome, every failure, every kind of key', () => {
    expect(seen.log.length).to.be.greaterThan(1000);
    expect(seen.secrets.length).to.be.at.least(10);
    expect(seen.history).to.contain('axis-lms').and.contain('It said: [secret] is not known.');
    expect(seen.log).to.contain('It does not know the key [secret].');
    expect(seen.spans).to.contain('grant test-pro.issueKey');
  });

  for (const place of ['log', 'metrics', 'spans', 'health', 'answers'] as const) {
    it(`stands in ${place}, and no person either`, () => {
      const found = [...seen.secrets, ...seen.persons].filter((word) => seen[place].includes(word));
      expect(found).to.deep.equal([]);
    });
  }

  it('stands in the history, though staff read there who bought', () => {
    expect(seen.secrets.filter((word) => seen.history.includes(word))).to.deep.equal([]);
  });
});

async function playEverything(exporter: InMemorySpanExporter): Promise<Seen> {
  const site = await openShop({
    site: { secret: { env: 'HANDOVER_SECRET' }, metrics: { token: { env: 'METRICS_TOKEN' } }, mailPatienceSeconds: 1 },
    files: { 'products/ECHO.json': echoProduct },
    connectors: { echo: { key: { env: 'ECHO_KEY' } } },
    handover: {
      connectors: [echo],
      metrics: true,
      tracing: { traceparent: true },
      env: { METRICS_TOKEN: metricsToken, HANDOVER_SECRET: secret, ECHO_KEY: echoKey },
    },
  });
  const answers: string[] = [];
  const ask = async (path: string, headers: Record<string, string> = {}): Promise<void> => {
    const answer = await site.get(path, headers);
    answers.push(`${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`);
  };
  const health: string[] = [];
  const look = async (): Promise<void> => void health.push(await (await site.get('/health')).text());

  const sale = await happyAndBack(site);
  await look();
  const links = await linksOf(site, sale);
  await otherOutcomes(site);
  await forgeries(site, answers);
  await othersFail(site);
  await look();
  for (const link of links) await ask(`${link}x`, { accept: 'text/html' });
  for (const link of links) await ask(`${link}x`, { accept: 'application/json' });
  await ask('/return/stripe?session_id=cs_unknown&email=ada@example.org');
  await ask('/metrics', { authorization: 'Bearer wrong' });
  await site.app.verdicts.flush();
  await site.app.monitoring.alarms.look();
  const metrics = await (await site.get('/metrics', { authorization: `Bearer ${metricsToken}` })).text();
  const orders = await site.app.store.findOrders({ limit: 1000 });
  const history = await Promise.all(orders.map(({ id }) => site.app.store.history(id)));
  const keys = await keysOf(site, sale);
  await site.app.store.close();
  await ask(links[0] ?? '', { accept: 'text/html' });
  await ask(links[0] ?? '', { accept: 'application/json' });
  answers.push((await site.receives(sell(site, ['TS-101']).completed())).text);
  await look();

  return {
    log: JSON.stringify(site.log),
    metrics,
    spans: JSON.stringify(
      exporter
        .getFinishedSpans()
        .map(({ name, attributes, status, events, links: more }) => [name, attributes, status, events, more]),
    ),
    health: health.join('\n'),
    answers: answers.join('\n'),
    history: JSON.stringify(history.flat()),
    secrets: secretsOf(site, [...keys, ...links]),
    persons: [buyer, person.name, '555 0100', owner, 'ada%40', 'eve@example.org'],
  };
}

function secretsOf(site: Site, more: readonly string[]): string[] {
  const tokens = more.map((each) => each.slice(each.lastIndexOf('/') + 1));
  const own = ['a secret of the key maker', secret, metricsToken, echoKey, encodeURIComponent(echoKey)];
  return [...tokens, ...own, ...site.lms.books.secrets, site.stripe.webhookSecret, site.stripe.apiKey].filter(
    ({ length }) => length > 3,
  );
}

async function happyAndBack(site: Site): Promise<Sale> {
  const lines = [
    { sku: 'TS-101', unitAmount: 4900 },
    { sku: 'TP-7', unitAmount: 1900 },
    { sku: 'KIT', unitAmount: 9900 },
    { sku: 'ECHO', unitAmount: 100 },
  ];
  const sale = site.stripe.sale({ lines, buyer: person });
  await takes(site, sale.completed());
  await settles(site);
  return sale;
}

async function linksOf(site: Site, sale: Sale): Promise<string[]> {
  const page = await pageAddress(site, sale);
  const { items } = await pageJson(site, sale);
  const open = items.flatMap(({ grants }) => grants.flatMap(({ outputs }) => outputs['loginUrl']?.values ?? []));
  for (const link of open) await site.get(link);
  return [page, ...open];
}

async function otherOutcomes(site: Site): Promise<void> {
  const refunded = sell(site, ['TS-102', 'TP-7'], { buyer: person });
  await takes(site, refunded.completed());
  await settles(site);
  await takes(site, ...refunded.refunded());
  const disputed = sell(site, ['TS-103'], { buyer: person });
  await takes(site, disputed.completed());
  await takes(site, disputed.disputed());
  await takes(site, sell(site, ['TS-101'], { buyer: person }).expired());
  await takes(site, site.stripe.sale({ lines: [{ sku: 'TS-102', unitAmount: 1 }], buyer: person }).completed());
  await takes(site, site.stripe.sale({ lines: [{ sku: 'NEW-1', unitAmount: 100 }], buyer: person }).completed());
  await settles(site);
  await recordOf(site, refunded);
}

async function forgeries(site: Site, answers: string[]): Promise<void> {
  const { body, headers } = sell(site, ['TS-101'], { buyer: person }).completed();
  const sent = [
    { body, headers: site.stripe.sign(body, { secret: 'whsec_wrong' }) },
    { body, headers: site.stripe.sign(body, { at: new Date(Date.now() - 3_600_000) }) },
    { body, headers: {} },
    { body: `${body}ada@example.org`, headers },
    { body: '{"email":"ada@example.org"', headers: { 'stripe-signature': 'ada@example.org' } },
  ];
  for (const each of sent) answers.push((await site.receives(each)).text);
  answers.push((await site.receives({ body, headers }, 'ada@example.org')).text);
}

async function othersFail(site: Site): Promise<void> {
  site.mailbox.faults.push({ kind: 'refuse', at: 'rcpt', code: 451, message: `<${buyer}>: mailbox is busy` });
  site.mailbox.faults.push({ kind: 'refuse', at: 'rcpt', code: 550, message: `5.1.1 <${buyer}>: Recipient address rejected` });
  const told = `No account for ${person.name} <${buyer}>, key ${site.lms.apiKey}`;
  const release = site.lms.faults.always(fault.reply({ status: 500, headers: { 'content-type': 'text/plain' }, body: told }), {
    method: 'POST',
  });
  await site.receives(sell(site, ['TS-101', 'TP-7'], { buyer: { ...person, email: 'eve@example.org' } }).completed());
  await site.finishesItsSteps();
  release();
  await settles(site);
  await site.stripe.goDown();
  await site.receives(sell(site, ['TS-103'], { buyer: person }).completed());
  await site.finishesItsSteps();
  await site.stripe.comeBack();
  await settles(site);
  await site.lms.goDown();
  await site.receives(sell(site, ['TS-103'], { buyer: person }).completed());
  await site.finishesItsSteps();
  await site.lms.comeBack();
  await settles(site);
}
