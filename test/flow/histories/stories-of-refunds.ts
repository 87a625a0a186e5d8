import { on, wares, type Story } from './story.ts';

/** Money that goes back. The addresses are those of the reports. */
export const storiesOfRefunds: readonly Story[] = [
  {
    // https://github.com/dualcube/moowoodle/issues/166
    name: 'a booklet that is paid back takes the booklet along, and no course',
    needs: ['several', 'refunded'],
    happens({ sells }) {
      const sale = sells(wares.course(1), wares.other(1), wares.booklet(1));
      return [on(0, () => sale.paid()), on(5, () => sale.refunded(900))];
    },
    until: 6,
    ends: { access: ['17', '18'], orders: ['partlyRefunded'] },
  },
  {
    // https://github.com/Automattic/sensei/issues/3204
    name: 'a course that is paid back alone leaves the others',
    needs: ['several', 'refunded'],
    happens({ sells }) {
      const sale = sells(wares.course(1), wares.other(1), wares.booklet(1));
      return [on(0, () => sale.paid()), on(5, () => sale.refunded(4900))];
    },
    until: 6,
    ends: { access: ['18', '19'], orders: ['partlyRefunded'] },
  },
  {
    name: 'two courses that are paid back one after the other are both gone',
    needs: ['several', 'refunded'],
    happens({ sells }) {
      const sale = sells(wares.course(1), wares.other(1));
      return [on(0, () => sale.paid()), on(5, () => sale.refunded(4900)), on(6, () => sale.refunded(5900))];
    },
    until: 7,
    ends: { access: [], orders: ['refunded'] },
    meanwhile: { 5: { access: ['18'], orders: ['partlyRefunded'] } },
  },
  {
    name: 'two parts that add up to the whole price take the course, and close the question the first one raised',
    needs: ['refunded'],
    happens({ sells }) {
      const sale = sells(wares.course(1));
      return [on(0, () => sale.paid()), on(5, () => sale.refunded(2000)), on(6, () => sale.refunded(2900))];
    },
    until: 7,
    ends: { access: [], orders: ['refunded'] },
    meanwhile: { 5: { access: ['17'], orders: ['partlyRefunded'], asked: ['REFUND_UNASSIGNED'] } },
  },
  {
    name: 'a sum that fits nothing leaves everything where it is and asks staff',
    needs: ['refunded'],
    happens({ sells }) {
      const sale = sells(wares.course(1));
      return [on(0, () => sale.paid()), on(5, () => sale.refunded(1000))];
    },
    until: 6,
    ends: { access: ['17'], orders: ['partlyRefunded'], asked: ['REFUND_UNASSIGNED'] },
  },
  {
    name: 'a refund that is heard of before its payment gives nothing for good',
    needs: ['refunded'],
    happens({ sells }) {
      const sale = sells(wares.course(1));
      let late: ReturnType<typeof sale.paid> = [];
      return [
        on(0, () => {
          late = sale.paid();
          return [];
        }),
        on(3, () => sale.refunded(4900)),
        on(4, () => late),
      ];
    },
    until: 5,
    ends: { access: [], orders: ['refunded'] },
  },
  {
    name: 'a refund that is told again days later takes one key of three, and no second one',
    needs: ['pieces', 'refunded'],
    happens({ sells }) {
      const sale = sells(wares.key(3));
      let back: ReturnType<typeof sale.paid> = [];
      return [on(0, () => sale.paid()), on(5, () => (back = sale.refunded(1900))), on(6, () => back), on(9, () => back)];
    },
    until: 10,
    ends: { access: [], orders: ['partlyRefunded'], keys: 2 },
  },
  {
    name: 'two refunds of one piece each take two keys of three, also where the gateway tells sums so far',
    needs: ['pieces', 'refunded'],
    happens({ sells }) {
      const sale = sells(wares.key(3));
      return [on(0, () => sale.paid()), on(5, () => sale.refunded(1900)), on(6, () => sale.refunded(1900))];
    },
    until: 7,
    ends: { access: [], orders: ['partlyRefunded'], keys: 1 },
    meanwhile: { 5: { access: [], orders: ['partlyRefunded'], keys: 2 } },
  },
  {
    name: 'a refund that came back to the seller gives the course back',
    needs: ['refunded', 'refundFailed'],
    happens({ sells }) {
      const sale = sells(wares.course(1));
      return [on(0, () => sale.paid()), on(5, () => sale.refunded(4900, true)), on(9, () => sale.refundFailed())];
    },
    until: 10,
    ends: { access: ['17'], orders: ['paid'] },
  },
  {
    // https://github.com/themeum/tutor/issues/2346
    name: 'of two purchases of one course the older is paid back, and the course stays',
    needs: ['refunded'],
    happens({ sells }) {
      const [first, second] = [sells(wares.pair(1)), sells(wares.pair(1))];
      return [on(0, () => first.paid()), on(1, () => second.paid()), on(5, () => first.refunded(4900))];
    },
    until: 6,
    ends: { access: ['17', 'moodle'], orders: ['paid', 'refunded'] },
  },
  {
    name: 'of two purchases of one course the newer is paid back, and the course stays',
    needs: ['refunded'],
    happens({ sells }) {
      const [first, second] = [sells(wares.pair(1)), sells(wares.pair(1))];
      return [on(0, () => first.paid()), on(1, () => second.paid()), on(5, () => second.refunded(4900))];
    },
    until: 6,
    ends: { access: ['17', 'moodle'], orders: ['paid', 'refunded'] },
  },
  {
    name: 'two purchases of one course are both paid back, and the course is gone',
    needs: ['refunded'],
    happens({ sells }) {
      const [first, second] = [sells(wares.pair(1)), sells(wares.pair(1))];
      return [
        on(0, () => first.paid()),
        on(1, () => second.paid()),
        on(5, () => second.refunded(4900)),
        on(6, () => first.refunded(4900)),
      ];
    },
    until: 7,
    ends: { access: [], orders: ['refunded', 'refunded'] },
    meanwhile: { 5: { access: ['17', 'moodle'], orders: ['paid', 'refunded'] } },
  },
];
