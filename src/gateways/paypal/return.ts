import type { Missed, ReturnVisit } from '../../contract/gateway.ts';
import { textAt } from '../json-fields.ts';
import { openApi } from './api.ts';
import { approvalOf } from './capture-order.ts';
import { isId } from './fields.ts';
import type { PaypalContext } from './options.ts';
import { unitsOf } from './units.ts';

/** The buyer looks at an empty page meanwhile. */
const patienceMs = 5000;

/**
 * Which purchase a returning buyer means: the order named by `token`, or the subscription. Anybody can invent such an address,
 * so it only says what to look up. An order that PayPal says is approved waits for us, and its notice may be late or lost: so
 * the return is kept as that notice would be, and the capture made by whichever of the two is read first.
 */
export async function findReturn(
  { query }: ReturnVisit,
  context: PaypalContext,
): Promise<{ readonly purchase: string; readonly missed?: Missed } | undefined> {
  const subscription = query['subscription_id'];
  if (isId(subscription) && subscription.startsWith('I-')) return { purchase: subscription };
  const id = query['token'];
  if (!isId(id) || id.length < 10) return undefined;
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(patienceMs)]);
  try {
    const order = await openApi({ ...context, signal }).order(id);
    const purchase = unitsOf(order)[0]?.purchase ?? id;
    const status = textAt(order, 'status');
    if (status !== 'APPROVED' && status !== 'COMPLETED') return { purchase };
    return { purchase, missed: approval(id, `${status.toLowerCase()}:${approvalOf(order)}`, context.now()) };
  } catch {
    return { purchase: id };
  }
}

/** What is read later is the order itself; of this only its id counts. */
function approval(order: string, state: string, at: Date): Missed {
  const deliveryId = `return:${order}:${state}`;
  const notice = {
    id: deliveryId,
    event_type: 'CHECKOUT.ORDER.APPROVED',
    create_time: at.toISOString(),
    resource: { id: order },
  };
  return { deliveryId, body: JSON.stringify(notice) };
}
