/** Reading PayPal's JSON, in which versions 1 and 2 of its APIs live side by side. */
import { giveUp } from '../../contract/errors.ts';
import { listAt, textAt, type Fields } from '../json-fields.ts';

/** An id that the event makes no sense without. Ids become parts of paths, so they have to look like ids. */
export function needId(value: unknown, ...path: string[]): string {
  const id = textAt(value, ...path);
  if (id !== undefined && isId(id)) return id;
  throw giveUp('PAYPAL_CALLBACK_UNREADABLE', `PayPal's notice has no "${path.join('.')}".`, {
    hint: 'Look the event up in the developer dashboard (Event logs); if it is whole there, report its type and resource version.',
  });
}

export function isId(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9-]{1,64}$/.test(text);
}

/** RFC 3339 as ISO 8601 in UTC. Undefined when it is no time. */
export function timeAt(value: unknown, ...path: string[]): string | undefined {
  const text = textAt(value, ...path);
  const at = new Date(text ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** The last part of the address a link names, when it leads into `folder`: `…/v2/payments/captures/CAP1`. */
export function linkedId(resource: Fields | undefined, rel: string, folder: string): string | undefined {
  for (const link of listAt(resource, 'links')) {
    const parts = (textAt(link, 'href') ?? '').split(/[?#]/)[0]?.split('/') ?? [];
    const id = parts.at(-1);
    if (textAt(link, 'rel') === rel && parts.at(-2) === folder && isId(id)) return id;
  }
  return undefined;
}

/** `PENDING_REVIEW` for people. */
export function words(code: string | undefined): string | undefined {
  return code?.replaceAll('_', ' ').toLowerCase();
}
