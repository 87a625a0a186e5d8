import { readFile, writeFile } from 'node:fs/promises';
import { HandoverError } from '../contract/errors.ts';
import { jsonOption, type Command } from './command.ts';
import { withApp } from './open-shop.ts';
import { readPlace } from './place.ts';

/** Activates a machine that has no network, from the request code its user sent us. */
export const activation: Command = {
  name: 'activation',
  summary: 'Activates a machine without network by the request code its user sends',
  details: [
    'FILE|CODE is the code that the software shows (it begins with HA1.), or a file that holds it; - reads it from standard\ninput. The signed answer is printed, to be sent back: the software on that machine takes it in.',
    'Buyers can do the same by themselves on the page /activation of the shop.',
  ],
  operands: [{ name: 'FILE|CODE' }],
  options: { out: { value: 'FILE', summary: 'Writes the answer into a file instead' }, json: jsonOption },
  examples: ['npx handover activation request.txt --out answer.txt', 'npx handover activation HA1.eyJwcm9kdWN0Ijoi…'],

  async run(input, terminal) {
    const { readRequestCode } = await import('../activation/activation-request.ts');
    const typed = input.operands[0] ?? '';
    const request = readRequestCode(typed === '-' ? (await terminal.readInput()).toString('utf8') : await textOf(typed));
    const { status, answer } = await withApp(readPlace(input), (app) => app.activation.activateOffline(request));
    if (status !== 'active') {
      throw new HandoverError('ACTIVATION_REFUSED', `The machine was not activated: ${reasons[status] ?? status}.`, {
        hint: 'Who has the key, if it is from a pool: npx handover keys find KEY',
      });
    }
    const out = input.value('out');
    if (out !== undefined) await writeFile(out, `${answer}\n`);
    if (input.has('json')) terminal.printJson({ status, answer });
    else terminal.print(out === undefined ? answer : `The answer is in ${out}. Send it to the user of that machine.`);
    return 0;
  },
};

const reasons: Readonly<Record<string, string>> = {
  full: 'all seats of the key are taken',
  expired: 'the key has expired',
  revoked: 'the key was taken back',
  unknown: 'no such key was sold for this product, or not for machines',
};

async function textOf(typed: string): Promise<string> {
  if (/^\s*HA1\./.test(typed)) return typed;
  try {
    return await readFile(typed, 'utf8');
  } catch (cause) {
    throw new HandoverError('FILE_UNREADABLE', `"${typed}" is neither a request code nor a file that can be read.`, {
      hint: 'A request code begins with "HA1." and is shown by the software.',
      cause,
    });
  }
}
