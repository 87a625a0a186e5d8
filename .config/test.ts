/**
 * Runs the tests and ends with what a reader of a log looks for: whether the browser tests ran, and how many tests passed and
 * failed. Arguments go to mocha; test files among them replace the whole suite.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { findChromium } from '../test/support/chromium.ts';

const given = process.argv.slice(2);
const files = given.some((argument) => argument.endsWith('.ts')) ? [] : ['test/**/*.test.ts'];
const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
const color = process.stdout.isTTY ? ['--color'] : [];

const run = spawn(process.execPath, [mocha, '--forbid-only', '--forbid-pending', ...color, ...files, ...given], {
  cwd: fileURLToPath(new URL('../', import.meta.url)),
  stdio: ['inherit', 'pipe', 'inherit'],
});
let report = '';
run.stdout.on('data', (chunk: Buffer) => {
  process.stdout.write(chunk);
  report = (report + chunk.toString('utf8')).slice(-1_000_000);
});
const [code] = (await once(run, 'close')) as [number | null];
process.exitCode = code ?? 1;

const told = stripVTControlCharacters(report);
const passed = countOf('passing');
const failed = countOf('failing');
if (passed + failed === 0) {
  console.log('No test ran.');
  process.exitCode ||= 1;
}
console.log(`${passed} passed, ${failed} failed`);
if (findChromium() === undefined) {
  console.log(
    'The browser tests did not run: there is no Chromium on this machine. Install it (Debian: apt-get install chromium),',
  );
  console.log('or name its program in the variable CHROMIUM.');
  if (process.env['CI'] === 'true') {
    console.log('With CI=true this is a failure.');
    process.exitCode ||= 1;
  }
}
/** Mocha's own count, which stands on a line of its own near the end: `  123 passing (4s)`. */
function countOf(word: string): number {
  const lines = [...told.matchAll(new RegExp(`^ +(\\d+) ${word}\\b`, 'gm'))];
  return Number(lines.at(-1)?.[1] ?? 0);
}
