import { defineConnector } from 'handover/contract';
import type { Connector, KeyPoolSettings } from 'handover/contract';
import { check } from './check.ts';
import { issueKey } from './issue-key.ts';
import type { OwnSource } from './issue-key.ts';
import type { TestProOptions } from './options.ts';
import { optionsSchema } from './schema.ts';
import { poolName } from './sources.ts';

/**
 * Activation keys for Test Pro Developer packages, from an exchangeable source. No public description of the maker's own
 * activation interface is known; nothing here claims to be it. `generate` serves sources of the kind `function`.
 */
export function createTestPro(own: OwnSource = {}): Connector<TestProOptions> {
  return defineConnector<TestProOptions>({
    name: 'test-pro',
    aliases: ['testpro', 'test-pro-developer'],
    summary: 'Activation keys for Test Pro Developer packages',
    options: optionsSchema,
    actions: { issueKey: issueKey(own) },
    check: (context) => check(context, own.generate !== undefined),
    pools: keyPools,
  });
}

/** The connector as it comes, without a generator of the site's own. */
export const testPro = createTestPro();

/** Sources may share a pool; then the highest level warns. */
function keyPools({ sources }: TestProOptions): readonly KeyPoolSettings[] {
  const levels = new Map<string, number>();
  for (const [name, settings] of Object.entries(sources)) {
    if (settings.kind !== 'pool') continue;
    const pool = poolName(name, settings);
    levels.set(pool, Math.max(settings.lowStock ?? 10, levels.get(pool) ?? 0));
  }
  return [...levels].map(([name, lowStock]) => ({ name, lowStock }));
}

export { checkKey, keyedBytes, makeKey } from './pattern-key.ts';
export type { KeyShape } from './pattern-key.ts';
export { makeKeyPair, makeSignedKey } from './signed-key.ts';
export { verifySignedKey } from './verify-signed-key.ts';
export type { SignedKeyContents, VerifiedKey } from './verify-signed-key.ts';
export type { IssuedKey, OwnSource } from './issue-key.ts';
export type { IssueKeyInput, KeyRequest } from './key-request.ts';
export type { TestProOptions } from './options.ts';
export type { GenerateKey } from './sources.ts';
