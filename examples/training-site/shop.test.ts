import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { openDemo, type Demo } from './demo/open-demo.ts';

let demo: Demo;
before(async () => {
  demo = await openDemo({ port: 0, onCallback: () => undefined, onWarning: console.error });
});
after(() => demo.close());

test('a paid course opens for the buyer, and the mail says so', async () => {
  const { stripe, lms, mailbox } = demo.standIns;
  const sale = stripe.sale({
    lines: [{ sku: 'TS-101', unitAmount: 4900, title: 'TypeScript in a week' }],
    buyer: { email: 'grace@example.com', name: 'Grace Example' },
  });

  const answer = await stripe.send(`${demo.baseUrl}/callbacks/stripe`, sale.completed());
  await until(() => mailbox.messages.length === 2);

  assert.equal(answer.status, 200);
  assert.deepEqual(
    lms.books.enrolments.map(({ email, courseId }) => [email, courseId]),
    [['grace@example.com', '17']],
  );
  assert.deepEqual(mailbox.subjectsFor('grace@example.com'), ['Your course TypeScript in a week is ready']);
});

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo() && waited < 10_000; waited += 20) await new Promise((resolve) => setTimeout(resolve, 20));
}
