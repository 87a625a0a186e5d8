import { Ajv } from 'ajv';
import { expect } from 'chai';
import { replayKey, StepError } from 'handover/contract';
import { Webhook } from 'standardwebhooks';
import type { SendInput } from '../../connectors/webhook/index.ts';
import { webhook, type WebhookOptions } from '../../connectors/webhook/index.ts';
import { send } from '../../connectors/webhook/send.ts';
import { testContext, testOrder } from '../../src/testing/action-context.ts';
import { fault } from '../../src/testing/double-server.ts';
import { connectorSuite } from '../../src/testing/suites/connector-suite.ts';
import { fencesOf } from '../support/markdown.ts';
import { secrets, startReceiver, type Receiver } from './webhook-receiver.ts';

const [secret, older] = secrets;

connectorSuite({
  name: 'webhook.send',
  connector: webhook,
  action: 'send',
  async open() {
    const receiver = await startReceiver(secret);
    const options: WebhookOptions = { url: receiver.url, secret, allowPrivate: ['127.0.0.1'], timeoutSeconds: 5 };
    return {
      options,
      input: { event: 'order.paid', person: ['email'] },
      effects: () => receiver.open(),
      secrets: () => [...secrets],
      faults: receiver.faults,
      grantIsToldBy: 'status',
      revokeIsToldBy: 'status',
      wrong: [
        { name: 'an address inside that is not listed', options: { ...options, allowPrivate: [] } },
        { name: 'an address where nobody is', options: { ...options, url: 'http://127.0.0.1:9/' } },
      ],
      close: () => receiver.close(),
    };
  },
});

describe('webhook', () => {
  let receiver: Receiver;
  const context = (changes: Partial<WebhookOptions> = {}) =>
    testContext<WebhookOptions>({
      options: { url: receiver.url, secret, allowPrivate: ['127.0.0.1'], ...changes },
      order: testOrder({ metadata: { campaign: 'spring', note: 'call me' } }),
    });
  const tell = (input: SendInput, ctx = context()) => send.grant(input, ctx);
  const only = () => [...receiver.messages.values()].at(-1)!;

  beforeEach(async () => {
    receiver = await startReceiver(secret);
  });
  afterEach(() => receiver.close());

  it('signs so that the official package accepts it, with one signature for each secret while they change', async () => {
    await tell({}, context({ secret: [older, secret] }));
    const { headers, text } = receiver.requests[0]!;
    for (const each of [older, secret]) new Webhook(each).verify(text, headers as Record<string, string>);
    expect(String(headers['webhook-signature']).split(' ')).to.have.length(2);
  });

  it('says the type of the event by the status of the order, or what the file says', async () => {
    await tell({});
    await tell({ event: 'stock.reserve' });
    expect([...receiver.messages.values()].map(({ type }) => type)).to.deep.equal(['order.paid', 'stock.reserve']);
  });

  it('tells nothing of a person and no metadata unless asked', async () => {
    await tell({});
    expect(receiver.requests[0]!.text).to.not.match(/ada|byron|campaign|call me/i);
    await tell({ person: ['email'] }, context({ metadata: ['campaign'] }));
    const { buyer, learner, order } = only().data;
    expect({ buyer, learner }).to.deep.equal({ buyer: { email: 'ada@example.org' }, learner: { email: 'ada@example.org' } });
    expect(order['metadata']).to.deep.equal({ campaign: 'spring' });
  });

  it('says the same words under the same id on every attempt, and on a replay the same id', async () => {
    const ctx = context();
    receiver.faults.next(fault.commitThenDrop());
    await send.grant({}, ctx).catch(() => undefined);
    await send.grant({}, ctx.again({ order: { ...ctx.order, status: 'refunded' } }));
    const [first, second] = receiver.requests;
    expect(second!.text).to.equal(first!.text);
    await send.grant({}, context().again({ stepKey: replayKey(ctx.stepKey, 1) }));
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id']))).to.have.property('size', 1);
    expect(receiver.messages).to.have.property('size', 1);
  });

  it('gives up at 410, waits as long as it is told, and tries all else again', async () => {
    for (const [made, wanted] of [
      [fault.status(410), { retry: 'never', code: 'WEBHOOK_GONE' }],
      [fault.status(429, { retryAfter: 9 }), { retry: 'later', retryAfterMs: 9000 }],
      [fault.status(404), { retry: 'later', code: 'WEBHOOK_NOT_TAKEN' }],
      [fault.redirect('https://elsewhere.example.com/'), { retry: 'later', code: 'WEBHOOK_NOT_TAKEN' }],
    ] as const) {
      receiver.faults.next(made);
      expect(await failureOf(tell({}))).to.include(wanted);
    }
  });

  it('refuses secrets that are none and addresses without TLS when the file is read, without repeating them', () => {
    const problems = webhook.problems?.({ url: 'http://crm.example.com/', secret: ['whsec_c2hvcnQ=', secret] }) ?? [];
    expect(problems.map(({ keys }) => keys)).to.deep.equal([['url'], ['secret', 0]]);
    expect(JSON.stringify(problems)).to.not.include('c2hvcnQ');
  });

  it('sends what the schema in its README describes, and nothing else', async () => {
    const schema = fencesOf('connectors/webhook/README.md')
      .filter(({ language }) => language === 'json')
      .map(({ text }) => JSON.parse(text) as Record<string, unknown>)
      .find((json) => json['title'] === 'Message');
    const validate = new Ajv({ strict: false }).compile(schema!);
    await tell(
      { person: ['email', 'name', 'firstName', 'lastName'], data: { warehouse: 'north' } },
      context({ metadata: ['campaign'] }),
    );
    await tell({});
    for (const message of receiver.messages.values()) expect(validate(message), JSON.stringify(validate.errors)).to.equal(true);
  });
});

async function failureOf(work: Promise<unknown>): Promise<StepError> {
  const thrown = await work.then(() => undefined).catch((error: unknown) => error);
  expect(thrown).to.be.instanceOf(StepError);
  return thrown as StepError;
}
