import { expect } from 'chai';
import fc from 'fast-check';
import { findJsonFaults } from '../../src/config/json-text.ts';
import { ConfigurationError } from '../../src/config/index.ts';
import { env, productContent, Shop, siteContent } from './shop.ts';

type Member = { holder: Record<string, unknown>; key: string };

/** Every place in a content where something else could stand. */
function membersOf(content: unknown): Member[] {
  if (typeof content !== 'object' || content === null) return [];
  const holder = content as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...membersOf(holder[key])]);
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('whatever stands in the files', () => {
  const strange = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(
      '{{',
      '{{#a}}',
      '{{course}}',
      '.',
      'a.b.c',
      'moodle.',
      'toString',
      '1 EUR',
      'http://',
      [],
      {},
      [{}],
      { env: 1 },
      { env: 'X', file: 'Y' },
      { file: '/' },
    ),
  );

  it('is taken or refused in words, and never ends otherwise', () => {
    const shop = new Shop();
    fc.assert(
      fc.property(fc.boolean(), fc.nat(), strange, (inSite, place, value) => {
        const content = inSite ? siteContent() : productContent();
        const members = membersOf(content);
        const { holder, key } = members[place % members.length]!;
        holder[key] = value;
        shop.write('handover.json', inSite ? content : siteContent());
        shop.write('products/TS-101.json', inSite ? productContent() : content);
        try {
          shop.load();
        } catch (error) {
          expect(error).to.be.instanceOf(ConfigurationError);
          const { problems, message } = error as ConfigurationError;
          expect(problems).not.to.have.length(0);
          for (const secret of Object.values(env)) expect(message).not.to.include(secret);
          for (const problem of problems) expect(problem.message).to.match(/[.?}\])"]$/);
        }
      }),
      { numRuns: 400 },
    );
    shop.remove();
  });

  it('is called broken JSON exactly when it is', () => {
    const text = fc.oneof(
      fc.string({
        unit: fc.constantFrom(
          '{',
          '}',
          '[',
          ']',
          ',',
          ':',
          '"',
          '\\',
          'a',
          '1',
          '-',
          '.',
          'e',
          ' ',
          '\n',
          'true',
          'null',
          '"k":',
        ),
      }),
      fc.json(),
      fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 })).map(([json, at, put]) => {
        const place = at % (json.length + 1);
        return json.slice(0, place) + put + json.slice(place + 1);
      }),
    );
    fc.assert(
      fc.property(text, (one) => {
        const isBroken = findJsonFaults(one).some(({ keys }) => keys === undefined);
        expect(isBroken).to.equal(!parses(one));
      }),
      { numRuns: 3000 },
    );
  });

  it('may be long: a text of nearly a megabyte is read', () => {
    expect(findJsonFaults(JSON.stringify({ text: 'x'.repeat(1_000_000) }))).to.deep.equal([]);
  });
});
