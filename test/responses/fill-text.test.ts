import { expect } from 'chai';
import { fillText, namesIn } from '../../src/presentation/fill-text.ts';

const names = new Map([
  ['buyer.firstName', 'Ada'],
  ['order.number', 'K3M9-2QXT-7BHD'],
  ['reason', ''],
]);

describe('filling in a text', () => {
  it('puts values where the names stand', () => {
    expect(fillText('Hello {{buyer.firstName}}, order {{ order.number }}.', names)).to.equal('Hello Ada, order K3M9-2QXT-7BHD.');
  });

  it('leaves nothing behind where there is no value, not even the space before a comma', () => {
    expect(fillText('Hello {{buyer.lastName}}, welcome {{constructor}}{{__proto__}}{{toString}}!', names)).to.equal(
      'Hello, welcome!',
    );
  });

  it('shows a guarded part only where its name has a value', () => {
    const text = '{{#reason}}Because {{reason}}.{{/reason}}{{^reason}}No reason given.{{/reason}}';
    expect(fillText(text, names)).to.equal('No reason given.');
    expect(fillText(text, new Map([['reason', 'of rain']]))).to.equal('Because of rain.');
  });

  it('never reads a value as a template', () => {
    const sly = new Map([
      ['buyer.firstName', '{{order.number}} {{{order.number}}}'],
      ['order.number', 'secret'],
    ]);
    expect(fillText('Hello {{buyer.firstName}}', sly)).to.equal('Hello {{order.number}} {{{order.number}}}');
  });

  it('does not escape: whoever prints the text does', () => {
    expect(fillText('{{name}}', new Map([['name', `<b>"O'Neil" & sons</b>`]]))).to.equal(`<b>"O'Neil" & sons</b>`);
  });

  for (const broken of [
    '{{',
    '{{buyer.firstName',
    '{{#open}} text',
    'a {{/closed}} b',
    '{{=<% %>=}} {{buyer.firstName}}',
    '{{> partial}}',
  ]) {
    it(`survives the broken text ${broken}`, () => {
      expect(fillText(broken, names)).to.be.a('string');
      expect(namesIn(broken)).to.be.an('array');
    });
  }

  it('tells which names a text shows, guarded ones too', () => {
    expect(namesIn('{{a.b}} {{#c}}{{d}}{{/c}}')).to.deep.equal(['a.b', 'd']);
  });
});
