import { namesIn } from './fill-text.ts';
import type { HolderView } from './holders.ts';
import type { ItemView } from './order-view.ts';

const stateWords: Readonly<Record<HolderView['state'], string>> = {
  ready: 'ready',
  late: 'being prepared',
  parked: 'being prepared',
  suspended: 'paused',
  takenBack: 'ended',
  free: '',
};

/** Who has what of an item, a sentence for each person; and how many seats nobody has. */
export function holderLines({ holders }: Pick<ItemView, 'holders'>): string[] {
  const held = holders.filter(({ holder, state }) => holder && state !== 'takenBack');
  const byPerson = Map.groupBy(held, ({ holder, state }) => `${holder?.email} ${state}`);
  const lines = [...byPerson.values()].map((units) => {
    const { holder, state = 'late' } = units[0] ?? {};
    const who = [holder?.name, holder?.email].filter(Boolean).join(', ');
    return `For ${who}${units.length > 1 ? ` (${units.length})` : ''}: ${stateWords[state]}`;
  });
  const free = holders.filter(({ state }) => state === 'free').length;
  return [...lines, ...(free > 0 ? [`${free} of ${holders.length} ${free === 1 ? 'is' : 'are'} not handed out yet.`] : [])];
}

/** Nothing of it is the buyer's to use. */
export function isForOthers({ holders }: Pick<ItemView, 'holders'>): boolean {
  return holders.length > 0 && holders.every(({ isBuyer }) => !isBuyer);
}

/** The text shows what others got, which the buyer is not shown: it would have gaps. */
export function hasGaps(text: string, items: readonly ItemView[]): boolean {
  const hidden = items.filter((item) => isForOthers(item) && !showsValues(item));
  const grants = new Set(hidden.flatMap((item) => [...item.grants.map(({ name }) => name), ...item.grantNames]));
  return namesIn(text).some((name) => grants.has(name.split('.')[0] ?? ''));
}

function showsValues({ grants }: ItemView): boolean {
  return grants.some(({ outputs }) => outputs.some(({ values }) => values.length > 0));
}
