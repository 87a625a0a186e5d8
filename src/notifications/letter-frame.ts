import type { SiteTexts } from '../presentation/config-shapes.ts';
import { helpLine } from '../presentation/help-line.ts';
import type { OrderView } from '../presentation/order-view.ts';
import type { Letter } from './letter.ts';

/** What stands around every letter to a buyer. */
export function letterFrame(site: SiteTexts, view: OrderView): Omit<Letter, 'subject' | 'blocks'> {
  const { name, url, language } = site.site;
  const help = helpLine(site, view.number);
  const test = view.mode === 'test' ? ['This is a test order. No real money moves.'] : [];
  return {
    language,
    sender: name,
    ...(help && { help }),
    footer: [...test, name, url ?? '', site.brand.footer ?? ''].filter(Boolean),
  };
}

/** Around a notice to staff. */
export function noticeFrame({ site }: SiteTexts, isTest: boolean): Omit<Letter, 'subject' | 'blocks'> {
  const test = isTest ? ['This is about a test order. No real money moved.'] : [];
  return {
    language: site.language,
    sender: site.name,
    footer: [...test, `Sent by the handover of ${site.name}, which delivers what was paid for.`],
  };
}
