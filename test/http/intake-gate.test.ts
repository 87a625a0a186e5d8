import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Request, Response } from 'express';
import { accepted, defineGateway, type Callback } from '../../src/contract/gateway.ts';
import type { OpenGateway } from '../../src/flow.ts';
import { answerCallback } from '../../src/http/callbacks.ts';
import { createIntakeGate, type IntakeGate, type IntakeLimits } from '../../src/http/intake-gate.ts';
import { createRepeatLog } from '../../src/http/repeat-log.ts';
import { silentLog } from '../../src/outgoing/console-log.ts';
import type { Store } from '../../src/storage/store.ts';
import { until } from '../flow/until.ts';

const gateway: OpenGateway = {
  name: 'any',
  gateway: defineGateway({
    name: 'any',
    summary: 'Believes everything',
    options: {},
    verify: ({ body }) => accepted(Buffer.from(body).toString()),
    read: async () => ({ events: [] }),
  }),
  context: {} as OpenGateway['context'],
};

interface Intake {
  readonly gate: IntakeGate;
  readonly port: number;
  readonly counted: string[];
  /** Callbacks that wait for their commit. */
  readonly committing: number;
  commitAll(): void;
}

/** A real server whose store commits when it is told to. */
async function withIntake(limits: IntakeLimits, work: (intake: Intake) => Promise<void>): Promise<void> {
  const gate = createIntakeGate(limits);
  const counted: string[] = [];
  const commits: (() => void)[] = [];
  const store = { keepCallback: () => new Promise((resolve) => commits.push(() => resolve('kept'))) } as unknown as Store;
  const parts = {
    store,
    gate,
    knows: () => true,
    gateway: () => gateway,
    ready: async () => undefined,
    now: () => new Date(),
    wake: () => undefined,
    trouble: createRepeatLog(silentLog),
    count: (_: Callback, verdict: { kind: string; code?: string }) => void counted.push(verdict.code ?? verdict.kind),
  };
  const server = createServer((req, res) => void answerCallback(req as Request, res as unknown as Response, 'any', parts));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work({
      gate,
      counted,
      port: (server.address() as AddressInfo).port,
      get committing() {
        return commits.length;
      },
      commitAll: () => commits.splice(0).forEach((commit) => commit()),
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const send = (port: number, body: string): Promise<globalThis.Response> =>
  fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body });

/** Announces a body and sends a part of it. */
async function drip(port: number, part = 'x', announced = 1000): Promise<Socket & { heard: string }> {
  const socket = Object.assign(connect(port, '127.0.0.1'), { heard: '' });
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => (socket.heard += chunk.toString('latin1')));
  await once(socket, 'connect');
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${announced}\r\n\r\n${part}`);
  return socket;
}

describe('More callbacks than can be taken', () => {
  it('are answered 503 at once, with the time to come again, while those before them are kept', () =>
    withIntake({ mostAtOnce: 3 }, async (intake) => {
      const taken = [1, 2, 3].map((index) => send(intake.port, `evt_${index}`));
      await until('all places are taken', () => intake.committing === 3);
      const refused = await send(intake.port, 'evt_4');
      expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([503, '30']);
      expect(await refused.text()).to.contain('INTAKE_FULL');
      expect(intake.counted).to.deep.equal(['INTAKE_FULL']);
      intake.commitAll();
      expect((await Promise.all(taken)).map(({ status }) => status)).to.deep.equal([200, 200, 200]);
      const again = send(intake.port, 'evt_4');
      await until('it has a place', () => intake.committing === 1);
      intake.commitAll();
      expect((await again).status).to.equal(200);
      expect(intake.gate.waiting()).to.equal(0);
    }));

  it('take no more memory than they may, however they are sent', () =>
    withIntake({ mostBytes: 10_000 }, async (intake) => {
      const first = send(intake.port, 'a'.repeat(6000));
      await until('it is read', () => intake.committing === 1);
      const refused = await send(intake.port, 'b'.repeat(6000));
      expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([503, '30']);
      const small = send(intake.port, 'c'.repeat(3000));
      await until('there is room for a small one', () => intake.committing === 2);
      intake.commitAll();
      expect([(await first).status, (await small).status]).to.deep.equal([200, 200]);
      const whole = send(intake.port, 'd'.repeat(9000));
      await until('all room is free again', () => intake.committing === 1);
      intake.commitAll();
      expect((await whole).status).to.equal(200);
    }));

  it('get the places of bodies that trickle in, the slowest first', () =>
    withIntake({ mostAtOnce: 3, slowAfterMs: 50 }, async (intake) => {
      const slow = [await drip(intake.port), await drip(intake.port), await drip(intake.port)];
      await sleep(80);
      const answer = send(intake.port, 'evt_1');
      await until('it is read', () => intake.committing === 1);
      intake.commitAll();
      expect((await answer).status).to.equal(200);
      await until('one was sent away', () => slow.some(({ heard }) => heard !== ''));
      expect(slow[0]!.heard)
        .to.match(/^HTTP\/1\.1 503 /)
        .and.match(/retry-after: 30/i)
        .and.match(/connection: close/i);
      expect(slow.slice(1).map(({ heard }) => heard)).to.deep.equal(['', '']);
      for (const socket of slow) socket.destroy();
      await until('their places are free', () => intake.counted.filter((code) => code === 'BODY_CUT_OFF').length === 2);
      const after = [send(intake.port, 'evt_2'), send(intake.port, 'evt_3'), send(intake.port, 'evt_4')];
      await until('all have a place', () => intake.committing === 3);
      intake.commitAll();
      expect((await Promise.all(after)).map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    }));

  it('are no reason for work to wait as long as their bodies have not arrived', () =>
    withIntake({}, async (intake) => {
      const slow = await Promise.all(Array.from({ length: 5 }, () => drip(intake.port)));
      const kept = send(intake.port, 'evt_1');
      await until('it waits for its commit', () => intake.committing === 1);
      expect(intake.gate.waiting()).to.equal(1);
      intake.commitAll();
      await kept;
      for (const socket of slow) socket.destroy();
    }));
});

describe('What happens a thousand times a second', () => {
  it('is told to the log at once, and then how often it was', async () => {
    const told: [string, unknown][] = [];
    const log = {
      ...silentLog,
      error: (fields: object, message: string) => void told.push([message, (fields as { times?: number }).times]),
    };
    const trouble = createRepeatLog(log, 20);
    for (let count = 0; count < 1000; count += 1) trouble({ code: 'STORE_BUSY' }, 'busy');
    trouble({ code: 'OTHER' }, 'other');
    await until('the count is told', () => told.length === 3);
    expect(told).to.deep.equal([['busy', undefined], ['other', undefined], ['busy', 999]]); // prettier-ignore
  });
});
