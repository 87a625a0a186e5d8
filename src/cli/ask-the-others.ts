import { existsSync } from 'node:fs';
import { offerOf } from '../wiring/offer.ts';
import type { Configuration, ConnectorAccount, GatewayInstance } from '../config/configuration.ts';
import type { CheckContext, KeyPools } from '../contract/connector.ts';
import { HandoverError } from '../contract/errors.ts';
import type { Finding, GatewayContext } from '../contract/gateway.ts';
import type { OutcomeConfig } from '../config/types.ts';
import { splitAction } from '../contract/plan.ts';
import { withStore } from './open-shop.ts';
import type { Place } from './place.ts';

/** What one system's own check found. */
export interface Answers {
  readonly kind: 'gateway' | 'connector' | 'mail server';
  readonly name: string;
  readonly findings: readonly Finding[];
}

const patienceMs = 60_000;

/** Asks each gateway and connector by its own `check`, and signs in at the mail server. All at once; nobody waits for ever. */
export async function askTheOthers(shop: Configuration, place: Place): Promise<readonly Answers[]> {
  const { createHttpClient } = await import('../outgoing/axios-http.ts');
  const { silentLog } = await import('../outgoing/console-log.ts');
  const http = createHttpClient();
  const now = (): Date => new Date();
  const signal = AbortSignal.timeout(patienceMs);
  const gatewayContext = ({ name, options }: GatewayInstance): GatewayContext<unknown> => ({
    name,
    options,
    mode: shop.site.mode,
    now,
    http,
    log: silentLog,
    signal,
    offer: (sku) => Promise.resolve(offerOf(shop.products, sku)),
  });

  return withKeyPools(place, (keys) =>
    Promise.all([
      ...[...shop.gateways.values()].map(async (one): Promise<Answers> => {
        const findings = await ask(one.gateway.check && (() => one.gateway.check?.(gatewayContext(one))));
        return { kind: 'gateway', name: one.name, findings };
      }),
      ...[...shop.accounts.values()].map(async (one): Promise<Answers> => {
        const context: CheckContext<unknown> = { options: one.options, http, keys, now, used: usesOf(one, shop) };
        return {
          kind: 'connector',
          name: one.name,
          findings: await ask(one.connector.check && (() => one.connector.check?.(context))),
        };
      }),
      ...(shop.site.mail ? [askMailServer(shop.site.mail)] : []),
    ]),
  );
}

/** Every way a product uses the account: to give something, or because an outcome says so. */
function usesOf({ name }: ConnectorAccount, { products }: Configuration): CheckContext<unknown>['used'] {
  return [...products.values()].flatMap(({ sku, grants, outcomes }) =>
    [
      ...Object.values(grants),
      ...Object.values(outcomes as Record<string, OutcomeConfig>).flatMap(({ run }) => Object.values(run ?? {})),
    ]
      .filter(({ action }) => splitAction(action).account === name)
      .map(({ action, with: input }) => ({ action: action.slice(name.length + 1), input, sku })),
  );
}

async function askMailServer(settings: NonNullable<Configuration['site']['mail']>): Promise<Answers> {
  const { createMailer } = await import('../notifications/send-mail.ts');
  const mailer = createMailer(settings);
  try {
    return { kind: 'mail server', name: settings.smtp.host, findings: await ask(async () => [await mailer.verify()]) };
  } finally {
    mailer.close();
  }
}

/** A check that throws or never ends is a finding too. */
async function ask(question: (() => Promise<readonly Finding[]> | undefined) | undefined): Promise<readonly Finding[]> {
  if (!question) return [{ ok: true, message: 'It has no check of its own.' }];
  try {
    return (await inTime(question())) ?? [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ ok: false, message, ...(error instanceof HandoverError && error.hint !== undefined && { hint: error.hint }) }];
  }
}

async function inTime<T>(work: Promise<T> | undefined): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new HandoverError('CHECK_TIMED_OUT', `The check did not finish within ${patienceMs / 1000} s.`));
    }, patienceMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The stocks of the store; where there is none yet, all are empty. Looking takes and revokes nothing. */
async function withKeyPools<T>(place: Place, work: (keys: KeyPools) => Promise<T>): Promise<T> {
  const nothing = { take: () => Promise.resolve(undefined), revoke: () => Promise.resolve(false) };
  if (!existsSync(place.store)) return work({ ...nothing, left: () => Promise.resolve(0) });
  return withStore(place, (store) =>
    work({
      ...nothing,
      left: async (pool) => (await store.keyCounts()).find((each) => each.pool === pool)?.free ?? 0,
    }),
  );
}
