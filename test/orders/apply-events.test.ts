import { expect } from 'chai';
import fc from 'fast-check';
import type { PaymentEvent } from '../../src/contract/index.ts';
import { applyEvents } from '../../src/orders/apply-events.ts';
import { ada, event, paid, refunded } from '../support/events.ts';

const apply = (...events: PaymentEvent[]) => applyEvents('stripe', 'cs_1', events);

describe('An order, made of its events', () => {
  it('is pending until the bank has decided, then paid', () => {
    const pending = event('payment.pending', { buyer: ada });
    expect(apply(pending).status).to.equal('pending');
    expect(apply(pending, paid()).status).to.equal('paid');
  });

  it('is paid until the day a cancelled contract ends, and ended from then on', () => {
    const until = '2027-01-01T00:00:00.000Z';
    const cancelled = event('subscription.ended', { until });
    expect(apply(cancelled, paid()).status).to.equal('paid');
    expect(apply(cancelled, paid(), event('clock.passed', { at: until })).status).to.equal('ended');
    expect(apply(event('subscription.ended'), paid()).status).to.equal('ended');
  });

  it('stays paid when a declined attempt is reported late', () => {
    const failed = event('payment.failed', { reason: 'insufficient funds' });
    const completed = paid();
    expect(apply(completed, failed).status).to.equal('paid');
    expect(apply(failed, completed).status).to.equal('paid');
  });

  it('stays paid when an abandoned first attempt expires after the second was paid', () => {
    expect(apply(paid(), event('payment.expired')).status).to.equal('paid');
  });

  it('counts one movement of money once, however many events report it', () => {
    const session = paid({ id: 'cs_1:completed' });
    const intent = paid({ id: 'pi_1:succeeded' });
    expect(apply(session, intent).payments).to.have.length(1);
  });

  it('is partly refunded until everything was given back', () => {
    expect(apply(paid(), refunded(1000)).status).to.equal('partlyRefunded');
    expect(apply(paid(), refunded(1000), refunded(3900, 're_2')).status).to.equal('refunded');
  });

  it('does not add cumulative reports of the same refunds to the refunds themselves', () => {
    const order = apply(paid(), refunded(1000), refunded(1000, 'ch_1:1000', { cumulative: true }));
    expect(order.payments[0]?.refunded).to.equal(1000);
  });

  it('is paid again when its refund fails', () => {
    expect(apply(paid(), refunded(4900), event('payment.refundFailed', { reversal: 're_1' })).status).to.equal('paid');
  });

  it('waits for its payment when the refund arrives first, and is refunded then', () => {
    const refund = refunded(4900);
    expect(apply(refund).status).to.equal('pending');
    expect(apply(refund, paid()).status).to.equal('refunded');
  });

  it('is disputed, then paid when the dispute is won, or lost for good', () => {
    const opened = event('payment.disputed', { reversal: 'dp_1' });
    expect(apply(paid(), opened).status).to.equal('disputed');
    expect(apply(paid(), opened, event('payment.disputeWon', { reversal: 'dp_1' })).status).to.equal('paid');
    expect(apply(paid(), opened, event('payment.disputeLost', { reversal: 'dp_1' })).status).to.equal('disputeLost');
  });

  it('keeps one number, whichever process computes it', () => {
    expect(apply(paid()).id).to.match(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(apply(paid()).id).to.equal(apply(event('payment.pending')).id);
  });

  it('takes metadata named like parts of JavaScript as plain data', () => {
    const metadata = JSON.parse('{"__proto__":"polluted","constructor":"x"}') as Record<string, string>;
    const order = apply(paid({ metadata }));
    expect(Object.keys(order.metadata)).to.have.members(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
  });

  it('comes out the same for every order of arrival and every repetition of the same events', () => {
    const instants = fc.integer({ min: 0, max: 3 }).map((minute) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString());
    const movement = fc.constantFrom('pi_1', 'pi_2');
    const reversal = fc.constantFrom('r_1', 'r_2');
    const arbitrary = fc.oneof(
      fc.record({ at: instants, payment: movement }).map((changes) => paid(changes)),
      fc.record({ at: instants }).map((changes) => event('payment.pending', { ...changes, buyer: { email: 'b@example.org' } })),
      fc.record({ at: instants, payment: movement }).map((changes) => event('payment.failed', changes)),
      fc.record({ at: instants }).map((changes) => event('payment.expired', changes)),
      fc
        .record({ at: instants, payment: movement, reversal, amount: fc.constantFrom(900, 4900), cumulative: fc.boolean() })
        .map(({ amount, reversal: id, ...changes }) =>
          refunded(amount, id, { ...changes, id: `${changes.payment}:${id}:${amount}` }),
        ),
      fc
        .record({
          at: instants,
          payment: movement,
          reversal,
          kind: fc.constantFrom(
            'payment.disputed' as const,
            'payment.disputeWon' as const,
            'payment.disputeLost' as const,
            'payment.refundFailed' as const,
          ),
        })
        .map(({ kind, ...changes }) => event(kind, changes)),
    );
    const history = fc.uniqueArray(arbitrary, { minLength: 1, maxLength: 9, selector: ({ id }) => id });
    fc.assert(
      fc.property(
        history.chain((events) =>
          fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }), fc.subarray(events)),
        ),
        ([events, shuffled, repeated]) => {
          expect(apply(...shuffled, ...repeated)).to.deep.equal(apply(...events));
        },
      ),
      { numRuns: 500 },
    );
  });
});
