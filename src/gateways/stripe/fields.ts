/** Reading JSON of many API versions: every field may be absent, null, an id, or the object behind the id. */
import { giveUp } from '../../contract/errors.ts';
import { idAt, textAt, wholeAt } from '../json-fields.ts';

export { fieldsAt, idAt, isTrueAt, listAt, metadataOf, namesOf, textAt, wholeAt, type Fields } from '../json-fields.ts';

/** A reference that the event makes no sense without. */
export function needId(value: unknown, ...path: string[]): string {
  const id = idAt(value, ...path);
  if (id !== undefined) return id;
  throw giveUp('STRIPE_CALLBACK_UNREADABLE', `Stripe's ${textAt(value, 'object') ?? 'object'} has no "${path.join('.')}".`, {
    hint: 'Look the event up in the Stripe dashboard; if it is whole there, report its API version to the makers of handover.',
  });
}

/** Unix seconds as ISO 8601. */
export function timeAt(value: unknown, ...path: string[]): string | undefined {
  const seconds = wholeAt(value, ...path);
  return seconds === undefined || Math.abs(seconds) > 8.64e12 ? undefined : new Date(seconds * 1000).toISOString();
}
