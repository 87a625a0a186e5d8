/** Starts one of the examples: `npm run example minimal`. Without a name it lists them. */
import { existsSync, readdirSync } from 'node:fs';

const folder = new URL('../examples/', import.meta.url);
const servers = new Map(
  readdirSync(folder).flatMap((name) => {
    const files = ['server.ts', 'server.cjs']
      .map((file) => new URL(`${name}/${file}`, folder))
      .filter((file) => existsSync(file));
    return files.map((file) => [name, file.href] as const);
  }),
);
const [name = ''] = process.argv.slice(2);
const server = servers.get(name);

if (server !== undefined) {
  await import(server);
} else {
  if (name !== '') console.log(`There is no example "${name}".`);
  console.log(`Say which one: ${[...servers.keys()].map((each) => `npm run example ${each}`).join(', ')}`);
  process.exitCode = 1;
}
