import { stat } from 'node:fs/promises';
import type { NextFunction, Request, Response } from 'express';
import type { OfferedFile } from '../contract/files.ts';
import { logText } from '../contract/log-text.ts';
import type { FileToken } from '../secrets/links.ts';
import type { Grant } from '../contract/order.ts';
import type { OrderRecord } from '../storage/store.ts';
import { holderMark } from '../presentation/holder-mark.ts';
import { sendJson, sendOn, sendPage, wantsJson } from './answers.ts';
import { whatIsAskedFor } from './byte-range.ts';
import type { PageHost } from './page-host.ts';
import { tellUnknown } from './return-page.ts';

type DownloadPage = 'expired' | 'ended' | 'usedUp' | 'sent';

/** What the route needs beside the other pages. */
export interface DownloadHost extends PageHost {
  readonly files: {
    readToken(token: string): FileToken;
    /** The file as it is to be handed out at this moment. */
    offer(record: OrderRecord, grantId: string, version: string): Promise<OfferedFile>;
    /** Sends the buyer a mail with new links. Undefined where no mail can be sent. */
    mailNewLink(record: OrderRecord, grant: Grant): Promise<'mailed' | undefined>;
  };
}

/** Resuming later than this is a new download. */
const pauseMs = 24 * 3_600_000;

const headersOfFiles = {
  'Cache-Control': 'private, no-cache',
  'Content-Security-Policy': "sandbox; default-src 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex',
};

/** One file for whoever holds its signed address, while the grant stands. GET is counted, HEAD and what is unchanged are not. */
export async function answerDownload(
  req: Request,
  res: Response,
  next: NextFunction,
  token: string,
  host: DownloadHost,
): Promise<void> {
  const found = await find(token, host);
  if (!found) return tellUnknown(req, res, host);
  const { read, record, grant } = found;
  if (grant.wanted !== 'granted') return tell(req, res, 'ended', record, host);
  if (read.kind === 'expired') return tell(req, res, 'expired', record, host);
  const offered = await offer(req, res, found, host);
  if (!offered) return;
  const { etag, lastModified } = await markOf(offered);
  res.set({
    ...headersOfFiles,
    ETag: etag,
    ...(lastModified && { 'Last-Modified': lastModified }),
    ...(offered.sha256 !== undefined && { 'Repr-Digest': `sha-256=:${Buffer.from(offered.sha256, 'hex').toString('base64')}:` }),
  });
  const asked = whatIsAskedFor(req, offered.size, etag);
  const isFree = req.method === 'HEAD' || asked === 'unchanged' || asked === 'nothing';
  if (!isFree) {
    const { limit, size } = offered;
    const { grantId, version } = read;
    const counted = await host.store.countDownload({
      grantId,
      version,
      size,
      ...asked,
      pauseMs,
      ...(limit !== undefined && { limit }),
    });
    if (counted.kind === 'usedUp') return tell(req, res, 'usedUp', record, host);
    credit(req, res, { grantId, version, bytes: 'url' in offered.at ? 0 : asked.bytes }, host);
  }
  if (asked === 'unchanged' || asked === 'nothing') {
    sendNothing(res, asked, offered);
    return;
  }
  if ('path' in offered.at) {
    sendFile(req, res, next, { ...offered, path: offered.at.path, isPart: asked.isPart }, host);
    return;
  }
  if (isFree) sendHead(res, offered);
  else sendOn(res, offered.at.url);
}

/** "Ask for a new link" on the page of an expired one: it goes to the buyer's own address, not to whoever holds the old link. */
export async function answerNewLink(req: Request, res: Response, token: string, host: DownloadHost): Promise<void> {
  const found = await find(token, host);
  if (!found) return tellUnknown(req, res, host);
  const { record, grant } = found;
  if (grant.wanted !== 'granted') return tell(req, res, 'ended', record, host);
  if ((await host.files.mailNewLink(record, grant)) === 'mailed') return tell(req, res, 'sent', record, host);
  sendOn(res, await host.openGrant(record, grant.id));
}

interface Found {
  readonly read: Extract<FileToken, { kind: 'file' | 'expired' }>;
  readonly record: OrderRecord;
  readonly grant: Grant;
}

async function find(token: string, host: DownloadHost): Promise<Found | undefined> {
  const read = host.files.readToken(token);
  if (read.kind === 'invalid') return undefined;
  const record = await host.store.findOrder(read.orderId);
  const grant = record?.grants.find(({ id }) => id === read.grantId);
  if (!record || !grant || read.holder !== holderMark(record.order, grant)) return undefined;
  return { read, record, grant };
}

/** Undefined: it cannot be had just now, and the visitor was told. */
async function offer(req: Request, res: Response, { read, record }: Found, host: DownloadHost): Promise<OfferedFile | undefined> {
  try {
    return await host.files.offer(record, read.grantId, read.version);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
    const words = logText(error instanceof Error ? error.message : 'unknown');
    host.log.error(
      { order: record.order.id, grant: read.grantId, code, error: words },
      'A file that was paid for could not be handed out.',
    );
    res.setHeader('Retry-After', '60');
    if (wantsJson(req))
      sendJson(req, res, 503, { error: 'FILE_NOT_READY', message: 'The file cannot be had just now. Please try again.' });
    else sendPage(req, res, await host.pages().showError(host.site(), { number: record.order.id, status: 503 }));
    return undefined;
  }
}

/** A file's mark changes when the file does, so that nobody joins halves of two. */
async function markOf({ at, sha256, size }: OfferedFile): Promise<{ etag: string; lastModified?: string }> {
  if (!('path' in at)) return { etag: `"${sha256 ?? `${size}`}"` };
  const { mtimeMs, mtime } = await stat(at.path);
  return { etag: `"${sha256 ?? ''}-${size}-${Math.round(mtimeMs)}"`, lastModified: mtime.toUTCString() };
}

/** What was announced and never went out does not count against the buyer. */
function credit(
  req: Request,
  res: Response,
  { grantId, version, bytes }: { grantId: string; version: string; bytes: number },
  host: DownloadHost,
): void {
  const before = req.socket.bytesWritten;
  res.once('close', () => {
    const unsent = bytes - (req.socket.bytesWritten - before);
    if (res.writableFinished || unsent <= 0) return;
    host.store
      .creditDownload(grantId, version, unsent)
      .catch(() => host.log.warn({ grant: grantId }, 'A cut-off download could not be noted.'));
  });
}

/** Express streams it at the pace of the reader. What it sends is what was counted: the range, or the whole file. */
function sendFile(
  req: Request,
  res: Response,
  next: NextFunction,
  { name, path, isPart }: OfferedFile & { readonly path: string; readonly isPart: boolean },
  host: DownloadHost,
): void {
  delete req.headers['if-range'];
  if (!isPart) delete req.headers.range;
  res.attachment(name);
  res.sendFile(path, { dotfiles: 'allow', cacheControl: false, etag: false, lastModified: false }, (error?: Error) => {
    if (!error || res.writableFinished || req.destroyed) return;
    if (res.headersSent) return void res.destroy();
    host.log.error({ code: 'DOWNLOAD_UNREADABLE', error: logText(error.message) }, 'A file could not be sent.');
    next(error);
  });
}

function sendHead(res: Response, { name, size }: OfferedFile): void {
  res.attachment(name);
  res.set({ 'Content-Length': String(size), 'Accept-Ranges': 'bytes' });
  res.status(200).end();
}

function sendNothing(res: Response, asked: 'unchanged' | 'nothing', { size }: OfferedFile): void {
  if (asked === 'nothing') res.set('Content-Range', `bytes */${size}`);
  res.status(asked === 'unchanged' ? 304 : 416).end();
}

const statuses = { expired: 410, ended: 403, usedUp: 403, sent: 200 } as const;
const codes = { expired: 'LINK_EXPIRED', ended: 'FILE_ENDED', usedUp: 'DOWNLOADS_USED_UP', sent: 'LINK_SENT' } as const;

async function tell(req: Request, res: Response, page: DownloadPage, { order }: OrderRecord, host: DownloadHost): Promise<void> {
  if (wantsJson(req)) sendJson(req, res, statuses[page], { [page === 'sent' ? 'done' : 'error']: codes[page] });
  else sendPage(req, res, await host.pages().showDownload(host.site(), { page, status: statuses[page], number: order.id }));
}
