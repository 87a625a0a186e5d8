/** The gateways that come with the package. */
import type { Gateway } from '../contract/gateway.ts';
import { authorizeNet } from './authorize-net.ts';
import { free } from './free.ts';
import { hand } from './hand.ts';
import { mollie } from './mollie.ts';
import { offline } from './offline.ts';
import { paypalIpn } from './paypal-ipn.ts';
import { paypal } from './paypal.ts';
import { sandbox } from './sandbox.ts';
import { signed } from './signed.ts';
import { stripe } from './stripe.ts';
import { webmoney } from './webmoney.ts';

export { billed } from './own-lines.ts';
export { giftEvent, type Gift } from './hand.ts';
export { cancelEvent, refundEvents, type PayBack, type StaffWord } from './offline/ending.ts';
export type { OfflineOptions, StatementOptions } from './offline/options.ts';
export { decideReceipt, dueOf, openSum, type Receipt, type ReceiptDecision } from './offline/receipts.ts';
export { inGroups, referencesIn } from './offline/reference.ts';
export { createSandbox, type Sandbox, type SandboxOrder, type SandboxParts } from './sandbox/create-sandbox.ts';
export type { SandboxAct } from './sandbox/acts.ts';
export type { SandboxItem, SandboxProduct, SandboxSale } from './sandbox/sale.ts';
export { signCart, type SignedCart, type WebmoneyCart, type WebmoneyItem } from './webmoney/cart.ts';
export { mollieCallbackUrl } from './mollie/address.ts';
export { authorizeNet, mollie, paypal, paypalIpn, sandbox, signed, stripe, webmoney };

/** Options differ from gateway to gateway; the configuration has checked them by each gateway's schema. */
export const builtInGateways: readonly Gateway<never>[] = [
  stripe,
  paypal,
  paypalIpn,
  authorizeNet,
  mollie,
  webmoney,
  signed,
  sandbox,
  offline,
];

/** Gateways of ours that every site has, without an entry in handover.json. */
export const standingGateways: readonly Gateway[] = [free, hand];
