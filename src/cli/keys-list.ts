import { didYouMean } from '../config/problems.ts';
import { HandoverError } from '../contract/errors.ts';
import type { KeyRow, Store } from '../storage/store.ts';
import { jsonOption, type Command } from './command.ts';
import { describeStocks, stocksOf } from './key-stock.ts';
import { readLimit } from './limit.ts';
import { loadShop, openSealer, peekIntoShop, withStore } from './open-shop.ts';
import { readPlace, type Place } from './place.ts';
import { table } from './table.ts';
import { localTime } from './times.ts';

/** What is in stock, or the keys of one pool. */
export const keysList: Command = {
  name: 'keys list',
  summary: 'Lists the key pools, or the keys of one pool',
  details: [
    'Without POOL: how many keys of each pool are free, taken and revoked, and which pools run low.',
    'With POOL: its keys, newest first, and the grant that holds each. The keys themselves are stored sealed and stay hidden\nunless --show opens them.',
  ],
  operands: [{ name: 'POOL', optional: true }],
  options: {
    show: { summary: 'Opens the sealed keys and prints them' },
    limit: { value: 'NUMBER', summary: 'How many keys at most. Default: 100' },
    json: jsonOption,
  },
  examples: ['npx handover keys list', 'npx handover keys list pro-keys --show'],

  async run(input, terminal) {
    const place = readPlace(input);
    const [pool] = input.operands;
    const limit = readLimit(input, 100);
    if (pool === undefined) {
      const shop = await peekIntoShop(place, terminal);
      const stocks = await withStore(place, async (store) => stocksOf(await store.keyCounts(), shop));
      if (input.has('json')) terminal.printJson(stocks);
      else
        terminal.print(
          stocks.length === 0 ? 'There are no keys. See: npx handover keys import --help' : describeStocks(stocks).join('\n'),
        );
      return 0;
    }
    const open = input.has('show') ? await opener(place) : undefined;
    const rows = await withStore(place, async (store) => listPool(store, pool, limit));
    const shown = rows.map(({ sealed, fingerprint, ...row }) => ({ key: open ? open(sealed) : masked(fingerprint), ...row }));
    if (input.has('json')) {
      terminal.printJson(shown);
      return 0;
    }
    const lines = shown.map(({ key, state, holder = '', takenAt }) => [
      key,
      state,
      takenAt === undefined ? '' : localTime(takenAt),
      holder,
    ]);
    terminal.print(table(lines, { heading: ['KEY', 'STATE', 'TAKEN', 'HOLDER'] }).join('\n'));
    if (rows.length === limit) terminal.note(`Only the newest ${limit} are shown; see --limit.`);
    return 0;
  },
};

async function listPool(store: Store, pool: string, limit: number): Promise<readonly KeyRow[]> {
  const pools = (await store.keyCounts()).map((count) => count.pool);
  if (pools.includes(pool)) return store.listKeys(pool, limit);
  throw new HandoverError('KEY_POOL_UNKNOWN', `The store has no key pool "${pool}".${didYouMean(pool, pools)}`, {
    hint: `A pool is made by its first import: npx handover keys import ${pool} FILE`,
  });
}

async function opener(place: Place): Promise<(sealed: string) => string> {
  const sealer = await openSealer(place, await loadShop(place));
  return (sealed) => sealer.open(sealed);
}

/** Enough to tell two keys apart, and nothing of the key itself: a fingerprint cannot be turned back. */
function masked(fingerprint: string): string {
  return `hidden ${fingerprint.slice(0, 8)}`;
}
