import type { Action, ActionContext, KeyPools } from 'handover/contract';
import { createTestPro } from '../../connectors/test-pro/index.ts';
import type { IssuedKey, IssueKeyInput, OwnSource, TestProOptions } from '../../connectors/test-pro/index.ts';
import type { SourceSettings } from '../../connectors/test-pro/options.ts';
import { testContext, testLine, testOrder } from '../../src/testing/action-context.ts';

export type IssueKey = Action<IssueKeyInput, IssuedKey, TestProOptions>;

/** The action under test. */
export function issueKeyOf(own: OwnSource = {}): IssueKey {
  return createTestPro(own).actions['issueKey'] as unknown as IssueKey;
}

export interface Scene {
  readonly sources: Readonly<Record<string, SourceSettings>>;
  readonly unit?: number;
  readonly quantity?: number;
  readonly generation?: number;
  readonly verb?: 'grant' | 'revoke';
  readonly metadata?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly stock?: Stock;
}

/** A key pool in memory that keeps the contract's promises. */
export class Stock implements KeyPools {
  readonly revoked: string[] = [];
  readonly #free: string[];
  readonly #held = new Map<string, string>();

  constructor(...keys: string[]) {
    this.#free = keys;
  }

  add(...keys: string[]): void {
    this.#free.push(...keys);
  }

  async take(pool: string, holder: string): Promise<string | undefined> {
    const name = `${pool} ${holder}`;
    const key = this.#held.get(name) ?? this.#free.shift();
    if (key !== undefined) this.#held.set(name, key);
    return key;
  }

  async left(): Promise<number> {
    return this.#free.length;
  }

  async revoke(pool: string, holder: string): Promise<boolean> {
    const key = this.#held.get(`${pool} ${holder}`);
    if (key === undefined) return false;
    this.#held.delete(`${pool} ${holder}`);
    this.revoked.push(key);
    return true;
  }
}

/** One attempt of a step: two calls with the same scene are two attempts. */
export function contextOf(scene: Scene): ActionContext<TestProOptions> {
  const { sources, unit = 1, quantity = 1, generation = 1, verb = 'grant', metadata = {}, stock = new Stock() } = scene;
  const line = testLine({ sku: 'TPD-7', title: 'Fire safety', quantity });
  const grantId = `K3M9-2QXT-7BHD/1/${unit}/key`;
  return testContext({
    options: { sources },
    order: testOrder({ id: 'K3M9-2QXT-7BHD', lines: [line], metadata }),
    unit,
    grantId,
    stepKey: `${grantId}/${verb}/${generation}`,
    since: new Date('2026-05-01T23:30:00Z'),
    keys: stock,
    ...(scene.signal && { signal: scene.signal }),
  });
}
