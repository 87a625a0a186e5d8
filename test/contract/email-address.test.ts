import { expect } from 'chai';
import { isEmailAddress } from '../../src/contract/index.ts';

describe('An e-mail address', () => {
  it('is taken in every form buyers really have', () => {
    for (const good of [
      'ada@example.org',
      'a.b+c_d-e@mail.example.co.uk',
      "o'neil@example.org",
      'x@xn--bcher-kva.example',
      'A@EXAMPLE.ORG',
    ]) {
      expect(isEmailAddress(good), good).to.equal(true);
    }
  });

  it('is refused when it is none, several, or could smuggle something into a header', () => {
    const bad = [
      '',
      'ada',
      'ada@',
      '@example.org',
      'ada@localhost',
      'ada@example..org',
      '.ada@example.org',
      'ada.@example.org',
      'a b@example.org',
      'ada@example.org, eve@example.com',
      'ada@example.org;eve@example.com',
      'Ada <ada@example.org>',
      '"ada"@example.org',
      'ada@[127.0.0.1]',
      'ada@example.org\r\nBcc: eve@example.com',
      'ada@example.org\n',
      'ada@exam\u0000ple.org',
      'ada@-example.org',
      `${'a'.repeat(65)}@example.org`,
      `ada@${'a'.repeat(64)}.org`,
      `ada@${'example.'.repeat(40)}org`,
      'ada@example.123',
      'аda@example.org',
      'ada@@example.org',
    ];
    for (const text of bad) expect(isEmailAddress(text), JSON.stringify(text)).to.equal(false);
  });
});
