import type { Tone } from './choose-page.ts';

/** A page that shows no order. */
export interface PlainText {
  readonly heading: string;
  readonly tone: Tone;
  readonly text: string;
  readonly next: readonly string[];
  readonly refreshSeconds?: number;
  readonly number?: string;
  readonly form?: PageForm;
}

/** Something to fill in and send back to the page's own address. */
export interface PageForm {
  /** On its button. Undefined: there is nothing to send. */
  readonly label?: string;
  readonly fields: readonly PageField[];
}

export interface PageField {
  readonly name: string;
  readonly label: string;
  readonly value?: string;
  /** Lines shown; more than one makes it a box. @default 1 */
  readonly lines?: number;
  /** Only to be copied. */
  readonly isAnswer?: boolean;
}
