import type { Ability, Item, Sale, Told } from './teller.ts';

/** What has come of a story: everything that can be seen at the other sides, and at the desk. */
export interface Outcome {
  /**
   * `17` and `moodle` for open access, with `bo: ` in front for the other person. `17 closed`: there and closed; a run that is told
   * otherwise than it happened need never have given it, so there only open access is compared.
   */
  readonly access: readonly string[];
  /** How the orders stand, sorted; without expired ones, which need not say whose they are. */
  readonly orders: readonly string[];
  /** Codes of what staff are asked. */
  readonly asked?: readonly string[];
  /** Keys that are good. */
  readonly keys?: number;
  /** Mails to the buyer, but for how to pay by transfer; compared only where a story names them. */
  readonly mails?: number;
}

/** Something that happens on a day, and what is told of it. */
export interface Act {
  readonly day: number;
  readonly happens: () => Told[];
}

/** What a story is made of. */
export interface Stage {
  readonly email: string;
  readonly otherEmail: string;
  readonly sells: (...items: readonly Item[]) => Required<Sale>;
  readonly sellsMonths: (...items: readonly Item[]) => Required<Sale>;
  /** A decision of staff about the buyer's first order; it waits until the order is paid. */
  readonly decides: {
    readonly movesSeat: () => Told[];
    readonly reissues: (grant: string) => Told[];
    readonly gives: (sku: string) => Told[];
  };
}

export interface Story {
  /** A sentence about the product. */
  readonly name: string;
  /** What a gateway must be able to tell. */
  readonly needs: readonly Ability[];
  readonly happens: (stage: Stage) => readonly Act[];
  /** On which day it is over. */
  readonly until: number;
  readonly ends: Outcome;
  /** How it stands in between, at the end of a day, when everything is told as it happens. */
  readonly meanwhile?: Readonly<Record<number, Outcome>>;
}

export function on(day: number, ...happens: readonly (() => Told[])[]): Act {
  return { day, happens: () => happens.flatMap((each) => each()) };
}

const item =
  (sku: string, title: string, cents: number) =>
  (quantity: number): Item => ({ sku, title, quantity, cents });

/** What the shop of these stories sells, in cents. */
export const wares = {
  course: item('TS-101', 'TypeScript in a week', 4900),
  other: item('TS-102', 'Types in depth', 5900),
  booklet: item('BOOK', 'The booklet', 900),
  key: item('TP-7', 'Test Pro, one seat', 1900),
  pair: item('PAIR', 'One course at two schools', 4900),
  club: item('CLUB', 'Club', 900),
};
