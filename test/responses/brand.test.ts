import { expect } from 'chai';
import { fontStack, logoAddress, lookOf } from '../../src/presentation/brand.ts';
import { contrast, readColor } from '../../src/presentation/colors.ts';
import { brandStyles } from '../../src/responses/brand-styles.ts';
import { sampleSite } from './sample-order.ts';

const { brand } = sampleSite();

describe('the brand', () => {
  it('reads colours as CSS writes them', () => {
    expect(readColor('#1f4f8f')).to.deep.equal([31, 79, 143]);
    expect(readColor('#FFF')).to.deep.equal([255, 255, 255]);
    expect(readColor('RebeccaPurple')).to.deep.equal([102, 51, 153]);
    expect(readColor('rgb(1, 2, 3)')).to.deep.equal([1, 2, 3]);
  });

  for (const bad of [
    'red;}body{display:none',
    'url(https://bad.example)',
    '#12',
    'expression(1)',
    'toString',
    'rgb(999,0,0)',
    '',
  ]) {
    it(`takes "${bad}" for no colour`, () => {
      expect(readColor(bad)).to.equal(undefined);
      expect(brandStyles({ ...brand, colors: { ...brand.colors, primary: bad } })).to.contain('--primary: #1f4f8f;');
    });
  }

  it('lets only font names into a style sheet', () => {
    expect(fontStack('Georgia, "Times New Roman", serif')).to.equal("'Georgia', 'Times New Roman', serif");
    expect(fontStack("x;} body { background: url('https://bad.example') }")).to.match(/^system-ui/);
    expect(brandStyles({ ...brand, fonts: { body: "a'; } * { x: y", heading: '</style>' } })).to.not.match(/a'|<\/style/);
  });

  it('keeps text and buttons readable whatever colours are chosen', () => {
    for (const primary of ['gold', 'white', 'black', '#777', '#1f4f8f']) {
      for (const text of ['#888', 'white', 'black']) {
        const { colors } = lookOf({ ...brand, colors: { primary, background: 'white', surface: '#fff8e7', text } });
        const ratio = (one: string, two: string): number => contrast(readColor(one)!, readColor(two)!);
        expect(ratio(colors.text, colors.surface)).to.be.at.least(7);
        expect(ratio(colors.muted, colors.shade)).to.be.at.least(4.5);
        expect(ratio(colors.link, colors.shade)).to.be.at.least(4.5);
        expect(ratio(colors.onPrimary, colors.primary)).to.be.at.least(4.5);
      }
    }
  });

  it('has a dark side only where the site chose no ground of its own', () => {
    expect(brandStyles(brand)).to.contain('prefers-color-scheme: dark');
    expect(brandStyles({ ...brand, colors: { ...brand.colors, surface: 'ivory' } })).to.not.contain('prefers-color-scheme');
  });

  it('finds the logo on the web, on the site, or nowhere', () => {
    const base = 'https://shop.example.com/shop';
    expect(logoAddress('/img/logo.svg', base)).to.equal('https://shop.example.com/img/logo.svg');
    expect(logoAddress('https://cdn.example.com/l.png', base)).to.equal('https://cdn.example.com/l.png');
    expect(logoAddress('data:image/png;base64,AAAA', base)).to.equal('data:image/png;base64,AAAA');
    expect(logoAddress('javascript:alert(1)', base)).to.equal(undefined);
    expect(logoAddress('data:text/html,x', base)).to.equal(undefined);
  });
});
