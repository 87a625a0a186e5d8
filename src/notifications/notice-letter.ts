import type { SiteTexts } from '../presentation/config-shapes.ts';
import { richText } from '../presentation/rich-text.ts';
import { letterForAlarm } from './notice-alarm.ts';
import { letterForHeldOrder, letterForOutcome, letterForSale, letterForUnknownSku } from './notice-order.ts';
import { letterForCallback, letterForParkedStep, letterForStock } from './notice-trouble.ts';
import { letterForTask } from './notice-task.ts';
import type { Notice, NoticeOrder } from './notice.ts';
import { noticeFrame } from './letter-frame.ts';
import type { Block, Letter } from './letter.ts';
import type { MailInput } from './mail-input.ts';
import { subjectLine } from './subject-line.ts';

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
  if (input.kind === 'alarm') return letterForAlarm(input, site);
  if (input.kind === 'parked') return letterForParkedStep(about, input, site);
  if (!about) throw new Error(`A notice of the kind "${input.kind}" needs its order.`);
  switch (input.kind) {
    case 'sale':
      return letterForSale(about);
    case 'held':
      return letterForHeldOrder(about);
    case 'task':
      return letterForTask(about, input, site);
    case 'unknownSku':
      return letterForUnknownSku(about, input);
    default:
      return letterForOutcome(about, input);
  }
}
