/** `npm run bench` runs all measurements in turn; `npm run bench intake -- --rounds 3` runs one, with its options. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const known = ['intake', 'end-to-end', 'store', 'backlog', 'history', 'startup'];
const [name, ...options] = process.argv.slice(2);
if (name !== undefined && !known.includes(name)) {
  console.error(`There is no measurement "${name}". Known: ${known.join(', ')}.`);
  process.exit(2);
}
for (const each of name === undefined ? known : [name]) {
  console.log(`\n${each}`);
  const file = fileURLToPath(new URL(`${each}.ts`, import.meta.url));
  const args = ['--conditions=dev-source', '--disable-warning=ExperimentalWarning', file, ...options];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
