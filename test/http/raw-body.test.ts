import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Request } from 'express';
import { BodyError, readRawBody, type BodyLimits } from '../../src/http/raw-body.ts';

/** A server that reads bodies and says what it read, or why it did not. */
async function withServer(
  limits: BodyLimits,
  work: (port: number, heard: string[]) => Promise<void>,
  before: (req: IncomingMessage) => Promise<void> | void = () => undefined,
): Promise<void> {
  const heard: string[] = [];
  const server = createServer((req, res) => {
    void (async () => {
      await before(req);
      const said = await readRawBody(req as Request, limits).then(
        (body) => `read ${body.toString('latin1').slice(0, 100)}`,
        (error: unknown) => (error instanceof BodyError ? `${error.status} ${error.code}` : String(error)),
      );
      heard.push(said);
      res.writeHead(200, { Connection: 'close' }).end(said);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work((server.address() as AddressInfo).port, heard);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function post(port: number, body: Uint8Array | string, headers: Record<string, string> = {}): Promise<string> {
  return fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: body as string, headers }).then((answer) => answer.text());
}

async function speak(port: number, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

async function answerOn(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += (chunk as Buffer).toString('latin1');
  return text;
}

/** As a parser does. */
async function readToTheEnd(req: IncomingMessage): Promise<void> {
  req.resume();
  await once(req, 'end');
}

const start = 'POST / HTTP/1.1\r\nHost: x\r\n';

describe('Reading a body', () => {
  it('gives the bytes as they were sent, whatever is said of their kind', () =>
    withServer({}, async (port) => {
      const bytes = Buffer.from([0, 255, 13, 10, 0xef, 0xbb, 0xbf, 0xd8, 0x00]);
      for (const type of [
        'application/json; charset=utf-16',
        'text/plain; charset=latin1',
        'multipart/form-data; boundary=x',
        'nonsense',
      ]) {
        expect(await post(port, bytes, { 'content-type': type })).to.equal(`read ${bytes.toString('latin1')}`);
      }
      expect(await post(port, '')).to.equal('read ');
    }));

  it('undoes gzip, deflate and brotli, and refuses other compressions', () =>
    withServer({}, async (port) => {
      const packed = { gzip: gzipSync, 'x-gzip': gzipSync, deflate: deflateSync, br: brotliCompressSync };
      for (const [name, pack] of Object.entries(packed))
        expect(await post(port, pack('hello'), { 'content-encoding': name }), name).to.equal('read hello');
      expect(await post(port, 'hello', { 'content-encoding': 'identity' })).to.equal('read hello');
      for (const name of ['zstd', 'compress', 'gzip, gzip', 'aes128gcm', '__proto__'])
        expect(await post(port, 'hello', { 'content-encoding': name }), name).to.equal('415 BODY_ENCODING_UNKNOWN');
    }));

  it('refuses what is damaged or cut short in its compression', () =>
    withServer({}, async (port) => {
      for (const encoding of ['gzip', 'deflate', 'br'])
        expect(await post(port, 'no such thing', { 'content-encoding': encoding })).to.equal('400 BODY_UNREADABLE');
      const whole = gzipSync('hello hello hello');
      expect(await post(port, whole.subarray(0, whole.length - 6), { 'content-encoding': 'gzip' })).to.equal(
        '400 BODY_UNREADABLE',
      );
    }));

  it('stops at its limit: announced, streamed, or only after decompression', () =>
    withServer({ maxBytes: 1000 }, async (port) => {
      expect(await post(port, 'a'.repeat(1000))).to.match(/^read a+$/);
      expect(await post(port, 'a'.repeat(1001))).to.equal('413 BODY_TOO_LARGE');
      expect(await post(port, gzipSync('a'.repeat(1000)), { 'content-encoding': 'gzip' })).to.match(/^read a+$/);
      expect(await post(port, gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' })).to.equal('413 BODY_TOO_LARGE');
      const socket = await speak(
        port,
        `${start}Transfer-Encoding: chunked\r\n\r\n${'1f4\r\n' + 'a'.repeat(500) + '\r\n'}`.repeat(1),
      );
      socket.write(`1f4\r\n${'a'.repeat(500)}\r\n1\r\nb\r\n`);
      expect(await answerOn(socket)).to.contain('413 BODY_TOO_LARGE');
    }));

  it('waits no longer than its time, also when a byte comes now and then', () =>
    withServer({ timeoutMs: 150 }, async (port) => {
      const silent = await speak(port, `${start}Content-Length: 10\r\n\r\n`);
      const dripping = await speak(port, `${start}Content-Length: 1000\r\n\r\n`);
      const drip = setInterval(() => dripping.write('a'), 20);
      expect(await answerOn(silent)).to.contain('408 BODY_TOO_SLOW');
      expect(await answerOn(dripping)).to.contain('408 BODY_TOO_SLOW');
      clearInterval(drip);
    }));

  it('notices that the sender went away in the middle', () =>
    withServer({ timeoutMs: 5000 }, async (port, heard) => {
      for (const text of [
        'Content-Length: 10\r\n\r\nabc',
        'Content-Encoding: gzip\r\nContent-Length: 10\r\n\r\n\x1f',
        'Transfer-Encoding: chunked\r\n\r\n5\r\nab',
      ]) {
        const socket = await speak(port, start + text);
        await new Promise((resolve) => setImmediate(resolve));
        socket.destroy();
        const already = heard.length;
        while (heard.length === already) await new Promise((resolve) => setTimeout(resolve, 2));
        expect(heard.at(-1)).to.equal('400 BODY_CUT_OFF');
      }
    }));

  it('takes what a parser of the host has left of the bytes', async () => {
    for (const left of [
      { body: Buffer.from('raw') },
      { body: new Uint8Array(Buffer.from('raw')) },
      { body: 'raw' },
      { body: { a: 1 }, rawBody: Buffer.from('raw') },
      { body: {}, rawBody: 'raw' },
    ]) {
      await withServer(
        {},
        async (port) => {
          expect(await post(port, 'raw')).to.equal('read raw');
        },
        async (req) => {
          await readToTheEnd(req);
          Object.assign(req, left);
        },
      );
    }
  });

  it('says so when a parser has left nothing of them', () =>
    withServer(
      {},
      async (port) => {
        expect(await post(port, '{"a":1}')).to.equal('500 CALLBACK_ALREADY_PARSED');
      },
      async (req) => {
        await readToTheEnd(req);
        Object.assign(req, { body: { a: 1 } });
      },
    ));
});
