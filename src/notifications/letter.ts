import type { HelpLine } from '../presentation/help-line.ts';
import type { Paragraph } from '../presentation/rich-text.ts';

/** A mail before it has a form: the plain text and the HTML part are both made from its blocks, so they tell the same. */
export interface Letter {
  readonly subject: string;
  readonly language: string;
  /** The site's name, where a logo would stand. */
  readonly sender: string;
  readonly blocks: readonly Block[];
  readonly help?: HelpLine;
  readonly footer: readonly string[];
}

export type Block =
  | { readonly kind: 'text'; readonly paragraphs: readonly Paragraph[] }
  | { readonly kind: 'heading'; readonly text: string; readonly badge: string }
  | { readonly kind: 'subheading'; readonly text: string }
  | { readonly kind: 'button'; readonly label: string; readonly href: string; readonly primary: boolean }
  | { readonly kind: 'values'; readonly label: string; readonly values: readonly string[] }
  | { readonly kind: 'facts'; readonly title: string; readonly rows: readonly Fact[] }
  | { readonly kind: 'steps'; readonly title: string; readonly steps: readonly string[] };

export interface Fact {
  readonly label: string;
  readonly value: string;
}
