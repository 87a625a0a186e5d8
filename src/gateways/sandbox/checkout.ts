import { giveUp } from '../../contract/errors.ts';
import type { Cart, GatewayContext, Started } from '../../contract/gateway.ts';
import { billed } from '../own-lines.ts';
import { hmacSha256 } from '../signature.ts';
import { sealSale, type SandboxSale } from './sale.ts';

/** Leads to the sandbox's own payment page, with the cart sealed in its address. The same cart is the same payment. */
export async function startCheckout(
  cart: Cart,
  { options, name }: GatewayContext<{ readonly secret?: string }>,
): Promise<Started> {
  const secret = options.secret?.trim();
  if (!secret)
    throw giveUp('SANDBOX_SECRET_MISSING', 'The sandbox has no secret, so it cannot take a payment.', {
      hint: 'Start the site again.',
    });
  const payment = `sbx_${hmacSha256(secret, 'sandbox cart\n', cart.reference).toString('hex').slice(0, 24)}`;
  const sale: SandboxSale = {
    payment,
    lines: billed(cart),
    total: cart.total,
    metadata: cart.metadata,
    cancelUrl: cart.cancelUrl,
    ...(Object.keys(cart.buyer).length > 0 && { buyer: cart.buyer }),
    ...(cart.language !== undefined && { language: cart.language }),
  };
  const base = cart.callbackUrl.slice(0, -`/callbacks/${name}`.length);
  return { kind: 'redirect', purchase: payment, url: `${base}/sandbox/pay?sale=${sealSale(secret, sale)}` };
}
