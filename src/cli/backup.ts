import { describeBytes } from './bytes.ts';
import { jsonOption, type Command } from './command.ts';
import { peekIntoShop, requireStore } from './open-shop.ts';
import { readPlace } from './place.ts';

/** A safe copy of the store, while the site runs. */
export const backup: Command = {
  name: 'backup',
  summary: 'Copies the store to a file, while the site runs',
  details: [
    'FILE is the store as it was at one moment: whole, checked, and readable by its owner only. Nothing is ever written over.\nWhere the secret is the key file beside the store, it is copied to FILE.key; keep the two apart.',
    'For a store in PostgreSQL it prints the pg_dump command to use instead.',
  ],
  operands: [{ name: 'FILE' }],
  options: { json: jsonOption },
  examples: ['npx handover backup backups/shop-2027-01-15.db'],

  async run(input, terminal) {
    const place = readPlace(input);
    requireStore(place);
    const file = input.operands[0] ?? '';
    const { backUp } = await import('../wiring/store-upkeep.ts');
    const configuration = await peekIntoShop(place, terminal);
    const made = backUp(place.store, file, configuration?.site.secret === undefined);
    if (input.has('json')) terminal.printJson(made);
    else {
      terminal.print(`The store was copied to ${made.file} (${describeBytes(made.bytes)}) and checked.`);
      terminal.print(describeSecret(made.keyFile, configuration?.site.secret !== undefined));
    }
    return 0;
  },
};

function describeSecret(keyFile: string | undefined, isNamed: boolean): string {
  if (keyFile !== undefined)
    return `The secret was copied to ${keyFile}. Keep it too, apart from the copy: who has both can open every key.`;
  if (isNamed) return 'The secret named in handover.json is not in it. Keep that too: without it, stored keys stay closed.';
  return 'There is no key file beside the store, so none was copied.';
}
