import { Ajv } from 'ajv';
import { expect } from 'chai';
import { StepError } from 'handover/contract';
import type { CheckContext } from 'handover/contract';
import { createTestPro, makeKeyPair, testPro, verifySignedKey } from '../../connectors/test-pro/index.ts';
import type { IssuedKey, IssueKeyInput, KeyRequest, TestProOptions } from '../../connectors/test-pro/index.ts';
import { replaceMarks } from '../../src/config/schema-rewrite.ts';
import { contextOf, issueKeyOf, Stock } from './test-pro-context.ts';
import type { Scene } from './test-pro-context.ts';

const pattern = { kind: 'pattern', secret: 'a secret of the shop' } as const;

describe('test-pro', () => {
  const action = issueKeyOf();
  const grant = (scene: Scene, input: IssueKeyInput = {}, on = action): Promise<IssuedKey> => on.grant(input, contextOf(scene));
  const revoke = (issued: IssuedKey, scene: Scene, input: IssueKeyInput = {}, on = action): Promise<void> =>
    on.revoke!(issued, input, contextOf({ ...scene, verb: 'revoke', generation: 2 }));

  describe('keys from a pool', () => {
    const sources = { safety: { kind: 'pool' } } as const;

    it('are given once each, and again to a repeated attempt', async () => {
      const stock = new Stock('AAA-1', 'AAA-2');
      const first = await grant({ sources, stock });
      expect(first).to.include({ key: 'AAA-1', seats: 1, source: 'safety' });
      expect(await grant({ sources, stock })).to.deep.equal(first);
      expect((await grant({ sources, stock, unit: 2 })).key).to.equal('AAA-2');
    });

    it('are waited for when there is none, and follow when there is', async () => {
      const stock = new Stock();
      const error = await failureOf(grant({ sources, stock }));
      expect(error).to.include({ code: 'KEYS_SOLD_OUT', retry: 'later', unknown: false });
      expect(error.message).to.include('"safety"');
      stock.add('AAA-1');
      expect((await grant({ sources, stock })).key).to.equal('AAA-1');
    });

    it('are taken back by the step that took them, and a grant given again gets a new one', async () => {
      const stock = new Stock('AAA-1', 'AAA-2');
      const issued = await grant({ sources, stock });
      await revoke(issued, { sources, stock });
      await revoke(issued, { sources, stock });
      expect(stock.revoked).to.deep.equal(['AAA-1']);
      expect((await grant({ sources, stock, generation: 3 })).key).to.equal('AAA-2');
    });

    it('come from the pool that is named', async () => {
      const stock = new Stock('AAA-1');
      const named = { safety: { kind: 'pool', pool: 'shared' } } as const;
      const { holder } = await grant({ sources: named, stock });
      expect(await stock.take('shared', holder)).to.equal('AAA-1');
    });
  });

  describe('keys from a pattern', () => {
    const sources = { made: pattern };

    it('are the same on every attempt and different for every unit, grant and secret', async () => {
      const { key } = await grant({ sources });
      expect((await grant({ sources })).key).to.equal(key);
      const others = await Promise.all([
        grant({ sources, unit: 2 }),
        grant({ sources, generation: 3 }),
        grant({ sources: { made: { ...pattern, secret: 'another secret of it' } } }),
        grant({ sources: { other: pattern } }),
      ]);
      expect(new Set([key, ...others.map((each) => each.key)]).size).to.equal(5);
    });

    it('are not made too weak, whatever the file says', async () => {
      for (const weak of [
        { ...pattern, groups: 2 },
        { ...pattern, secret: 'short' },
      ]) {
        expect(await failureOf(grant({ sources: { made: weak } }))).to.include({ code: 'KEY_PATTERN_WEAK', retry: 'never' });
      }
    });
  });

  describe('signed keys', () => {
    const { privateKey, publicKey } = makeKeyPair();
    const sources = { own: { kind: 'signed', privateKey, product: 'SAFETY-2' } } as const;

    it('say what was bought, from the day of the payment on, the same on every attempt', async () => {
      const issued = await grant({ sources, quantity: 3 }, { seats: 'oneKeyWithSeats', validDays: 365 });
      expect(issued).to.include({ seats: 3, expires: '2027-05-01' });
      expect(verifySignedKey(issued.key, publicKey, new Date('2026-06-01'))).to.deep.equal({
        product: 'SAFETY-2',
        serial: issued.serial,
        seats: 3,
        issued: '2026-05-01',
        expires: '2027-05-01',
        isExpired: false,
      });
      expect(await grant({ sources, quantity: 3 }, { seats: 'oneKeyWithSeats', validDays: 365 })).to.deep.equal(issued);
    });

    it('are for one seat and for ever when nothing else is said, and for the product the file names', async () => {
      const issued = await grant({ sources, quantity: 3 }, { product: 'FIRE-1' });
      expect(issued).to.not.have.property('expires');
      expect(verifySignedKey(issued.key, publicKey)).to.deep.include({ product: 'FIRE-1', seats: 1, isExpired: false });
      const plain = await grant({ sources: { own: { kind: 'signed', privateKey } } });
      expect(verifySignedKey(plain.key, publicKey)?.product).to.equal('TPD-7');
    });

    it('are bound to the machine whose code the order carries, each unit to its own', async () => {
      const input = { machineCodeField: 'machine' };
      const metadata = { machine: ' PC-1 ', machine_2: 'PC-2' };
      const machineOf = async (unit: number) =>
        verifySignedKey((await grant({ sources, metadata, unit }, input)).key, publicKey)?.machine;
      expect(await machineOf(1)).to.equal('PC-1');
      expect(await machineOf(2)).to.equal('PC-2');
    });

    it('wait for a person when the order carries no usable machine code', async () => {
      const input = { machineCodeField: 'machine' };
      const missing = { code: 'MACHINE_CODE_MISSING', retry: 'never' };
      expect(await failureOf(grant({ sources }, input))).to.include(missing);
      expect(await failureOf(grant({ sources, metadata: { machine: ' ' } }, input))).to.include(missing);
      expect(await failureOf(grant({ sources, metadata: { machine: 'PC-1' }, unit: 2 }, input))).to.include(missing);
      const unusable = { code: 'MACHINE_CODE_UNUSABLE', retry: 'never' };
      expect(await failureOf(grant({ sources, metadata: { machine: 'PC\n1' } }, input))).to.include(unusable);
    });

    it('are taken back without a machine code', async () => {
      const input = { machineCodeField: 'machine' };
      const issued = await grant({ sources, metadata: { machine: 'PC-1' } }, input);
      await revoke(issued, { sources }, input);
    });

    it('are not made with an unreadable private key, which no message shows', async () => {
      const error = await failureOf(grant({ sources: { own: { kind: 'signed', privateKey: 'c2VjcmV0' } } }));
      expect(error).to.include({ code: 'KEY_PRIVATE_KEY', retry: 'never' });
      expect(`${error.message} ${String(error.hint)} ${String(error.cause)}`).to.not.include('c2VjcmV0');
    });
  });

  describe("keys from a function of the site's own", () => {
    const sources = { own: { kind: 'function' } } as const;
    const keyed = { own: { kind: 'function', deduplicates: true } } as const;

    it('are made from what was bought', async () => {
      const asked: KeyRequest[] = [];
      const own = issueKeyOf({ generate: (request) => (asked.push(request), ` KEY-${request.unit} `) });
      expect((await grant({ sources, unit: 2, quantity: 3 }, { product: 'P', validDays: 1 }, own)).key).to.equal('KEY-2');
      expect(asked[0]).to.deep.include({
        source: 'own',
        sku: 'TPD-7',
        product: 'P',
        quantity: 3,
        unit: 2,
        seats: 1,
        expires: '2026-05-02',
      });
      expect(asked[0]?.stepKey).to.equal('K3M9-2QXT-7BHD/1/2/key/grant/1');
      expect(asked[0]?.buyer.email).to.equal('ada@example.org');
    });

    it('are sold out when it returns none', async () => {
      expect(await failureOf(grant({ sources }, {}, issueKeyOf({ generate: () => undefined })))).to.include({
        code: 'KEYS_SOLD_OUT',
        retry: 'later',
      });
    });

    it('are perhaps made when it fails, unless it is said to deduplicate or decides by itself', async () => {
      const failing = issueKeyOf({ generate: () => Promise.reject(new Error('no licence server')) });
      expect(await failureOf(grant({ sources }, {}, failing))).to.include({
        code: 'KEY_PERHAPS_ISSUED',
        retry: 'never',
        unknown: true,
      });
      expect(await failureOf(grant({ sources: keyed }, {}, failing))).to.include({
        code: 'KEY_GENERATOR_FAILED',
        retry: 'later',
      });
      const deciding = issueKeyOf({ generate: () => Promise.reject(new StepError('later', 'BUSY', 'Come back')) });
      expect(await failureOf(grant({ sources }, {}, deciding))).to.include({ code: 'BUSY', retry: 'later' });
    });

    it('are taken back by its other function', async () => {
      const taken: string[] = [];
      const own = issueKeyOf({ generate: () => 'KEY-1', revoke: ({ key, stepKey }) => void taken.push(`${key} ${stepKey}`) });
      const issued = await grant({ sources }, {}, own);
      await revoke(issued, { sources }, {}, own);
      expect(taken).to.deep.equal(['KEY-1 K3M9-2QXT-7BHD/1/1/key/grant/1']);
    });

    it('need the function', async () => {
      expect(await failureOf(grant({ sources }))).to.include({ code: 'KEY_GENERATOR_MISSING', retry: 'never' });
    });
  });

  describe('the source of a key', () => {
    const sources = { safety: { kind: 'pool' }, made: pattern } as const;

    it('is named by the product, or is the only one', async () => {
      expect((await grant({ sources }, { source: 'made' })).source).to.equal('made');
      expect((await grant({ sources: { made: pattern } })).source).to.equal('made');
    });

    it('is a problem for a person when it is not known', async () => {
      for (const source of ['maed', '__proto__', undefined]) {
        const error = await failureOf(grant({ sources }, source === undefined ? {} : { source }));
        expect(error).to.include({ code: 'KEY_SOURCE_UNKNOWN', retry: 'never' });
        expect(error.message).to.include('Known: safety, made.');
      }
    });

    it('decides whether an attempt may be repeated freely', () => {
      const repeats = action.repeats as (options: TestProOptions, input: { source?: string }) => string;
      const http = { kind: 'http', url: 'https://keys.example.com/' } as const;
      const mixed = { sources: { ...sources, careful: { ...http, deduplicates: true }, far: http } };
      expect(repeats({ sources: { made: pattern } }, {})).to.equal('keyed');
      expect(repeats(mixed, { source: 'careful' })).to.equal('keyed');
      expect(repeats(mixed, { source: 'safety' })).to.equal('keyed');
      expect(repeats(mixed, { source: 'far' })).to.equal('blind');
      expect(repeats({ sources: { own: { kind: 'function' } } }, {})).to.equal('blind');
    });

    it('tells what to undo when a key was begun and never recorded', async () => {
      const find = (scene: Scene, source: string) => action.find!({ source }, contextOf({ ...scene, verb: 'revoke' }));
      for (const source of ['safety', 'made']) expect(await find({ sources }, source)).to.equal(undefined);
      const far = { far: { kind: 'http', url: 'https://keys.example.com/', deduplicates: true } } as const;
      expect(await failureOf(find({ sources: far }, 'far'))).to.include({ code: 'KEY_PERHAPS_ISSUED', retry: 'never' });
    });
  });

  it('gives one key for each unit, or one for the line', () => {
    const units = action.units as (input: IssueKeyInput) => string;
    expect(units({})).to.equal('perUnit');
    expect(units({ seats: 'keyPerUnit' })).to.equal('perUnit');
    expect(units({ seats: 'oneKeyWithSeats' })).to.equal('perLine');
  });

  it('declares the key secret and nothing else', () => {
    const secret = Object.entries(action.output).filter(([, each]) => each.secret === true);
    expect(secret.map(([name]) => name)).to.deep.equal(['key']);
    expect(Object.keys(action.output)).to.have.members(['key', 'seats', 'expires', 'serial']);
  });

  it('tells the importer its pools, and of a shared one the higher level', () => {
    const sources = {
      a: { kind: 'pool' },
      b: { kind: 'pool', pool: 'shared', lowStock: 3 },
      c: { kind: 'pool', pool: 'shared', lowStock: 20 },
      d: pattern,
    } as const;
    expect(testPro.pools!({ sources })).to.deep.equal([
      { name: 'a', lowStock: 10 },
      { name: 'shared', lowStock: 20 },
    ]);
  });

  describe('options', () => {
    const validate = new Ajv({ strict: false, useDefaults: true }).compile({
      ...replaceMarks(testPro.options),
      definitions: { secret: { type: 'object', required: ['env'] }, setting: { type: 'object', required: ['env'] } },
    });
    const accepts = (source: object): boolean => validate({ sources: { a: source } });
    const secret = { env: 'SECRET' };
    const http = { kind: 'http', url: 'https://keys.example.com/issue?x=1' };

    it('accept each kind with what it needs', () => {
      for (const source of [
        { kind: 'pool' },
        { kind: 'pool', pool: 'p', lowStock: 0, revokeUrl: 'https://keys.example.com/revoke', revokeBody: { k: '{{key}}' } },
        { kind: 'pattern', secret },
        { kind: 'pattern', secret, groups: 3, groupLength: 7 },
        { kind: 'pattern', secret, groups: 4, groupLength: 6, alphabet: 'ABCDEFGHJKMNPQRSTUVWXYZ23456789x' },
        { kind: 'signed', privateKey: secret, product: 'P' },
        http,
        {
          kind: 'http',
          url: 'http://127.0.0.1:8080/keys',
          secretHeaders: { Authorization: secret },
          headers: { Accept: 'text/plain' },
        },
        { kind: 'http', url: { env: 'URL' }, method: 'GET', query: { q: '{{order.number}}-{{ metadata.vat_id }} {x} }}' } },
        { kind: 'function', deduplicates: true },
      ]) {
        expect(accepts(source), JSON.stringify([source, validate.errors])).to.equal(true);
      }
    });

    it('refuse what is missing, foreign to the kind, weak, open or misspelt', () => {
      for (const source of [
        {},
        { kind: 'server' },
        { kind: 'pool', secret },
        { kind: 'pattern' },
        { kind: 'pattern', secret: 'in the file itself, plain' },
        { kind: 'pattern', secret, groups: 3 },
        { kind: 'pattern', secret, groups: 4, groupLength: 5 },
        { kind: 'pattern', secret, groups: 2, groupLength: 10 },
        { kind: 'pattern', secret, groupLength: 4 },
        { kind: 'pattern', secret, alphabet: '0123456789' },
        { kind: 'pattern', secret, alphabet: '0123456789ABCDEFGHJKMNPQRSTVWXYO' },
        { kind: 'signed' },
        { kind: 'http' },
        { kind: 'http', url: 'http://keys.example.com/' },
        { kind: 'http', url: 'http://localhost.example.com/' },
        { ...http, body: { mail: '{{buyer.emial}}' } },
        { ...http, body: { key: '{{key}}' } },
        { ...http, answer: { jsonPointer: '/key', regex: '.*' } },
        { ...http, answer: { jsonPointer: 'key' } },
        { ...http, secretHeaders: { Authorization: 'plain' } },
        { ...http, url: 'ftp://keys.example.com' },
      ]) {
        expect(accepts(source), JSON.stringify(source)).to.equal(false);
      }
      expect(validate({ sources: {} })).to.equal(false);
    });
  });

  describe('check', () => {
    const check = async (sources: TestProOptions['sources'], used: CheckContext<TestProOptions>['used'] = [], left = 5) => {
      const { options, http, keys, now } = contextOf({ sources, stock: new Stock(...Array.from({ length: left }, String)) });
      const findings = await createTestPro().check!({ options, http, keys, now, used });
      return findings.map(({ ok, message }) => `${ok ? 'ok' : 'bad'}: ${message}`);
    };

    it('tells how a pool stands', async () => {
      const sources = { safety: { kind: 'pool' } } as const;
      expect(await check(sources)).to.deep.equal(['ok: Key pool "safety" has 5 free keys.']);
      expect(await check(sources, [], 0)).to.deep.equal(['bad: Key pool "safety" has 0 free keys.']);
    });

    it('says which sources can give keys, and that it called none', async () => {
      const { privateKey } = makeKeyPair();
      expect(
        await check({ a: pattern, b: { kind: 'signed', privateKey }, c: { kind: 'http', url: 'https://keys.example.com/' } }),
      ).to.deep.equal([
        'ok: Key source "a" makes keys of 100 random bits or more.',
        'ok: Key source "b" has a usable private key.',
        'ok: Key source "c" has a usable address; it was not called, since a call may issue a key.',
      ]);
    });

    it('says what is wrong with a source', async () => {
      const findings = await check({
        a: { ...pattern, secret: 'short' },
        b: { kind: 'signed', privateKey: 'x' },
        c: { kind: 'http', url: 'http://keys.example.com/', revokeUrl: 'https://name:word@keys.example.com/' },
        d: { kind: 'http', url: 'https://keys.example.com/', answer: { regex: '(' } },
        e: { kind: 'function' },
      });
      expect(findings).to.deep.equal([
        'bad: Key source "a" cannot give keys: its secret has less than 16 characters.',
        'bad: Key source "b" cannot give keys: The private key is neither PEM nor the base64 of a PKCS 8 key.',
        'bad: Key source "c" cannot give keys: keys travel by https only (http is allowed to this machine itself).',
        'bad: Key source "c" cannot take keys back: it holds a user name or password, which belong into "secretHeaders".',
        'bad: Key source "d" cannot give keys: "answer.regex" is not a regular expression.',
        'bad: Key source "e" cannot give keys: the site handed no generator in.',
      ]);
    });

    it('says which products ask for what a source cannot do', async () => {
      const use = (sku: string, input: IssueKeyInput) => ({ action: 'issueKey', sku, input: { ...input } });
      const findings = await check({ safety: { kind: 'pool' } }, [
        use('A', { source: 'safety' }),
        use('B', { source: 'saftey' }),
        use('C', { seats: 'oneKeyWithSeats' }),
        use('D', { machineCodeField: 'machine' }),
      ]);
      expect(findings.slice(1)).to.deep.equal([
        'bad: B: There is no key source "saftey". Known: safety.',
        'bad: C: a key of the source "safety" cannot say how many seats were bought, so a quantity of 3 gives one plain key.',
        'bad: D: a key of the source "safety" cannot depend on the buyer\'s machine.',
      ]);
    });
  });
});

async function failureOf(run: Promise<unknown>): Promise<StepError> {
  try {
    await run;
  } catch (error) {
    if (error instanceof StepError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
