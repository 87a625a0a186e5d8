import { on, wares, type Story } from './story.ts';

/** A club by the month, with three days of grace. */
export const storiesOfContracts: readonly Story[] = [
  {
    // https://github.com/awesomemotive/easy-digital-downloads/issues/3703
    name: 'a doubled renewal that is paid back takes its own month, and not the month that was paid once',
    needs: ['renewed', 'refunded'],
    happens({ sellsMonths }) {
      const club = sellsMonths(wares.club(1));
      return [
        on(0, () => club.paid()),
        on(30, () => club.renewed()),
        on(31, () => club.renewed()),
        on(32, () => club.refunded(900)),
      ];
    },
    until: 45,
    ends: { access: ['20'], orders: ['partlyRefunded'] },
  },
  {
    name: 'a renewal that failed and is paid days later goes on as if nothing had been',
    needs: ['renewed', 'renewalFailed'],
    happens({ sellsMonths }) {
      const club = sellsMonths(wares.club(1));
      return [on(0, () => club.paid()), on(30, () => club.renewalFailed()), on(32, () => club.renewed())];
    },
    until: 45,
    ends: { access: ['20'], orders: ['paid'] },
    meanwhile: { 30: { access: ['20'], orders: ['paid'] } },
  },
  {
    name: 'a contract cancelled for the end of its month lasts until then, and no longer',
    needs: ['cancelled'],
    happens({ sellsMonths }) {
      const club = sellsMonths(wares.club(1));
      return [
        on(0, () => club.paid()),
        on(10, () => club.cancelled()),
        on(30, () => (club as Partial<typeof club>).ranOut?.() ?? []),
      ];
    },
    until: 45,
    ends: { access: ['20 closed'], orders: ['ended'] },
    meanwhile: { 10: { access: ['20'], orders: ['paid'] } },
  },
  {
    name: 'a contract that ends at once is closed at once',
    needs: ['ended'],
    happens({ sellsMonths }) {
      const club = sellsMonths(wares.club(1));
      return [on(0, () => club.paid()), on(10, () => club.ended())];
    },
    until: 11,
    ends: { access: ['20 closed'], orders: ['ended'] },
  },
  {
    name: 'a contract nobody pays for any more ends by our own clock',
    needs: ['renewed'],
    happens({ sellsMonths }) {
      const club = sellsMonths(wares.club(1));
      return [on(0, () => club.paid()), on(30, () => club.renewed())];
    },
    until: 66,
    ends: { access: ['20 closed'], orders: ['ended'] },
    meanwhile: { 45: { access: ['20'], orders: ['paid'] } },
  },
];
