import type { Alarm, StoreStatus } from '../storage/store.ts';
import { jsonOption, type Command } from './command.ts';
import { describeAlarms, describeWatch } from './describe-alarms.ts';
import { describeStocks, stocksOf, type KeyStock } from './key-stock.ts';
import { peekIntoShop, withStore } from './open-shop.ts';
import { readPlace } from './place.ts';
import { table } from './table.ts';
import { describeUnits, unitStocks, type UnitStock } from './unit-stock.ts';
import { duration } from './times.ts';

/** How the shop is doing, on one screen. */
export const status: Command = {
  name: 'status',
  summary: 'Shows how much is open, parked and held, what was refused, and the stock of keys',
  details: ['Open work continues by itself. What is parked or held needs a person; the last lines say how to find it.'],
  operands: [],
  options: { json: jsonOption },
  examples: ['npx handover status', 'npx handover status --json'],

  async run(input, terminal) {
    const place = readPlace(input);
    const shop = await peekIntoShop(place, terminal);
    const { found, keys, units, alarms } = await withStore(place, async (store) => ({
      found: await store.status(),
      keys: stocksOf(await store.keyCounts(), shop),
      units: await unitStocks(store, shop),
      alarms: await store.alarms(),
    }));
    if (input.has('json')) terminal.printJson({ ...found, keys, units, alarms });
    else terminal.print([...describe(found, keys, units, alarms), ...describeWatch(shop?.site.alarms)].join('\n'));
    return 0;
  },
};

function describe(
  { callbacks, steps, orders, verdicts, oldestOpenMs }: StoreStatus,
  keys: readonly KeyStock[],
  units: readonly UnitStock[],
  alarms: readonly Alarm[],
): string[] {
  return [
    ...table([
      ['Callbacks', `${callbacks.open} open, ${callbacks.parked} parked`],
      ['Steps', `${steps.ready} ready, ${steps.waiting} waiting, ${steps.running} running, ${steps.parked} parked`],
      ['Orders', `${orders.held} held, ${orders.waitingForProduct} waiting for a product file`],
      ['Oldest open', oldestOpenMs === undefined ? 'nothing is open' : duration(oldestOpenMs)],
    ]),
    ...section(
      'Callbacks that were not taken',
      table(
        verdicts.map(({ gateway, verdict, code, count }) => [gateway, `${count} ${verdict}`, code]),
        { indent: '  ' },
      ),
    ),
    ...section('Stock', describeUnits(units, '  ')),
    ...section('Keys', describeStocks(keys, '  ')),
    ...section('Alarms that stand', describeAlarms(alarms, Date.now())),
    ...section('For a person', tasks({ callbacks, steps, orders })),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function tasks({ callbacks, steps, orders }: Pick<StoreStatus, 'callbacks' | 'steps' | 'orders'>): string[] {
  return [
    ...(orders.held > 0 ? ['  npx handover orders --status held'] : []),
    ...(steps.parked > 0 ? ['  npx handover orders --parked'] : []),
    ...(callbacks.parked > 0 ? ['  npx handover retry --callbacks'] : []),
    ...(orders.waitingForProduct > 0 ? ['  Write the missing product files: npx handover orders --waiting'] : []),
  ];
}
