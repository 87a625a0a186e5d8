import { fillText } from '../presentation/fill-text.ts';
import { namesFor } from '../presentation/names-for.ts';
import type { OrderView } from '../presentation/order-view.ts';
import { richText } from '../presentation/rich-text.ts';
import type { LetterParts } from './buyer-letter.ts';
import { letterFrame } from './letter-frame.ts';
import type { Letter } from './letter.ts';
import type { MailInput } from './mail-input.ts';
import { subjectLine } from './subject-line.ts';

/** A follow-up mail of a product, as its file words it; or why there is nothing to send any more. Pure. */
export function scheduledLetter(
  view: OrderView,
  { lines, about }: MailInput,
  parts: LetterParts,
  spareUrl: string,
): Letter | { readonly skipped: string } {
  const item = view.items.find(({ line }) => lines.includes(line));
  const name = typeof about['name'] === 'string' ? about['name'] : '';
  const followUps = (item && parts.product(item.sku)?.followUps) ?? {};
  const texts = Object.hasOwn(followUps, name) ? followUps[name]?.mail : undefined;
  if (!item || !texts) return { skipped: `No product file has the follow-up mail "${name}" any more.` };
  if (item.state !== 'ready') return { skipped: `What the mail is about is ${item.state} by now.` };
  const names = namesFor(view, [item], parts.site);
  const frame = letterFrame(parts.site, view);
  return {
    ...frame,
    subject: subjectLine(fillText(texts.subject ?? item.title, names)),
    blocks: [
      { kind: 'text', paragraphs: richText(fillText(texts.text ?? '', names), view.number) },
      { kind: 'button', label: 'Your order page', href: view.url, primary: false },
    ],
    footer: [`You get this because you bought ${item.title}. To get no more of these mails: ${spareUrl}`, ...frame.footer],
  };
}
