import { expect } from 'chai';
import { isMailAddress, whyNoWebAddress } from '../../src/config/addresses.ts';
import { namesForInputs, namesForTexts, readTemplate } from '../../src/config/placeholders.ts';
import { nearest } from '../../src/config/problems.ts';
import { productContent, Shop } from './shop.ts';

describe('placeholders', () => {
  it('are those of the order, the metadata, and what each grant gives', () => {
    const shop = new Shop({ 'products/TS-101.json': { ...productContent(), metadata: { teacher: 'Ada' } } });
    const { products, accounts } = shop.load();
    shop.remove();
    const texts = namesForTexts(products.get('TS-101')!, accounts);
    const inputs = namesForInputs(products.get('TS-101')!);
    expect(texts).to.include.members(['buyer.firstName', 'reason', 'metadata.teacher', 'course.loginUrl', 'course.courseUrl']);
    expect(texts.filter((name) => !inputs.includes(name))).to.deep.equal(['reason', 'course.loginUrl', 'course.courseUrl']);
  });

  it('are found wherever they stand in a text, with or without a guard', () => {
    const used = readTemplate('{{a.b}} {{! note }}{{#c}}{{c}}{{d}}{{/c}}{{^e}}{{e}}{{/e}}');
    expect(used).to.deep.equal([
      { name: 'a.b', guarded: false },
      { name: 'c', guarded: true },
      { name: 'c', guarded: true },
      { name: 'd', guarded: false },
      { name: 'e', guarded: true },
      { name: 'e', guarded: false },
    ]);
  });

  it('may not change what braces mean', () => {
    expect(() => readTemplate('{{=<% %>=}}<% buyer.name %>')).to.throw('The braces of placeholders cannot be changed.');
  });
});

describe('addresses', () => {
  it('of mail are taken as servers take them', () => {
    for (const good of ["o'hara+tag@example.com", 'a.b@sub.example.co', 'x@1.example.org'])
      expect(isMailAddress(good), good).to.equal(true);
    const bad = [
      'a@b',
      'a b@example.com',
      'a@example.com\n',
      'a..b@example.com',
      '.a@example.com',
      'a@-x.com',
      'a@1.2.3.4',
      '"a"@example.com',
    ];
    for (const one of [...bad, 'a@example.com,b@example.com', 'Ada <a@example.com>', `${'a'.repeat(65)}@example.com`]) {
      expect(isMailAddress(one), one).to.equal(false);
    }
  });

  it('of the web are http or https, without names and passwords', () => {
    for (const good of ['https://example.com', 'http://localhost:3000/a?b#c', 'https://[::1]:8443/'])
      expect(whyNoWebAddress(good), good).to.equal(undefined);
    for (const bad of [
      'javascript:alert(1)',
      'https:/example.com',
      'https://',
      '//example.com',
      'https://a@example.com',
      'https://a\\b',
    ]) {
      expect(whyNoWebAddress(bad), bad).to.be.a('string');
    }
  });
});

describe('a suggestion', () => {
  it('is the nearest name, whatever its capitals, and none when nothing is near', () => {
    expect(nearest('moodel.enrol', ['keys.take', 'moodle.enrol'])).to.equal('moodle.enrol');
    expect(nearest('REFUNDED', ['refunded', 'renewed'])).to.equal('refunded');
    expect(nearest('zzz', ['refunded', 'renewed'])).to.equal(undefined);
  });
});
