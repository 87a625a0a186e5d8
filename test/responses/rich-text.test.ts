import { expect } from 'chai';
import { richText, safeLink } from '../../src/presentation/rich-text.ts';

describe('a text on a page', () => {
  it('has a paragraph after each empty line and keeps single line breaks', () => {
    expect(richText('one\ntwo\r\n\r\nthree\n')).to.deep.equal([[[{ text: 'one' }], [{ text: 'two' }]], [[{ text: 'three' }]]]);
  });

  it('links web addresses, without the sentence around them', () => {
    expect(richText('See (https://example.org/a?b=1&c=2). Bye')).to.deep.equal([
      [[{ text: 'See (' }, { text: 'https://example.org/a?b=1&c=2', href: 'https://example.org/a?b=1&c=2' }, { text: '). Bye' }]],
    ]);
  });

  it('links nothing else: no script, no data, no half address', () => {
    const text = 'javascript:alert(1) data:text/html,x http:// https://';
    expect(richText(text)).to.deep.equal([[[{ text }]]]);
  });

  it('keeps the order number in one line', () => {
    expect(richText('Order K3M9-2QXT is paid', 'K3M9-2QXT')).to.deep.equal([
      [[{ text: 'Order ' }, { text: 'K3M9-2QXT', solid: true }, { text: ' is paid' }]],
    ]);
  });

  it('takes only web and mail addresses for links', () => {
    expect(safeLink(' https://example.org/x ')).to.equal('https://example.org/x');
    expect(safeLink('mailto:help@example.org')).to.equal('mailto:help@example.org');
    for (const bad of ['javascript:alert(1)', '//example.org', '/path', 'https://a b', 'https://x"onclick="y', '', undefined]) {
      expect(safeLink(bad), String(bad)).to.equal(undefined);
    }
  });
});
