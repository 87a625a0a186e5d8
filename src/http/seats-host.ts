import type { Person } from '../contract/event.ts';
import type { OrderRecord } from '../storage/store.ts';
import type { PageHost } from './page-host.ts';

/** Somebody gets one unit of a line, or it is taken back. */
export interface SeatChange {
  readonly line: number;
  readonly unit: number;
  /** How often it had been changed, as whoever changes it saw it. */
  readonly turn: number;
  /** Undefined: nobody has it from now on. */
  readonly person?: Person;
  /** Who decides, for the history. */
  readonly by: string;
  readonly because: string;
}

export interface SeatDesk {
  /** False: somebody else changed it first, and nothing happened. */
  change(record: OrderRecord, change: SeatChange): Promise<boolean>;
}

/** What the routes of seats need beside the other pages. */
export interface SeatHost extends PageHost {
  readonly seats: SeatDesk;
  readClaim(token: string): { orderId: string; line: number; unit: number; turn: number } | undefined;
}
