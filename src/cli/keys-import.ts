import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { didYouMean } from '../config/problems.ts';
import { HandoverError } from '../contract/errors.ts';
import { jsonOption, type Command } from './command.ts';
import { poolsOf } from './key-stock.ts';
import { loadShop, openSealer, withStore } from './open-shop.ts';
import { readPlace } from './place.ts';

/** Fills a stock of activation keys. */
export const keysImport: Command = {
  name: 'keys import',
  summary: 'Adds the keys of a file to a pool, all or none',
  details: [
    'FILE holds one key on each line, or is a table (comma, semicolon or tab) with the keys in its first column; - reads from\nstandard input. Blank lines and lines that begin with # are left out.',
    'A key that the pool has already, in whatever state, or that stands in the file twice refuses the whole file, and every such\nline is named. Keys are stored sealed.',
  ],
  operands: [{ name: 'POOL' }, { name: 'FILE' }],
  options: {
    format: {
      value: 'FORMAT',
      choices: ['auto', 'lines', 'table'],
      summary: 'Whether the file is a table. Default: auto, looks whether it is one',
    },
    json: jsonOption,
  },
  examples: ['npx handover keys import pro-keys keys.txt', 'npx handover keys import pro-keys - < keys.csv'],

  async run(input, terminal) {
    const [pool = '', file = ''] = input.operands;
    const place = readPlace(input);
    const list = file === '-' ? await terminal.readInput() : await readList(file);
    const shop = await loadShop(place);
    const sealer = await openSealer(place, shop);
    const { importKeys } = await import('../fulfilment/key-pools.ts');
    const format = (input.value('format') ?? 'auto') as 'auto' | 'lines' | 'table';

    const isNew = !existsSync(place.store);
    const { added, columnsLeftOut, free } = await withStore(
      place,
      async (store) => {
        const imported = await importKeys(store, sealer, pool, list, format);
        const count = (await store.keyCounts()).find((each) => each.pool === pool);
        return { ...imported, free: count?.free ?? 0 };
      },
      { mayCreate: true },
    );
    if (isNew) terminal.note(`The store ${place.store} did not exist and was made.`);
    if (columnsLeftOut) terminal.note('The file is a table: only its first column was read.');
    const wanted = [...poolsOf(shop).keys()];
    if (!wanted.includes(pool)) terminal.note(`No connector takes keys from a pool "${pool}" yet.${didYouMean(pool, wanted)}`);
    if (input.has('json')) terminal.printJson({ pool, added, free });
    else
      terminal.print(
        `${added} ${added === 1 ? 'key was' : 'keys were'} added to the pool "${pool}". ${free} ${free === 1 ? 'is' : 'are'} free.`,
      );
    return 0;
  },
};

async function readList(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new HandoverError('FILE_UNREADABLE', `The file ${file} cannot be read (${why}).`, {
      hint: 'Correct the path, or use - for standard input.',
      cause: error,
    });
  }
}
