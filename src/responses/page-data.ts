import { logoAddress } from '../presentation/brand.ts';
import type { ProductTexts, SiteTexts } from '../presentation/config-shapes.ts';
import { fillText } from '../presentation/fill-text.ts';
import { forOthersTexts } from '../presentation/default-texts.ts';
import { defaultText, findPageTexts } from '../presentation/find-texts.ts';
import { helpLine, type HelpLine } from '../presentation/help-line.ts';
import { hasGaps, isForOthers } from '../presentation/holder-lines.ts';
import { namesFor } from '../presentation/names-for.ts';
import type { OrderView } from '../presentation/order-view.ts';
import type { PayView } from '../presentation/pay-view.ts';
import { richText, safeLink, type Paragraph } from '../presentation/rich-text.ts';
import { shownMark } from '../presentation/shown-mark.ts';
import { summarize, type Summary } from '../presentation/summary.ts';
import { fillButton, type PageButton } from './page-button.ts';
import { choosePage, type PageKind, type Tone } from './choose-page.ts';
import { makeSections, type Section } from './page-sections.ts';
import type { PageForm } from './plain-text.ts';

/** All a page view needs, as plain data; views print it with `<%= %>`. */
export interface PageData {
  readonly kind: PageKind;
  /** Name of the site's own view, where the outcome names one. */
  readonly view?: string;
  readonly title: string;
  readonly language: string;
  readonly layout: 'card' | 'wide' | 'plain';
  readonly site: { readonly name: string; readonly url?: string; readonly logo?: string; readonly footer?: string };
  /** Path of our style sheet and scripts, without a slash at its end. */
  readonly assets: string;
  readonly isTest: boolean;
  readonly tone: Tone;
  readonly heading: string;
  readonly paragraphs: readonly Paragraph[];
  readonly button?: PageButton;
  /** How to pay, where the buyer has to see to that. */
  readonly toPay?: PayView;
  readonly sections: readonly Section[];
  /** What happens next, one sentence each. */
  readonly next: readonly string[];
  readonly summary?: Summary;
  readonly help?: HelpLine;
  readonly refreshSeconds?: number;
  /** Where the browser can listen for changes. */
  readonly eventsPath?: string;
  readonly form?: PageForm;
  /** Why what was sent by a form of the page was not done. */
  readonly problem?: string;
  readonly order?: OrderView;
}

export interface PageParts {
  readonly site: SiteTexts;
  /** The product file of a SKU, in the version the order goes by. */
  product(sku: string): ProductTexts | undefined;
  readonly now: Date;
  /** Why what the buyer sent was not done. */
  readonly problem?: string;
}

/** Pure. A purchase of one product is told in that product's words, one of several in the site's, with each product's own beside it. */
export function orderPageData(view: OrderView, parts: PageParts): PageData {
  const { site } = parts;
  const choice = choosePage(view, parts.now);
  const ours = view.items.filter(({ state }) => state !== 'elsewhere');
  const [only, ...others] = ours;
  const single = only && others.length === 0 ? only : undefined;
  const isToPay = view.toPay !== undefined;
  const found = findPageTexts(view.outcome, { site, product: single && parts.product(single.sku), isToPay });
  const isToHandOut = ours.some(({ holders }) => holders.some(({ state }) => state === 'free'));
  const isOpenToOthers = (view.outcome === 'paid' || view.outcome === 'partly') && ours.some(isForOthers);
  const hasOwnGaps = isOpenToOthers && hasGaps(`${found.heading}\n${found.text}\n${found.button?.link ?? ''}`, ours);
  const isOurs = isOpenToOthers && found.text === defaultText(view.outcome, isToPay).page.text;
  const texts = hasOwnGaps || isOurs ? forOthersTexts.page : found;
  const names = namesFor(view, ours, site);
  const heading = fillText(texts.heading, names);
  const own = texts === found ? found.button : undefined;
  const button = (own && fillButton(own, names, site)) ?? resumeButton(view) ?? backButton(choice.kind, site);
  return {
    ...frame(site, heading, view.number),
    kind: choice.kind,
    ...(found.view !== undefined && { view: found.view }),
    isTest: view.mode === 'test' || site.mode === 'test',
    tone: choice.tone,
    heading,
    paragraphs: richText(fillText(texts.text, names), view.number),
    ...(button && { button }),
    ...(view.toPay && { toPay: view.toPay }),
    sections: makeSections(view, single, [texts.text, found.button?.link ?? ''], parts),
    next: [...mailSentence(view), ...nextSteps(view, site)],
    summary: summarize(view),
    ...(parts.problem !== undefined && { problem: parts.problem }),
    ...(choice.refreshSeconds !== undefined && !isToHandOut && { refreshSeconds: choice.refreshSeconds }),
    ...(choice.listens && !isToHandOut && { eventsPath: `${new URL(view.url).pathname}/events?shown=${shownMark(view)}` }),
    order: view,
  };
}

/** The parts every page has. */
export function frame(
  site: SiteTexts,
  heading: string,
  orderNumber?: string,
): Omit<PageData, 'kind' | 'tone' | 'heading' | 'paragraphs'> {
  const { name, url, language } = site.site;
  const logo = logoAddress(site.brand.logo, site.baseUrl);
  const home = safeLink(url);
  const help = helpLine(site, orderNumber);
  return {
    title: `${heading} · ${name}`,
    language,
    layout: site.brand.layout,
    site: {
      name,
      ...(home !== undefined && { url: home }),
      ...(logo !== undefined && { logo }),
      ...(site.brand.footer !== undefined && { footer: site.brand.footer }),
    },
    assets: `${new URL(site.baseUrl).pathname.replace(/\/$/, '')}/assets`,
    isTest: site.mode === 'test',
    sections: [],
    next: [],
    ...(help && { help }),
  };
}

function resumeButton({ resumeUrl }: OrderView): PageButton | undefined {
  return resumeUrl === undefined ? undefined : { label: 'Go on with your order', href: resumeUrl };
}

function backButton(kind: PageKind, { site }: SiteTexts): PageButton | undefined {
  const href = kind === 'refused' ? safeLink(site.url) : undefined;
  return href === undefined ? undefined : { label: `Back to ${site.name}`, href };
}

function nextSteps({ outcome, toPay }: OrderView, { links }: SiteTexts): string[] {
  const names = new Map([['page.days', String(links.pageDays)]]);
  return defaultText(outcome, toPay !== undefined).next.map((sentence) => fillText(sentence, names));
}

function mailSentence({ mail, buyer: { email }, outcome }: OrderView): string[] {
  if (email === '') return [];
  if (mail === 'sent') return [`We have also sent this to ${email}.`];
  if (mail === 'sending' && outcome !== 'partly') return [`A mail with all of this is on its way to ${email}.`];
  if (mail === 'failed')
    return [
      `Our mail to ${email} could not be delivered. Please keep the address of this page, and check the mail address with us.`,
    ];
  return [];
}
