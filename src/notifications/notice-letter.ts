import type { OrderRecord } from '../storage/store.ts';
import type { SiteTexts } from '../presentation/config-shapes.ts';
import type { OrderView } from '../presentation/order-view.ts';
import { richText } from '../presentation/rich-text.ts';
import { subjectLine } from './buyer-letter.ts';
import { letterForCallback, letterForStock } from './notice-shop.ts';
import { letterForHeldOrder, letterForOutcome, letterForParkedStep, letterForSale, letterForUnknownSku } from './notice-order.ts';
import { noticeFrame } from './letter-frame.ts';
import type { Block, Letter } from './letter.ts';
import type { MailInput } from './mail-input.ts';

/** A notice to staff: what happened, what was tried, what to do. */
export interface Notice {
  readonly subject: string;
  readonly text: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** What a person is asked to do, in order. */
  readonly steps: readonly string[];
}

/** The order a notice is about. */
export interface NoticeOrder {
  readonly view: OrderView;
  readonly record: OrderRecord;
}

export interface NoticeParts {
  readonly site: SiteTexts;
  /** The order's address in the back office, where there is one. */
  staffUrl?(orderId: string): string | undefined;
}

/** Throws when the input asks about an order that is not given. */
export function noticeLetter(about: NoticeOrder | undefined, input: MailInput, parts: NoticeParts): Letter {
  const notice = noticeFor(about, input, parts.site);
  const isTest = about ? about.view.mode === 'test' : parts.site.mode === 'test';
  const url = about && parts.staffUrl?.(about.view.number);
  const blocks: Block[] = [
    { kind: 'text', paragraphs: richText(notice.text, about?.view.number) },
    ...(notice.steps.length > 0 ? [{ kind: 'steps', title: 'What to do', steps: notice.steps } as const] : []),
    ...(url === undefined ? [] : [{ kind: 'button', label: 'Open the order', href: url, primary: true } as const]),
    { kind: 'facts', title: 'At a glance', rows: notice.facts.filter(({ value }) => value !== '') },
  ];
  return { ...noticeFrame(parts.site, isTest), subject: subjectLine(`${isTest ? '[Test] ' : ''}${notice.subject}`), blocks };
}

function noticeFor(about: NoticeOrder | undefined, input: MailInput, site: SiteTexts): Notice {
  if (input.kind === 'parkedCallback') return letterForCallback(input, site);
  if (input.kind === 'lowStock') return letterForStock(input);
  if (!about) throw new Error(`A notice of the kind "${input.kind}" needs its order.`);
  switch (input.kind) {
    case 'sale':
      return letterForSale(about);
    case 'held':
      return letterForHeldOrder(about);
    case 'unknownSku':
      return letterForUnknownSku(about, input);
    case 'parked':
      return letterForParkedStep(about, input, site);
    default:
      return letterForOutcome(about, input);
  }
}
