import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connector } from 'handover/contract';
import { downloads } from '../../connectors/downloads/index.ts';
import { createTestShelf } from '../../src/testing/desks.ts';
import { startS3 } from '../../src/testing/s3/index.ts';
import { connectorSuite, type ConnectorUnderTest } from '../../src/testing/suites/connector-suite.ts';

const now = () => new Date('2026-03-10T12:00:00Z');
const connector = downloads as Connector<never>;
const input = { file: 'notes', updates: { days: 365 }, limit: 3 };
const versions = [
  { version: '1.0', path: 'notes/v1.pdf', released: '2026-01-01' },
  { version: '1.1', path: 'notes/v1 & more.pdf', released: '2026-03-01' },
];

async function openBucket(): Promise<ConnectorUnderTest> {
  const s3 = await startS3({ now });
  for (const { path } of versions) s3.put(path, `The file ${path}`);
  const files = createTestShelf();
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = s3;
  const account = { endpoint, region, bucket, accessKeyId, secretAccessKey, pathStyle: true };
  const options = { s3: account, catalogue: { notes: { versions } } };
  return {
    options,
    input,
    effects: () => files.entry ?? null,
    given: { files },
    secrets: () => [secretAccessKey],
    faults: s3.faults,
    now,
    wrong: [
      { name: 'a bad secret', options: { ...options, s3: { ...account, secretAccessKey: 'wrong' } } },
      { name: 'another region', options: { ...options, s3: { ...account, region: 'us-east-1' } } },
      { name: 'a missing object', prepare: () => s3.remove('notes/v1.pdf') },
      { name: 'an unknown file', input: { file: 'other' } },
      { name: 'an unknown version', input: { file: 'notes', version: '3.0' } },
    ],
    close: () => s3.close(),
  };
}

connectorSuite({ name: 'downloads.file from a bucket', connector, action: 'file', open: openBucket });

async function openFolder(): Promise<ConnectorUnderTest> {
  const s3 = await startS3({ now });
  const folder = mkdtempSync(join(tmpdir(), 'handover-files-'));
  writeFileSync(join(folder, 'notes.pdf'), 'The notes.');
  const files = createTestShelf();
  const [version] = [{ version: '1.0', path: 'notes.pdf', released: '2026-01-01' }];
  const options = { folder, catalogue: { notes: { versions: [version] } } };
  const withVersion = (changes: object) => ({ folder, catalogue: { notes: { versions: [{ ...version, ...changes }] } } });
  return {
    options,
    input,
    effects: () => files.entry ?? null,
    given: { files },
    secrets: () => [],
    faults: s3.faults,
    now,
    wrong: [
      { name: 'a missing file', options: withVersion({ path: 'other.pdf' }) },
      { name: 'a file outside of the folder', options: withVersion({ path: '../../etc/hosts' }) },
      { name: 'a wrong sum', options: withVersion({ sha256: '0'.repeat(64) }) },
      { name: 'a version that is not out yet', options: withVersion({ released: '2027-01-01' }) },
    ],
    async close() {
      rmSync(folder, { recursive: true });
      await s3.close();
    },
  };
}

connectorSuite({ name: 'downloads.file from a folder', connector, action: 'file', open: openFolder });
