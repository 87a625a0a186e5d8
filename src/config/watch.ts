import { readdirSync, statSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from './configuration.ts';
import { productsFolder, siteFile } from './read-files.ts';

export interface WatchOptions {
  /** A corrected configuration, to be used from now on. */
  readonly onChange: (configuration: Configuration) => void;
  /** The files changed and are wrong, or `onChange` failed. The configuration in use stays. Told once per change. */
  readonly onRefused: (error: unknown) => void;
  /** How often the files are looked at where the file system tells nothing. @default 2000 */
  readonly intervalMs?: number;
  /** Version in use. When given, a change since it was loaded is found at once. */
  readonly version?: string;
}

export interface ConfigurationWatch {
  /** Stops. Nothing is called any more. */
  close(): void;
}

const settleMs = 100;

/**
 * Loads the configuration again when its files change: whole or not at all. Events of the file system only make it look
 * sooner; a look compares names, sizes and times, so editors that rename and file systems without events work as well. Files
 * are read once they have stood still for a moment. Secret files are not watched: touch handover.json to have them read again.
 * Keeps no process alive.
 */
export function watchConfiguration(folder: string, load: () => Configuration, options: WatchOptions): ConfigurationWatch {
  const { onChange, onRefused, intervalMs = 2000 } = options;
  let loaded = options.version === undefined ? fingerprint(folder) : '';
  let seen = loaded;
  let version = options.version;
  let settling: NodeJS.Timeout | undefined;
  let watchers: FSWatcher[] = [];

  const look = (): void => {
    settling = undefined;
    const now = fingerprint(folder);
    if (now === loaded) return;
    if (now !== seen) {
      seen = now;
      lookSoon();
      return;
    }
    loaded = now;
    reload();
  };
  const lookSoon = (): void => {
    settling ??= setTimeout(look, settleMs).unref();
  };
  const reload = (): void => {
    rewatch();
    try {
      const configuration = load();
      const isOld = version === configuration.version;
      version = undefined;
      if (!isOld) onChange(configuration);
    } catch (error) {
      onRefused(error);
    }
  };
  /** Watches again after each change: a folder may have been replaced by another one of the same name. */
  const rewatch = (): void => {
    for (const watcher of watchers) watcher.close();
    watchers = [folder, join(folder, productsFolder)].flatMap((path) => watchFolder(path, lookSoon));
  };

  rewatch();
  const poll = setInterval(lookSoon, intervalMs).unref();
  if (options.version !== undefined) lookSoon();
  return {
    close() {
      clearInterval(poll);
      clearTimeout(settling);
      settling = undefined;
      for (const watcher of watchers) watcher.close();
      watchers = [];
    },
  };
}

/** None where the file system cannot tell: polling is enough. */
function watchFolder(path: string, onEvent: () => void): FSWatcher[] {
  try {
    const watcher = watch(path, { persistent: false }, onEvent);
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}

/** Changes whenever a file is written, renamed, added or taken away. */
function fingerprint(folder: string): string {
  const products = namesIn(join(folder, productsFolder)).map((name) => join(productsFolder, name));
  return [siteFile, ...products].map((file) => `${file} ${stateOf(join(folder, file))}`).join('\n');
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch {
    return [];
  }
}

function stateOf(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch {
    return 'unreadable';
  }
}
