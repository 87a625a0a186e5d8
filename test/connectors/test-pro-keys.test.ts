import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { checkKey, keyedBytes, makeKey, makeKeyPair, makeSignedKey, verifySignedKey } from '../../connectors/test-pro/index.ts';
import { findKey } from '../../connectors/test-pro/find-key.ts';
import { serialOf } from '../../connectors/test-pro/key-request.ts';
import { checkCharacter, defaultAlphabet, problemOfShape } from '../../connectors/test-pro/pattern-key.ts';
import { readPrivateKey } from '../../connectors/test-pro/signed-key.ts';

describe('test-pro: pattern keys', () => {
  const key = makeKey(keyedBytes('a secret of the shop', 'step 1'));

  it('look as their shape says', () => {
    expect(key).to.match(/^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){4}$/);
    expect(makeKey(randomBytes(200), { groups: 3, groupLength: 8 })).to.match(/^.{8}-.{8}-.{8}$/);
  });

  it('come out the same from the same secret and label, and differ from any other', () => {
    expect(makeKey(keyedBytes('a secret of the shop', 'step 1'))).to.equal(key);
    const others = Array.from({ length: 500 }, (_, index) => makeKey(keyedBytes('a secret of the shop', `step ${index + 2}`)));
    expect(new Set([key, ...others]).size).to.equal(501);
    expect(makeKey(keyedBytes('another secret of it', 'step 1'))).to.not.equal(key);
  });

  it('use every character about equally often', () => {
    const odd = { alphabet: `${defaultAlphabet}ab` };
    const counts = new Map<string, number>();
    for (let index = 0; index < 2000; index++) {
      const text = makeKey(keyedBytes('s', String(index)), odd)
        .replaceAll('-', '')
        .slice(0, -1);
      for (const each of text.split('')) counts.set(each, (counts.get(each) ?? 0) + 1);
    }
    expect(counts.size).to.equal(34);
    const expected = (2000 * 24) / 34;
    for (const [character, count] of counts) expect(count, character).to.be.within(expected * 0.85, expected * 1.15);
  });

  it('are known again however they are typed', () => {
    expect(checkKey(key)).to.equal(true);
    expect(checkKey(` ${key.toLowerCase().replaceAll('-', ' ')} `)).to.equal(true);
    const keys = Array.from({ length: 100 }, (_, index) => makeKey(keyedBytes('s', String(index))));
    const tricky = keys.find((each) => each.includes('0') && each.includes('1'))!;
    expect(checkKey(tricky.replaceAll('0', 'o').replaceAll('1', 'l'))).to.equal(true);
    expect(checkKey(tricky.replaceAll('0', 'O').replaceAll('1', 'I'))).to.equal(true);
    expect(checkKey(key.slice(0, -1))).to.equal(false);
    expect(checkKey(`${key}0`)).to.equal(false);
    expect(checkKey('')).to.equal(false);
    expect(checkKey('U'.repeat(25))).to.equal(false);
  });

  it('notice every single mistyped character, in any alphabet', () => {
    for (const shape of [{}, { alphabet: `${defaultAlphabet}abcd` }]) {
      const alphabet = shape.alphabet ?? defaultAlphabet;
      fc.assert(
        fc.property(fc.string(), fc.nat(24), fc.nat(alphabet.length - 1), (label, at, index) => {
          const good = makeKey(keyedBytes('s', label), shape).replaceAll('-', '');
          const bad = good.slice(0, at) + alphabet.charAt(index) + good.slice(at + 1);
          expect(checkKey(good, shape)).to.equal(true);
          expect(checkKey(bad, shape)).to.equal(bad === good);
        }),
      );
    }
  });

  it('notice nearly all neighbours that changed places', () => {
    let missed = 0;
    let tried = 0;
    for (let index = 0; index < 300; index++) {
      const good = makeKey(keyedBytes('s', String(index))).replaceAll('-', '');
      for (let at = 0; at < 24; at++) {
        const bad = good.slice(0, at) + good.charAt(at + 1) + good.charAt(at) + good.slice(at + 2);
        if (bad === good) continue;
        tried++;
        if (checkKey(bad)) missed++;
      }
    }
    expect(missed / tried).to.be.below(0.01);
  });

  it('have the check characters of ISO 7064', () => {
    expect(checkCharacter('0794', '0123456789')).to.equal('5');
    expect(checkCharacter('A12425GABC1234002', '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')).to.equal('M');
  });

  it('are not made with less than 100 random bits or with look-alikes', () => {
    for (const shape of [
      { groups: 4, groupLength: 5 },
      { groups: 0 },
      { groups: 5.5 },
      { alphabet: '0123456789' },
      { alphabet: defaultAlphabet.replace('Z', 'O') },
      { alphabet: defaultAlphabet.replace('Z', 'A') },
      { alphabet: `${defaultAlphabet}a` },
      { alphabet: defaultAlphabet.replace('Z', '-') },
    ]) {
      expect(problemOfShape(shape), JSON.stringify(shape)).to.be.a('string');
      expect(() => makeKey(randomBytes(500), shape)).to.throw(RangeError);
    }
    for (const shape of [{ groups: 3, groupLength: 7 }, { groups: 4, groupLength: 6 }, {}])
      expect(problemOfShape(shape)).to.equal(undefined);
    expect(() => makeKey(randomBytes(10))).to.throw(RangeError, 'ended before');
  });
});

describe('test-pro: signed keys', () => {
  const { privateKey, publicKey } = makeKeyPair();
  const contents = { product: 'SAFETY-2', serial: '4F7K-20QX-MJ8T', seats: 3, issued: '2026-05-01', expires: '2027-05-01' };
  const key = makeSignedKey(contents, privateKey);
  const pem = (label: string, text: string) => `-----BEGIN ${label} KEY-----\n${text}\n-----END ${label} KEY-----\n`;

  it('tell product, serial, seats and dates to whoever has the public key', () => {
    expect(verifySignedKey(key, publicKey, new Date('2026-06-01'))).to.deep.equal({ ...contents, isExpired: false });
    expect(verifySignedKey(key, pem('PUBLIC', publicKey), new Date('2026-06-01'))?.serial).to.equal(contents.serial);
  });

  it('are good to the end of their last day', () => {
    expect(verifySignedKey(key, publicKey, new Date('2027-05-01T23:59:59Z'))?.isExpired).to.equal(false);
    expect(verifySignedKey(key, publicKey, new Date('2027-05-02T00:00:00Z'))?.isExpired).to.equal(true);
    const { product, serial, seats, issued } = contents;
    const forEver = { product, serial, seats, issued };
    expect(verifySignedKey(makeSignedKey(forEver, privateKey), publicKey, new Date('2999-01-01'))?.isExpired).to.equal(false);
  });

  it('survive the line breaks of a mail', () => {
    expect(verifySignedKey(` ${key.replace(/.{40}/g, '$&\r\n  ')}`, publicKey)?.serial).to.equal(contents.serial);
  });

  it('are refused with any character changed, cut, or signed by another key', () => {
    for (let at = 0; at < key.length; at++) {
      const altered = key.slice(0, at) + (key[at] === 'A' ? 'B' : 'A') + key.slice(at + 1);
      expect(verifySignedKey(altered, publicKey), `character ${at}`).to.equal(undefined);
    }
    expect(verifySignedKey(makeSignedKey(contents, makeKeyPair().privateKey), publicKey)).to.equal(undefined);
    for (const text of ['', 'HK1', 'HK1..', key.slice(0, -4), `${key}.x`, `${key}AAAA`])
      expect(verifySignedKey(text, publicKey), text).to.equal(undefined);
  });

  it('are the same for the same contents', () => {
    expect(makeSignedKey(contents, privateKey)).to.equal(key);
    expect(makeSignedKey(contents, pem('PRIVATE', privateKey))).to.equal(key);
    expect(makeSignedKey(contents, pem('PRIVATE', privateKey).replaceAll('\n', '\\n'))).to.equal(key);
  });

  it('are not made with a key of another kind, and the error does not quote it', () => {
    for (const text of ['c2VjcmV0', publicKey, pem('PRIVATE', 'c2VjcmV0')]) {
      expect(() => readPrivateKey(text))
        .to.throw(TypeError, 'neither PEM nor the base64')
        .that.satisfies((error: Error) => !String(error).includes('c2Vj'));
    }
  });

  it('are checked by the very lines that the README shows', async () => {
    const folder = new URL('../../connectors/test-pro/', import.meta.url);
    const shown = await readFile(new URL('README.md', folder), 'utf8');
    const source = await readFile(new URL('verify-signed-key.ts', folder), 'utf8');
    const lines = source.slice(source.indexOf('export function')).trim();
    expect(shown).to.include(lines);
    expect(source.match(/^import .*$/gm)).to.deep.equal(["import { createPublicKey, verify } from 'node:crypto';"]);
  });
});

describe('test-pro: the key in an answer', () => {
  const key = (text: string) => ({ kind: 'key', key: text });

  it('is the whole text, or stands where the place says', () => {
    expect(findKey(' AB-CD \r\n')).to.deep.equal(key('AB-CD'));
    expect(findKey('{"data":{"a/b":[{"key":"AB-CD"}]}}', { jsonPointer: '/data/a~1b/0/key' })).to.deep.equal(key('AB-CD'));
    expect(findKey('{"key":12345678}', { jsonPointer: '/key' })).to.deep.equal(key('12345678'));
    expect(
      findKey('<?xml version="1.0"?><r><!-- <key>x</key> --><key a="1"> A&amp;B&#45;&#x43; </key></r>', { xmlElement: 'key' }),
    ).to.deep.equal(key('A&B-C'));
    expect(findKey('<r><key><![CDATA[A<B]]></key></r>', { xmlElement: 'key' })).to.deep.equal(key('A<B'));
    expect(findKey('<keys><key>AB</key></keys>', { xmlElement: 'key' })).to.deep.equal(key('AB'));
    expect(findKey('OK\nKey: AB-CD\nBye', { regex: 'Key: (\\S+)' })).to.deep.equal(key('AB-CD'));
    expect(findKey('OK AB-CD', { regex: '[A-Z]+-[A-Z]+' })).to.deep.equal(key('AB-CD'));
  });

  it('can be missing because there is none left', () => {
    for (const [text, place] of [
      ['', {}],
      [' \n', { jsonPointer: '/key' }],
      ['{"key":null}', { jsonPointer: '/key' }],
      ['{"key":" "}', { jsonPointer: '/key' }],
      ['<key/>', { xmlElement: 'key' }],
      ['<key></key>', { xmlElement: 'key' }],
    ] as const) {
      expect(findKey(text, place), text).to.deep.equal({ kind: 'empty' });
    }
  });

  it('is never taken from an answer that says something else, and the reason never quotes it', () => {
    for (const [text, place] of [
      ['<html>AB-CD</html>', {}],
      ['AB-CD\nEF-GH', {}],
      ['A'.repeat(2001), {}],
      ['A'.repeat(65_537), { regex: 'A' }],
      ['AB-CD', { jsonPointer: '/key' }],
      ['{"keys":["AB-CD"]}', { jsonPointer: '/key' }],
      ['{"key":{"value":"AB-CD"}}', { jsonPointer: '/key' }],
      ['{"key":1.5}', { jsonPointer: '/key' }],
      ['{}', { jsonPointer: '/__proto__' }],
      ['<keys>AB-CD</keys>', { xmlElement: 'key' }],
      ['<key><b>AB-CD</b></key>', { xmlElement: 'key' }],
      ['AB-CD', { regex: 'Key: (.*)' }],
      ['AB-CD', { regex: '(' }],
    ] as const) {
      const found = findKey(text, place);
      expect(found.kind, text.slice(0, 40)).to.equal('unreadable');
      expect(JSON.stringify(found)).to.not.include('AB-CD');
    }
  });
});

describe('test-pro: serials', () => {
  it('are short, the same for the same step and different for every other', () => {
    expect(serialOf('a')).to.match(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    expect(serialOf('a')).to.equal(serialOf('a'));
    expect(new Set(Array.from({ length: 5000 }, (_, index) => serialOf(String(index)))).size).to.equal(5000);
  });
});
