import type { PaymentInstructions } from '../contract/gateway.ts';
import { richText, type Paragraph } from './rich-text.ts';
import { showDate, showMoney, type Locale } from './show-values.ts';

/** How the buyer pays, as page and mail show it. */
export interface PayView {
  readonly title: string;
  readonly paragraphs: readonly Paragraph[];
  /** `copied`: something to be typed elsewhere, so it can be copied. */
  readonly rows: readonly { readonly label: string; readonly value: string; readonly copied: boolean }[];
}

export function viewPayment({ title, text, amount, reference, due, rows }: PaymentInstructions, locale: Locale): PayView {
  const day = due === undefined ? '' : showDate(due, locale);
  return {
    title,
    paragraphs: richText(text ?? ''),
    rows: [
      { label: 'Amount', value: showMoney(amount, locale), copied: false },
      ...rows.map(({ label, value }) => ({ label, value, copied: true })),
      ...(reference === undefined ? [] : [{ label: 'Reference', value: reference, copied: true }]),
      ...(day === '' ? [] : [{ label: 'Please pay by', value: day, copied: false }]),
    ],
  };
}
