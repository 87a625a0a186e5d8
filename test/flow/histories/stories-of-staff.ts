import { on, wares, type Story } from './story.ts';

/** What staff do between what gateways say. */
export const storiesOfStaff: readonly Story[] = [
  {
    // https://github.com/polarsource/polar/issues/9205
    name: 'a leaked key is issued anew, and the old one is good for nothing',
    needs: ['paid'],
    happens({ sells, decides }) {
      const sale = sells(wares.key(1));
      return [on(0, () => sale.paid()), on(1, () => decides.reissues('1/1/licence'))];
    },
    until: 2,
    ends: { access: [], orders: ['paid'], keys: 1 },
  },
  {
    name: 'a key that was issued anew is paid back, and both are good for nothing',
    needs: ['refunded'],
    happens({ sells, decides }) {
      const sale = sells(wares.key(1));
      return [on(0, () => sale.paid()), on(1, () => decides.reissues('1/1/licence')), on(5, () => sale.refunded(1900))];
    },
    until: 6,
    ends: { access: [], orders: ['refunded'], keys: 0 },
  },
  {
    name: 'a course that was given and bought is paid back, and the gift stays',
    needs: ['refunded'],
    happens({ sells, decides }) {
      const sale = sells(wares.pair(1));
      return [on(0, () => decides.gives('PAIR')), on(1, () => sale.paid()), on(5, () => sale.refunded(4900))];
    },
    until: 6,
    ends: { access: ['17', 'moodle'], orders: ['paid', 'refunded'] },
  },
  {
    // https://github.com/Prospress/woocommerce-subscriptions-gifting/issues/200
    name: 'a seat that was moved to somebody else is paid back, and neither of the two has it',
    needs: ['refunded'],
    happens({ sells, decides }) {
      const sale = sells(wares.pair(1));
      return [on(0, () => sale.paid()), on(1, () => decides.movesSeat()), on(5, () => sale.refunded(4900))];
    },
    until: 6,
    ends: { access: [], orders: ['refunded'] },
    meanwhile: { 1: { access: ['bo: 17', 'bo: moodle'], orders: ['paid'] } },
  },
];
