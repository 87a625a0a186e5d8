import type { FileShelf } from '../contract/files.ts';
import type { Store } from '../storage/store.ts';

/** The step or click that a shelf is opened for. */
export interface Holder {
  readonly orderId: string;
  readonly grantId: string;
  readonly account: string;
}

/** So late that every release is before it. */
const always = 8_640_000_000_000_000;

/** What the holder of a grant may fetch, in the store; addresses are signed by whoever is handed in. */
export function createFileShelf(
  { orderId, grantId, account }: Holder,
  parts: {
    readonly store: Pick<Store, 'openFile' | 'closeFile'>;
    fileLink(orderId: string, grantId: string, version: string, days: number): string;
  },
): FileShelf {
  return {
    open: ({ file, version, updatesUntil }) =>
      parts.store.openFile({
        grantId,
        orderId,
        account,
        file,
        version,
        ...(updatesUntil !== undefined && { updatesUntil: updatesUntil === 'always' ? always : updatesUntil.getTime() }),
      }),
    close: () => parts.store.closeFile(grantId),
    link: (version, days) => parts.fileLink(orderId, grantId, version, days),
  };
}
