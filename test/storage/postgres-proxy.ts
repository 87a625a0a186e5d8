import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A line to the server that can break when a certain text has gone through, before the answer comes back. */
export interface Proxy {
  readonly url: string;
  /** Breaks the connection over which this is sent next, once the server has it. Resolves when that has happened. */
  cutAfter(text: string): Promise<void>;
  close(): Promise<void>;
}

export async function startProxy(url: string): Promise<Proxy> {
  const own = new URL(url);
  const { port, hostname } = new URL(url);
  const sockets = new Set<Socket>();
  let awaited: { readonly text: string; readonly done: () => void } | undefined;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    }
    let isCut = false;
    client.on('data', (chunk) => {
      upstream.write(chunk);
      if (awaited === undefined || !chunk.includes(awaited.text)) return;
      isCut = true;
      const { done } = awaited;
      awaited = undefined;
      upstream.once('data', () => {
        client.destroy();
        upstream.end();
        done();
      });
    });
    client.on('end', () => upstream.end());
    upstream.on('data', (chunk) => {
      if (!isCut) client.write(chunk);
    });
    upstream.on('end', () => client.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  own.port = String((server.address() as AddressInfo).port);
  return {
    url: own.href,
    cutAfter: (text) => new Promise((done) => (awaited = { text, done })),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
