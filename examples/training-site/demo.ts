/**
 * The whole of it on one machine: `npm run demo`. It makes a purchase, tells what happens, and stays for you to click around;
 * with `--once` it shows page, mail and history instead, and ends. PORT chooses the site's port, HANDOVER_STORE a file to keep.
 */
import { paymentPage, press, readPage } from './demo/browser.ts';
import { readHistory } from './demo/history.ts';
import { openDemo, type Demo } from './demo/open-demo.ts';
import { mailAsText, tell } from './demo/tell.ts';
import { watchDelivery } from './demo/watch-delivery.ts';

const isOnce = process.argv.includes('--once');
const warnings: string[] = [];
let pressedAt = 0;
let demo: Demo | undefined;

/** Milliseconds since Ada pressed the button. */
const sinceThen = (): number => Date.now() - pressedAt;

async function run(): Promise<void> {
  demo = await openDemo({
    port: Number(process.env['PORT'] ?? 0),
    store: process.env['HANDOVER_STORE'],
    onCallback: ({ path, status, tookMs }) => {
      const became = status < 300 ? 'verified, kept on disk' : 'not taken';
      tell.event(sinceThen(), `callback ${path}: ${became}, answered ${status} in ${Math.ceil(tookMs)} ms`);
    },
    onWarning: (message) => {
      warnings.push(message);
      if (!isOnce) tell.line(`Handover warns: ${message}`);
    },
  });
  const { baseUrl, home, store, standIns } = demo;
  tell.line('An Express site that sells courses and keys, with stand-ins for its LMS, its card company and its mail server.');

  tell.heading('A purchase in the sandbox');
  tell.line('Ada chooses one course and two keys, opens the payment page and presses "Approve".');
  tell.line();
  pressedAt = Date.now();
  const returnUrl = await press(paymentPage(baseUrl, { 'TS-101': 1, 'TPD-7': 2 }), { name: 'act', value: 'approve' });
  const order = await watchDelivery(returnUrl, standIns, (what, at) =>
    tell.event(at ? at.getTime() - pressedAt : sinceThen(), what),
  );

  if (isOnce) {
    tell.heading(`The page that Ada sees: ${order.url}`);
    tell.quote(await readPage(order.url));
    for (const mail of standIns.mailbox.messages) {
      tell.heading(`The mail to ${mail.to.join(', ')}`);
      tell.quote(mailAsText(mail));
    }
    tell.heading(`The history of the order: npx handover order ${order.order}`);
    tell.quote(await readHistory(order.order, store));
    await end();
    return;
  }
  tell.heading('Look around');
  tell.table([
    ['The shop', home],
    ['A payment page', paymentPage(baseUrl, { 'SET-7': 1 })],
    ["Ada's order", order.url],
    ['The mailbox', standIns.mailbox.url],
    ['The LMS', standIns.lms.origin],
  ]);
  tell.line();
  tell.line('Change a file in examples/training-site/shop, and the next purchase goes by it. Ctrl-C ends the demo.');
}

function fail(error: unknown): void {
  const { message, code, hint } = error as { message?: string; code?: string; hint?: string };
  const isTaken = code === 'EADDRINUSE';
  console.error(`\nThe demo failed. ${isTaken ? `Port ${process.env['PORT'] ?? ''} is taken.` : (message ?? String(error))}`);
  if (isTaken) console.error('Choose another one, or leave PORT out for a free one.');
  if (hint !== undefined) console.error(hint);
  if (warnings.length > 0) console.error(`Handover warned:\n  ${warnings.slice(-10).join('\n  ')}`);
  process.exitCode = 1;
}

let isEnding = false;
async function end(): Promise<void> {
  isEnding = true;
  await demo?.close();
}
process.stdout.on('error', () => void end().finally(() => process.exit())); // `npm run demo | head`
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());

await run().catch(async (error: unknown) => {
  if (!isEnding) fail(error);
  await end();
});
