import { existsSync } from 'node:fs';
import type { App } from '../app.ts';
import type { Configuration } from '../config/configuration.ts';
import { HandoverError } from '../contract/errors.ts';
import type { Sealer } from '../secrets/sealing.ts';
import type { Store } from '../storage/store.ts';
import { importOwnParts } from './own-modules.ts';
import type { Place } from './place.ts';
import type { Terminal } from './terminal.ts';

/*
 * Parts are imported when a command needs them: help must not load everything, and a command that only looks must work while
 * the configuration is wrong.
 */

/** The checked configuration, as a start of the site would read it. Throws `CONFIG_INVALID`. */
export async function loadShop({ config, modules }: Place): Promise<Configuration> {
  const [{ loadConfiguration }, { builtInGateways }, { builtInConnectors }, own] = await Promise.all([
    import('../config/index.ts'),
    import('../gateways/index.ts'),
    import('../wiring/built-in-connectors.ts'),
    importOwnParts(modules),
  ]);
  return loadConfiguration(config, {
    gateways: [...builtInGateways, ...own.gateways],
    connectors: [...builtInConnectors, ...own.connectors],
  });
}

/** The configuration if it can be had. For commands that say a little more with it and work without. */
export async function peekIntoShop(place: Place, terminal: Pick<Terminal, 'note'>): Promise<Configuration | undefined> {
  try {
    return await loadShop(place);
  } catch (error) {
    const code = error instanceof HandoverError ? error.code : 'UNEXPECTED_ERROR';
    terminal.note(`The configuration cannot be read (${code}); what depends on it is left out. See: npx handover check`);
    return undefined;
  }
}

/** A store that is open for as long as `work` takes. `mayCreate`: it need not exist yet. */
export async function withStore<T>(place: Place, work: (store: Store) => Promise<T>, { mayCreate = false } = {}): Promise<T> {
  if (!mayCreate) requireStore(place);
  const { openStore } = await import('../wiring/open-store.ts');
  const { store } = openStore(place.store);
  await store.open();
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Seals and opens as the site does: by the configured secret, else by the key file beside the store. */
export async function openSealer(place: Place, { site }: Configuration): Promise<Sealer> {
  const [{ openStore }, { createSealer }] = await Promise.all([
    import('../wiring/open-store.ts'),
    import('../secrets/sealing.ts'),
  ]);
  return createSealer(site.secret ?? [await openStore(place.store).secret()]);
}

/**
 * The whole site without its web pages and its runner, for as long as `work` takes. As at any start, orders whose product
 * files have appeared are taken up.
 */
export async function withApp<T>(place: Place, work: (app: App) => Promise<T>): Promise<T> {
  requireStore(place);
  const [{ createApp }, { createConsoleLog, silentLog }, own] = await Promise.all([
    import('../app.ts'),
    import('../outgoing/console-log.ts'),
    importOwnParts(place.modules),
  ]);
  const logger = process.env['HANDOVER_DEBUG'] === '1' ? createConsoleLog('debug') : silentLog;
  const app = createApp({ ...own, config: place.config, store: place.store, worker: false, watch: false, logger });
  try {
    await app.ready();
    return await work(app);
  } finally {
    await app.close();
  }
}

/** An empty store made by mistake would look like a shop that never sold anything. */
export function requireStore({ store }: Place): void {
  if (/^[a-z]+:/i.test(store) || existsSync(store)) return;
  const isHere = existsSync('handover.db') ? ' There is one here: --store handover.db.' : '';
  throw new HandoverError('STORE_MISSING', `There is no store at ${store}.`, {
    hint: `Give the path the site uses: --store PATH or HANDOVER_STORE.${isHere} The site makes the store at its first start.`,
  });
}
