import { expect } from 'chai';
import { crc32 } from 'node:zlib';
import { StepError } from '../../src/contract/errors.ts';
import { fault } from '../../src/testing/double-server.ts';
import { certificateFamily, issueCertificate, type CertificateTerms } from '../../src/testing/paypal/index.ts';
import { openPaypalSite, type PaypalSite } from './paypal-site.ts';

describe('proving that PayPal sent a callback', () => {
  let site: PaypalSite;
  beforeEach(async () => (site = await openPaypalSite()));
  afterEach(() => site.close());

  const body =
    '{"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED","create_time":"2026-01-02T03:04:05Z","resource":{"id":"C1"}}';
  const signed = (how: Parameters<PaypalSite['double']['sign']>[1] = {}) => ({ body, headers: site.double.sign(body, how) });
  const codeOf = async (sent: { body: string; headers: Record<string, string> }): Promise<string> => {
    const verdict = await site.verify(sent);
    return verdict.kind === 'refused' ? verdict.code : verdict.kind;
  };
  const failure = (sent: { body: string; headers: Record<string, string> }): Promise<unknown> =>
    site.verify(sent).catch((error: unknown) => error);
  const certificateCalls = () => site.double.requests.filter(({ path }) => path.includes('/certs/'));

  it('computes the checksum of the published test vector', () => {
    expect(crc32('{"id":"evt_demo","n":1.0,"u":"é"}')).to.equal(1_430_263_627);
  });

  it('fetches the certificate once, however many callbacks come at the same time, and again after a day', async () => {
    await Promise.all(Array.from({ length: 10 }, () => codeOf(signed())));
    expect(certificateCalls()).to.have.length(1);
    const later = new Date(Date.now() + 25 * 60 * 60 * 1000);
    const sent = signed({ at: later });
    expect((await site.verify(sent, { now: () => later })).kind).to.equal('accepted');
    expect(certificateCalls()).to.have.length(2);
  });

  it('goes on with the certificate it has while PayPal cannot be asked for a new one', async () => {
    expect(await codeOf(signed())).to.equal('accepted');
    await site.double.goDown();
    const later = new Date(Date.now() + 25 * 60 * 60 * 1000);
    expect((await site.verify(signed({ at: later }), { now: () => later })).kind).to.equal('accepted');
  });

  it('puts a callback off, and does not refuse it, when the certificate cannot be had', async () => {
    for (const trouble of [fault.drop(), fault.status(503, { retryAfter: 7 }), fault.redirect('https://example.com/')]) {
      site.double.faults.next(trouble);
      const error = await failure(signed());
      expect(error).to.be.instanceOf(StepError).and.to.include({ code: 'PAYPAL_CERTIFICATE_UNREACHABLE', retry: 'later' });
    }
    expect(site.double.faults.waiting).to.equal(0);
    expect(await codeOf(signed())).to.equal('accepted');
  });

  it('asks for no certificate anywhere but at the hosts of its environment', async () => {
    const good = 'https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1';
    const addresses = [
      good.replace('https', 'http'),
      good.replace('api.sandbox.paypal.com', 'api.paypal.com'),
      good.replace('paypal.com', 'paypal.com.example.org'),
      good.replace('api.sandbox', 'evil-api.sandbox'),
      good.replace('https://', 'https://user@'),
      good.replace('https://api.sandbox.paypal.com', 'https://example.org#https://api.sandbox.paypal.com'),
      good.replace('.com', '.com:8443'),
      good.replace('/CERT-1', '/../../../v2/checkout/orders'),
      `${good}?x=1`,
      `${good}/more`,
      'https://api.sandbox.paypal.com\\@example.org/v1/notifications/certs/CERT-1',
    ];
    for (const address of addresses) {
      const { headers } = signed();
      expect(await codeOf({ body, headers: { ...headers, 'paypal-cert-url': address } }), address).to.match(
        /^(PAYPAL_CERTIFICATE_ADDRESS|SIGNATURE_MALFORMED)$/,
      );
    }
    expect(site.double.requests).to.have.length(0);
  });

  it('does not ask again and again for certificates that are not there', async () => {
    for (let index = 0; index < 3; index += 1) {
      expect(await codeOf(signed({ certificate: 'CERT-MADE-UP' }))).to.equal('PAYPAL_CERTIFICATE_UNTRUSTED');
    }
    expect(certificateCalls()).to.have.length(1);
  });

  it('takes no other algorithm', async () => {
    const { headers } = signed();
    for (const algorithm of ['SHA1withRSA', 'sha256withrsa', 'none']) {
      expect(await codeOf({ body, headers: { ...headers, 'paypal-auth-algo': algorithm } })).to.equal('SIGNATURE_MALFORMED');
    }
  });

  it('trusts no certificate that is expired, made out to others, signed by itself, too weak, or without its chain', async () => {
    const family = certificateFamily();
    const name = 'messageverificationcerts.paypal.com';
    const publish = (id: string, terms: CertificateTerms, chain = family.middle.pem) => {
      const { pem, key } = family.issue(terms);
      site.double.publish(id, pem + chain);
      return { certificate: id, key };
    };
    const self = issueCertificate({ name });
    site.double.publish('CERT-SELF', self.pem);
    const leaf = family.issue({ name });
    const below = issueCertificate({ name }, { name, key: leaf.key });
    site.double.publish('CERT-BELOW', below.pem + leaf.pem + family.middle.pem);
    const cases = {
      expired: publish('CERT-OLD', { name, until: new Date('2025-01-01T00:00:00Z') }),
      early: publish('CERT-NEW', { name, from: new Date('2048-01-01T00:00:00Z') }),
      other: publish('CERT-OTHER', { name: 'paypal.com.example.org' }),
      alternative: publish('CERT-ALT', { name, alternatives: ['example.org'] }),
      weak: publish('CERT-WEAK', { name, bits: 1024 }),
      chainless: publish('CERT-ALONE', { name }, ''),
      self: { certificate: 'CERT-SELF', key: self.key },
      'issued by what may not issue': { certificate: 'CERT-BELOW', key: below.key },
    };
    for (const [what, how] of Object.entries(cases))
      expect(await codeOf(signed(how)), what).to.match(/^(PAYPAL_CERTIFICATE_UNTRUSTED|SIGNATURE_MALFORMED)$/);
    expect(await codeOf(signed(publish('CERT-GOOD', { name })))).to.equal('accepted');
  });

  it("trusts Node's own roots where no others are named, so the double's certificate proves nothing to a real site", async () => {
    const real = await openPaypalSite({ roots: undefined as never });
    try {
      const verdict = await real.verify({ body, headers: real.double.sign(body) });
      expect(verdict).to.include({ kind: 'refused', code: 'PAYPAL_CERTIFICATE_UNTRUSTED' });
    } finally {
      await real.close();
    }
  });

  it('takes repetitions of three days, and nothing from the future', async () => {
    const daysAgo = (days: number) => signed({ at: new Date(Date.now() - days * 86_400_000) });
    expect(await codeOf(daysAgo(3))).to.equal('accepted');
    expect(await codeOf(daysAgo(5))).to.equal('SIGNATURE_STALE');
    expect(await codeOf(daysAgo(-0.01))).to.equal('SIGNATURE_STALE');
  });

  it('knows several webhooks, while one is being replaced', async () => {
    const both = await openPaypalSite({ webhookIds: ['OLDWEBHOOKID', '8PT597110X687430LKGECATA'] });
    try {
      expect((await both.verify({ body, headers: both.double.sign(body) })).kind).to.equal('accepted');
      expect((await both.verify({ body, headers: both.double.sign(body, { webhookId: 'OLDWEBHOOKID' }) })).kind).to.equal(
        'accepted',
      );
    } finally {
      await both.close();
    }
  });

  describe('by asking PayPal', () => {
    let asking: PaypalSite;
    beforeEach(async () => (asking = await openPaypalSite({ verification: 'postback' })));
    afterEach(() => asking.close());

    it('sends the delivered bytes, which parsing and writing would change', async () => {
      const odd = body.replace('{"id":"C1"}', '{"id":"C1","n":1.0,"o":{},"u":"\\u00e9/é"}');
      expect((await asking.verify({ body: odd, headers: asking.double.sign(odd) })).kind).to.equal('accepted');
      const request = asking.double.requests.find(({ path }) => path.endsWith('/verify-webhook-signature'));
      expect(request?.text).to.contain(`"webhook_event":${odd}}`);
    });

    it('asks about nothing that could close the member it stands in', async () => {
      const injected = `${body},"webhook_id":"EVIL"`;
      const verdict = await asking.verify({ body: injected, headers: asking.double.sign(injected) });
      expect(verdict).to.include({ kind: 'refused', code: 'MALFORMED' });
      expect(asking.double.requests).to.have.length(0);
    });

    it('puts a callback off when PayPal cannot say, and refuses it when PayPal says no', async () => {
      const sent = { body, headers: asking.double.sign(body) };
      asking.double.faults.next(fault.status(500), { path: /verify/ });
      expect(await asking.verify(sent).catch((error: unknown) => error)).to.include({ code: 'PAYPAL_DOWN', retry: 'later' });
      const forged = { body: body.replace('C1', 'C2'), headers: sent.headers };
      expect(await asking.verify(forged)).to.include({ kind: 'refused', code: 'SIGNATURE_MISMATCH' });
    });
  });
});
