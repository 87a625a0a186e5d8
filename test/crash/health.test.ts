import { chmodSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'chai';
import { until } from '../flow/until.ts';
import { limitFiles } from './failing-disk.ts';
import { onStage, type Stage } from './stage.ts';

interface Told {
  readonly status: number;
  readonly tookMs: number;
  readonly health: { readonly status: string; readonly code: string | null; readonly store: string };
}

async function ask(url: string | undefined): Promise<Told> {
  const began = performance.now();
  const answer = await fetch(`${url ?? ''}/health`);
  return { status: answer.status, health: (await answer.json()) as Told['health'], tookMs: performance.now() - began };
}

describe('The health of a site whose surroundings fail', function () {
  this.timeout(90_000);

  it('is failing while the disk is full, and well again when there is room', () => onStage(diskFillsUp));
  it('is failing while the disk is read-only, and well again when it is not', () => onStage(diskIsReadOnly));
});

async function diskFillsUp({ world, deliveries, start }: Stage): Promise<void> {
  const part = start({ worker: false, under: ['/bin/sh', '-c', 'trap "" XFSZ; exec "$0" "$@"'] });
  expect((await ask(await part.url)).status).to.equal(200);
  limitFiles(part, String(statSync(`${world.store}-wal`).size + 20_000));
  while (!deliveries.statuses.has(503)) await deliveries.attempt(world.sell({ POOL: 1 }), await part.url);
  const failing = await until('it is failing', async () => {
    const told = await ask(await part.url);
    return told.status === 503 && told;
  });
  expect(failing.health).to.include({ status: 'failing', code: 'STORE_UNAVAILABLE', store: 'failing' });
  expect(failing.tookMs).to.be.below(2000);
  limitFiles(part, 'unlimited');
  await until('it is well again', async () => (await ask(await part.url)).status === 200);
}

async function diskIsReadOnly({ world, start }: Stage): Promise<void> {
  const first = start();
  await first.url;
  first.kill('SIGTERM');
  await first.ended;
  chmodSync(world.store, 0o400);
  chmodSync(dirname(world.store), 0o500);
  try {
    const asRootWithoutPrivilege = ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-all'];
    const part = start({ listensEarly: true, ...(process.getuid?.() === 0 && { under: asRootWithoutPrivilege }) });
    const failing = await until('it says why', async () => {
      const told = await ask(await part.url);
      return told.health.code !== 'NOT_READY' && told;
    });
    expect([failing.status, failing.health.store]).to.deep.equal([503, 'starting']);
    expect(failing.health.code).to.match(/^STORE_/);
    expect((await fetch(`${(await part.url) ?? ''}/health/live`)).status).to.equal(200);
    chmodSync(dirname(world.store), 0o700);
    chmodSync(world.store, 0o600);
    await until('it is well again', async () => (await ask(await part.url)).status === 200);
  } finally {
    chmodSync(dirname(world.store), 0o700);
  }
}
