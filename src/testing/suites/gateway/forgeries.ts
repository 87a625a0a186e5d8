import assert from 'node:assert/strict';
import { assertRefused, openBench, spoil, textOf } from './bench.ts';
import { alterations, withProof } from './proofs.ts';
import type { GatewayUnderTest } from './terms.ts';

type It = (name: string, body: () => Promise<void>) => void;

/** Only the gateway itself can make a callback that is accepted, and only for this account and about now. */
export function forgeryTests<Options>(it: It, test: GatewayUnderTest<Options>): void {
  const { proof, resign, toleranceSeconds } = test;

  it('accepts a genuine callback, and names its delivery', async () => {
    const bench = openBench(test);
    const verdict = await bench.verify(await test.genuine());
    assert.equal(verdict.kind, 'accepted', JSON.stringify(verdict));
    assert.match(verdict.deliveryId, /^.{1,255}$/);
  });

  it('refuses a callback without a proof, with an empty one, and with a part of one', async () => {
    const bench = openBench(test);
    const sent = await test.genuine();
    const cases: [string, (value: string) => string | undefined][] = [
      ['no proof', () => undefined],
      ['an empty proof', () => ''],
      ['a blank proof', () => '  '],
      ['a truncated proof', (value) => value.slice(0, -9)],
      ['a proof without its beginning', (value) => value.slice(9)],
      ['half a proof', (value) => value.slice(0, Math.floor(value.length / 2))],
    ];
    for (const [what, change] of cases) assertRefused(await bench.verify(withProof(sent, proof, change)), what);
  });

  it('refuses a callback with a wrong proof', async () => {
    const bench = openBench(test);
    const sent = await test.genuine();
    const cases: [string, (value: string) => string][] = [
      ['another character', spoil],
      ['zeros', (value) => value.replace(/[0-9A-Za-z]/g, '0')],
      ['letters that are no letters', (value) => value.replace(/[0-9A-Za-z](?=.{0,8}$)/g, 'é')],
      ['much more of it in front', (value) => value.slice(-20).repeat(50) + value],
      ['words', () => 'genuine'],
      ['the names of objects', () => '__proto__'],
    ];
    for (const [what, change] of cases) assertRefused(await bench.verify(withProof(sent, proof, change)), what);
  });

  it('refuses what was altered after it was signed', async () => {
    const bench = openBench(test);
    const sent = await test.genuine();
    for (const [what, altered] of alterations(sent, proof)) {
      assert.notDeepEqual(altered, sent, `"${what}" changes nothing: is the field in the genuine callback?`);
      assertRefused(await bench.verify(altered), what);
    }
  });

  if (toleranceSeconds !== undefined) {
    it('refuses what was signed too long ago, and what was signed in the future', async () => {
      const bench = openBench(test);
      const sent = await test.genuine();
      const at = (seconds: number) => ({ at: new Date(bench.now.getTime() + seconds * 1000) });
      assertRefused(await bench.verify(sent, at(toleranceSeconds + 5)), 'an old callback');
      assertRefused(await bench.verify(sent, at(-toleranceSeconds - 5)), 'a callback of the future');
      assertRefused(await bench.verify(sent, at(365 * 86_400)), 'a callback of last year');
      assert.equal((await bench.verify(sent, at(toleranceSeconds - 5))).kind, 'accepted', 'within the window');
    });
  }

  if (test.otherAccount !== undefined) {
    it("refuses another account's callback", async () => {
      const bench = openBench(test);
      assertRefused(await bench.verify(await test.genuine(), { options: 'other' }), 'a genuine callback elsewhere');
    });
  }

  if (resign) signedElsewhere(it, test, resign);
}

function signedElsewhere<Options>(
  it: It,
  test: GatewayUnderTest<Options>,
  resign: NonNullable<GatewayUnderTest<Options>['resign']>,
): void {
  it('accepts what is signed anew, and refuses what another secret signed', async () => {
    const bench = openBench(test);
    const { body } = await test.genuine();
    assert.equal((await bench.verify(await resign(body))).kind, 'accepted');
    for (const secret of ['the secret of another account', 'whsec_b3RoZXIgYWNjb3VudCdzIHNlY3JldA==']) {
      assertRefused(await bench.verify(await resign(body, { secret })), 'another secret');
    }
  });

  if (!('headers' in test.proof)) return;
  const { headers: names } = test.proof;

  it('refuses the proof of another body', async () => {
    const bench = openBench(test);
    const sent = await test.genuine();
    const other = await resign(`${textOf(sent.body)} `);
    const proof = Object.fromEntries(names.map((name) => [name, other.headers[name]]));
    assertRefused(await bench.verify({ ...sent, headers: { ...sent.headers, ...proof } }), 'the proof of another body');
  });

  it('sees the bytes, not what JSON makes of them', async () => {
    const bench = openBench(test);
    const body = textOf((await test.genuine()).body).replace('{', '{"x_number":1.0,"x_letter":"é",');
    const sent = await resign(body);
    assert.equal((await bench.verify(sent)).kind, 'accepted');
    for (const altered of [body.replace('1.0', '1'), body.replace('é', '\\u00e9'), body.replace('é', 'e\u0301')]) {
      assertRefused(await bench.verify({ ...sent, body: altered }), 'the same JSON, written differently');
    }
  });
}
