import type { Grant } from '../contract/order.ts';
import { fillText } from '../presentation/fill-text.ts';
import { namesFor } from '../presentation/names-for.ts';
import type { OrderView } from '../presentation/order-view.ts';
import { richText } from '../presentation/rich-text.ts';
import type { LetterParts } from './buyer-letter.ts';
import { letterFrame } from './letter-frame.ts';
import type { Letter } from './letter.ts';
import type { MailInput } from './mail-input.ts';
import { word } from './notice.ts';
import { subjectLine } from './subject-line.ts';

/**
 * A buyer is told of a new version of a file. `about`: `{ grantId, version, notes }`. Whoever lost the file meanwhile, by a
 * refund or while a dispute lasts, is told nothing.
 */
export function releaseLetter(
  view: OrderView,
  grants: readonly Grant[],
  { about, lines }: MailInput,
  { site }: LetterParts,
): Letter | { readonly skipped: string } {
  const grant = grants.find(({ id }) => id === word(about['grantId']));
  const item = view.items.find(({ line }) => lines.includes(line));
  if (!item || grant?.wanted !== 'granted') return { skipped: 'The buyer may not fetch the file any more.' };
  const names = namesFor(view, [item], site);
  const version = word(about['version']);
  const link = item.grants
    .find(({ name }) => name === grant.name)
    ?.outputs.find(({ kind, values }) => kind === 'link' && values.length > 0)?.values[0];
  const intro = fillText('Hello {{buyer.firstName}},\n\nThere is a new version of {{product.title}}, and it is yours.', names);
  const notes = word(about['notes']);
  const paragraphs = richText([`${intro}\n\nVersion ${version}.`, notes].filter(Boolean).join('\n\n'), view.number);
  return {
    ...letterFrame(site, view),
    subject: subjectLine(fillText(`{{product.title}}: version ${version} is out`, names)),
    blocks: [
      { kind: 'text', paragraphs },
      ...(link === undefined ? [] : [{ kind: 'button', label: 'Download', href: link, primary: true } as const]),
      { kind: 'button', label: 'Your order page', href: view.url, primary: link === undefined },
    ],
  };
}
