import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

const pattern = /^(.*)\/(\d+)\/([0-9a-f]{8})\.[0-9a-f]{8}$/s;
const unknownPlace = '00000000';
const place = placeOf();
const ownNames = new Set<string>();

/** A name no other worker has: `host/process/place.number`. Stands in leases. */
export function nameWorker(): string {
  const name = `${hostname()}/${process.pid}/${place}.${randomBytes(4).toString('hex')}`;
  ownNames.add(name);
  return name;
}

/** Whether a worker has certainly ended: it ran on this machine, and no process has its number any more. */
export function isGone(name: string): boolean {
  const [, host, pid, at] = pattern.exec(name) ?? [];
  if (host !== hostname() || at !== place || place === unknownPlace || ownNames.has(name)) return false;
  return Number(pid) === process.pid || !isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/**
 * Where process numbers mean the same processes: on Linux since this boot and within this container (proc(5), namespaces(7)),
 * elsewhere on this host. Hosts that were copied may share their name.
 */
function placeOf(): string {
  if (process.platform !== 'linux') return shorten('host');
  try {
    return shorten(`${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')} ${readlinkSync('/proc/self/ns/pid')}`);
  } catch {
    return unknownPlace;
  }
}

function shorten(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
