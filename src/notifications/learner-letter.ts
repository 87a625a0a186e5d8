import type { Person } from '../contract/event.ts';
import { learnerOf } from '../contract/order.ts';
import { learnerMailTexts } from '../presentation/default-texts.ts';
import { fillText } from '../presentation/fill-text.ts';
import { detailItem } from '../presentation/item-details.ts';
import { namesFor } from '../presentation/names-for.ts';
import { viewOrder, type OrderView, type ViewParts } from '../presentation/order-view.ts';
import { richText } from '../presentation/rich-text.ts';
import type { OrderRecord } from '../storage/store.ts';
import { grantBlocks } from './buyer-letter.ts';
import { letterFrame } from './letter-frame.ts';
import type { Block, Letter } from './letter.ts';
import type { MailInput } from './mail-input.ts';
import { subjectLine } from './subject-line.ts';

export interface LearnerLetter {
  readonly letter: Letter;
  readonly view: OrderView;
}

/**
 * To somebody who was given something by the buyer: what it is, how to use it, and from whom. Nothing of the order, and no way
 * to its page. `skipped`: none of it is that person's any more.
 */
export function learnerLetter(
  person: Person,
  record: OrderRecord,
  { about }: MailInput,
  parts: ViewParts,
): LearnerLetter | { readonly skipped: string } {
  const email = person.email?.toLowerCase();
  const units = (Array.isArray(about['units']) ? about['units'] : []).filter((place): place is string => {
    const [number, unit] = String(place).split('/').map(Number);
    const line = record.order.lines.find((each) => each.line === number);
    return line !== undefined && learnerOf(record.order, line, unit ?? 0)?.email?.toLowerCase() === email;
  });
  const view = viewOrder(record, parts, { person, units });
  const items = view.items.filter(({ state }) => state === 'ready');
  if (items.length === 0) return { skipped: 'Nothing of what the mail was about is with this person any more.' };
  const [only] = items;
  const wish = (sku: string) => parts.product(sku)?.outcomes.paid?.learnerMail || undefined;
  const common = parts.site.outcomes.paid?.learnerMail || undefined;
  const own = items.length === 1 && only ? wish(only.sku) : undefined;
  const text = own?.text ?? common?.text ?? learnerMailTexts.text;
  const names = namesFor(view, items, parts.site);
  const blocks = items.flatMap((item): Block[] => {
    const told = items.length === 1 ? text : (wish(item.sku)?.text ?? '');
    const details = detailItem(item, [told], parts.site.site).grants.flatMap(grantBlocks);
    if (items.length === 1) return details;
    const words = fillText(told, namesFor(view, [item], parts.site));
    return [
      { kind: 'heading', text: item.title, badge: '' },
      ...(words === '' ? [] : [{ kind: 'text', paragraphs: richText(words, view.number) } as const]),
      ...details,
    ];
  });
  const frame = letterFrame(parts.site, view);
  const giver = view.buyer.name || 'somebody';
  const letter: Letter = {
    ...frame,
    subject: subjectLine(fillText(own?.subject ?? common?.subject ?? learnerMailTexts.subject, names)),
    blocks: [{ kind: 'text', paragraphs: richText(fillText(text, names), view.number) }, ...blocks],
    footer: [`You get this because ${giver} bought it here and named you.`, ...frame.footer],
  };
  return { letter, view };
}
