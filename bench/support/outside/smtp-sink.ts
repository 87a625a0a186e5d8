import { createServer, type Server, type Socket } from 'node:net';

/** A mail server that takes everything and tells who it was for. No TLS, no sign-in, nothing kept. */
export function createSmtpSink(mailed: (to: string) => void): Server {
  return createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.write('220 sink.example.org ESMTP\r\n');
    converse(socket, mailed);
  });
}

function converse(socket: Socket, mailed: (to: string) => void): void {
  let text = '';
  let to: string[] = [];
  let isInData = false;
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    for (;;) {
      const end = text.indexOf(isInData ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const line = text.slice(0, end);
      text = text.slice(end + (isInData ? 5 : 2));
      if (isInData) {
        isInData = false;
        to.forEach(mailed);
        to = [];
        socket.write('250 2.0.0 Ok: taken\r\n');
        continue;
      }
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'RCPT') to.push(/<([^>]*)>/.exec(line)?.[1] ?? '');
      if (verb === 'DATA') isInData = true;
      socket.write(verb === 'DATA' ? '354 Go on\r\n' : verb === 'QUIT' ? '221 Bye\r\n' : '250 Ok\r\n');
      if (verb === 'QUIT') socket.end();
    }
  });
}
