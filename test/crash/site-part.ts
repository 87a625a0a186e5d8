import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Questions } from './site-process.ts';
import type { World } from './world.ts';

export interface PartOptions {
  /** Where to die, as `HANDOVER_CRASH_AT` takes it. */
  readonly crashAt?: string;
  /** With false it only takes callbacks. @default true */
  readonly worker?: boolean;
  readonly leaseMs?: number;
  /** How long it must have lived before it begins a third time what was cut short twice. */
  readonly quietMs?: number;
  /** Takes requests before its store is open. @default false */
  readonly listensEarly?: boolean;
  /** Starts the program instead, with Node's arguments behind: for limits that only a parent can set. */
  readonly under?: readonly string[];
}

/** A process of the site, seen from outside. */
export interface SitePart {
  readonly pid: number;
  /** Address of the mount; undefined when the process died before it listened. */
  readonly url: Promise<string | undefined>;
  /** `SIGKILL`, `0` … */
  readonly ended: Promise<string>;
  readonly isListening: boolean;
  /** What it logged: warnings and errors. */
  readonly log: string;
  readonly ask: Questions;
  kill(signal?: NodeJS.Signals): void;
}

const script = fileURLToPath(new URL('site-process.ts', import.meta.url));
const nodeOptions = ['--conditions=dev-source', '--disable-warning=ExperimentalWarning'];
const cache = mkdtempSync(join(tmpdir(), 'handover-crash-cache-'));
const parts = new Set<ChildProcess>();

process.once('exit', () => {
  for (const each of parts) each.kill('SIGKILL');
  rmSync(cache, { recursive: true, force: true });
});

/** Starts a process on the world's store. Processes that are left over end with the tests. */
export function startPart(
  world: World,
  { crashAt, worker = true, leaseMs, quietMs, listensEarly = false, under }: PartOptions = {},
): SitePart {
  const [execPath = process.execPath, ...execArgv] = under ?? [];
  const child = fork(script, {
    execPath,
    execArgv: under ? [...execArgv, process.execPath, ...nodeOptions] : nodeOptions,
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: cache,
      ...world.env,
      CRASH_SHOP: world.shop,
      CRASH_STORE: world.store,
      CRASH_WORKER: worker ? 'yes' : 'no',
      ...(crashAt !== undefined && { HANDOVER_CRASH_AT: crashAt }),
      ...(leaseMs !== undefined && { CRASH_LEASE_MS: String(leaseMs) }),
      ...(quietMs !== undefined && { CRASH_QUIET_MS: String(quietMs) }),
      ...(listensEarly && { CRASH_LISTEN: 'before it is ready' }),
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  parts.add(child);
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-100_000)));

  const ended = once(child, 'close').then(([code, signal]) => {
    parts.delete(child);
    return String(signal ?? code);
  });
  let isListening = false;
  const answers = new Map<number, (reply: { answer?: unknown; error?: string }) => void>();
  const url = new Promise<string | undefined>((resolve) => {
    child.on('message', (message: { port?: number; id?: number; answer?: unknown; error?: string }) => {
      if (message.port !== undefined) isListening = true;
      if (message.port !== undefined) resolve(`http://127.0.0.1:${message.port}/shop`);
      else answers.get(message.id ?? 0)?.(message);
    });
    void ended.then(() => {
      resolve(undefined);
      for (const answer of answers.values()) answer({ error: `The process ended. ${log.slice(-2000)}` });
    });
  });

  let asked = 0;
  const ask = (question: string, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = (asked += 1);
      answers.set(id, ({ answer, error }) => {
        answers.delete(id);
        if (error === undefined) resolve(answer);
        else reject(new Error(error));
      });
      if (!child.connected) answers.get(id)?.({ error: `The process ended. ${log.slice(-2000)}` });
      else child.send({ id, ask: question, args }, (error) => error && answers.get(id)?.({ error: error.message }));
    });

  return {
    pid: child.pid ?? 0,
    url,
    ended,
    get isListening() {
      return isListening && child.exitCode === null && child.signalCode === null;
    },
    get log() {
      return log;
    },
    ask: new Proxy({} as Questions, {
      get:
        (_, question) =>
        (...args: unknown[]) =>
          ask(String(question), args),
    }),
    kill: (signal = 'SIGKILL') => void child.kill(signal),
  };
}
