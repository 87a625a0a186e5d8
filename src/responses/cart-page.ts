import type { Money } from '../contract/money.ts';
import type { SiteTexts } from '../presentation/config-shapes.ts';
import { richText } from '../presentation/rich-text.ts';
import { showMoney } from '../presentation/show-values.ts';
import { frame, type PageData } from './page-data.ts';

/** What the cart page shows: lines, sums, and a button per way to pay. */
export interface CartPageData extends PageData {
  readonly lines: readonly { readonly title: string; readonly quantity: number; readonly each: string; readonly total: string }[];
  /** Empty while the lines have no common currency. */
  readonly total: string;
  readonly taxNote: string;
  readonly problems: readonly string[];
  /** Where the form goes. */
  readonly action: string;
  /** Fields the form carries along. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  readonly choices: readonly { readonly value: string; readonly label: string; readonly needsBuyer: boolean }[];
  readonly referrer: string;
}

export interface CartParts {
  readonly lines: readonly { readonly title: string; readonly quantity: number; readonly price: Money }[];
  readonly total?: Money;
  readonly problems: readonly string[];
  readonly choices: CartPageData['choices'];
  readonly fields: CartPageData['fields'];
  /** Whether the prices of the lines contain the tax, as the product files say; each once. */
  readonly taxes: readonly ('included' | 'added')[];
}

const taxNotes = {
  included: 'Prices contain the tax.',
  added: 'Tax is added where you pay.',
  both: 'Some prices contain the tax; to others it is added where you pay.',
} as const;

/** Pure. */
export function cartPageData(site: SiteTexts, { lines, total, problems, choices, fields, taxes }: CartParts): CartPageData {
  const money = (sum: Money): string => showMoney(sum, site.site);
  const heading = total && problems.length === 0 ? 'Your order' : 'This cannot be ordered yet';
  const [tax, ...others] = taxes;
  return {
    ...frame(site, heading),
    kind: 'cart',
    tone: problems.length === 0 ? 'neutral' : 'bad',
    heading,
    paragraphs: [],
    lines: lines.map(({ title, quantity, price }) => ({
      title,
      quantity,
      each: money(price),
      total: money({ ...price, amount: price.amount * quantity }),
    })),
    total: total ? money(total) : '',
    taxNote: total?.amount === 0 || tax === undefined ? '' : others.length > 0 ? taxNotes.both : taxNotes[tax],
    problems,
    action: `${new URL(site.baseUrl).pathname.replace(/\/$/, '')}/checkout`,
    fields,
    choices: problems.length === 0 && total ? choices : [],
    referrer: 'same-origin',
  };
}

/** The page that sends the browser on to a gateway that wants a form. */
export interface OnwardPageData extends PageData {
  readonly action: string;
  readonly fields: CartPageData['fields'];
}

export function onwardPageData(site: SiteTexts, action: string, fields: Readonly<Record<string, string>>): OnwardPageData {
  const heading = 'On to the payment';
  return {
    ...frame(site, heading),
    kind: 'onward',
    tone: 'neutral',
    heading,
    paragraphs: richText('You are being sent on to the page where you pay. If nothing happens, press the button.'),
    action,
    fields: Object.entries(fields).map(([name, value]) => ({ name, value })),
  };
}

/** What went wrong before anything was paid, in words for the buyer. */
export function problemPageData(site: SiteTexts, message: string): PageData {
  const heading = 'The payment was not begun';
  return {
    ...frame(site, heading),
    kind: 'error',
    tone: 'bad',
    heading,
    paragraphs: richText(message),
    next: ['Nothing was charged.', 'Go back with your browser, and what you typed is still there.'],
  };
}
