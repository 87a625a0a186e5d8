import type { OutcomeName, ProductTexts, SiteTexts } from './config-shapes.ts';
import { defaultTexts, toPayTexts, type DefaultText } from './default-texts.ts';

/** Whose text counts first: the product's, the site's, ours. Each part falls back on its own. */
export interface TextSource {
  readonly site: SiteTexts;
  /** Left out for what speaks of several products. */
  readonly product?: ProductTexts | undefined;
  /** The buyer still has to see to the payment. */
  readonly isToPay?: boolean;
}

export interface PageTexts {
  readonly heading: string;
  readonly text: string;
  readonly button?: { readonly label: string; readonly link: string };
  /** Name of an own view. */
  readonly view?: string;
}

export interface MailTexts {
  readonly subject: string;
  readonly text: string;
}

/** Our own text; one who has to transfer the money is told so instead of waiting for a bank. */
export function defaultText(outcome: OutcomeName, isToPay = false): DefaultText {
  return isToPay && outcome === 'pending' ? toPayTexts : defaultTexts[outcome];
}

/** Templates, not yet filled in. */
export function findPageTexts(outcome: OutcomeName, { site, product, isToPay }: TextSource): PageTexts {
  const own = product?.outcomes[outcome]?.page;
  const common = site.outcomes[outcome]?.page;
  const fallback = defaultText(outcome, isToPay).page;
  const button = own?.button ?? common?.button;
  const view = own?.view ?? common?.view;
  return {
    heading: own?.heading ?? common?.heading ?? fallback.heading,
    text: own?.text ?? common?.text ?? fallback.text,
    ...(button && { button }),
    ...(view !== undefined && { view }),
  };
}

/** Templates, not yet filled in; undefined where the owner wants no mail (`"mail": false`). */
export function findMailTexts(outcome: OutcomeName, { site, product, isToPay }: TextSource): MailTexts | undefined {
  const own = product?.outcomes[outcome]?.mail;
  const common = site.outcomes[outcome]?.mail;
  if (own === false || (own === undefined && common === false)) return undefined;
  const fallback = defaultText(outcome, isToPay).mail;
  const shared = common === false ? undefined : common;
  return { subject: own?.subject ?? shared?.subject ?? fallback.subject, text: own?.text ?? shared?.text ?? fallback.text };
}
