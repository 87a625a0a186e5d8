import { expect } from 'chai';
import fc from 'fast-check';
import { usernameFor } from '../../connectors/axis-lms/username.ts';
import {
  addDays,
  addMonths,
  endsLater,
  isSameWindow,
  windowAfter,
  type AccessWindow,
  type Term,
} from '../../connectors/axis-lms/window.ts';

const openEnd = '2099-12-31';
const day = fc.integer({ min: 0, max: 4000 }).map((days) => addDays('2024-01-01', days));
const window = fc
  .record({ start: day, end: fc.option(fc.integer({ min: 1, max: 900 }), { nil: undefined }) })
  .map(({ start, end }): AccessWindow => {
    return end === undefined ? { start } : { start, end: addDays(start, end) };
  });
const present = fc.option(window, { nil: undefined });
const term: fc.Arbitrary<Term> = fc.oneof(
  fc.integer({ min: 1, max: 700 }).map((days) => ({ days })),
  fc.integer({ min: 1, max: 24 }).map((months) => ({ months })),
  fc.constant({}),
);
const repeatPurchase = fc.constantFrom('set' as const, 'extend' as const);

describe('the access window of a purchase', () => {
  it('never takes time away, always covers the day of the purchase, and ends after it starts', () => {
    fc.assert(
      fc.property(present, day, term, repeatPurchase, (before, since, bought, policy) => {
        const after = windowAfter(before, since, bought, { repeatPurchase: policy, times: 1, openEnd });
        expect(before === undefined || !endsLater(before, after, openEnd)).to.equal(true);
        expect(after.start === undefined || after.start <= since).to.equal(true);
        expect(after.end === undefined || (after.end > since && after.end > (after.start ?? ''))).to.equal(true);
      }),
    );
  });

  it('is the same however often it is set', () => {
    fc.assert(
      fc.property(present, day, term, (before, since, bought) => {
        const rules = { repeatPurchase: 'set' as const, times: 1, openEnd };
        const once = windowAfter(before, since, bought, rules);
        expect(isSameWindow(windowAfter(once, since, bought, rules), once, openEnd)).to.equal(true);
      }),
    );
  });

  it('grows by the whole term for each unit that extends running access', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: 9 }), (start, days, times) => {
        const before = { start, end: addDays(start, 30) };
        const after = windowAfter(before, addDays(start, 5), { days }, { repeatPurchase: 'extend', times, openEnd });
        expect(after).to.deep.equal({ start, end: addDays(before.end, days * times) });
      }),
    );
  });

  it('counts months by the calendar', () => {
    expect(addMonths('2026-01-31', 1)).to.equal('2026-02-28');
    expect(addMonths('2027-12-31', 2)).to.equal('2028-02-29');
    expect(addMonths('2026-11-15', 14)).to.equal('2028-01-15');
  });
});

describe('the user name of a mail address', () => {
  it('is legal, and another for every other address', () => {
    fc.assert(
      fc.property(
        fc.emailAddress(),
        fc.emailAddress(),
        fc.constantFrom('email' as const, 'hash' as const),
        (one, other, rule) => {
          expect(usernameFor(one, rule)).to.match(/^[a-z0-9@._-]{4,40}$/);
          expect(usernameFor(one, rule) === usernameFor(other, rule)).to.equal(one.toLowerCase() === other.toLowerCase());
        },
      ),
    );
  });
});
