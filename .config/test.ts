/**
 * Runs the tests and ends with what a reader of a log looks for: whether the browser tests ran, and how many tests passed and
 * failed. Arguments go to mocha; test files among them replace the whole suite. The whole suite runs in parts, two at a time,
 * and each part is printed when it has ended. The crash tests come first and alone: they overload the machine on purpose.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { findChromium } from '../test/support/chromium.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const given = process.argv.slice(2);
const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
const color = process.stdout.isTTY ? ['--color'] : [];

/** Folders of test/ that are worth a part of their own, the longest first. */
const longest = ['flow', 'cli', 'connectors', 'storage', 'gateways'];

interface Result {
  readonly code: number;
  readonly passed: number;
  readonly failed: number;
}

const results = given.some((argument) => argument.endsWith('.ts')) ? [await run([])] : await runParts();
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
process.exitCode = results.find(({ code }) => code !== 0)?.code ?? 0;
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

/** All of test/, two parts at a time. */
async function runParts(): Promise<Result[]> {
  const folders = readdirSync(new URL('../test/', import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const others = folders.filter((name) => name !== 'crash' && !longest.includes(name));
  const parts = [
    ...longest.map((name) => [`test/${name}/**/*.test.ts`]),
    [`test/{${others.join(',')}}/**/*.test.ts`, 'test/*.test.ts'],
  ];
  const ended: Result[] = [await run(['test/crash/**/*.test.ts'])];
  const runNext = async (): Promise<void> => {
    for (let part = parts.shift(); part; part = parts.shift()) ended.push(await run(part));
  };
  await Promise.all([runNext(), runNext()]);
  return ended;
}

/** One mocha. Alone it is heard at once; of several each is printed when it has ended. */
async function run(files: readonly string[]): Promise<Result> {
  const child = spawn(process.execPath, [mocha, '--forbid-only', '--forbid-pending', ...color, ...files, ...given], {
    cwd: root,
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  let report = '';
  child.stdout.on('data', (chunk: Buffer) => {
    if (files.length === 0) process.stdout.write(chunk);
    report += chunk.toString('utf8');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (files.length > 0) process.stdout.write(report);
  const told = stripVTControlCharacters(report);
  return { code: code ?? 1, passed: countOf(told, 'passing'), failed: countOf(told, 'failing') };
}

/** Mocha's own count, which stands on a line of its own near the end: `  123 passing (4s)`. */
function countOf(told: string, word: string): number {
  const lines = [...told.matchAll(new RegExp(`^ +(\\d+) ${word}\\b`, 'gm'))];
  return Number(lines.at(-1)?.[1] ?? 0);
}
