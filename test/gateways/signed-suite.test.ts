import { signed } from '../../src/gateways/index.ts';
import type { SignedOptions } from '../../src/gateways/signed/options.ts';
import { gatewaySuite } from '../../src/testing/suites/gateway-suite.ts';
import { samples } from './signed-samples.ts';

for (const [name, { options, sign, proof, isStamped, paid, again, unknown, purchase, payment = purchase }] of Object.entries(
  samples,
)) {
  const body = JSON.stringify(paid);
  gatewaySuite<SignedOptions>(`signed, ${name}`, {
    gateway: signed,
    options,
    otherAccount: { ...options, secrets: ['the secret of another account', 'whsec_b3RoZXIgYWNjb3VudCdzIHNlY3JldA=='] },
    proof: { headers: proof },
    ...(isStamped && { toleranceSeconds: 300 }),
    genuine: () => sign(body),
    resign: sign,
    ...(again && { again: () => sign(JSON.stringify(again)) }),
    ...(unknown && { unknownType: () => sign(JSON.stringify(unknown)) }),
    replies: { accepted: { status: 200 }, ignored: { status: 200 }, refused: { status: 400 } },
    expected: { purchase, payment, mode: 'live', at: '2026-01-02T03:04:05.000Z' },
    name: 'shop',
  });
}
