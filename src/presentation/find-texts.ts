import type { OutcomeName, ProductTexts, SiteTexts } from './config-shapes.ts';
import { defaultTexts } from './default-texts.ts';

/** Whose text counts first: the product's, the site's, ours. Each part falls back on its own. */
export interface TextSource {
  readonly site: SiteTexts;
  /** Left out for what speaks of several products. */
  readonly product?: ProductTexts | undefined;
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

/** Templates, not yet filled in. */
export function findPageTexts(outcome: OutcomeName, { site, product }: TextSource): PageTexts {
  const own = product?.outcomes[outcome]?.page;
  const common = site.outcomes[outcome]?.page;
  const fallback = defaultTexts[outcome].page;
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
export function findMailTexts(outcome: OutcomeName, { site, product }: TextSource): MailTexts | undefined {
  const own = product?.outcomes[outcome]?.mail;
  const common = site.outcomes[outcome]?.mail;
  if (own === false || (own === undefined && common === false)) return undefined;
  const fallback = defaultTexts[outcome].mail;
  const shared = common === false ? undefined : common;
  return { subject: own?.subject ?? shared?.subject ?? fallback.subject, text: own?.text ?? shared?.text ?? fallback.text };
}
