/** The gateways that come with the package. */
import type { Gateway } from '../contract/gateway.ts';
import { sandbox } from './sandbox.ts';
import { signed } from './signed.ts';
import { stripe } from './stripe.ts';
import { webmoney } from './webmoney.ts';

export { createSandbox, type Sandbox, type SandboxOrder, type SandboxParts } from './sandbox/create-sandbox.ts';
export type { SandboxAct } from './sandbox/acts.ts';
export type { SandboxItem, SandboxProduct, SandboxSale } from './sandbox/sale.ts';
export { signCart, type SignedCart, type WebmoneyCart, type WebmoneyItem } from './webmoney/cart.ts';
export { sandbox, signed, stripe, webmoney };

/** Options differ from gateway to gateway; the configuration has checked them by each gateway's schema. */
export const builtInGateways: readonly Gateway<never>[] = [stripe, webmoney, signed, sandbox];
