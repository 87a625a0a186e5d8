import { connect, type Socket } from 'node:net';

/** What a round of load came to. */
export interface Round {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly not200: number;
}

/**
 * Sends ready-made HTTP requests over `connections` kept connections, each as soon as the one before was answered, until
 * `seconds` are over or none are left. `sending` is told of each by its place in the list. Raw sockets, since the load generator shares the machine with what it measures.
 */
export async function load(
  port: number,
  requests: readonly Buffer[],
  connections: number,
  seconds: number,
  sending?: (place: number) => void,
): Promise<Round> {
  let next = 0;
  let not200 = 0;
  const waits: number[] = [];
  const begin = performance.now();
  const end = begin + seconds * 1000;

  await Promise.all(
    Array.from({ length: connections }, () => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      return new Promise<void>((resolve, reject) => {
        let sentAt = 0;
        const send = (): void => {
          const request = performance.now() < end ? requests[next++] : undefined;
          if (!request) {
            socket.end();
            resolve();
            return;
          }
          sentAt = performance.now();
          sending?.(next - 1);
          socket.write(request);
        };
        socket.once('error', reject);
        onAnswer(socket, (status) => {
          waits.push(performance.now() - sentAt);
          if (status !== 200) not200 += 1;
          send();
        });
        send();
      });
    }),
  );
  const elapsedSeconds = (performance.now() - begin) / 1000;
  waits.sort((a, b) => a - b);
  const at = (share: number): number => waits[Math.min(Math.floor(waits.length * share), waits.length - 1)] ?? 0;
  return { requests: waits.length, perSecond: waits.length / elapsedSeconds, p50Ms: at(0.5), p99Ms: at(0.99), not200 };
}

/** Calls back with the status of each whole answer. Answers are small and carry a Content-Length. */
export function onAnswer(socket: Socket, told: (status: number) => void): void {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    for (;;) {
      const head = text.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
      if (text.length < head + 4 + length) return;
      const status = Number(text.slice(9, 12));
      text = text.slice(head + 4 + length);
      told(status);
    }
  });
}
