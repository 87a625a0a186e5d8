import type { Moved } from '../wiring/store-upkeep.ts';
import { jsonOption, type Command } from './command.ts';
import { peekIntoShop, requireStore } from './open-shop.ts';
import { readPlace } from './place.ts';
import { UsageError } from './usage-error.ts';

/** From a SQLite file to PostgreSQL. */
export const move: Command = {
  name: 'move',
  summary: 'Moves the store from its SQLite file to PostgreSQL',
  details: [
    'The site must be stopped, and the schema there empty. Everything is sent in one transaction, read back and compared: it is all\nthere in the end, or nothing is. The file here stays as it is.',
    'The password may be left out of ADDRESS and given as PGPASSWORD or in ~/.pgpass.',
  ],
  operands: [],
  options: { to: { value: 'ADDRESS', summary: 'postgres://user@host:5432/database. Required' }, json: jsonOption },
  examples: ['npx handover move --to postgres://shop@db.example.com:5432/shop'],

  async run(input, terminal) {
    const place = readPlace(input);
    const address = input.value('to');
    if (address === undefined || !/^postgres(ql)?:/.test(address)) {
      throw new UsageError(
        'ARGUMENT_MISSING',
        '"move" needs an address of a PostgreSQL: --to postgres://user@host:5432/database',
      );
    }
    requireStore(place);
    const { moveToPostgres } = await import('../wiring/store-upkeep.ts');
    const moved = await moveToPostgres(place.store, address);
    const hasSecret = (await peekIntoShop(place, terminal))?.site.secret !== undefined;
    if (input.has('json')) terminal.printJson({ from: place.store, ...moved, hasSecret });
    else terminal.print(describe(place.store, moved, hasSecret).join('\n'));
    return 0;
  },
};

function describe(from: string, { where, tables, changedTexts, keyFile }: Moved, hasSecret: boolean): string[] {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const secret =
    keyFile === undefined
      ? '  2. Name the secret in handover.json ("secret"), the same on all hosts: PostgreSQL has no place for a key file.'
      : `  2. Take the secret along: "secret": { "file": ${JSON.stringify(keyFile)} } in handover.json, and the file on every host.\n     Without it no stored key opens and no link that was sent works.`;
  return [
    `${rows} rows of ${tables.length} tables are in ${where} now, compared one by one.`,
    ...(changedTexts > 0
      ? [`${changedTexts} texts held the character U+0000, which PostgreSQL cannot keep; it is U+FFFD there.`]
      : []),
    'Before the site starts:',
    '  1. Give its address instead of the file: the option "store", or HANDOVER_STORE for the command line.',
    ...(hasSecret ? [] : [secret]),
    `  ${hasSecret ? 2 : 3}. Set ${from} aside, so that nothing starts on it by mistake. It is as it was.`,
  ];
}
