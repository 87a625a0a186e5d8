/** Part of the store: files that buyers fetch. */
export interface FileStore {
  /** Lets the holder of a grant fetch a file. Again changes it, and opens what was closed. */
  openFile(grant: FileGrant): Promise<void>;
  closeFile(grantId: string): Promise<void>;
  /** Open grants of a file by their ids, from behind `after` on. */
  fileGrants(account: string, file: string, limit: number, after?: string): Promise<readonly FileGrant[]>;
  /** Counts a download before it begins. What belongs to one begun before is not counted again. */
  countDownload(download: BegunDownload): Promise<DownloadCount>;
  /** So many of the bytes that were announced never went out. */
  creditDownload(grantId: string, version: string, bytes: number): Promise<void>;
}

/** Part of the store: keys that software asks about, and the machines they are used on. */
export interface ActivationStore {
  /** Lets software ask about a key. Again changes the terms; `revoked`: it was taken back before and stays so. */
  registerKey(key: RegisteredKey): Promise<'registered' | 'revoked'>;
  /** For good, also where the key was never registered. */
  revokeRegisteredKey(key: Pick<RegisteredKey, 'fingerprint' | 'mark' | 'grantId'>): Promise<void>;
  /** Activates a machine, or says why not. A machine that has a seat keeps it. */
  takeSeat(seat: SeatRequest): Promise<SeatAnswer>;
  /** How a machine stands; changes nothing. */
  findSeat(seat: SeatRequest): Promise<SeatAnswer>;
  /** Gives a machine's seat back, at most `limit` times for a key in `periodMs`. */
  freeSeat(seat: SeatRequest, limit: number, periodMs: number): Promise<SeatAnswer>;
  /** How many keys were ever taken back and when the last was: changes whenever the list does. */
  revokedKeyCount(): Promise<{ readonly count: number; readonly latest: number }>;
  /** The marks of keys that were taken back, oldest first. */
  revokedKeys(): Promise<readonly { readonly mark: string; readonly revokedAt: number }[]>;
  /** Keeps something sealed under a name, once, and gives what is kept: of two processes both get the same. */
  keepSecret(name: string, sealed: string): Promise<string>;
  keptSecret(name: string): Promise<string | undefined>;
}

/** What lets somebody fetch a file. */
export interface FileGrant {
  readonly grantId: string;
  readonly orderId: string;
  readonly account: string;
  readonly file: string;
  readonly version: string;
  /** Milliseconds since 1970: later releases are not included. Undefined: none is. */
  readonly updatesUntil?: number;
}

/** A download that is about to begin, whole or a part of it. */
export interface BegunDownload {
  readonly grantId: string;
  readonly version: string;
  /** The whole file, in bytes. */
  readonly size: number;
  /** What is asked for now, in bytes. */
  readonly bytes: number;
  /** A byte range was asked for, so it may be the rest of a download that was cut off. */
  readonly isPart: boolean;
  /** Undefined: as often as wanted. */
  readonly limit?: number;
  /** A part that is asked for so long after the beginning is a new download. */
  readonly pauseMs: number;
}

/** `usedUp`: the limit is reached, and nothing was counted. */
export interface DownloadCount {
  readonly kind: 'counted' | 'continued' | 'usedUp';
  /** Downloads of this version so far. */
  readonly total: number;
}

/** A key that software may ask about. */
export interface RegisteredKey {
  /** Made with the site's secret, so that nobody who reads the store can try keys. */
  readonly fingerprint: string;
  /** The public one, which stands in the list when the key is taken back. */
  readonly mark: string;
  readonly grantId: string;
  readonly product: string;
  /** Machines at a time. */
  readonly devices: number;
  /** `2027-05-01`: the last day. */
  readonly expires?: string;
}

export interface SeatRequest {
  readonly fingerprint: string;
  readonly product: string;
  /** Fingerprint of the machine's code. */
  readonly machine: string;
  /** The software's own version. */
  readonly app?: string;
  /** `2027-05-01` */
  readonly today: string;
}

/**
 * `unknown`: no such key, or the key of another product. `inactive`: a good key, and the machine has no seat (any more).
 * `full`: all seats are taken. `tooOften`: too many seats were given back lately.
 */
export type SeatStatus = 'active' | 'inactive' | 'full' | 'tooOften' | 'expired' | 'revoked' | 'unknown';

export interface SeatAnswer {
  readonly status: SeatStatus;
  /** Seats taken and seats there are; 0 where the key is not a good one. */
  readonly used: number;
  readonly devices: number;
  readonly expires?: string;
}
