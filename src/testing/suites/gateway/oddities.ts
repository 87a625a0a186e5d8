import assert from 'node:assert/strict';
import { assertRefused, openBench, spoil, textOf } from './bench.ts';
import { withProof } from './proofs.ts';
import type { GatewayUnderTest, SentCallback } from './terms.ts';

type It = (name: string, body: () => Promise<void>) => void;

/** Whatever arrives, `verify` gives a verdict, and nothing odd about a request makes it more believable. */
export function oddityTests<Options>(it: It, test: GatewayUnderTest<Options>): void {
  const { proof, resign } = test;

  it('accepts nothing that is empty, and nothing that is huge', async () => {
    const bench = openBench(test);
    const { headers } = await test.genuine();
    const bodies = [
      '',
      ' ',
      '\r\n',
      '{}',
      '[]',
      'null',
      '0',
      'x'.repeat(3_000_000),
      '['.repeat(200_000),
      '{"a":'.repeat(100_000),
      '&='.repeat(200_000),
    ];
    for (const body of bodies) {
      for (const sent of [
        { headers, body },
        { headers: {}, body },
      ]) {
        assert.notEqual((await bench.verify(sent)).kind, 'accepted', `${body.slice(0, 10)} … (${body.length})`);
      }
    }
  });

  it('proves a callback by its bytes alone, whatever content type and charset its headers name', async () => {
    const bench = openBench(test);
    const sent = await test.genuine();
    const genuine = await bench.verify(sent);
    for (const type of [
      undefined,
      '',
      'text/plain',
      'multipart/form-data; boundary=x',
      'application/json; charset=utf-16',
      'text/html; charset=x-unknown',
      ';;;',
    ]) {
      for (const method of ['POST', 'PUT', 'post']) {
        const verdict = await bench.verify({ ...sent, method, headers: { ...sent.headers, 'content-type': type } });
        if (verdict.kind === 'accepted') assert.deepEqual(verdict, genuine, String(type));
        assertRefused(
          await bench.verify({
            ...withProof(sent, proof, spoil),
            headers: { ...withProof(sent, proof, spoil).headers, 'content-type': type },
          }),
          'a forgery',
        );
      }
    }
  });

  it('takes a header that came twice, or as a list, for no more than it is', async () => {
    const bench = openBench(test);
    const sent = await test.genuine();
    const genuine = await bench.verify(sent);
    const lists = (value: string): string[][] => [[value], [value, value], [value, spoil(value)], [spoil(value), value], []];
    for (let index = 0; index < 5; index++) {
      const verdict = await bench.verify(withProof(sent, proof, (value) => lists(value)[index]));
      if (verdict.kind === 'accepted') assert.deepEqual(verdict, genuine);
    }
    assertRefused(await bench.verify(withProof(sent, proof, (value) => [spoil(value)])), 'one forged entry');
    assertRefused(
      await bench.verify(withProof(sent, proof, (value) => [spoil(value), spoil(value).replaceAll('0', '2')])),
      'two forged entries',
    );
  });

  it('never throws on noise, and accepts none of it', async () => {
    const bench = openBench(test);
    const sent = await test.genuine();
    for (const noise of noises(120)) {
      assert.notEqual((await bench.verify({ headers: {}, body: noise })).kind, 'accepted');
      assert.notEqual((await bench.verify({ ...sent, body: noise })).kind, 'accepted');
      assert.notEqual((await bench.verify(withProof(sent, proof, () => noise.toString('latin1')))).kind, 'accepted');
    }
  });

  if (resign) {
    it('never throws on a genuine callback, whatever its body holds', async () => {
      const bench = openBench(test);
      const genuine = textOf((await test.genuine()).body);
      const bodies = [
        ...noises(40),
        '',
        'null',
        '[]',
        '{}',
        '"text"',
        '-0',
        '{"__proto__":{"type":"x"},"type":"__proto__","id":"constructor"}',
        '{"id":1,"type":{},"data":[]}',
        '{"id":"","type":"","event":"","data":null}',
        '['.repeat(200_000),
        `{"type":"${'x'.repeat(1_000_000)}"}`,
        ...genuine.split('"').flatMap((_, index, parts) => (index % 7 === 1 ? [parts.with(index, 'toString').join('"')] : [])),
      ];
      for (const body of bodies) {
        const verdict = await bench.verify(await resign(body));
        assert.ok(['accepted', 'ignored', 'refused'].includes(verdict.kind), textOf(body).slice(0, 100));
      }
    });
  }

  if (test.unknownType) {
    const { unknownType } = test;
    it('ignores a genuine callback of a type it does not know, saying why', async () => {
      const verdict = await openBench(test).verify(await unknownType());
      assert.equal(verdict.kind, 'ignored', JSON.stringify(verdict));
      assert.match(verdict.why, /\w+ \w+/);
    });
  }

  it('answers a gateway in its own words', async () => {
    const bench = openBench(test);
    const sent = await test.genuine();
    const forged: SentCallback = withProof(sent, proof, spoil);
    const { accepted, ignored, refused } = test.replies ?? {};
    const taken = await bench.verify(sent);
    const cases = [
      ['accepted', await bench.reply(taken, sent), accepted, 200],
      ['ignored', await bench.reply({ kind: 'ignored', why: 'It changes no order.' }, sent), ignored, 200],
      ['refused', await bench.reply(await bench.verify(forged), forged), refused, 400],
    ] as const;
    for (const [kind, given, wanted, usual] of cases) {
      assert.equal(given?.status ?? usual, wanted?.status ?? usual, `the status of what is ${kind}`);
      if (wanted?.body !== undefined) assert.equal(given?.body ?? '', wanted.body, `the words to what is ${kind}`);
    }
  });
}

/** Bytes that are the same at each run. */
function noises(count: number): Buffer[] {
  let seed = 20_260_102;
  const next = (): number => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0);
  return Array.from({ length: count }, () => {
    const length = (next() >>> 8) % 200;
    return Buffer.from(Array.from({ length }, () => next() >>> 24));
  });
}
