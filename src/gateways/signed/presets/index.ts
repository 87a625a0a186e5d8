import type { Preset } from '../profile.ts';
import { adyen } from './adyen.ts';
import { fastspring } from './fastspring.ts';
import { hmac } from './hmac.ts';
import { lemonSqueezy } from './lemon-squeezy.ts';
import { paddle } from './paddle.ts';
import { polar } from './polar.ts';
import { razorpay } from './razorpay.ts';
import { shopify } from './shopify.ts';
import { square } from './square.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { woocommerce } from './woocommerce.ts';

export type PresetName =
  | 'standard-webhooks'
  | 'hmac'
  | 'adyen'
  | 'fastspring'
  | 'lemon-squeezy'
  | 'paddle'
  | 'polar'
  | 'razorpay'
  | 'shopify'
  | 'square'
  | 'woocommerce';

/** Senders we know something of. docs/gateways/signed.md says what each cannot tell. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  'standard-webhooks': standardWebhooks,
  hmac,
  adyen,
  fastspring,
  'lemon-squeezy': lemonSqueezy,
  paddle,
  polar,
  razorpay,
  shopify,
  square,
  woocommerce,
};
