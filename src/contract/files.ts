/** Files that we hand out under signed addresses of our own; in a context it is about the grant of that context. */
export interface FileShelf {
  /** Lets the holder of the grant fetch a file from now on. Again changes it, and opens what was closed. */
  open(entry: FileEntry): Promise<void>;
  /** Nothing can be fetched until it is opened again. Nothing open is success. */
  close(): Promise<void>;
  /** An address of ours that hands out one version, counted, for so many days from now. */
  link(version: string, days: number): string;
}

/** What a grant lets its holder fetch. */
export interface FileEntry {
  /** The file's name in the account's catalogue. */
  readonly file: string;
  /** The version that was bought. */
  readonly version: string;
  /** Versions released until then are included. Undefined: only the one that was bought. */
  readonly updatesUntil?: Date | 'always';
}

/** A file ready to be handed out, as an action's `file` gives it. */
export interface OfferedFile {
  /** What the buyer's browser saves it as. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256?: string;
  /** How often one version may be fetched. Undefined: as often as wanted. */
  readonly limit?: number;
  /** A file on this machine, whose place was checked; or an address that gives it for the next minutes. */
  readonly at: { readonly path: string } | { readonly url: string };
}
