import type { Site } from '../../support/open-site.ts';

/** What reaches the site: a callback, signed anew each time it is sent, or something done at a desk. */
export type Told = SentCallback | DeskWork;

export interface SentCallback {
  readonly gateway: string;
  readonly body: string;
  headers(): Record<string, string>;
}

export interface DeskWork {
  /** False: not possible yet, so it is tried again after what comes next. */
  act(site: Site): Promise<boolean>;
}

/** What is sold, in cents for one piece. */
export interface Item {
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly cents: number;
}

export interface Goods {
  readonly items: readonly Item[];
  readonly email: string;
  /** Billed every month. */
  readonly isMonthly: boolean;
}

/**
 * One purchase at a gateway. Each method makes something happen there and gives what the gateway says of it: nothing, where it
 * says nothing. A method that is missing is a thing the gateway cannot tell.
 */
export interface Sale {
  paid(): Told[];
  /** The bank has not decided. */
  pending?(): Told[];
  /** The bank said no. */
  declined?(): Told[];
  /** Nobody paid in time. */
  expired?(): Told[];
  /** Of the latest payment. `isUnderWay`: begun, and not yet through, where the gateway knows that. */
  refunded?(cents: number, isUnderWay?: boolean): Told[];
  /** The latest refund came back. */
  refundFailed?(): Told[];
  disputed?(): Told[];
  disputeWon?(): Told[];
  disputeLost?(): Told[];
  /** The bank asks, and no money has moved. */
  inquiry?(): Told[];
  renewed?(): Told[];
  renewalFailed?(): Told[];
  /** No further period; the paid one goes on. */
  cancelled?(): Told[];
  /** The time of a cancelled contract is over. */
  ranOut?(): Told[];
  /** The contract is over at once. */
  ended?(): Told[];
}

export type Ability = Exclude<keyof Sale, 'ranOut'> | 'several' | 'pieces';

/** A gateway, or a double of it, that sells and tells. */
export interface Teller {
  /** As the row of docs/gateways/README.md has it. */
  readonly name: string;
  /** Entries of `gateways` in handover.json. */
  readonly settings: Readonly<Record<string, object>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether an order can name several SKUs, and more than one piece of one. */
  readonly names: readonly ('several' | 'pieces')[];
  sells(goods: Goods): Sale;
  close(): Promise<void>;
}

export type Clock = () => Date;

/** What it can tell: what its sales have a method for. */
export function abilitiesOf(teller: Teller): Set<Ability> {
  const item = { sku: 'TS-101', title: 'TypeScript in a week', quantity: 1, cents: 4900 };
  const about = { items: [item], email: 'nobody@example.org' };
  const methods = [false, true].flatMap((isMonthly) => Object.keys(teller.sells({ ...about, isMonthly })));
  return new Set([...teller.names, ...(methods.filter((name) => name !== 'ranOut') as Ability[])]);
}

export const monthMs = 30 * 86_400_000;

export function sumOf({ items }: Goods): number {
  return items.reduce((sum, { quantity, cents }) => sum + quantity * cents, 0);
}

/** `49.00` */
export function decimal(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

let count = 0;

/** A number nobody had before. */
export function next(): number {
  count += 1;
  return count;
}
