import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The minimal example with a secret of its own, so that its store may be anywhere. */
export function benchShop(): {
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
} {
  const config = mkdtempSync(join(tmpdir(), 'handover-bench-shop-'));
  cpSync(new URL('../../examples/minimal/shop', import.meta.url), config, { recursive: true });
  const file = join(config, 'handover.json');
  const site = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...site, secret: { env: 'HANDOVER_SECRET' } }));
  return {
    config,
    env: {
      STRIPE_WEBHOOK_SECRET: 'whsec_bench_secret',
      STRIPE_API_KEY: 'sk_test_bench',
      AXIS_LMS_API_KEY: 'bench',
      HANDOVER_SECRET: 'a secret of thirty-two characters, or more',
    },
    remove: () => rmSync(config, { recursive: true, force: true }),
  };
}
