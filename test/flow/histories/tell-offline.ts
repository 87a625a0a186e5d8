import { createCheckout } from '../../../src/wiring/checkout.ts';
import { createOfflineDesk, type OfflineDesk } from '../../../src/wiring/offline-desk.ts';
import type { Site } from '../../support/open-site.ts';
import { next, sumOf, type Clock, type Sale, type Teller, type Told } from './teller.ts';

/** Money that staff see and enter: the desk is the gateway. */
export function tellOffline(now: Clock): Teller {
  return {
    name: 'offline',
    settings: {
      offline: { methods: { transfer: { iban: 'DE02 1203 0000 0000 2020 51', holder: 'Example School Ltd', dueDays: 60 } } },
    },
    env: {},
    names: ['several', 'pieces'],
    close: () => Promise.resolve(),
    sells(goods): Sale {
      let number = '';
      const paid = `BANK-${next()}`;
      const word = { by: 'Ada', because: 'Seen on the account.' };
      const eur = (cents: number) => ({ amount: cents, currency: 'EUR' });
      const placed = async (site: Site): Promise<void> => {
        if (number !== '') return;
        const { order } = await createCheckout(site.app).start({
          gateway: 'offline',
          items: goods.items.map(({ sku, quantity }) => ({ sku, quantity })),
          buyer: { email: goods.email, name: 'Ada Example' },
          metadata: {},
        });
        number = order?.number ?? '';
      };
      const desk = (work: (desk: OfflineDesk) => Promise<unknown>): Told[] => [
        {
          async act(site) {
            await placed(site);
            try {
              await work(createOfflineDesk(site.app));
              return true;
            } catch (error) {
              if (isTooEarly(error)) return false;
              throw error;
            }
          },
        },
      ];
      const seen = () => ({ ...word, at: now() });
      const paidNow = (): Told[] =>
        desk((desk) => desk.confirm(number, { amount: eur(sumOf(goods)), reference: paid, ...seen() }));
      if (goods.isMonthly) return { paid: paidNow };
      return {
        paid: paidNow,
        pending: () => desk(() => Promise.resolve()),
        expired: () => desk((desk) => desk.cancel(number, seen())),
        refunded(cents) {
          const reference = `BACK-${next()}`;
          return desk((desk) => desk.refund(number, { amount: eur(cents), reference, ...seen() }));
        },
      };
    },
  };
}

/** Money cannot be given back before it has come; staff are told so and come again. */
function isTooEarly(error: unknown): boolean {
  return (error as { code?: string }).code === 'REFUND_IMPOSSIBLE';
}
