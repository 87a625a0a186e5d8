import type { Catalogues } from './catalogues.ts';
import type { Configuration } from '../config/configuration.ts';
import type { Logger } from '../contract/log.ts';
import { noticeStep } from '../processes/notices.ts';
import type { Store } from '../storage/store.ts';

/** Looks at key pools after something was taken from them, and tells the owner once per filling that one runs low or is empty. */
export interface StockWatch {
  /** An account has worked; cheap, may be called after every step. */
  look(account: string): void;
  close(): void;
}

const everyMs = 5000;

export function createStockWatch(parts: {
  readonly store: Pick<Store, 'keyCounts' | 'addSteps'>;
  readonly catalogues: Catalogues;
  configuration(): Configuration;
  readonly log: Logger;
}): StockWatch {
  const due = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  async function check(): Promise<void> {
    timer = undefined;
    const accounts = [...due].map((name) => parts.configuration().accounts.get(name));
    due.clear();
    const levels = accounts.flatMap((account) => account?.connector.pools?.(account.options) ?? []);
    if (levels.length === 0) return;
    const counts = await parts.store.keyCounts();
    for (const { name, lowStock } of levels) {
      const { free = 0, taken = 0, revoked = 0 } = counts.find(({ pool }) => pool === name) ?? {};
      if (free >= lowStock && free > 0) continue;
      const level = free === 0 ? 'empty' : 'low';
      const about = { pool: name, left: free, lowStock };
      await parts.store.addSteps([
        noticeStep(
          { kind: 'lowStock', key: `stock/${name}/${free + taken + revoked}/${level}`, orderId: '', about },
          parts.catalogues.newest(),
        ),
      ]);
    }
  }

  return {
    look(account) {
      if (!parts.configuration().accounts.get(account)?.connector.pools) return;
      due.add(account);
      timer ??= setTimeout(
        () => void check().catch(() => parts.log.warn({ account }, 'Key stock could not be counted.')),
        everyMs,
      ).unref();
    },
    close: () => clearTimeout(timer),
  };
}
