import { fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onAnswer } from './load.ts';

/** What the process of a site tells of itself. */
export interface BacklogState {
  readonly open: number;
  readonly parked: number;
  readonly mostBytes: number;
  readonly cpuSeconds: number;
}

export interface Drained extends BacklogState {
  readonly deliveries: number;
  readonly orders: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Until the last delivery was acknowledged. */
  readonly taken: { readonly seconds: number; readonly perSecond: number };
  /** Until the last order was carried out. */
  readonly done: { readonly seconds: number; readonly ordersPerSecond: number };
}

/**
 * After a day of outage a gateway sends everything again, most of it several times: `total` deliveries, a quarter of them new.
 * What is answered 503 is sent again, as gateways do. `store`: an address, instead of a file.
 */
export async function drainBacklog(
  total: number,
  { connections = 64, store }: { connections?: number; store?: string } = {},
): Promise<Drained> {
  const secret = `whsec_${Buffer.from('a secret of this measurement').toString('base64')}`;
  const server = fork(new URL('backlog-server.ts', import.meta.url), {
    execArgv: ['--conditions=dev-source', '--disable-warning=ExperimentalWarning'],
    env: {
      ...process.env,
      BACKLOG_SECRET: secret,
      ...(store !== undefined && { BACKLOG_STORE: store, HANDOVER_SECRET: secret }),
    },
  });
  const ended = once(server, 'exit').then(([code]): never => {
    throw new Error(`The site's process ended with ${code}.`);
  });
  ended.catch(() => undefined);
  const [port] = await Promise.race([once(server, 'message') as Promise<[number]>, ended]);
  const state = async (): Promise<BacklogState> => {
    server.send('state');
    return (await Promise.race([once(server, 'message') as Promise<[BacklogState]>, ended]))[0];
  };

  try {
    const orders = total / 4;
    const deliveries = shuffled(Array.from({ length: total }, (_, index) => index % orders)).map((order) =>
      request(order, secret),
    );
    const begin = performance.now();
    const statuses = await deliverAll(port, deliveries, connections);
    const takenSeconds = (performance.now() - begin) / 1000;
    let now = await state();
    while (now.open > 0) {
      await sleep(50);
      now = await state();
    }
    const doneSeconds = (performance.now() - begin) / 1000;
    return {
      ...now,
      deliveries: total,
      orders,
      statuses,
      taken: { seconds: takenSeconds, perSecond: Math.round(total / takenSeconds) },
      done: { seconds: doneSeconds, ordersPerSecond: Math.round(orders / doneSeconds) },
    };
  } finally {
    if (server.connected) server.disconnect();
    await ended.catch(() => undefined);
  }
}

async function deliverAll(port: number, deliveries: readonly Buffer[], connections: number): Promise<Record<string, number>> {
  const waiting = [...deliveries];
  const statuses: Record<string, number> = {};
  const lines = Array.from({ length: connections }, () => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    return new Promise<void>((resolve, reject) => {
      let sent: Buffer | undefined;
      const send = (): void => {
        sent = waiting.pop();
        if (sent) socket.write(sent);
        else resolve(void socket.end());
      };
      socket.once('error', reject);
      onAnswer(socket, (status) => {
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status !== 200 && sent) waiting.unshift(sent);
        if (status === 200) send();
        else setTimeout(send, 20);
      });
      send();
    });
  });
  await Promise.all(lines);
  return statuses;
}

/** https://github.com/standard-webhooks/standard-webhooks: one fact, however often it is delivered. */
function request(order: number, secret: string): Buffer {
  const body = JSON.stringify({
    type: 'order.paid',
    timestamp: '2026-11-20T12:00:00Z',
    data: {
      id: `ord_${order}`,
      amount: 500,
      currency: 'EUR',
      customer: { email: `buyer-${order}@example.org`, name: 'Ada Example' },
      items: [{ sku: 'KEY', title: 'A key', quantity: 1, total: 500 }],
    },
  });
  const stamp = Math.floor(Date.now() / 1000);
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const proof = createHmac('sha256', key).update(`msg_${order}.${stamp}.${body}`).digest('base64');
  const head = [
    'POST /shop/callbacks/sender HTTP/1.1',
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `Webhook-Id: msg_${order}`,
    `Webhook-Timestamp: ${stamp}`,
    `Webhook-Signature: v1,${proof}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function shuffled<T>(list: readonly T[]): T[] {
  const mixed = [...list];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
}
