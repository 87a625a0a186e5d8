import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ReceivedMail } from './received-mail.ts';

const style = `
  :root { color-scheme: light dark }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif }
  table { width: 100%; border-collapse: collapse }
  td, th { padding: .4rem .6rem; border-bottom: 1px solid #8884; text-align: left }
  iframe { width: 100%; height: 70vh; border: 1px solid #8886; border-radius: 8px; background: #fff }
  pre { padding: 1rem; border: 1px solid #8886; border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere }`;

/** A list of the mails and a page for each; their HTML is shown in a frame that can do nothing. */
export async function startMailboxWeb(
  messages: readonly ReceivedMail[],
  port: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server: Server = createServer(({ url = '/' }, response) => {
    const number = /^\/(\d+)$/.exec(url)?.[1];
    const mail = number === undefined ? undefined : messages[Number(number) - 1];
    const body = mail ? showMail(mail) : url === '/' ? showList(messages) : undefined;
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data: https: http:; frame-src 'self'",
      'x-content-type-options': 'nosniff',
    });
    response.end(layout(body ?? '<p>There is no such mail. <a href="/">All mails</a></p>'));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function showList(messages: readonly ReceivedMail[]): string {
  if (messages.length === 0) return '<h1>Mailbox</h1><p>No mail yet.</p>';
  const rows = messages
    .map(
      ({ to, parsed, receivedAt }, index) =>
        `<tr><td>${escape(receivedAt.toISOString().slice(11, 19))}</td><td>${escape(to.join(', '))}</td><td><a href="/${index + 1}">${escape(parsed.subject ?? '(no subject)')}</a></td></tr>`,
    )
    .reverse();
  return `<h1>Mailbox</h1><table><thead><tr><th>Time</th><th>To</th><th>Subject</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function showMail({ from, to, parsed }: ReceivedMail): string {
  return `<p><a href="/">All mails</a></p><h1>${escape(parsed.subject ?? '')}</h1>
    <p>From ${escape(parsed.from?.name ?? '')} ${escape(from)}<br>To ${escape(to.join(', '))}</p>
    <iframe sandbox title="The HTML part" srcdoc="${escape(parsed.html ?? '')}"></iframe>
    <h2>Plain text</h2><pre>${escape(parsed.text ?? '')}</pre>
    <h2>Headers</h2><pre>${escape(parsed.headers.map(({ key, value }) => `${key}: ${value}`).join('\n'))}</pre>`;
}

function layout(body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Mailbox</title><style>${style}</style></head><body>${body}</body></html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
