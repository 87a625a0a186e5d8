import type { Callback } from '../../contract/gateway.ts';
import type { RefusedSample, Store } from '../store.ts';
import type { Database } from './database.ts';

const samplesPerGateway = 100;
/** A gateway that makes its codes from what it is sent must not fill the table; further ones count as `OTHER`. */
const codesPerGateway = 500;
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

  const codesOf = `
    SELECT COUNT(*) AS total, MAX(CASE WHEN code = ? THEN 1 ELSE 0 END) AS known FROM verdicts WHERE gateway = ? AND verdict = ?`;

  const dropOld = `
    DELETE FROM verdict_samples WHERE gateway = ? AND id <=
      (SELECT id FROM verdict_samples WHERE gateway = ? ORDER BY id DESC LIMIT 1 OFFSET ${samplesPerGateway})`;

  return {
    countVerdict: (gateway, verdict, code, times, sample) =>
      database.transaction(
        async (tx) => {
          const cut = code.slice(0, 200);
          const codes = await tx.get<{ total: number; known: number | null }>(codesOf, [cut, gateway, verdict]);
          const isOneMore = codes !== undefined && codes.known !== 1 && codes.total >= codesPerGateway;
          await tx.run(count, [gateway, verdict, isOneMore ? 'OTHER' : cut, times]);
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
      return rows.map(readSample);
    },
  };
}

function showableHeaders(headers: Callback['headers']): string {
  const shown = Object.entries(headers).filter(([name]) => !privateHeaders.has(name.toLowerCase()));
  const text = JSON.stringify(Object.fromEntries(shown));
  return text.length <= sampleHeadersLength ? text : '{}';
}

export function readSample({ code, received_at, method, url, headers, body }: SampleRow): RefusedSample {
  return { code, receivedAt: received_at, method, url, headers: JSON.parse(headers) as Callback['headers'], body };
}

export interface SampleRow {
  code: string;
  received_at: number;
  method: string;
  url: string;
  headers: string;
  body: Uint8Array;
}
