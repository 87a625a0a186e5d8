import { expect } from 'chai';
import fc from 'fast-check';
import type { PaymentEvent } from '../../src/contract/event.ts';
import type { Callback, Cart, GatewayContext, Offer, Reply, Verdict } from '../../src/contract/gateway.ts';
import { signCart, webmoney } from '../../src/gateways/index.ts';
import type { WebmoneyOptions } from '../../src/gateways/webmoney/options.ts';
import { gatewaySuite } from '../../src/testing/suites/gateway-suite.ts';
import { callbackOf, contextFor } from './stripe-site.ts';
import { asked, bodyOf, cart, cartSecret, formType, hashed, notice, options, paid, type FormFields } from './webmoney-form.ts';

interface Terms {
  readonly options?: Partial<WebmoneyOptions>;
  readonly mode?: 'live' | 'test';
  readonly offer?: GatewayContext<WebmoneyOptions>['offer'];
}

/** One product, as its file has it. */
async function offerTs101(sku: string): Promise<Offer | undefined> {
  return sku === 'TS-101' ? { sku, title: 'TypeScript in a week', prices: [{ amount: 1999, currency: 'USD' }] } : undefined;
}

function contextOf({ options: changes = {}, mode = 'live', offer = offerTs101 }: Terms = {}) {
  return contextFor<WebmoneyOptions>({ ...options, ...changes }, { name: 'webmoney', mode, offer });
}

function callback(form: FormFields | string | Uint8Array): Callback {
  return callbackOf(typeof form === 'string' || form instanceof Uint8Array ? form : bodyOf(form), formType);
}

function verify(form: FormFields | string | Uint8Array, terms: Terms = {}): Verdict {
  return webmoney.verify(callback(form), contextOf(terms)) as Verdict;
}

function codeOf(verdict: Verdict): string {
  return verdict.kind === 'refused' ? verdict.code : verdict.kind;
}

/** What WebMoney gets to hear. */
async function answerTo(form: FormFields | string, terms: Terms = {}): Promise<Reply> {
  const verdict = verify(form, terms);
  return (await webmoney.reply?.(verdict, callback(form), contextOf(terms))) ?? { status: 400, body: codeOf(verdict) };
}

async function eventOf(form: FormFields, terms: Terms = {}): Promise<PaymentEvent> {
  const verdict = verify(form, terms);
  if (verdict.kind !== 'accepted') throw new Error(JSON.stringify(verdict));
  const reading = await webmoney.read({ ...callback(form), deliveryId: verdict.deliveryId, attempts: 1 }, contextOf(terms));
  if ('ignored' in reading) throw new Error(reading.ignored);
  return reading.events[0]!;
}

async function failureOf(form: FormFields, terms: Terms = {}): Promise<unknown> {
  return eventOf(form, terms).then(
    () => 'no error',
    (error: unknown) => (error as { code: unknown }).code,
  );
}

const signedFields = Object.keys(notice);

gatewaySuite<WebmoneyOptions>('webmoney', {
  gateway: webmoney,
  options,
  otherAccount: { ...options, secrets: ['the key of another purse'] },
  proof: { fields: ['LMI_HASH', 'LMI_HASH2'], signed: signedFields },
  genuine: () => ({ headers: formType, body: bodyOf(paid()) }),
  resign: (body, { secret: key } = {}) => {
    const fields = Object.fromEntries([...new URLSearchParams(String(body))].filter(([name]) => !name.startsWith('LMI_HASH')));
    return { headers: formType, body: bodyOf(hashed(fields, key === undefined ? {} : { key })) };
  },
  unknownType: () => ({ headers: formType, body: bodyOf(asked()) }),
  replies: { accepted: { status: 200, body: 'YES' }, ignored: { status: 200, body: 'YES' } },
  expected: {
    id: 'Z123456789012:913:completed',
    at: '2026-01-02T00:04:05.000Z',
    purchase: '1007',
    receiver: 'Z123456789012',
    mode: 'live',
    amount: { amount: 1999, currency: 'USD' },
    buyer: cart.buyer,
    language: 'ru',
    references: ['913', '711'],
  },
});

describe("proving WebMoney's notices", () => {
  const vectors = {
    hash2: '6D0A9E8E24F891D4B6E78D6D855E3DC3FD50780E543D0B9D4BF1FF7CBC72A4A2',
    hash2WithHold: '6EE978DCC49968BB95114E30DABACC385FA44E97615349AD235758507CB69169',
    sha256: '7F3DD2526EF63E75C39B70713376FA935B967EF2CD1F3C9B7C9C43225B700455',
    md5: '16D95F14FB76A56525CB31F02C332CC0',
  };

  it('agrees with the published test vectors', () => {
    expect(codeOf(verify({ ...notice, LMI_HASH2: vectors.hash2 }))).to.equal('accepted');
    expect(codeOf(verify({ ...notice, LMI_HOLD: '3', LMI_HASH2: vectors.hash2WithHold }))).to.equal('accepted');
    expect(codeOf(verify({ ...notice, LMI_HASH: vectors.sha256 }))).to.equal('accepted');
    expect(codeOf(verify({ ...notice, LMI_HASH: vectors.md5 }, { options: { proofs: ['md5'] } }))).to.equal('accepted');
  });

  it('takes a hash in small letters as well', () => {
    expect(codeOf(verify({ ...notice, LMI_HASH2: vectors.hash2.toLowerCase() }))).to.equal('accepted');
  });

  it('believes MD5 only where the configuration says so', () => {
    const form = { ...notice, LMI_HASH: vectors.md5 };
    expect(codeOf(verify(form))).to.equal('SIGNATURE_MALFORMED');
    expect(codeOf(verify(form, { options: { proofs: ['hash2', 'sha256', 'md5'] } }))).to.equal('accepted');
  });

  it('lets LMI_HASH2 decide alone where it was sent', () => {
    expect(codeOf(verify({ ...notice, LMI_HASH: vectors.sha256, LMI_HASH2: '0'.repeat(64) }))).to.equal('SIGNATURE_MISMATCH');
    expect(codeOf(verify({ ...notice, LMI_HASH: '0'.repeat(64), LMI_HASH2: vectors.hash2 }))).to.equal('accepted');
  });

  it('lets a shop insist on LMI_HASH2', () => {
    const onlySecond: Terms = { options: { proofs: ['hash2'] } };
    expect(codeOf(verify({ ...notice, LMI_HASH: vectors.sha256 }, onlySecond))).to.equal('SIGNATURE_MISSING');
    expect(codeOf(verify(paid(), onlySecond))).to.equal('accepted');
  });

  it('hashes the texts as they came: 19.9 is not 19.90', () => {
    const sent = hashed({ ...notice, LMI_PAYMENT_AMOUNT: '19.90' });
    expect(codeOf(verify(sent))).to.equal('accepted');
    expect(codeOf(verify({ ...sent, LMI_PAYMENT_AMOUNT: '19.9' }))).to.equal('SIGNATURE_MISMATCH');
  });

  it('accepts any of several secret keys, and nothing for an empty one', () => {
    expect(codeOf(verify(paid(), { options: { secrets: ['old key', ' wm-secret\n'] } }))).to.equal('accepted');
    for (const secrets of [[], [''], [' ']]) {
      expect(codeOf(verify(hashed(notice, { key: secrets[0] ?? '' }), { options: { secrets } }))).to.equal('SIGNATURE_MISMATCH');
    }
  });

  it('does not take the echoed secret key for a proof', () => {
    expect(codeOf(verify({ ...notice, LMI_SECRET_KEY: 'wm-secret' }))).to.equal('SIGNATURE_MISSING');
    expect(codeOf(verify({ ...notice, LMI_SECRET_KEY: 'wm-secret', LMI_HASH2: '0'.repeat(64) }))).to.equal('SIGNATURE_MISMATCH');
  });

  it('insists on the form of every field, since LMI_HASH does not say where one ends', () => {
    const wrong: FormFields[] = [
      { LMI_PAYEE_PURSE: '123456789012' },
      { LMI_PAYEE_PURSE: 'Z1234567890123' },
      { LMI_PAYMENT_AMOUNT: '19,99' },
      { LMI_PAYMENT_AMOUNT: '-19.99' },
      { LMI_PAYMENT_AMOUNT: '1e3' },
      { LMI_PAYMENT_NO: '1007a' },
      { LMI_PAYMENT_NO: '' },
      { LMI_MODE: '2' },
      { LMI_SYS_TRANS_NO: '9 13' },
      { LMI_SYS_TRANS_DATE: '2026-01-02 03:04:05' },
      { LMI_HOLD: 'x' },
    ];
    for (const change of wrong)
      expect(codeOf(verify(hashed({ ...notice, ...change }))), JSON.stringify(change)).to.equal('MALFORMED');
  });

  it('reads forms in windows-1251, raw or encoded, as well as in UTF-8', async () => {
    const fields = bodyOf(paid());
    const russian = Buffer.from([0xca, 0xf3, 0xf0, 0xf1]);
    const encoded = '%CA%F3%F0%F1';
    for (const body of [`${fields}&LMI_PAYMENT_DESC=${encoded}`, `LMI_PAYMENT_DESC=${encodeURIComponent('Курс')}&${fields}`]) {
      expect(codeOf(verify(body)), body.slice(-40)).to.equal('accepted');
    }
    expect(codeOf(verify(Buffer.concat([Buffer.from(`${fields}&LMI_PAYMENT_DESC=`), russian, Buffer.from('\r\n')])))).to.equal(
      'accepted',
    );
  });

  it('names a delivery after purse and transaction', () => {
    expect(verify(paid())).to.deep.equal({ kind: 'accepted', deliveryId: 'Z123456789012:913' });
    expect(verify(hashed({ ...notice, LMI_PAYEE_PURSE: 'z123456789012' }))).to.deep.equal({
      kind: 'accepted',
      deliveryId: 'Z123456789012:913',
    });
  });

  it('never throws on a form, whatever its fields hold', () => {
    const field = fc.oneof(
      fc.constantFrom(...signedFields, 'LMI_HASH', 'LMI_HASH2', 'LMI_PREREQUEST', 'HANDOVER_CART', 'LMI_HOLD'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(field, fc.oneof(fc.string(), fc.constantFrom(...Object.values(notice))))), (fields) => {
        expect(verify(new URLSearchParams(fields).toString()).kind).to.be.oneOf(['ignored', 'refused']);
      }),
      { numRuns: 300 },
    );
  });
});

describe("WebMoney's question before the payment", () => {
  const refusal = 'This order could not be checked. Please go back to the shop and begin again.';

  it('is answered YES for a cart that was signed over this number and this sum', async () => {
    expect(await answerTo(asked())).to.deep.include({ status: 200, body: 'YES' });
    expect((await answerTo(asked({ LMI_PAYMENT_AMOUNT: '19.990' }))).body).to.equal(refusal);
  });

  it('is answered with words for the buyer for anything else, and never counts as paid', async () => {
    const { fields } = signCart(cart, 'another secret of another shop');
    const cases: [Record<string, string | undefined>, string][] = [
      [{ HANDOVER_CART: undefined }, 'WEBMONEY_CART_MISSING'],
      [{ HANDOVER_CART: '' }, 'WEBMONEY_CART_MISSING'],
      [{ HANDOVER_CART: 'TS-101' }, 'WEBMONEY_CART_FORGED'],
      [{ HANDOVER_CART: fields.HANDOVER_CART }, 'WEBMONEY_CART_FORGED'],
      [{ LMI_PAYMENT_AMOUNT: '0.01' }, 'WEBMONEY_CART_MISMATCH'],
      [{ LMI_PAYMENT_AMOUNT: undefined }, 'WEBMONEY_CART_MISMATCH'],
      [{ LMI_PAYMENT_NO: '1008' }, 'WEBMONEY_CART_MISMATCH'],
      [{ LMI_PAYEE_PURSE: 'E123456789012' }, 'WEBMONEY_CART_MISMATCH'],
      [{ LMI_PAYEE_PURSE: 'Z999999999999' }, 'WEBMONEY_PURSE_UNKNOWN'],
      [{ LMI_PAYEE_PURSE: undefined }, 'WEBMONEY_PURSE_UNKNOWN'],
      [{ LMI_MODE: '1' }, 'WEBMONEY_MODE_MISMATCH'],
      [{ LMI_HOLD: '3' }, 'WEBMONEY_ON_HOLD'],
    ];
    for (const [change, code] of cases) {
      const form = asked(change);
      expect(codeOf(verify(form)), JSON.stringify(change)).to.equal(code);
      expect(await answerTo(form), JSON.stringify(change)).to.deep.include({ status: 200, body: refusal });
    }
  });

  it('is not taken for a notice, even with a right hash', () => {
    for (const value of ['1', '0', '']) expect(codeOf(verify({ ...paid(), LMI_PREREQUEST: value }))).to.equal('ignored');
  });

  it('may be asked about a held payment, where those are accepted', async () => {
    expect((await answerTo(asked({ LMI_HOLD: '3' }), { options: { holds: 'accept' } })).body).to.equal('YES');
  });

  it('is answered in the words of the shop', async () => {
    const terms: Terms = { options: { refusal: 'Заказ не прошёл проверку.' } };
    expect((await answerTo(asked({ LMI_PAYMENT_NO: '1' }), terms)).body).to.equal('Заказ не прошёл проверку.');
  });

  it('is a probe when it has no fields, by POST or GET, and gets its answer', async () => {
    expect(codeOf(verify(''))).to.equal('ignored');
    expect(codeOf(webmoney.verify({ ...callback(''), method: 'GET' }, contextOf()) as Verdict)).to.equal('ignored');
    expect(await answerTo('')).to.deep.include({ status: 200, body: 'YES' });
  });

  it('is answered YES only for what is sold at that price, as long as there is some of it', async () => {
    const seen: [string, number][] = [];
    const sell = (offered: Partial<Offer> | undefined): Terms => ({
      offer: async (sku, quantity) => {
        seen.push([sku, quantity]);
        return offered && { sku, title: sku, prices: [{ amount: 1999, currency: 'USD' }], ...offered };
      },
    });
    expect((await answerTo(asked(), sell({}))).body).to.equal('YES');
    expect((await answerTo(asked(), sell(undefined))).body).to.equal(refusal);
    expect((await answerTo(asked(), sell({ prices: [{ amount: 2999, currency: 'USD' }] }))).body).to.equal(refusal);
    expect((await answerTo(asked(), sell({ prices: [{ amount: 1999, currency: 'EUR' }] }))).body).to.equal(refusal);
    expect((await answerTo(asked(), sell({ soldOut: 'All keys are sold.' }))).body).to.equal('All keys are sold.');
    expect(seen[0]).to.deep.equal(['TS-101', 1]);
    const two = { ...cart, items: [cart.items[0]!, { ...cart.items[0]!, quantity: 2 }] };
    await answerTo(asked({}, two), sell({}));
    expect(seen.at(-1)).to.deep.equal(['TS-101', 3]);
  });

  it('is answered with no while price and stock cannot be looked up', async () => {
    expect((await answerTo(asked(), { offer: () => Promise.reject(new Error('no store')) })).body).to.equal(refusal);
  });

  it('leaves the refusal of a forged notice to Handover', async () => {
    expect(await answerTo({ ...paid(), LMI_HASH2: '0'.repeat(64) })).to.deep.equal({ status: 400, body: 'SIGNATURE_MISMATCH' });
  });
});

describe("what WebMoney's notices mean", () => {
  it('takes what was bought from the signed cart', async () => {
    const goods = {
      ...cart,
      items: [
        { sku: 'TS-101', price: '9.99 USD', quantity: 2 },
        { sku: 'TP-7', price: '0.01 USD' },
      ],
    };
    const event = await eventOf(paid({}, goods));
    const usd = (amount: number) => ({ amount, currency: 'USD' });
    expect(event.lines).to.deep.equal([
      { sku: 'TS-101', title: 'TS-101', quantity: 2, subtotal: usd(1998), total: usd(1998) },
      { sku: 'TP-7', title: 'TP-7', quantity: 1, subtotal: usd(1), total: usd(1) },
    ]);
    expect(event.amount).to.deep.equal(usd(1999));
  });

  it('believes no cart that we did not sign, or signed for another payment', async () => {
    const other = signCart({ ...cart, number: '2000' }, cartSecret).fields.HANDOVER_CART;
    const forged = signCart(cart, 'another secret of another shop').fields.HANDOVER_CART;
    for (const HANDOVER_CART of ['', 'TS-101', other, forged]) {
      const event = await eventOf(paid({ HANDOVER_CART }));
      expect(event).to.not.have.any.keys('lines', 'buyer');
      expect(event.amount).to.deep.equal({ amount: 1999, currency: 'USD' });
    }
  });

  it('tells what was paid, not what should have been', async () => {
    const event = await eventOf(paid({ LMI_PAYMENT_AMOUNT: '1.00' }));
    expect(event.amount?.amount).to.equal(100);
    expect(event.lines?.[0]?.total.amount).to.equal(1999);
  });

  it('knows test payments by LMI_MODE', async () => {
    expect((await eventOf(paid({ LMI_MODE: '1' }))).mode).to.equal('test');
  });

  it('knows the currency by the letter of the purse', async () => {
    expect((await eventOf(paid({ LMI_PAYEE_PURSE: 'E123456789012' }))).amount?.currency).to.equal('EUR');
    const terms: Terms = { options: { purses: ['X123456789012'], currencies: { X: 'EUR' } } };
    expect((await eventOf(paid({ LMI_PAYEE_PURSE: 'X123456789012', LMI_PAYMENT_AMOUNT: '5' }), terms)).amount).to.deep.equal({
      amount: 500,
      currency: 'EUR',
    });
    expect(await failureOf(paid({ LMI_PAYEE_PURSE: 'X123456789012' }), { options: { purses: ['X123456789012'] } })).to.equal(
      'WEBMONEY_CURRENCY_UNKNOWN',
    );
  });

  it('reads the time in the zone that is set', async () => {
    expect((await eventOf(paid(), { options: { utcOffset: '+00:00' } })).at).to.equal('2026-01-02T03:04:05.000Z');
    expect(await failureOf(paid({ LMI_SYS_TRANS_DATE: '20261342 03:04:05' }))).to.equal('WEBMONEY_DATE_UNREADABLE');
  });

  it('parks what a person has to look at, so that nothing paid is lost', async () => {
    expect(await failureOf(paid({ LMI_PAYEE_PURSE: 'Z999999999999' }))).to.equal('WEBMONEY_PURSE_UNKNOWN');
    expect(await failureOf(paid({ LMI_HOLD: '3' }))).to.equal('WEBMONEY_ON_HOLD');
    expect(await failureOf(paid({ LMI_PAYMENT_AMOUNT: '19.999' }))).to.equal('WEBMONEY_AMOUNT_UNREADABLE');
    expect((await eventOf(paid({ LMI_HOLD: '3' }), { options: { holds: 'accept' } })).kind).to.equal('payment.completed');
    expect((await eventOf(paid({ LMI_HOLD: '' }))).kind).to.equal('payment.completed');
    expect((await eventOf(paid({ LMI_PAYMENT_AMOUNT: '19.9900' }))).amount?.amount).to.equal(1999);
  });
});

describe('signing a cart for WebMoney', () => {
  const codeFor = (changes: object, secret = cartSecret): unknown => {
    try {
      signCart({ ...cart, ...changes }, secret);
      return 'signed';
    } catch (error) {
      return (error as { code: unknown }).code;
    }
  };

  it('gives the fields of the form', () => {
    const { fields } = signCart({ ...cart, items: [{ sku: 'A', price: '10 EUR', quantity: 3 }] }, cartSecret);
    expect(fields).to.include({ LMI_PAYMENT_NO: '1007', LMI_PAYMENT_AMOUNT: '30.00' });
    expect(fields.HANDOVER_CART).to.match(/^[\w-]+\.[\w-]{43}$/);
  });

  it('refuses what could not be paid or delivered', () => {
    expect(codeFor({})).to.equal('signed');
    const wrong = [
      { number: 'A-1' },
      { number: '' },
      { items: [] },
      { items: [{ sku: '', price: '1 USD' }] },
      { items: [{ sku: 'A', price: '1,00 USD' }] },
      { items: [{ sku: 'A', price: '1 USD', quantity: 0 }] },
      {
        items: [
          { sku: 'A', price: '1 USD' },
          { sku: 'B', price: '1 EUR' },
        ],
      },
      { buyer: { email: '' } },
    ];
    for (const change of wrong) expect(codeFor(change), JSON.stringify(change)).to.equal('WEBMONEY_CART_INVALID');
    expect(codeFor({}, 'too short')).to.equal('WEBMONEY_CART_INVALID');
  });

  it('lets the returning buyer be shown the order, without naming anybody in the address', async () => {
    const { returnQuery, fields } = signCart(cart, cartSecret);
    const visit = (order: string) => webmoney.findReturn?.({ query: { order } }, contextOf());
    const order = new URLSearchParams(returnQuery).get('order') ?? '';
    expect(await visit(order)).to.deep.equal({ purchase: '1007' });
    expect(order).to.have.length.below(100);
    for (const forged of ['', '1007', '1007.', order.replace('1007', '1008'), `${order}.x`, fields.HANDOVER_CART]) {
      expect(await visit(forged), forged).to.equal(undefined);
    }
  });

  it('is not believed with a secret that is too short, and the self-check says so', async () => {
    const terms: Terms = { options: { cartSecrets: ['short'] } };
    expect(codeOf(verify(asked(), terms))).to.equal('WEBMONEY_CART_FORGED');
    expect((await webmoney.check?.(contextOf(terms)))?.[0]).to.include({ ok: false });
    expect((await webmoney.check?.(contextOf()))?.[0]).to.include({ ok: true });
  });
});

describe('beginning a payment at WebMoney', () => {
  const goods: Cart = {
    reference: 'cart-1',
    lines: [
      {
        sku: 'TS-101',
        title: 'Курс',
        quantity: 1,
        price: { amount: 1999, currency: 'USD' },
        learner: { email: 'grace@example.org' },
      },
    ],
    total: { amount: 1999, currency: 'USD' },
    buyer: { email: 'ada@example.org' },
    metadata: {},
    returnUrl: 'https://shop.example.org/shop/return/webmoney',
    cancelUrl: 'https://shop.example.org/cart',
    callbackUrl: 'https://shop.example.org/shop/callbacks/webmoney',
  };
  async function start(changes: Partial<Cart> = {}, terms: Terms = {}) {
    const started = await webmoney.checkout!({ ...goods, ...changes }, contextOf(terms));
    if (started.kind !== 'form') throw new Error(started.kind);
    return started;
  }

  it('gives a form that its own question lets pass, and whose notice is the order', async () => {
    const { action, fields, purchase } = await start();
    expect(action).to.equal('https://merchant.webmoney.com/lmi/payment_utf.asp');
    expect(Buffer.from(fields['LMI_PAYMENT_DESC_BASE64'] ?? '', 'base64').toString()).to.equal('Курс');
    expect((await answerTo({ LMI_PREREQUEST: '1', LMI_MODE: '0', ...fields })).body).to.equal('YES');
    const event = await eventOf(hashed({ ...notice, ...fields }));
    expect(event).to.deep.include({ purchase, buyer: { email: 'ada@example.org' }, amount: { amount: 1999, currency: 'USD' } });
    expect(event.lines?.[0]).to.deep.include({ sku: 'TS-101', learner: { email: 'grace@example.org' } });
  });

  it('brings the buyer back to the order, or to the shop', async () => {
    const { fields, purchase } = await start();
    const query = Object.fromEntries(new URL(fields['LMI_SUCCESS_URL'] ?? '').searchParams);
    expect(await webmoney.findReturn!({ query }, contextOf())).to.deep.equal({ purchase });
    expect(fields['LMI_FAIL_URL']).to.equal('https://shop.example.org/cart');
  });

  it('gives one cart one number, and takes the purse of the currency', async () => {
    expect((await start()).purchase)
      .to.equal((await start()).purchase)
      .and.match(/^\d{1,15}$/);
    expect((await start({ reference: 'cart-2' })).purchase).to.not.equal((await start()).purchase);
    const price = { amount: 1999, currency: 'EUR' };
    const euros = await start({ lines: [{ ...goods.lines[0]!, price }], total: price });
    expect(euros.fields['LMI_PAYEE_PURSE']).to.equal('E123456789012');
    const pounds = start({ total: { amount: 1999, currency: 'GBP' } });
    expect(
      await pounds.then(
        () => '',
        (error: unknown) => (error as { code: string }).code,
      ),
    ).to.equal('WEBMONEY_CURRENCY_UNKNOWN');
  });

  it('needs to know the buyer, and asks for a simulation in test mode only', async () => {
    expect(webmoney.needsBuyer).to.equal(true);
    const nobody = start({ buyer: {} });
    expect(
      await nobody.then(
        () => '',
        (error: unknown) => (error as { code: string }).code,
      ),
    ).to.equal('WEBMONEY_CART_INVALID');
    expect((await start({}, { mode: 'test' })).fields).to.include({ LMI_SIM_MODE: '0' });
    expect((await start()).fields).to.not.have.property('LMI_SIM_MODE');
  });
});
