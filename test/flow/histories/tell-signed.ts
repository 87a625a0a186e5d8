import {
  adyenKey,
  adyenLogin,
  signAdyen,
  signPaddle,
  signPlain,
  signSquare,
  signStandard,
  squareUrl,
  textSecret,
  whsec,
  type Sign,
} from '../../gateways/signed-samples.ts';
import { adyenSale } from './signed-adyen.ts';
import { fastspringSale, shopifySale, woocommerceSale } from './signed-carts.ts';
import { paddleSale, polarSale } from './signed-contracts.ts';
import { lemonSqueezySale, razorpaySale, squareSale } from './signed-payments.ts';
import { standardSale } from './signed-standard.ts';
import { next, type Clock, type Goods, type Sale, type Teller } from './teller.ts';

/** What a preset's sender tells of a purchase: bodies, still to be signed. */
export type SaleOfBodies = { readonly [Name in keyof Sale]: (...given: Parameters<NonNullable<Sale[Name]>>) => object[] };

export type Bodies = (goods: Goods, now: Clock) => SaleOfBodies;

interface Sender {
  readonly sells: Bodies;
  readonly sign: Sign;
  readonly secret?: string;
  readonly more?: object;
  readonly names: Teller['names'];
}

const all: Teller['names'] = ['several', 'pieces'];

const senders: Readonly<Record<string, Sender>> = {
  'standard-webhooks': { sells: standardSale, sign: signStandard('webhook'), secret: whsec, names: all },
  paddle: { sells: paddleSale, sign: signPaddle, names: all },
  polar: {
    sells: polarSale,
    sign: signStandard('webhook', { isText: true, mine: 'polar_whs_demo' }),
    secret: 'polar_whs_demo',
    names: ['pieces'],
  },
  'lemon-squeezy': { sells: lemonSqueezySale, sign: signPlain('x-signature', 'hex'), names: ['pieces'] },
  razorpay: { sells: razorpaySale, sign: signPlain('x-razorpay-signature', 'hex'), names: ['pieces'] },
  shopify: { sells: shopifySale, sign: signPlain('x-shopify-hmac-sha256', 'base64'), names: all },
  woocommerce: { sells: woocommerceSale, sign: signPlain('x-wc-webhook-signature', 'base64'), names: all },
  fastspring: { sells: fastspringSale, sign: signPlain('x-fs-signature', 'base64'), names: all },
  square: { sells: squareSale, sign: signSquare, more: { signature: { url: squareUrl } }, names: [] },
  adyen: {
    sells: adyenSale,
    sign: (body) => signAdyen(JSON.parse(String(body)) as Parameters<typeof signAdyen>[0]),
    secret: adyenKey,
    more: { basicAuth: [{ env: 'ADYEN_LOGIN' }] },
    names: ['pieces'],
  },
};

/** Every preset that has fields, as its sender words and signs. */
export function tellSigned(now: Clock): Teller[] {
  return Object.entries(senders).map(([preset, { sells, sign, secret = textSecret, more, names }]): Teller => {
    const variable = `SECRET_OF_${preset.toUpperCase().replace('-', '_')}`;
    return {
      name: `signed, ${preset}`,
      settings: { [preset]: { use: 'signed', preset, secrets: [{ env: variable }], ...more } },
      env: { [variable]: secret, ADYEN_LOGIN: adyenLogin },
      names,
      sells(goods) {
        const bodies = sells(goods, now);
        const tell = (body: object) => {
          const id = `msg_history${next()}`;
          const text = JSON.stringify(body);
          const signed = () => sign(text, { at: now(), id });
          return { gateway: preset, body: String(signed().body), headers: () => signed().headers as Record<string, string> };
        };
        return Object.fromEntries(
          Object.entries(bodies).map(([name, make]) => [name, (cents: number) => make(cents).map(tell)]),
        ) as unknown as Sale;
      },
      close: () => Promise.resolve(),
    };
  });
}
