/** Starts one of the examples: `npm run example minimal`. Without a name it lists them. */
import { existsSync, readdirSync } from 'node:fs';

const folder = new URL('../examples/', import.meta.url);
const examples = readdirSync(folder).filter((name) => existsSync(new URL(`${name}/server.ts`, folder)));
const [name] = process.argv.slice(2);

if (name !== undefined && examples.includes(name)) {
  await import(new URL(`${name}/server.ts`, folder).href);
} else {
  if (name !== undefined) console.log(`There is no example "${name}".`);
  console.log(`Say which one: ${examples.map((each) => `npm run example ${each}`).join(', ')}`);
  process.exitCode = 1;
}
