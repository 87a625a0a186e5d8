import { giveUp } from 'handover/contract';
import type { Release } from 'handover/contract';
import type { CatalogueEntry, DownloadsOptions, Version } from './options.ts';

/** Versions that come after the one that was bought: none, all, or those released within so many days of the payment. */
export type Updates = 'none' | 'all' | { readonly days: number };

export interface FileInput {
  readonly file: string;
  /** @default latest */
  readonly version?: string;
  /** @default all */
  readonly updates?: Updates;
  /** Downloads of each version. Undefined: as many as wanted. */
  readonly limit?: number;
  /** How long an address works. @default 30 */
  readonly days?: number;
}

const dayMs = 86_400_000;

export function findEntry({ catalogue }: DownloadsOptions, file: string): CatalogueEntry {
  const entry = Object.hasOwn(catalogue, file) ? catalogue[file] : undefined;
  if (entry) return entry;
  throw giveUp('DOWNLOAD_UNKNOWN', `The catalogue has no file "${file}". It has: ${Object.keys(catalogue).join(', ')}.`, {
    hint: 'Correct "with.file" in the product file or "catalogue" in handover.json, then retry the step.',
  });
}

export function findVersion(options: DownloadsOptions, file: string, version: string): Version {
  const found = findEntry(options, file).versions.find((each) => each.version === version);
  if (found) return found;
  throw giveUp('DOWNLOAD_VERSION_UNKNOWN', `The catalogue has no version "${version}" of the file "${file}".`, {
    hint: 'Put the version back into "catalogue" in handover.json: buyers still have it. Then retry the step.',
  });
}

/** The version that is bought: the one that is named, else the newest that was out. Later corrections are updates. */
export function versionBought(options: DownloadsOptions, { file, version = 'latest' }: FileInput, at: Date): Version {
  if (version !== 'latest') return findVersion(options, file, version);
  const newest = newestOf(findEntry(options, file), (each) => releasedAt(each) <= at);
  if (newest) return newest;
  throw giveUp('DOWNLOAD_NOT_RELEASED', `No version of the file "${file}" is out yet.`, {
    hint: 'Correct "released" of its versions in handover.json, or wait for that day; then retry the step.',
  });
}

/** The newest version the buyer is entitled to now; never an older one than was bought. */
export function versionDue(
  options: DownloadsOptions,
  file: string,
  { bought, until, now }: { readonly bought: string; readonly until: Date | 'always' | undefined; readonly now: Date },
): Version {
  const entry = findEntry(options, file);
  const own = entry.versions.find(({ version }) => version === bought);
  const newest =
    until === undefined
      ? undefined
      : newestOf(
          entry,
          (each) =>
            releasedAt(each) <= now &&
            (until === 'always' || releasedAt(each) <= until) &&
            (own === undefined || releasedAt(each) >= releasedAt(own)),
        );
  return newest ?? findVersion(options, file, bought);
}

/** Until when later releases are the buyer's. Undefined: none is. */
export function updatesUntil({ updates = 'all' }: FileInput, since: Date): Date | 'always' | undefined {
  if (updates === 'none') return undefined;
  return updates === 'all' ? 'always' : new Date(since.getTime() + updates.days * dayMs);
}

export function releasedAt({ released }: Version): Date {
  return new Date(released);
}

export function releasesIn({ catalogue }: DownloadsOptions): readonly Release[] {
  return Object.entries(catalogue).flatMap(([file, { versions }]) =>
    versions.map((each) => ({
      file,
      version: each.version,
      releasedAt: releasedAt(each),
      ...(each.notes !== undefined && { notes: each.notes }),
    })),
  );
}

/** Of two that came out at once the one further down in the list. */
function newestOf({ versions }: CatalogueEntry, fits: (version: Version) => boolean): Version | undefined {
  return versions
    .filter(fits)
    .reduce<Version | undefined>((best, each) => (best && releasedAt(best) > releasedAt(each) ? best : each), undefined);
}
