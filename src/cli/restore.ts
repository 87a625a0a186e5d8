import { describeBytes } from './bytes.ts';
import { jsonOption, type Command } from './command.ts';
import { readPlace } from './place.ts';

/** A backup in the place of the store. */
export const restore: Command = {
  name: 'restore',
  summary: 'Puts a backup in the place of the store',
  details: [
    'The site must be stopped. The backup is checked before anything is touched, and takes the place in one step. A store that is\nthere is only replaced with --replace, and kept beside the new one under a name with the date. FILE.key, if there is one,\nbecomes the key file.',
    'What came after the backup is missing then: let the gateways send those callbacks again.',
  ],
  operands: [{ name: 'FILE' }],
  options: { replace: { summary: 'Also where there is a store' }, json: jsonOption },
  examples: ['npx handover restore backups/shop-2027-01-15.db --replace'],

  async run(input, terminal) {
    const { store } = readPlace(input);
    const { restore: put } = await import('../wiring/store-upkeep.ts');
    const restored = put(store, input.operands[0] ?? '', input.has('replace'), new Date());
    if (input.has('json')) terminal.printJson({ store, ...restored });
    else {
      terminal.print(`${store} is the backup now (${describeBytes(restored.bytes)}).`);
      if (restored.replaced !== undefined) terminal.print(`The store that was there is kept as ${restored.replaced}`);
      if (restored.keyFile === 'placed') terminal.print(`The key file came with it: ${store}.key`);
      if (restored.replacedKeyFile !== undefined) terminal.print(`The one that was there is kept as ${restored.replacedKeyFile}`);
      if (restored.keyFile === 'none')
        terminal.print('There was no key file with it: the secret must be the one the backup was sealed with.');
    }
    return 0;
  },
};
