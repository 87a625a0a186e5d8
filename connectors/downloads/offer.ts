import { posix } from 'node:path';
import type { ActionContext, OfferedFile } from 'handover/contract';
import { findObject, presign } from './bucket.ts';
import { findInFolder, sha256Of } from './folder.ts';
import type { DownloadsOptions, Version } from './options.ts';

/** A version as it lies there now. */
export interface Facts {
  readonly size: number;
  readonly sha256?: string;
}

/** Whether the file is where the catalogue says, how big it is and what its sum is. */
export async function lookAt(version: Version, ctx: ActionContext<DownloadsOptions>): Promise<Facts> {
  const { folder, s3 } = ctx.options;
  const given = version.sha256?.toLowerCase();
  if (s3) return { ...(await findObject(s3, version.path, ctx)), ...(given !== undefined && { sha256: given }) };
  const found = await findInFolder(folder ?? '', version.path);
  return { size: found.size, sha256: given ?? (await sha256Of(found, ctx.signal)) };
}

/** A version as it is handed out at this moment. */
export async function offer(
  version: Version,
  limit: number | undefined,
  ctx: ActionContext<DownloadsOptions>,
): Promise<OfferedFile> {
  const { folder, s3 } = ctx.options;
  const { size, sha256 } = await lookAt(version, ctx);
  const name = posix.basename(version.path.replaceAll('\\', '/'));
  const about = { name, size, ...(sha256 !== undefined && { sha256 }), ...(limit !== undefined && { limit }) };
  if (s3) {
    const url = presign(s3, { method: 'GET', path: version.path, seconds: s3.linkSeconds ?? 900, now: ctx.now(), name });
    return { ...about, at: { url } };
  }
  return { ...about, at: { path: (await findInFolder(folder ?? '', version.path)).path } };
}

/** `1234567` as `1.2 MB`, for people. */
export function sizeInWords(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const step = Math.min(bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1000 ** step;
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[step] ?? ''}`;
}
