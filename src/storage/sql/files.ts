import type { DownloadCount, FileGrant, Store } from '../store.ts';
import { lock } from './database.ts';
import type { Database } from './database.ts';

type FileOperations = 'openFile' | 'closeFile' | 'fileGrants' | 'countDownload' | 'creditDownload';

/** A cut-off download may be asked for again until twice the file was sent; more than that is another download. */
const mostSent = 2;

/** Who may fetch which file, and how often it was fetched. */
export function fileOperations(database: Database): Pick<Store, FileOperations> {
  const { dialect } = database;
  const { now } = dialect;

  return {
    async openFile({ grantId, orderId, account, file, version, updatesUntil }) {
      await database.run(
        `INSERT INTO file_grants (grant_id, order_id, account, file, version, updates_until, is_open)
         VALUES (?, ?, ?, ?, ?, ?, 1)
         ON CONFLICT (grant_id) DO UPDATE SET account = excluded.account, file = excluded.file, version = excluded.version,
           updates_until = excluded.updates_until, is_open = 1`,
        [grantId, orderId, account, file, version, updatesUntil ?? null],
      );
    },

    async closeFile(grantId) {
      await database.run('UPDATE file_grants SET is_open = 0 WHERE grant_id = ?', [grantId]);
    },

    async fileGrants(account, file, limit, after = '') {
      const rows = await database.all<FileGrantRow>(
        `SELECT grant_id, order_id, account, file, version, updates_until FROM file_grants
         WHERE is_open = 1 AND account = ? AND file = ? AND grant_id > ? ORDER BY grant_id LIMIT ?`,
        [account, file, after, limit],
      );
      return rows.map(readFileGrant);
    },

    countDownload: ({ grantId, version, size, bytes, isPart, limit, pauseMs }) =>
      database.transaction(
        async (tx): Promise<DownloadCount> => {
          await lock(tx, dialect, `download ${grantId}`);
          const row = await tx.get<{ total: number; sent: number; is_recent: number }>(
            `SELECT total, sent, CASE WHEN begun_at > ${now} - CAST(? AS bigint) THEN 1 ELSE 0 END AS is_recent
             FROM downloads WHERE grant_id = ? AND version = ?`,
            [pauseMs, grantId, version],
          );
          const total = row?.total ?? 0;
          if (row && isPart && row.is_recent === 1 && row.sent + bytes <= mostSent * size) {
            await tx.run('UPDATE downloads SET sent = sent + ? WHERE grant_id = ? AND version = ?', [bytes, grantId, version]);
            return { kind: 'continued', total };
          }
          if (limit !== undefined && total >= limit) return { kind: 'usedUp', total };
          await tx.run(
            `INSERT INTO downloads (grant_id, version, total, begun_at, sent) VALUES (?, ?, 1, ${now}, ?)
             ON CONFLICT (grant_id, version) DO UPDATE SET total = downloads.total + 1, begun_at = excluded.begun_at, sent = excluded.sent`,
            [grantId, version, bytes],
          );
          return { kind: 'counted', total: total + 1 };
        },
        { label: 'countDownload' },
      ),

    async creditDownload(grantId, version, bytes) {
      await database.run(
        'UPDATE downloads SET sent = CASE WHEN sent > ? THEN sent - ? ELSE 0 END WHERE grant_id = ? AND version = ?',
        [bytes, bytes, grantId, version],
      );
    },
  };
}

interface FileGrantRow {
  grant_id: string;
  order_id: string;
  account: string;
  file: string;
  version: string;
  updates_until: number | null;
}

function readFileGrant({ grant_id, order_id, account, file, version, updates_until }: FileGrantRow): FileGrant {
  return {
    grantId: grant_id,
    orderId: order_id,
    account,
    file,
    version,
    ...(updates_until === null ? {} : { updatesUntil: updates_until }),
  };
}
