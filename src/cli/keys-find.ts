import { HandoverError } from '../contract/errors.ts';
import { jsonOption, type Command } from './command.ts';
import { loadShop, openSealer, withStore } from './open-shop.ts';
import { readPlace } from './place.ts';
import { table } from './table.ts';
import { localTime } from './times.ts';

/** Whose key is this? */
export const keysFind: Command = {
  name: 'keys find',
  summary: 'Says which pool a key is from and who holds it',
  details: ['- reads the key from standard input, so that it does not stay in the history of the shell.'],
  operands: [{ name: 'KEY' }],
  options: { json: jsonOption },
  examples: ['npx handover keys find ABCD-1234-EFGH-5678'],

  async run(input, terminal) {
    const place = readPlace(input);
    const typed = input.operands[0] ?? '';
    const key = (typed === '-' ? (await terminal.readInput()).toString('utf8') : typed).trim();
    const sealer = await openSealer(place, await loadShop(place));
    const found = await withStore(place, (store) => store.findKeys(sealer.fingerprint(key)));
    const shown = found.map(({ pool, state, holder, takenAt }) => ({ pool, state, holder, takenAt }));
    if (input.has('json')) {
      terminal.printJson(shown);
      return shown.length === 0 ? 1 : 0;
    }
    if (shown.length === 0) {
      throw new HandoverError('KEY_UNKNOWN', 'No pool holds this key.', {
        hint: 'It must be typed exactly as it was imported. Keys made on demand are in no pool.',
      });
    }
    const rows = shown.map(({ pool, state, holder = '', takenAt }) => [
      pool,
      state,
      takenAt === undefined ? '' : localTime(takenAt),
      holder,
    ]);
    terminal.print(table(rows, { heading: ['POOL', 'STATE', 'TAKEN', 'HOLDER'] }).join('\n'));
    return 0;
  },
};
