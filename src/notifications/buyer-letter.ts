import type { OutcomeName, ProductTexts, SiteTexts } from '../presentation/config-shapes.ts';
import { followUpMail, forOthersTexts, reminderMail } from '../presentation/default-texts.ts';
import { fillText } from '../presentation/fill-text.ts';
import { findMailTexts, type MailTexts } from '../presentation/find-texts.ts';
import { hasGaps } from '../presentation/holder-lines.ts';
import { detailItem, type GrantDetails } from '../presentation/item-details.ts';
import { namesFor } from '../presentation/names-for.ts';
import { isOpen } from '../presentation/outcome-now.ts';
import type { ItemView, OrderView } from '../presentation/order-view.ts';
import type { PayView } from '../presentation/pay-view.ts';
import { richText } from '../presentation/rich-text.ts';
import { letterFrame } from './letter-frame.ts';
import type { Block, Letter } from './letter.ts';
import type { MailInput } from './mail-input.ts';
import { receiptFacts } from './receipt-facts.ts';
import { subjectLine } from './subject-line.ts';

export interface LetterParts {
  readonly site: SiteTexts;
  /** The product file of a SKU, in the version the order goes by. */
  product(sku: string): ProductTexts | undefined;
}

/** `late`: the order lines the letter had to call late. Somebody plans a mail about them for when they are ready. */
export interface BuyerLetter {
  readonly letter: Letter;
  readonly late: readonly number[];
}

/** The buyer's mail as things stand now; or why there is nothing to send any more. Pure. */
export function buyerLetter(view: OrderView, input: MailInput, parts: LetterParts): BuyerLetter | { readonly skipped: string } {
  const { site } = parts;
  const isPaid = input.outcome === 'paid' || input.outcome === 'partly';
  const wanted = view.items.filter(
    ({ line, state }) => state !== 'elsewhere' && (input.lines.length === 0 || input.lines.includes(line)),
  );
  const standing = isPaid
    ? wanted.filter(({ state }) => state !== 'takenBack' && state !== 'suspended' && state !== 'none')
    : wanted;
  if (isPaid && standing.length === 0)
    return { skipped: `The order is ${view.status} by now: nothing of what the mail was about stands any more.` };
  const outcome = !isPaid ? input.outcome : isOpen(standing.map(({ state }) => state)) ? 'partly' : 'paid';

  const [only] = standing;
  const single = standing.length === 1 ? only : undefined;
  const toPay = outcome === 'pending' ? view.toPay : undefined;
  const product = single && parts.product(single.sku);
  const isReminder = input.about['reminder'] === true;
  if (isReminder && !toPay) return { skipped: `The order is ${view.status} by now: the buyer has nothing to pay.` };
  const later = isReminder ? reminderMail : input.followUp && outcome === 'paid' ? followUpMail : undefined;
  const found = textsFor(outcome, later, { site, product, isToPay: toPay !== undefined });
  const texts = found && hasGaps(`${found.subject}\n${found.text}`, standing) ? forOthersTexts.mail : found;
  const items = single ? standing : standing.filter((item) => parts.product(item.sku)?.outcomes[item.outcome]?.mail !== false);
  if (!texts || (isPaid && items.length === 0)) return { skipped: `No mail is wanted for the outcome "${outcome}".` };

  const names = namesFor(view, items, site);
  const details = items.flatMap((item) => itemBlocks(view, item, item === single ? texts.text : undefined, parts));
  const paragraphs = richText(fillText(texts.text, names), view.number);
  const resume: Block[] =
    view.resumeUrl === undefined ? [] : [{ kind: 'button', label: 'Go on with your order', href: view.resumeUrl, primary: true }];
  const leads =
    resume.length > 0 ||
    details.some(({ kind }) => kind === 'button') ||
    paragraphs.flat(2).some(({ href }) => href !== undefined);
  const blocks: Block[] = [
    { kind: 'text', paragraphs },
    ...(toPay ? payBlocks(toPay) : []),
    ...resume,
    ...details,
    { kind: 'button', label: 'Your order page', href: view.url, primary: !leads },
    { kind: 'facts', title: 'Your order', rows: receiptFacts(view, items) },
  ];
  const letter = { ...letterFrame(site, view), subject: subjectLine(fillText(texts.subject, names)), blocks };
  return { letter, late: items.filter(({ state }) => state === 'late' || state === 'parked').map(({ line }) => line) };
}

function payBlocks({ title, paragraphs, rows }: PayView): Block[] {
  return [
    { kind: 'facts', title, rows: rows.map(({ label, value }) => ({ label, value })) },
    ...(paragraphs.length > 0 ? [{ kind: 'text', paragraphs } as const] : []),
  ];
}

/** `later`: our own words of a second mail about the same outcome, which the owner's words for it go before. */
function textsFor(
  outcome: OutcomeName,
  later: MailTexts | undefined,
  source: Parameters<typeof findMailTexts>[1],
): MailTexts | undefined {
  const texts = findMailTexts(outcome, source);
  if (!later || !texts) return texts;
  const own = [source.product?.outcomes[outcome]?.mail, source.site.outcomes[outcome]?.mail];
  return {
    subject: own.some((mail) => mail && mail.subject !== undefined) ? texts.subject : later.subject,
    text: own.some((mail) => mail && mail.text !== undefined) ? texts.text : later.text,
  };
}

/** `told`: the letter's own text where it already speaks of this item alone. */
function itemBlocks(view: OrderView, item: ItemView, told: string | undefined, parts: LetterParts): Block[] {
  const mail = told === undefined ? parts.product(item.sku)?.outcomes[item.outcome]?.mail : undefined;
  const written = (mail !== false && mail?.text) || '';
  const ownText = hasGaps(written, [item]) ? '' : written;
  const details = detailItem(item, [told ?? ownText], parts.site.site);
  const isToHandOut = item.holders.some(({ state }) => state === 'free');
  const text = [
    fillText(ownText, namesFor(view, [item], parts.site)),
    details.note,
    [...details.holders, ...(isToHandOut ? [forOthersTexts.seats] : [])].join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n');
  const blocks: Block[] = [
    ...(text === '' ? [] : [{ kind: 'text', paragraphs: richText(text, view.number) } as const]),
    ...details.grants.flatMap(grantBlocks),
  ];
  const isPlain = told !== undefined && blocks.length === 0;
  if (isPlain || item.state === 'none') return [];
  const count = item.quantity > 1 ? ` × ${item.quantity}` : '';
  return [{ kind: 'heading', text: `${item.title}${count}`, badge: item.state === 'ready' ? '' : details.stateText }, ...blocks];
}

export function grantBlocks({ title, links, values, note }: GrantDetails): Block[] {
  const plain = values.filter(({ copied }) => !copied).map(({ label, values: shown }) => `${label}: ${shown.join(', ')}`);
  const text = [...plain, note].filter(Boolean).join('\n');
  return [
    ...(title === '' ? [] : [{ kind: 'subheading', text: title } as const]),
    ...links.map(({ label, href }, index) => ({ kind: 'button', label, href, primary: index === 0 }) as const),
    ...values
      .filter(({ copied }) => copied)
      .map(({ label, values: shown }) => ({ kind: 'values', label, values: shown }) as const),
    ...(text === '' ? [] : [{ kind: 'text', paragraphs: richText(text) } as const]),
  ];
}
