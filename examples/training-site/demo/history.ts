import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What `npx handover order NUMBER` prints: the same command, from the sources. It reads the store beside the running site. */
export async function readHistory(number: string, store: string): Promise<string> {
  const program = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
  const { stdout } = await run(process.execPath, ['--conditions=dev-source', program, 'order', number, '--store', store]);
  return stdout.trimEnd();
}
