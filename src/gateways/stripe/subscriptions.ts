import type { EventLine, PaymentEvent } from '../../contract/event.ts';
import { factOf, told, type Desk, type Reader } from './desk.ts';
import { fieldsAt, idAt, listAt, metadataOf, namesOf, needId, textAt, wholeAt, type Fields } from './fields.ts';
import { moneyOf } from './money.ts';
import type { Notice } from './notice.ts';
import { defaultSkuFrom } from './options.ts';
import { findSku, productOf } from './sku.ts';

/** Why a subscription ended, in Stripe's words (`cancellation_details.reason`). */
const reasons: Readonly<Record<string, string>> = {
  cancellation_requested: 'The subscription was cancelled.',
  payment_failed: 'The payment for the next period failed.',
  payment_disputed: 'A payment was disputed.',
};

/** The end itself. A cancellation for later (`cancel_at_period_end`) can be taken back and ends nothing yet. */
export const readEndedSubscription: Reader = (subscription, notice, desk) => {
  const id = needId(subscription, 'id');
  const invoice = idAt(subscription, 'latest_invoice');
  const why = textAt(subscription, 'cancellation_details', 'reason');
  const reason = why !== undefined && Object.hasOwn(reasons, why) ? reasons[why] : why?.replaceAll('_', ' ');
  const event = {
    ...factOf(notice, desk),
    kind: 'subscription.ended' as const,
    id: `${id}:ended`,
    purchase: id,
    payment: id,
    ...told({ reason }),
    references: namesOf(id, invoice),
    metadata: metadataOf(fieldsAt(subscription, 'metadata')),
  };
  return { events: [event] };
};

/**
 * What the subscription is for now, where its items changed. A new period, a new card or a cancellation for later are other
 * changes of a subscription, and change no plan. Thin notifications do not say what changed, so they are passed over.
 */
export const readChangedSubscription: Reader = async (subscription, notice, desk) => {
  const before = notice.previous && itemNames(notice.previous);
  if (!before || before === itemNames(subscription)) return { ignored: 'The items of the subscription stay as they are.' };
  const lines = await itemsOf(subscription, desk);
  if (lines.some(({ sku }) => sku === undefined))
    return { ignored: 'An item of the changed subscription has no SKU, so the plan stays as it was.' };
  return { events: [{ ...changeOf('subscription.changed', subscription, notice, desk), lines }] };
};

/** Prices and quantities; undefined where there are no items to see. */
function itemNames(subscription: Fields): string | undefined {
  const items = listAt(subscription, 'items');
  if (items.length === 0) return undefined;
  return items
    .map((item) => `${idAt(item, 'price') ?? ''} ${wholeAt(item, 'quantity') ?? 1}`)
    .sort()
    .join();
}

/** A trial ended without a payment method, or the subscription goes on after that. */
export const readPausedSubscription: Reader = (subscription, notice, desk) => ({
  events: [changeOf('subscription.paused', subscription, notice, desk)],
});

export const readResumedSubscription: Reader = (subscription, notice, desk) => ({
  events: [changeOf('subscription.resumed', subscription, notice, desk)],
});

/** Such changes come again and again, so the moment is part of their name. */
function changeOf(kind: PaymentEvent['kind'], subscription: Fields, notice: Notice, desk: Desk): PaymentEvent {
  const id = needId(subscription, 'id');
  const fact = factOf(notice, desk);
  return { ...fact, kind, id: `${id}:${kind.slice('subscription.'.length)}:${fact.at}`, purchase: id, payment: id };
}

/** Items name their price whole, and its product by id: each price is asked for once, with the product. */
async function itemsOf(subscription: Fields, { api, options }: Desk): Promise<EventLine[]> {
  const skuFrom = options.skuFrom ?? defaultSkuFrom;
  const items = listAt(subscription, 'items');
  return Promise.all(
    items.map(async (item): Promise<EventLine> => {
      const id = idAt(item, 'price');
      const price = id === undefined ? undefined : await api.price(id);
      const product = productOf(price);
      const quantity = wholeAt(item, 'quantity') ?? 1;
      const sum = moneyOf((wholeAt(price, 'unit_amount') ?? 0) * quantity, textAt(price, 'currency') ?? '');
      const sku = findSku(skuFrom, { line: item, price, product, payment: undefined });
      const title = textAt(product, 'name') ?? textAt(price, 'nickname') ?? 'Item';
      return told({ sku, title, quantity, subtotal: sum, total: sum });
    }),
  );
}
