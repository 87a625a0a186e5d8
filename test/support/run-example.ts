import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './repository.ts';

/** A program of ours that runs as a user would run it. */
export interface Program {
  readonly output: () => string;
  /** Resolves when the output has it; rejects with all output when the program ends without. */
  says(what: RegExp): Promise<RegExpExecArray>;
  /** Sends the signal and gives the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  readonly ended: Promise<number | null>;
}

const running = new Set<ChildProcess>();

/** Ends what a test left running. */
export function endPrograms(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Runs `node --conditions=dev-source …` in the repository, with nothing of our own environment but the PATH. */
export function runNode(args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = root): Program {
  const child = spawn(process.execPath, ['--conditions=dev-source', ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', TMPDIR: tmpdir(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  return {
    output: () => text,
    ended,
    async says(what) {
      for (;;) {
        const found = what.exec(text);
        if (found) return found;
        const more = Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]).catch(() => undefined);
        const isOver = await Promise.race([more.then(() => false), ended.then(() => true)]);
        if (isOver && !what.test(text)) throw new Error(`The program ended without saying ${String(what)}:\n${text}`);
      }
    },
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

/** A port that was free a moment ago, for programs that must know their own address before they start. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const folders: string[] = [];

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'handover-example-'));
  folders.push(folder);
  return folder;
}

export function removeTemporaryFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
