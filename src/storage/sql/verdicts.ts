import type { Callback } from '../../contract/gateway.ts';
import type { Store } from '../store.ts';
import type { Database } from './database.ts';

const samplesPerGateway = 100;
const sampleBodyBytes = 2048;
const sampleHeadersLength = 8192;
/** Headers that may carry a secret or a session of the caller. */
const privateHeaders = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** What was refused or ignored: counted, and of refusals a few looked-at ones. */
export function verdictOperations(database: Database): Pick<Store, 'countVerdict' | 'refusedSamples'> {
  const { now } = database.dialect;

  const count = `
    INSERT INTO verdicts (gateway, verdict, code, total, last_at) VALUES (?, ?, ?, ?, ${now})
    ON CONFLICT (gateway, verdict, code) DO UPDATE SET total = verdicts.total + excluded.total, last_at = excluded.last_at`;

  const dropOld = `
    DELETE FROM verdict_samples WHERE gateway = ? AND id <=
      (SELECT id FROM verdict_samples WHERE gateway = ? ORDER BY id DESC LIMIT 1 OFFSET ${samplesPerGateway})`;

  return {
    countVerdict: (gateway, verdict, code, times, sample) =>
      database.transaction(
        async (tx) => {
          await tx.run(count, [gateway, verdict, code.slice(0, 200), times]);
          if (verdict !== 'refused' || !sample) return;
          await tx.run(
            'INSERT INTO verdict_samples (gateway, code, received_at, method, url, headers, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
            [
              ...[gateway, code.slice(0, 200), sample.receivedAt.getTime(), sample.method, sample.url.slice(0, 2048)],
              ...[showableHeaders(sample.headers), sample.body.subarray(0, sampleBodyBytes)],
            ],
          );
          await tx.run(dropOld, [gateway, gateway]);
        },
        { label: 'countVerdict', minor: true },
      ),

    async refusedSamples(gateway, limit) {
      const rows = await database.all<SampleRow>(
        `SELECT code, received_at, method, url, headers, body FROM verdict_samples
         WHERE gateway = ? ORDER BY id DESC LIMIT ?`,
        [gateway, limit],
      );
      return rows.map(({ code, received_at, method, url, headers, body }) => ({
        code,
        receivedAt: received_at,
        method,
        url,
        headers: JSON.parse(headers) as Callback['headers'],
        body,
      }));
    },
  };
}

function showableHeaders(headers: Callback['headers']): string {
  const shown = Object.entries(headers).filter(([name]) => !privateHeaders.has(name.toLowerCase()));
  const text = JSON.stringify(Object.fromEntries(shown));
  return text.length <= sampleHeadersLength ? text : '{}';
}

interface SampleRow {
  code: string;
  received_at: number;
  method: string;
  url: string;
  headers: string;
  body: Uint8Array;
}
