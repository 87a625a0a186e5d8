import type { HolderView } from '../presentation/holders.ts';
import type { ItemView, OrderView } from '../presentation/order-view.ts';

/** The seats of an item as its buyer hands them out. */
export interface SeatForms {
  readonly line: number;
  /** Where the forms go. */
  readonly action: string;
  readonly units: readonly SeatForm[];
}

interface SeatForm {
  readonly unit: number;
  readonly turn: number;
  readonly state: HolderView['state'];
  readonly stateText: string;
  /** Who has it. */
  readonly who: string;
  readonly mayChange: boolean;
  readonly mayTake: boolean;
  /** Opens by itself. */
  readonly isFirst: boolean;
  readonly claim: string;
}

const stateTexts: Readonly<Record<HolderView['state'], string>> = {
  ready: 'Ready',
  late: 'Being prepared',
  parked: 'Being prepared',
  suspended: 'Paused',
  takenBack: 'Ended',
  free: '',
};

/** Undefined: nothing of the item is the buyer's to hand out. */
export function seatForms(view: OrderView, { line, seats, holders }: ItemView): SeatForms | undefined {
  if (!seats) return undefined;
  const first = holders.find(({ state }) => state === 'free')?.unit;
  const units = holders.map(({ unit, state, holder, changes, claimUrl }): SeatForm => {
    const mayChange = changes < seats.changes;
    return {
      unit,
      turn: changes,
      state,
      stateText: stateTexts[state],
      who: [holder?.name, holder?.email].filter(Boolean).join(', '),
      mayChange,
      mayTake: mayChange && holder !== undefined && state !== 'takenBack',
      isFirst: unit === first,
      claim: claimUrl ?? '',
    };
  });
  return { line, action: `${new URL(view.url).pathname}/seats`, units };
}
