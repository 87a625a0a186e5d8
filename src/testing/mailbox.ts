import type { AddressInfo } from 'node:net';
import type { SMTPServerSession } from 'smtp-server';
import { HandoverError } from '../contract/errors.ts';
import { startMailboxWeb } from './mailbox-web.ts';
import type { ReceivedMail } from './received-mail.ts';

export type { ReceivedMail } from './received-mail.ts';

/**
 * What the server does wrong, once for each entry of `faults`, in turn. `dropInData`: cuts the connection in the middle of
 * the message and keeps nothing. `dropAfterData`: keeps the message, but cuts the connection instead of confirming it.
 * `slow`: confirms after `delayMs`.
 */
export type MailFault =
  | {
      readonly kind: 'refuse';
      readonly at: 'connect' | 'mail' | 'rcpt' | 'data';
      readonly code: number;
      readonly message?: string;
    }
  | { readonly kind: 'dropInData' }
  | { readonly kind: 'dropAfterData' }
  | { readonly kind: 'slow'; readonly delayMs: number };

/** A mail server for tests and demonstrations: it takes everything, delivers nothing, and shows it. */
export interface Mailbox {
  readonly port: number;
  /** Where the mails can be looked at with a browser. */
  readonly url: string;
  readonly messages: readonly ReceivedMail[];
  readonly faults: MailFault[];
  /** Subjects of what an address received, oldest first. */
  subjectsFor(email: string): string[];
  messagesFor(email: string): ReceivedMail[];
  /** How many connections were opened so far. */
  readonly connections: number;
  clear(): void;
  close(): Promise<void>;
}

export interface MailboxOptions {
  /** @default a free one */
  readonly port?: number;
  /** Of the web view. @default a free one */
  readonly webPort?: number;
  /** Makes signing in necessary. */
  readonly login?: { readonly user: string; readonly password: string };
}

/** Listens on 127.0.0.1 only. Without the packages smtp-server and postal-mime it throws `PACKAGE_MISSING`. */
export async function startMailbox({ port = 0, webPort = 0, login }: MailboxOptions = {}): Promise<Mailbox> {
  const { SMTPServer, PostalMime } = await loadPackages();
  const messages: ReceivedMail[] = [];
  const faults: MailFault[] = [];
  let connections = 0;

  const server = new SMTPServer({
    disabledCommands: login ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    authOptional: !login,
    allowInsecureAuth: true,
    closeTimeout: 200,
    onAuth({ username, password }, _session, done) {
      if (username === login?.user && password === login?.password) done(null, { user: username });
      else done(answer(535, 'Invalid user name or password'));
    },
    onConnect(_session, done) {
      connections += 1;
      done(refusal('connect'));
    },
    onMailFrom: (_address, _session, done) => done(refusal('mail')),
    onRcptTo: (_address, _session, done) => done(refusal('rcpt')),
    onData(stream, session, done) {
      const refused = refusal('data');
      const fault = refused ? undefined : takeFault((each) => each.kind !== 'refuse');
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        if (fault?.kind === 'dropInData') cut(session);
        chunks.push(chunk);
      });
      stream.on('error', () => undefined);
      stream.on('end', () => {
        if (fault?.kind === 'dropInData') return;
        if (refused) {
          done(refused);
          return;
        }
        void keep(Buffer.concat(chunks), session).then(() => {
          if (fault?.kind === 'dropAfterData') cut(session);
          else if (fault?.kind === 'slow') setTimeout(done, fault.delayMs);
          else done();
        }, done);
      });
    },
  });

  async function keep(raw: Buffer, { envelope }: SMTPServerSession): Promise<void> {
    const parsed = await PostalMime.parse(raw);
    messages.push({
      from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
      to: envelope.rcptTo.map(({ address }) => address),
      receivedAt: new Date(),
      parsed,
      raw: raw.toString('utf8'),
    });
  }

  function takeFault(fits: (fault: MailFault) => boolean): MailFault | undefined {
    const first = faults[0];
    if (!first || !fits(first)) return undefined;
    return faults.shift();
  }

  function refusal(at: 'connect' | 'mail' | 'rcpt' | 'data'): Error | undefined {
    const fault = takeFault((each) => each.kind === 'refuse' && each.at === at);
    return fault?.kind === 'refuse' ? answer(fault.code, fault.message ?? 'Refused by a fault of the test') : undefined;
  }

  /** The server keeps its sockets to itself; a cut has to reach them. */
  function cut({ id }: SMTPServerSession): void {
    const open = (server as unknown as { connections: Set<{ id: string; _socket: { destroy(): void } }> }).connections;
    for (const connection of open) if (connection.id === id) connection._socket.destroy();
  }

  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const web = await startMailboxWeb(messages, webPort);
  const messagesFor = (email: string): ReceivedMail[] =>
    messages.filter(({ to }) => to.some((each) => each.toLowerCase() === email.toLowerCase()));
  return {
    port: (server.server.address() as AddressInfo).port,
    url: web.url,
    messages,
    faults,
    get connections() {
      return connections;
    },
    messagesFor,
    subjectsFor: (email) => messagesFor(email).map(({ parsed }) => parsed.subject ?? ''),
    clear: () => void messages.splice(0),
    async close() {
      await web.close();
      await new Promise<void>((resolve) => server.close(resolve));
    },
  };
}

function answer(code: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode: code });
}

async function loadPackages() {
  try {
    const [{ SMTPServer }, { default: PostalMime }] = await Promise.all([import('smtp-server'), import('postal-mime')]);
    return { SMTPServer, PostalMime };
  } catch (cause) {
    throw new HandoverError('PACKAGE_MISSING', 'The mailbox for tests needs the packages "smtp-server" and "postal-mime".', {
      hint: 'Run: npm install --save-dev smtp-server postal-mime',
      cause,
    });
  }
}
