import { expect } from 'chai';
import { namesForInputs, namesForTexts, readTemplate } from '../../src/config/placeholders.ts';
import { nearest } from '../../src/config/problems.ts';
import { whyNoWebAddress } from '../../src/config/web-address.ts';
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

describe('a web address', () => {
  it('is http or https, without names and passwords', () => {
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
