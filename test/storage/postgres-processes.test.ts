import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { callback, step } from '../../src/testing/suites/store/samples.ts';
import { openPostgresShop, sharedCluster } from '../support/postgres.ts';
import type { Cluster } from '../support/postgres.ts';

const child = fileURLToPath(new URL('postgres-child.ts', import.meta.url));

/** Starts a process and gives the lines it printed. It is killed once there are more than `mostLines`. */
async function run(args: readonly string[], mostLines = Infinity): Promise<{ lines: string[]; end: string }> {
  const options = ['--conditions=dev-source', '--disable-warning=ExperimentalWarning', child];
  const running = spawn(process.execPath, [...options, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  running.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    if (told.split('\n').length > mostLines + 1) running.kill('SIGKILL');
  });
  const [code, signal] = (await once(running, 'close')) as [number | null, string | null];
  return { lines: told.split('\n').slice(0, -1), end: signal ?? String(code) };
}

describe('Several processes on one PostgreSQL', function () {
  this.timeout(60_000);
  let cluster: Cluster;

  before(async () => (cluster = await sharedCluster()));

  it('make the tables once when four of them start at the same moment on an empty database', async () => {
    await cluster.query('CREATE DATABASE fresh');
    const url = cluster.url.replace(/postgres$/, 'fresh');
    const ended = await Promise.all([1, 2, 3, 4].map(() => run(['open', url])));
    expect(ended.map(({ lines, end }) => [...lines, end])).to.deep.equal([1, 2, 3, 4].map(() => ['open', '0']));
    await cluster.query('DROP DATABASE fresh');
  });

  it('never carry out one step twice: two of them claim five hundred', async () => {
    const shop = await openPostgresShop();
    await shop.store.addSteps(Array.from({ length: 500 }, (_, index) => step(`s${index}`, { orderId: `o${index % 20}` })));
    const [left, right] = await Promise.all([run(['claim', shop.url, 'left']), run(['claim', shop.url, 'right'])]);
    const claimed = [...left.lines, ...right.lines].filter((line) => line !== 'open');
    expect([claimed.length, new Set(claimed).size]).to.deep.equal([500, 500]);
    expect([left.end, right.end]).to.deep.equal(['0', '0']);
    const { steps } = await shop.store.status();
    expect(steps.ready).to.equal(0);
    await shop.close();
  });

  it('have lost no callback that they acknowledged when they are killed', async () => {
    const shop = await openPostgresShop();
    const rounds = await Promise.all([200, 800, 1500].map((count) => run(['keep', shop.url, `after${count}`], count)));
    expect(rounds.map(({ end }) => end)).to.deep.equal(['SIGKILL', 'SIGKILL', 'SIGKILL']);
    const acknowledged = rounds.flatMap(({ lines }) => lines).filter((line) => line !== 'open');
    expect(acknowledged.length).to.be.greaterThan(2400);
    const rows = await cluster.query<{ id: string }>(`SELECT delivery_id AS id FROM "${shop.schema}".callbacks`);
    const kept = new Set(rows.map(({ id }) => id));
    expect(acknowledged.filter((id) => !kept.has(id))).to.deep.equal([]);
    expect(await shop.store.keepCallback(callback(), acknowledged.at(-1) ?? '')).to.equal('known');
    await shop.close();
  });
});
