import type { Money } from '../contract/money.ts';

/** One payment that came in, as the bank tells it. */
export interface StatementEntry {
  /** The bank's own name of it, else one made from what it says: the same in every file that lists it. */
  readonly id: string;
  /** As the bank writes it; `2027-01-15` where it can be read. */
  readonly date: string;
  readonly amount: Money;
  /** Who paid. */
  readonly name: string;
  /** What the payer wrote. */
  readonly text: string;
}

export interface Statement {
  readonly entries: readonly StatementEntry[];
  /** Entries that are no money coming in: debits, reversals, what is not booked yet. */
  readonly skipped: number;
}

/** How the bank writes its CSV files, as far as it cannot be told from the file. Headings by what they hold. */
export interface StatementFormat {
  readonly delimiter?: ',' | ';' | 'tab';
  readonly decimal?: ',' | '.';
  readonly encoding?: 'utf-8' | 'windows-1252' | 'utf-16le';
  readonly currency?: string;
  readonly columns?: Readonly<Record<string, string | readonly string[]>>;
}
