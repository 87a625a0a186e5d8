import { on, wares, type Story } from './story.ts';

/** How a payment comes about, and what banks say of it later. */
export const storiesOfPayments: readonly Story[] = [
  {
    name: 'a paid course is there once, with one mail, however often it is told',
    needs: ['paid'],
    happens({ sells }) {
      const sale = sells(wares.course(1));
      return [on(0, () => sale.paid())];
    },
    until: 1,
    ends: { access: ['17'], orders: ['paid'], mails: 1 },
  },
  {
    // https://github.com/wpexpertsio/license-manager-for-woocommerce/issues/188
    name: 'a payment the bank decides days later is delivered then',
    needs: ['pending'],
    happens({ sells }) {
      const sale = sells(wares.course(1));
      return [on(0, () => sale.pending()), on(4, () => sale.paid())];
    },
    until: 5,
    ends: { access: ['17'], orders: ['paid'] },
    meanwhile: { 0: { access: [], orders: ['pending'] } },
  },
  {
    name: 'a payment the bank declines days later delivers nothing',
    needs: ['pending', 'declined'],
    happens({ sells }) {
      const sale = sells(wares.course(1));
      return [on(0, () => sale.pending()), on(4, () => sale.declined())];
    },
    until: 5,
    ends: { access: [], orders: ['declined'] },
  },
  {
    // https://github.com/Automattic/sensei/issues/2129, https://github.com/woocommerce/woocommerce-gateway-stripe/pull/5810
    name: 'a first attempt that expires after the second one was paid takes nothing, and nobody is mailed of it',
    needs: ['expired'],
    happens({ sells }) {
      const [first, second] = [sells(wares.course(1)), sells(wares.course(1))];
      return [on(0, () => second.paid()), on(1, () => first.expired())];
    },
    until: 2,
    ends: { access: ['17'], orders: ['paid'], mails: 1 },
  },
  {
    name: 'an open dispute closes the course and takes nothing away',
    needs: ['disputed'],
    happens({ sells }) {
      const sale = sells(wares.course(1));
      return [on(0, () => sale.paid()), on(3, () => sale.disputed())];
    },
    until: 5,
    ends: { access: ['17 closed'], orders: ['disputed'] },
  },
  {
    name: 'a dispute that is won opens the course again',
    needs: ['disputed', 'disputeWon'],
    happens({ sells }) {
      const sale = sells(wares.course(1));
      return [on(0, () => sale.paid()), on(3, () => sale.disputed()), on(9, () => sale.disputeWon())];
    },
    until: 10,
    ends: { access: ['17'], orders: ['paid'] },
    meanwhile: { 3: { access: ['17 closed'], orders: ['disputed'] } },
  },
  {
    // https://github.com/antiwork/gumroad/pull/7326
    name: 'a dispute that is lost takes the key and the course',
    needs: ['disputed', 'disputeLost', 'several'],
    happens({ sells }) {
      const sale = sells(wares.course(1), wares.key(1));
      return [on(0, () => sale.paid()), on(3, () => sale.disputed()), on(9, () => sale.disputeLost())];
    },
    until: 10,
    ends: { access: [], orders: ['disputeLost'], keys: 0 },
  },
  {
    name: 'a dispute that is lost takes the course',
    needs: ['disputed', 'disputeLost'],
    happens({ sells }) {
      const sale = sells(wares.course(1));
      return [on(0, () => sale.paid()), on(3, () => sale.disputed()), on(9, () => sale.disputeLost())];
    },
    until: 10,
    ends: { access: [], orders: ['disputeLost'] },
  },
  {
    name: 'an inquiry that moves no money changes nothing, and the buyer hears nothing of it',
    needs: ['inquiry'],
    happens({ sells }) {
      const sale = sells(wares.course(1));
      return [on(0, () => sale.paid()), on(3, () => sale.inquiry())];
    },
    until: 4,
    ends: { access: ['17'], orders: ['paid'], mails: 1 },
  },
];
