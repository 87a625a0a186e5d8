import { jsonOption, type Command } from './command.ts';
import { describeStocks, stocksOf } from './key-stock.ts';
import { peekIntoShop, withStore } from './open-shop.ts';
import { readPlace } from './place.ts';
import { describeUnits, unitStocks } from './unit-stock.ts';

/** What is left to sell. */
export const stock: Command = {
  name: 'stock',
  summary: 'Lists what is left of limited products and of key pools',
  details: [
    'Limited products are those with "stock" in their file. Sold counts what is paid and not paid back; what is being paid for is\nkept for its buyer until the payment is made or given up.',
  ],
  operands: [],
  options: { json: jsonOption },
  examples: ['npx handover stock', 'npx handover stock --json'],

  async run(input, terminal) {
    const place = readPlace(input);
    const shop = await peekIntoShop(place, terminal);
    const { units, keys } = await withStore(place, async (store) => ({
      units: await unitStocks(store, shop),
      keys: stocksOf(await store.keyCounts(), shop),
    }));
    if (input.has('json')) terminal.printJson({ units, keys });
    else if (units.length + keys.length === 0)
      terminal.print('Nothing is limited: no product file has "stock", and there are no keys.');
    else
      terminal.print(
        [
          ...describeUnits(units),
          ...(keys.length > 0 ? [...(units.length > 0 ? [''] : []), 'Keys', ...describeStocks(keys, '  ')] : []),
        ].join('\n'),
      );
    return 0;
  },
};
