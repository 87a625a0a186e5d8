import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HandoverError } from '../contract/errors.ts';
import { jsonOption, type Command } from './command.ts';
import { connectorFiles } from './new-connector-files.ts';
import { readPlace } from './place.ts';
import { UsageError } from './usage-error.ts';

/** Writes a connector to start from: one action against a pretended system, a test that runs the suite. */
export const newConnector: Command = {
  name: 'new connector',
  summary: 'Writes a connector to start from, which passes the suite already',
  details: [
    "Makes the folder connectors/NAME beside handover.json: an action, the calls, a pretended system to test against, and the test.\nReplace the pretended system's address by yours, and its calls by those of your system. docs/connectors.md walks through it.",
  ],
  operands: [{ name: 'NAME' }],
  options: { json: jsonOption },
  examples: ['npx handover new connector forum'],

  async run(input, terminal) {
    const name = input.operands[0] ?? '';
    if (!/^[a-z][a-z0-9-]{0,40}$/.test(name))
      throw new UsageError('ARGUMENT_UNKNOWN', `"${name}" cannot be the name of a connector. Use small letters, digits and "-".`);
    const folder = join(readPlace(input).config, 'connectors', name);
    if (existsSync(folder)) {
      throw new HandoverError('FOLDER_EXISTS', `${folder} is there already.`, {
        hint: 'Choose another name, or take the folder away.',
      });
    }
    const files = connectorFiles(name);
    for (const [file, content] of Object.entries(files)) {
      const path = join(folder, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content, { flag: 'wx' });
    }
    if (input.has('json')) terminal.printJson({ folder, files: Object.keys(files) });
    else
      terminal.print(
        [
          `Written to ${folder}:`,
          ...Object.keys(files).map((file) => `  ${file}`),
          `Test it:   node --test ${join(folder, `${name}.test.ts`)}`,
          `Use it:    "connectors": { "${name}": { "use": "./connectors/${name}", "baseUrl": "https://…", "token": { "env": "…" } } }`,
        ].join('\n'),
      );
    return 0;
  },
};
