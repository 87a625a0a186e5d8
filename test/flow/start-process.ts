import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Site } from '../support/open-site.ts';

export interface SiteProcess {
  readonly child: ChildProcess;
  /** Address of its mount. */
  readonly url: string;
  /** Ends it with a signal and waits until it is gone; gives its exit code. */
  stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

const started = new Set<ChildProcess>();
const leaders = new WeakSet<ChildProcess>();

/** Kills what a test left running. */
export async function stopProcesses(): Promise<void> {
  await Promise.all([...started].map((child) => end(child, 'SIGKILL')));
}

/** Where a site's doubles are, as its configuration asks for it. */
export function environmentOf({ url, stripe, lms, mailbox }: Site): Record<string, string> {
  return {
    HANDOVER_BASE_URL: url,
    STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
    STRIPE_API_KEY: stripe.apiKey,
    STRIPE_API_BASE: stripe.url,
    AXIS_LMS_URL: lms.url,
    AXIS_LMS_API_KEY: lms.apiKey,
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(mailbox.port),
    TEST_PRO_SECRET: 'a secret of the key maker, long enough for it',
  };
}

export const nodeOptions = ['--conditions=dev-source', '--disable-warning=ExperimentalWarning'];

/** Another process on the shop and the store of a site, with the same doubles. */
export async function startProcess(site: Site): Promise<SiteProcess> {
  const script = fileURLToPath(new URL('site-process.ts', import.meta.url));
  const environment = { PATH: process.env['PATH'], ...environmentOf(site) };
  const child = spawn(process.execPath, [...nodeOptions, script, site.folder], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.add(child);
  const port = await firstLine(child);
  return { child, url: `http://127.0.0.1:${port}/shop`, stop: (signal) => end(child, signal) };
}

/** Has a process that a test started itself, `detached`, killed by `stopProcesses`, together with its children. */
export function watchProcess(child: ChildProcess): void {
  started.add(child);
  leaders.add(child);
}

/** The first line a process writes. Fails when it ends before. */
export async function firstLine({ stdout }: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of stdout!.setEncoding('utf8')) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  const [line = '', ...rest] = text.split('\n');
  if (rest.length === 0) throw new Error(`The process ended without a word. It said: ${text}`);
  return line;
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
  started.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  if (!leaders.has(child)) child.kill(signal);
  else process.kill(-(child.pid ?? 0), signal);
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}
