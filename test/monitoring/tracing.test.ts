import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { expect } from 'chai';
import { buyer, openShop, recordOf, sell, takes } from '../flow/shop.ts';
import { closeSites } from '../support/open-site.ts';

describe('The spans of a site that traces', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

  before(() => trace.setGlobalTracerProvider(provider));
  beforeEach(() => exporter.reset());
  afterEach(closeSites);
  after(async () => {
    trace.disable();
    await provider.shutdown();
  });

  const spans = (name: RegExp): ReadableSpan[] => exporter.getFinishedSpans().filter((span) => name.test(span.name));

  it('are one for the callback, its digest, each step attempt and each call, with the order number', async () => {
    const site = await openShop({ handover: { tracing: true } });
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    const { order } = await recordOf(site, sale);

    const [callback] = spans(/^callback stripe$/);
    expect(callback?.attributes).to.include({ 'handover.gateway': 'stripe', 'handover.verdict': 'accepted' });
    const [digest] = spans(/^digest stripe$/);
    expect(digest?.attributes).to.include({ 'handover.order': order.id, 'handover.attempt': 1 });
    expect(digest?.attributes['handover.delivery']).to.equal(callback?.attributes['handover.delivery']);
    const [grant] = spans(/^grant axis-lms\.enrol$/);
    expect(grant?.attributes).to.include({
      'handover.order': order.id,
      'handover.account': 'axis-lms',
      'handover.verb': 'grant',
      'handover.result': 'done',
    });
    expect(spans(/^mail /)[0]?.attributes).to.include({ 'handover.order': order.id, 'handover.result': 'done' });

    const calls = spans(/^(GET|POST)$/);
    expect(calls.length).to.be.at.least(2);
    const ofGrant = calls.filter(({ parentSpanContext }) => parentSpanContext?.spanId === grant?.spanContext().spanId);
    expect(ofGrant.length).to.be.at.least(1);
    for (const call of ofGrant) {
      expect(call.attributes).to.include({ 'handover.order': order.id, 'server.address': '127.0.0.1' });
      expect(call.attributes['http.response.status_code']).to.be.a('number');
    }
    expect(JSON.stringify(exporter.getFinishedSpans().map(({ name, attributes }) => [name, attributes]))).not.to.contain(buyer);
  });

  it('say by its code what failed', async () => {
    const site = await openShop({ handover: { tracing: true } });
    await site.lms.goDown();
    const forged = sell(site, ['TS-101']).completed();
    await site.receives({ ...forged, headers: site.stripe.sign(forged.body, { secret: 'whsec_wrong' }) });
    await site.receives(sell(site, ['TS-101']).completed());
    await site.finishesItsSteps();
    expect(spans(/^callback/).map(({ attributes }) => attributes['handover.code'])).to.deep.equal([
      'SIGNATURE_MISMATCH',
      undefined,
    ]);
    const failed = spans(/^grant/).find(({ attributes }) => attributes['handover.result'] !== 'done');
    expect(failed?.attributes).to.include({ 'error.type': 'AXIS_NOT_REACHED' });
    expect(failed?.status.message).to.equal('AXIS_NOT_REACHED');
    expect(spans(/^(GET|POST)$/).some(({ attributes }) => attributes['error.type'] === 'NOT_SENT')).to.equal(true);
    expect(failed?.events).to.deep.equal([]);
  });

  it('go on at the systems of connectors where that is switched on, and at nobody else', async () => {
    const site = await openShop({ handover: { tracing: { traceparent: true } } });
    await takes(site, sell(site, ['TS-101']).completed());
    const traceIds = spans(/^grant/).map((span) => span.spanContext().traceId);
    const told = site.lms.books.requests.map(({ headers }) => headers['traceparent']);
    expect(told.length).to.be.at.least(1);
    for (const each of told) expect(each).to.match(new RegExp(`^00-${traceIds.join('|')}-[0-9a-f]{16}-01$`));
    expect(site.stripe.requests.length).to.be.at.least(1);
    expect(site.stripe.requests.map(({ headers }) => headers['traceparent']).filter(Boolean)).to.deep.equal([]);
  });

  it('tell the other side nothing unless that is switched on', async () => {
    const site = await openShop({ handover: { tracing: true } });
    await takes(site, sell(site, ['TS-101']).completed());
    expect(site.lms.books.requests.map(({ headers }) => headers['traceparent']).filter(Boolean)).to.deep.equal([]);
  });
});
