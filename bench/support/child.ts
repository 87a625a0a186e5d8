import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A part of a measurement in a process of its own. */
export interface Child {
  /** Where it listens, or whatever else it told first. */
  readonly told: Readonly<Record<string, number>>;
  ask<Answer>(question: unknown): Promise<Answer>;
  /** CPU time it has used, in seconds. */
  cpuSeconds(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts `file` and waits for its first message. Every process of a measurement is set up alike by this. */
export async function startChild(file: string, env: Readonly<Record<string, string>> = {}): Promise<Child> {
  const profile = process.env['BENCH_PROFILE'];
  const process_ = fork(new URL(file, import.meta.url), {
    execArgv: [
      '--conditions=dev-source',
      '--disable-warning=ExperimentalWarning',
      ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
    ],
    env: { ...process.env, ...env },
  });
  const ended = once(process_, 'exit').then(([code]): never => {
    throw new Error(`The process of ${file} ended with ${code}.`);
  });
  ended.catch(() => undefined);
  const next = async <Answer>(): Promise<Answer> =>
    (await Promise.race([once(process_, 'message') as Promise<[Answer]>, ended]))[0];
  const ask = async <Answer>(question: unknown): Promise<Answer> => {
    process_.send(question as object);
    return next<Answer>();
  };
  return {
    told: await next(),
    ask,
    cpuSeconds: () => ask<number>('cpu'),
    async stop() {
      if (process_.connected) process_.disconnect();
      await ended.catch(() => undefined);
    },
  };
}

/** The other side of it: tells where it listens, answers questions, and closes when the measurement is over. */
export function beChild(
  told: Readonly<Record<string, number>>,
  { answer, close }: { answer?: (question: unknown) => unknown; close: () => void | Promise<void> },
): void {
  process.on('message', (question) => {
    const { user, system } = process.cpuUsage();
    process.send?.(question === 'cpu' ? (user + system) / 1e6 : (answer?.(question) ?? null));
  });
  process.once('disconnect', () => void Promise.resolve(close()).finally(() => process.exit()));
  process.send?.(told);
}
