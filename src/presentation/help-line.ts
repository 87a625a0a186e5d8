import type { SiteTexts } from './config-shapes.ts';
import { supportAddress } from './names-for.ts';
import { safeLink } from './rich-text.ts';

/** How the buyer reaches a person, below every page and mail: "Questions? Write to help@example.org and mention order …". */
export interface HelpLine {
  readonly before: string;
  readonly link: { readonly label: string; readonly href: string };
  /** Ends the sentence, or leads to the order number and a full stop. */
  readonly after: string;
  readonly number?: string;
}

/** Undefined where the site names no support. */
export function helpLine({ site }: SiteTexts, number?: string): HelpLine | undefined {
  const href = safeLink(site.support);
  if (href === undefined) return undefined;
  const isMail = href.toLowerCase().startsWith('mailto:');
  const subject =
    isMail && number !== undefined && !href.includes('?') ? `?subject=${encodeURIComponent(`Order ${number}`)}` : '';
  return {
    before: isMail ? 'Questions? Write to ' : 'Questions? You find help at ',
    link: { label: supportAddress(href), href: `${href}${subject}` },
    ...(number === undefined ? { after: '.' } : { after: isMail ? ' and mention order ' : '. Please mention order ', number }),
  };
}
