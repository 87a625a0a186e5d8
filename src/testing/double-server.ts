/** What the doubles of other systems share: a real HTTP server on this machine that goes wrong when it is told to. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFaultQueue, type Fault, type FaultQueue } from './double-faults.ts';
import { escapeText, htmlReply, jsonReply, redirectReply, sendReply, type DoubleReply } from './double-reply.ts';
import { readRequest, type DoubleRequest } from './double-request.ts';

export { fault, type Fault, type FaultMatch, type FaultQueue } from './double-faults.ts';
export { escapeText, htmlReply, jsonReply, redirectReply, textReply, xmlReply, type DoubleReply } from './double-reply.ts';
export type { DoubleRequest } from './double-request.ts';

export interface DoubleOptions {
  /** @default 0, a free port */
  port?: number | undefined;
  /** The clock that stamps requests. @default the machine's */
  now?: (() => Date) | undefined;
  /** Does what a request asks for. What it throws is answered with status 500 and the message. */
  handle: (request: DoubleRequest) => DoubleReply | Promise<DoubleReply>;
  /** Pages for a person's browser, asked first. They meet no fault and are not among the requests. */
  pages?: ((request: DoubleRequest) => DoubleReply | undefined) | undefined;
}

export interface DoubleServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly origin: string;
  /** All requests in the order of their arrival, also those that met a fault. */
  readonly requests: readonly DoubleRequest[];
  readonly faults: FaultQueue;
  /** Cuts all connections and refuses new ones until `comeBack`. */
  goDown(): Promise<void>;
  /** Listens again, at the same port. */
  comeBack(): Promise<void>;
  /** Cuts all connections, forgets delayed answers, frees the port. May be called twice. */
  close(): Promise<void>;
}

/** Starts a double on 127.0.0.1. */
export async function startDouble(options: DoubleOptions): Promise<DoubleServer> {
  const now = options.now ?? (() => new Date());
  const requests: DoubleRequest[] = [];
  const { queue, take } = createFaultQueue();
  const closing = new AbortController();
  const isClosed = () => closing.signal.aborted;
  const server = createServer((incoming, response) => void serve(incoming, response));

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = await readRequest(incoming, now());
      const page = options.pages?.(request);
      if (page) {
        sendReply(response, page);
        return;
      }
      requests.push(request);
      const work = () => carryOut(options.handle, request);
      await answer({ fault: take(request), request, response, work, closing: closing.signal, goDownFor });
    } catch {
      response.destroy();
    }
  }

  async function listen(port: number): Promise<void> {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  }

  async function goDown(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async function comeBack(): Promise<void> {
    if (server.listening || isClosed()) return;
    await listen(port);
    if (isClosed()) await goDown();
  }

  async function goDownFor(ms: number): Promise<void> {
    await goDown();
    await sleep(ms, undefined, { signal: closing.signal });
    while (!server.listening && !isClosed()) {
      await comeBack().catch(() => sleep(20, undefined, { signal: closing.signal }));
    }
  }

  await listen(options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    faults: queue,
    goDown,
    comeBack,
    async close() {
      closing.abort();
      await goDown();
    },
  };
}

/** Longer than anybody waits. */
const hangMs = 3_600_000;

async function carryOut(handle: DoubleOptions['handle'], request: DoubleRequest): Promise<DoubleReply> {
  try {
    return await handle(request);
  } catch (error) {
    return htmlReply('The double failed', `<pre>${escapeText(String(error))}</pre>`, 500);
  }
}

interface Exchange {
  readonly fault: Fault | undefined;
  readonly request: DoubleRequest;
  readonly response: ServerResponse;
  readonly work: () => Promise<DoubleReply>;
  readonly closing: AbortSignal;
  readonly goDownFor: (ms: number) => Promise<void>;
}

async function answer({ fault, request, response, work, closing, goDownFor }: Exchange): Promise<void> {
  if (fault?.kind === 'drip') await drip(response, await work(), fault, closing);
  else if (fault?.kind === 'refuse') await goDownFor(fault.ms);
  else {
    const reply = await replyUnder(fault, request, work, closing);
    if (reply) sendReply(response, reply);
    else response.destroy();
  }
}

/** The reply that a fault leaves over, undefined for none at all. */
async function replyUnder(
  fault: Exclude<Fault, { kind: 'drip' | 'refuse' }> | undefined,
  request: DoubleRequest,
  work: () => Promise<DoubleReply>,
  closing: AbortSignal,
): Promise<DoubleReply | undefined> {
  switch (fault?.kind) {
    case undefined:
      return work();
    case 'first':
      fault.run(request);
      return work();
    case 'delay':
      await sleep(fault.ms, undefined, { signal: closing });
      return work();
    case 'drop':
      return undefined;
    case 'commitThenDrop':
      await work();
      return undefined;
    case 'commitThen500':
      await work();
      return htmlReply('Server error', '<h1>Internal server error</h1>', 500);
    case 'status': {
      const reply = htmlReply('Not now', `<h1>Status ${fault.status}</h1>`, fault.status);
      return fault.retryAfter === undefined
        ? reply
        : { ...reply, headers: { ...reply.headers, 'retry-after': fault.retryAfter } };
    }
    case 'commitThenHang':
      await work();
      await sleep(hangMs, undefined, { signal: closing });
      return undefined;
    case 'html':
      return htmlReply('Maintenance', '<h1>We will be back soon</h1>');
    case 'garbage':
      return { ...jsonReply(''), body: '\u0000\u0007{"\u0001]]>\u001b<<' };
    case 'huge':
      return jsonReply(Array.from({ length: 60_000 }, (_, index) => ({ row: `${index}`.padStart(90, '.') })));
    case 'reply':
      return fault.reply;
    case 'truncatedJson': {
      const reply = await work();
      return { ...reply, body: reply.body.slice(0, Math.ceil(reply.body.length / 2)) };
    }
    case 'redirect':
      return redirectReply(fault.to, fault.status);
  }
}

/** Endless spaces are legal before JSON, so only a time limit on the whole answer helps the caller. */
async function drip(
  response: ServerResponse,
  reply: DoubleReply,
  { byteEveryMs, endless }: { byteEveryMs: number; endless: boolean },
  closing: AbortSignal,
): Promise<void> {
  response.writeHead(reply.status, reply.headers);
  const bytes = Buffer.from(reply.body);
  for (let at = 0; (endless || at < bytes.length) && !response.destroyed; at += 1) {
    response.write(endless ? ' ' : bytes.subarray(at, at + 1));
    await sleep(byteEveryMs, undefined, { signal: closing });
  }
  response.end();
}
