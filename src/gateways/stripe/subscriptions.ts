import { factOf, told, type Reader } from './desk.ts';
import { fieldsAt, idAt, metadataOf, namesOf, needId, textAt } from './fields.ts';

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
