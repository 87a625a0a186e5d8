/** Runs one statement with `?` placeholders, in words that SQLite and PostgreSQL share. */
export type RunStatement = (sql: string, values: readonly (string | number | Uint8Array)[]) => unknown;

/** Bodies are emptied after some weeks, so only the newest callbacks have one. */
const newest = 2000;
const body = Buffer.from(JSON.stringify({ id: 'evt', type: 'checkout.session.completed', filler: 'x'.repeat(1900) }));
/** Greater than any number of orders here, and prime: numbers come out scattered, as real ones are, and each once. */
const prime = 10_000_019;

const id = `'H' || CAST(1000000000 + (i * 7368787) % ${prime} AS text)`;
const sum = '{"amount":4900,"currency":"EUR"}';
const buyer = `'{"email":"buyer-' || i || '@example.org","name":"Ada Byron","country":"GB"}'`;
const line = `'{"sku":"TS-101","title":"TypeScript in a week","quantity":1,"subtotal":${sum},"total":${sum},"line":1,"state":"open"}'`;
const at = '2026-03-01T12:00:00.000Z';

const event = `'{"kind":"payment.completed","gateway":"stripe","id":"paid ' || i || '","at":"${at}","purchase":"cs_' || i ||
  '","payment":"pi_' || i || '","mode":"live","amount":${sum},"lines":[' || ${line} || '],"buyer":' || ${buyer} || '}'`;
const order = `'{"id":"' || ${id} || '","gateway":"stripe","purchase":"cs_' || i || '","status":"paid","mode":"live","lines":[' || ${line} ||
  '],"total":${sum},"buyer":' || ${buyer} || ',"holds":[],"payments":[{"reference":"pi_' || i || '","amount":${sum},"at":"${at}","refunded":0,"dispute":"none"}],' ||
  '"refunds":[],"configVersion":"v1","createdAt":"${at}","paidAt":"${at}","references":["cs_' || i || '","pi_' || i || '"],"metadata":{}}'`;

const step = (verb: string, action: string, account: string, input: string, outcome: string): string => `
  INSERT INTO steps (key, order_id, grant_id, line, unit, verb, action, account, input, wait_for, config_version, state, run_at, due_at,
    attempts, fence, cancelling, outcome, created_at, scheduled_at, updated_at)
  SELECT ${id} || '/${verb}/1', ${id}, ${verb === 'grant' ? `${id} || '/1/1/course'` : 'NULL'}, 1, 1, '${verb}', '${action}', '${account}',
    '${input}', '[]', 'v1', 'done', i, i, 1, 1, 0, '${outcome}', i, i, i FROM n`;

const history = (kind: string, text: string): string => `
  INSERT INTO history (order_id, at, kind, text) SELECT ${id}, i, '${kind}', '${text}' FROM n`;

/** What one paid, delivered and mailed order leaves behind. */
const statements: readonly string[] = [
  `INSERT INTO callbacks (gateway, delivery_id, state, due_at, attempts, fence, received_at, settled_at, method, url, headers, body, emptied_at)
   SELECT 'stripe', 'evt_' || CAST(1000000000 + (i * 7368787) % ${prime} AS text), 'done', i, 1, 1, i, i, 'POST', '/callbacks/stripe', '{}',
     CASE WHEN i > last - ${newest} THEN body ELSE emptied END, CASE WHEN i > last - ${newest} THEN NULL ELSE i END FROM n`,
  `INSERT INTO events (gateway, event_id, purchase, document, recorded_at) SELECT 'stripe', 'paid ' || i, 'cs_' || i, ${event}, i FROM n`,
  `INSERT INTO orders (id, gateway, purchase, status, buyer_email, document, created_at, updated_at, thinned_at)
   SELECT ${id}, 'stripe', 'cs_' || i, 'paid', 'buyer-' || i || '@example.org', ${order}, i, i, i FROM n`,
  `INSERT INTO order_references (reference, order_id) SELECT 'cs_' || i, ${id} FROM n`,
  `INSERT INTO order_references (reference, order_id) SELECT 'pi_' || i, ${id} FROM n`,
  `INSERT INTO grants (id, order_id, line, unit, name, action, resource, wanted, reasons)
   SELECT ${id} || '/1/1/course', ${id}, 1, 1, 'course', 'moodle.enrol', 'moodle.enrol ts-101 buyer-' || i || '@example.org', 'granted', '[]' FROM n`,
  step('grant', 'moodle.enrol', 'moodle', '{"course":"ts-101","days":365}', '{"userId":7,"courseId":17}'),
  step(
    'mail',
    'paid',
    'mail',
    '{"kind":"buyer","outcome":"paid","lines":[1]}',
    '{"messageId":"<1@example.org>","response":"250 Ok"}',
  ),
  step(
    'notice',
    'paid',
    'mail',
    '{"kind":"sale","outcome":"paid","lines":[1]}',
    '{"messageId":"<2@example.org>","response":"250 Ok"}',
  ),
  history('event', 'payment.completed of 49.00 EUR, told by stripe'),
  history('note', 'The order was taken in as paid, 49.00 EUR.'),
  history('done', 'grant moodle.enrol, line 1, unit 1 is done, at attempt 1.'),
  history('done', 'mail paid is done, at attempt 1.'),
];

/** Adds the orders numbered `from` to `to`, all finished, by one statement for each table. `bytes`: a placeholder for bytes. */
export async function fillHistory(run: RunStatement, from: number, to: number, bytes = '?'): Promise<void> {
  const numbers = `WITH RECURSIVE k (i) AS (SELECT CAST(? AS bigint) UNION ALL SELECT i + 1 FROM k WHERE i < ?),
    n (i, last) AS (SELECT i, CAST(? AS bigint) FROM k)`;
  for (const sql of statements) {
    const isCallbacks = sql.startsWith('INSERT INTO callbacks');
    const withBodies = isCallbacks
      ? numbers.replace('(i, last)', '(i, last, body, emptied)').replace('FROM k)', `, ${bytes}, ${bytes} FROM k)`)
      : numbers;
    const values = [from, to, to, ...(isCallbacks ? [body, Buffer.alloc(0)] : [])];
    await run(sql.replace(/^(\s*INSERT INTO \w+ \([^)]*\)\s*)/, `$1 ${withBodies} `), values);
  }
}
