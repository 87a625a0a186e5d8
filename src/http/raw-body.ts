import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Readable } from 'node:stream';
import type { Request } from 'express';
import { HandoverError } from '../contract/errors.ts';
import { crashPoint } from '../crash-point.ts';

export interface BodyLimits {
  /** After decompression. @default 1 MB */
  readonly maxBytes?: number;
  /** From the first look to the last byte. @default 10 s */
  readonly timeoutMs?: number;
  /** Bounds what all bodies together take. */
  readonly place?: BodyPlace;
}

/** Where a body is counted while it arrives. */
export interface BodyPlace {
  /** Throws a `BodyError` where there is no room for so many bytes more. */
  grow(bytes: number): void;
  /** Calls back when the body must make room for others. */
  onGiveWay(listener: (why: BodyError) => void): void;
}

/** A body that cannot be taken: with the status its sender gets. */
export class BodyError extends HandoverError {
  readonly status: number;
  /** The rest of the body is on its way, and nobody will read it. */
  readonly isUnfinished: boolean;

  constructor(status: number, code: string, message: string, hint?: string, isUnfinished = status === 408 || status === 413) {
    super(code, message, hint === undefined ? {} : { hint });
    this.status = status;
    this.isUnfinished = isUnfinished;
  }
}

/**
 * The body's bytes as they were sent, decompressed where `Content-Encoding` says so. Takes what a body parser left over:
 * a Buffer or string in `req.body`, then in `req.rawBody`; else reads the stream. Throws `BodyError`: 413 too large,
 * 408 too slow, 400 cut off or badly compressed, 415 unknown compression, 500 `CALLBACK_ALREADY_PARSED`, and what `place` throws.
 */
export async function readRawBody(
  req: Request,
  { maxBytes = 1024 * 1024, timeoutMs = 10_000, place = anywhere }: BodyLimits = {},
): Promise<Buffer> {
  const kept = bytesOf(req.body) ?? bytesOf((req as { rawBody?: unknown }).rawBody);
  if (kept && kept.length > maxBytes) throw tooLarge(maxBytes);
  if (kept) place.grow(kept.length);
  if (kept) return kept;
  if (req.readableEnded || req.readableDidRead) throw alreadyParsed();
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  return readStream(req, { maxBytes, timeoutMs, place });
}

const anywhere: BodyPlace = { grow: () => undefined, onGiveWay: () => undefined };

function bytesOf(value: unknown): Buffer | undefined {
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : undefined;
}

function readStream(req: Request, { maxBytes, timeoutMs, place }: Required<BodyLimits>): Promise<Buffer> {
  const source = decoded(req);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(
      () => settle(new BodyError(408, 'BODY_TOO_SLOW', `The body did not arrive within ${timeoutMs} ms.`)),
      timeoutMs,
    );

    function settle(error?: BodyError): void {
      clearTimeout(timer);
      if (!error) {
        resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
        return;
      }
      chunks.length = 0;
      source.removeAllListeners('data');
      req.unpipe();
      req.resume();
      if (source !== req) source.destroy();
      reject(error);
    }

    function take(chunk: Buffer): void {
      try {
        place.grow(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        settle(error as BodyError);
      }
    }

    place.onGiveWay(settle);
    source.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) settle(tooLarge(maxBytes));
      else take(chunk);
      crashPoint('body half read');
    });
    source.on('end', () => settle());
    source.on('error', () =>
      settle(req.complete ? new BodyError(400, 'BODY_UNREADABLE', 'The body could not be decompressed.') : cutOff()),
    );
    req.on('close', () => {
      if (!req.complete) settle(cutOff());
    });
  });
}

function decoded(req: Request): Readable {
  const encoding = (req.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return req;
  if (encoding === 'gzip' || encoding === 'x-gzip') return req.pipe(createGunzip());
  if (encoding === 'deflate') return req.pipe(createInflate());
  if (encoding === 'br') return req.pipe(createBrotliDecompress());
  throw new BodyError(
    415,
    'BODY_ENCODING_UNKNOWN',
    'The body is compressed in a way we do not read. Send it plain or with gzip.',
  );
}

function cutOff(): BodyError {
  return new BodyError(400, 'BODY_CUT_OFF', 'The connection ended before the body did.');
}

function tooLarge(maxBytes: number): BodyError {
  return new BodyError(413, 'BODY_TOO_LARGE', `The body is larger than ${maxBytes} bytes.`);
}

function alreadyParsed(): BodyError {
  return new BodyError(
    500,
    'CALLBACK_ALREADY_PARSED',
    'The callback reached us parsed, so its signature cannot be checked.',
    'Mount handover before express.json(), or keep the bytes: express.json({ verify: (req, res, bytes) => { req.rawBody = bytes; } }).',
  );
}
