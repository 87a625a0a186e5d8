import { createHmac } from 'node:crypto';

export const benchSecret = 'whsec_bench_secret';

/** A checkout event of about 2 KB, signed as Stripe signs, as a whole HTTP request. */
export function signedRequest(path: string, id: string, extra = ''): Buffer {
  const body = JSON.stringify({
    id: `evt_${id}`,
    object: 'event',
    type: 'checkout.session.completed',
    api_version: '2026-10-28.endive',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    data: {
      object: {
        id: `cs_test_${id}`,
        object: 'checkout.session',
        mode: 'payment',
        status: 'complete',
        payment_status: 'paid',
        amount_subtotal: 4900,
        amount_total: 4900,
        currency: 'eur',
        payment_intent: `pi_${id}`,
        customer_details: { email: `buyer-${id}@example.org`, name: 'Ada Byron' },
        metadata: { filler: 'x'.repeat(1400), extra },
      },
    },
  });
  const stamp = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', benchSecret).update(`${stamp}.${body}`).digest('hex');
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json; charset=utf-8',
    `Stripe-Signature: t=${stamp},v1=${signature}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}
