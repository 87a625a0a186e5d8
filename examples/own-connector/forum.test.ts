import { strict as assert } from 'node:assert';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { testContext } from 'handover/testing';
import { join } from './forum.ts';

/** A forum with one group, ts-101. */
const members = new Set<string>();
const forum = createServer(({ method, url = '' }, response) => {
  const [, group = '', member = ''] = /^\/groups\/([^/]+)\/members\/(.+)$/.exec(url) ?? [];
  if (group !== 'ts-101') {
    response.writeHead(404).end();
    return;
  }
  if (method === 'PUT') members.add(decodeURIComponent(member));
  else members.delete(decodeURIComponent(member));
  response.end(JSON.stringify({ url: `https://forum.example.com/${group}` }));
});

/** A paid order of Ada's, and the real HTTP client. */
function context() {
  const { port } = forum.address() as AddressInfo;
  return testContext({ options: { baseUrl: `http://127.0.0.1:${port}`, token: 'a token' } });
}

before(() => new Promise<void>((resolve) => forum.listen(0, '127.0.0.1', resolve)));
after(() => forum.close());

test('lets the buyer in, and a second attempt changes nothing', async () => {
  const first = context();
  const joined = await join.grant({ group: 'ts-101' }, first);
  assert.deepEqual(await join.grant({ group: 'ts-101' }, first.again()), joined);
  assert.deepEqual([...members], ['ada@example.org']);
});

test('takes back what it gave', async () => {
  const ctx = context();
  const joined = await join.grant({ group: 'ts-101' }, ctx);
  await join.revoke?.(joined, { group: 'ts-101' }, ctx);
  assert.equal(members.size, 0);
});

test('gives up at once when the group does not exist', async () => {
  await assert.rejects(join.grant({ group: 'no-such' }, context()), { code: 'FORUM_GROUP_UNKNOWN', retry: 'never' });
});
