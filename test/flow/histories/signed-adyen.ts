import { adyenItem, type AdyenItem } from '../../gateways/signed-samples.ts';
import type { Bodies } from './tell-signed.ts';
import { next, sumOf } from './teller.ts';

/** Adyen's standard webhooks, one item each. */
export const adyenSale: Bodies = (goods, now) => {
  const [item] = goods.items;
  const payment = `PSP${next()}`;
  const merchantReference = `ORD-${next()}`;
  let refund = '';
  const tell = (eventCode: string, changes: Partial<AdyenItem> = {}): object[] => [
    adyenItem({
      pspReference: payment,
      merchantReference,
      amount: { value: sumOf(goods), currency: 'EUR' },
      eventCode,
      eventDate: now().toISOString(),
      additionalData: {
        shopperEmail: goods.email,
        'metadata.sku': item?.sku ?? '',
        'metadata.quantity': String(item?.quantity ?? 1),
      },
      ...changes,
    }),
  ];
  const later = (eventCode: string, pspReference = `PSP${next()}`, cents = sumOf(goods)): object[] =>
    tell(eventCode, {
      pspReference,
      originalReference: payment,
      amount: { value: cents, currency: 'EUR' },
      additionalData: {},
    });
  if (goods.isMonthly) return { paid: () => tell('AUTHORISATION') };
  return {
    paid: () => tell('AUTHORISATION'),
    pending: () => tell('PENDING'),
    declined: () => tell('AUTHORISATION', { success: 'false', reason: 'Refused' }),
    expired: () => tell('OFFER_CLOSED'),
    refunded(cents) {
      refund = `PSP${next()}`;
      return later('REFUND', refund, cents);
    },
    refundFailed: () => later('REFUND_FAILED', refund),
    disputed: () => [...later('NOTIFICATION_OF_CHARGEBACK'), ...later('CHARGEBACK')],
    disputeWon: () => later('CHARGEBACK_REVERSED'),
    disputeLost: () => later('SECOND_CHARGEBACK'),
    inquiry: () => later('REQUEST_FOR_INFORMATION'),
  };
};
