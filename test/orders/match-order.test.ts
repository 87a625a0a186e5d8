import { expect } from 'chai';
import { parseMoney, type PaymentEvent } from '../../src/contract/index.ts';
import { applyEvents } from '../../src/orders/apply-events.ts';
import { matchOrder, type MatchRules, type Pricing } from '../../src/orders/match-order.ts';
import { ada, event, line, paid } from '../support/events.ts';

const pricing: Pricing = { prices: [parseMoney('49.00 EUR')!], trials: 'hold', discounts: 'hold', taxes: 'included' };

function match(events: PaymentEvent[], changes: Partial<MatchRules> = {}, changedPricing: Partial<Pricing> = {}) {
  return matchOrder(applyEvents('stripe', 'cs_1', events), {
    mode: 'live',
    receivers: [],
    ignoreSkus: [],
    pricing: (sku) => (sku === 'TS-101' ? { ...pricing, ...changedPricing } : undefined),
    isEmailAddress: (text) => text.includes('@'),
    ...changes,
  });
}

const codes = (order: ReturnType<typeof match>) => order.holds.map(({ code }) => code);
const eur = (amount: number) => ({ amount, currency: 'EUR' });

describe('The match gate', () => {
  it('lets a payment through that agrees with its product file', () => {
    expect(match([paid()]).status).to.equal('paid');
    expect(match([paid({ lines: [line('TS-101', 4900, 3)] })]).status).to.equal('paid');
  });

  it('holds a genuine payment of 1.00 for a product of 49.00', () => {
    const order = match([paid({ lines: [line('TS-101', 100)] })]);
    expect(order.status).to.equal('held');
    expect(order.holds).to.deep.equal([
      { code: 'AMOUNT_MISMATCH', message: 'Line 1 (TS-101) cost 1.00 EUR; by its product file it costs 49.00 EUR.' },
    ]);
  });

  it('holds a sum that the items do not add up to', () => {
    expect(codes(match([paid({ amount: eur(100) })]))).to.deep.equal(['SUM_MISMATCH']);
  });

  it('counts shipping to the sum', () => {
    expect(match([paid({ amount: eur(5500), shipping: eur(600) })]).status).to.equal('paid');
  });

  it('holds another currency, however close the number', () => {
    const usd = { amount: 4900, currency: 'USD' };
    const order = match([paid({ amount: usd, lines: [{ ...line('TS-101'), subtotal: usd, total: usd }] })]);
    expect(codes(order)).to.deep.equal(['CURRENCY_MISMATCH']);
  });

  it('holds a test payment on a live site, and a live one on a test site', () => {
    expect(codes(match([paid({ mode: 'test' })]))).to.deep.equal(['MODE_MISMATCH']);
    expect(codes(match([paid()], { mode: 'test' }))).to.deep.equal(['MODE_MISMATCH']);
  });

  it('holds money that went to somebody else', () => {
    expect(codes(match([paid({ receiver: 'acct_other' })], { receivers: ['acct_ours'] }))).to.deep.equal(['RECEIVER_MISMATCH']);
    expect(codes(match([paid()], { receivers: ['acct_ours'] }))).to.deep.equal(['RECEIVER_MISMATCH']);
    expect(match([paid({ receiver: 'acct_ours' })], { receivers: ['acct_ours'] }).status).to.equal('paid');
  });

  it('holds a discount unless discounts are accepted', () => {
    const lines = [{ ...line('TS-101'), discount: eur(900), total: eur(4000) }];
    expect(codes(match([paid({ lines })]))).to.deep.equal(['DISCOUNT_NOT_ACCEPTED']);
    expect(match([paid({ lines })], {}, { discounts: 'accept' }).status).to.equal('paid');
  });

  it('takes tax on top only where the product says so', () => {
    const lines = [{ ...line('TS-101'), tax: eur(931), total: eur(5831) }];
    expect(codes(match([paid({ lines })]))).to.deep.equal(['TAX_MISMATCH']);
    expect(match([paid({ lines })], {}, { taxes: 'added' }).status).to.equal('paid');
  });

  it('holds an order whose buyer or items nobody can tell', () => {
    expect(codes(match([event('payment.completed', { amount: eur(4900), buyer: ada })]))).to.deep.equal(['ITEMS_UNKNOWN']);
    expect(codes(match([paid({ buyer: { name: 'Ada' } })]))).to.deep.equal(['BUYER_UNKNOWN']);
    expect(codes(match([paid({ buyer: { email: 'nonsense' } })]))).to.deep.equal(['BUYER_EMAIL_INVALID']);
  });

  it('parks a line without a product file and holds nobody else up', () => {
    const order = match([paid({ lines: [line('TS-101'), line('NEW-1', 900)] })]);
    expect(order.status).to.equal('paid');
    expect(order.lines.map(({ state }) => state)).to.deep.equal(['open', 'parked']);
  });

  it('leaves alone what is listed as not ours', () => {
    const order = match([paid({ lines: [line('MUG-7', 900)] })], { ignoreSkus: ['MUG-*'] });
    expect(order.lines[0]?.state).to.equal('foreign');
    expect(order.status).to.equal('paid');
  });

  it('takes SKUs named like parts of JavaScript as unknown SKUs', () => {
    const lines = ['__proto__', 'constructor', 'toString'].map((sku) => line(sku, 100));
    expect(match([paid({ lines })]).lines.every(({ state }) => state === 'parked')).to.equal(true);
  });

  it('lets go what staff released, and holds what comes to light after that', () => {
    const cheap = paid({ lines: [line('TS-101', 100)] });
    const release = event('order.released', {
      id: 'release-1',
      staff: { by: 'ada', because: 'Agreed by phone.', codes: ['AMOUNT_MISMATCH'] },
    });
    expect(match([cheap, release]).status).to.equal('paid');
    expect(codes(match([{ ...cheap, mode: 'test' }, release]))).to.deep.equal(['MODE_MISMATCH']);
  });

  it('does not hold what was not paid', () => {
    expect(match([event('payment.failed', { lines: [line('TS-101', 100)] })]).status).to.equal('declined');
  });
});
