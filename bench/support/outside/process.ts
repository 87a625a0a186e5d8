import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { beChild } from '../child.ts';
import { createMoodle } from './moodle.ts';
import { createSmtpSink } from './smtp-sink.ts';
import { answerStripe } from './stripe.ts';

/** All that a shop talks to, in one process of its own with one clock: Stripe's API, the LMS and the mail server. */
const enrolledAt = new Map<string, number>();
const mailedAt = new Map<string, number>();
let repeated = 0;
const note = (at: Map<string, number>) => (email: string) => {
  if (at.has(email)) repeated += 1;
  else at.set(email, performance.timeOrigin + performance.now());
};

const moodle = createMoodle(note(enrolledAt));
const servers: Record<string, Server> = {
  stripe: createServer(answerStripe),
  moodle: createServer((request, response) => void moodle(request, response)),
  smtp: createSmtpSink(note(mailedAt)),
};
const ports: Record<string, number> = {};
for (const [name, server] of Object.entries(servers)) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ports[name] = (server.address() as AddressInfo).port;
}

/** What was delivered since the last asking. */
export interface Delivered {
  /** Milliseconds since 1970 at which a buyer had both, the seat and the mail. */
  readonly at: Readonly<Record<string, number>>;
  /** Seats or mails that came a second time. */
  readonly repeated: number;
}

function delivered(): Delivered {
  const at: Record<string, number> = {};
  for (const [email, mailed] of mailedAt) {
    const enrolled = enrolledAt.get(email);
    if (enrolled !== undefined) at[email] = Math.max(mailed, enrolled);
  }
  return { at, repeated };
}

beChild(ports, {
  answer: (question) => (question === 'count' ? mailedAt.size : delivered()),
  close: () => undefined,
});
