import type { RequestHandler } from 'express';
import type { App } from '../app.ts';
import { makeLink } from '../fulfilment/make-link.ts';
import { createRouter } from '../http/mount.ts';
import { createCheckout } from './checkout.ts';
import { createRepeatLog } from '../http/repeat-log.ts';
import type { DownloadHost } from '../http/downloads.ts';
import type { SeatHost } from '../http/seats-host.ts';
import type { SpareHost } from '../http/spare-page.ts';
import { createSeatDesk } from './seat-desk.ts';
import { createDownloadSite } from './download-site.ts';
import type { Around } from '../monitoring/listener.ts';
import { showOrder } from './order-views.ts';
import { createPages, type Pages } from '../responses/pages.ts';
import { createSandboxSite } from './sandbox-site.ts';
import { viewsFolder } from './views-folder.ts';

/** The routes of a mounted Handover, joined to its parts. */
export function createAppRouter(app: App): RequestHandler {
  const sandbox = createSandboxSite(app);
  app.onClose(() => sandbox.close());
  const { heard } = app.monitoring;
  let pages: Pages | undefined;
  const host: DownloadHost & SpareHost & SeatHost = {
    store: app.store,
    now: app.now,
    log: app.log,
    ready: () => app.ready(),
    onClose: (listener) => app.onClose(listener),
    site: () => app.configuration().site,
    pages: () => (pages ??= createPages({ viewsFolder, shopFolder: app.configuration().folder, log: app.log })),
    links: () => app.edition().links,
    gateway: (name) => app.gateway(name),
    show: (record) => showOrder(record, { catalogues: app.catalogues, edition: () => app.edition(), sealer: app.sealer() }),
    openGrant: (record, grantId) => makeLink(record, grantId, app.actionParts()),
    files: createDownloadSite(app),
    seats: createSeatDesk(app),
    readClaim: (token) => app.edition().links.readClaim(token),
    readSpareToken: (token) => app.edition().links.readSpare(token),
    spare: (email) => app.store.spareAddress(app.sealer().fingerprint(email.toLowerCase())),
  };
  return createRouter({
    host,
    checkout: createCheckout(app),
    callbacks: {
      store: app.store,
      now: app.now,
      knows: (name) => app.configuration().gateways.has(name),
      gateway: (name) => app.gateway(name),
      ready: () => app.ready(),
      count: (callback, verdict) => {
        app.verdicts.count(callback, verdict);
        heard.verdict?.(callback.gateway, verdict);
      },
      failed: (gateway, code) => heard.failed?.(gateway, code),
      wake: () => app.runner.wake(),
      gate: app.intake,
      trouble: createRepeatLog(app.log),
    },
    activation: app.activation,
    sandbox: () => sandbox.handler(),
    watched: heard.callback && watchedIfKnown(heard.callback, app),
    health: () => app.monitoring.health(),
    metrics: app.monitoring.metrics,
  });
}

/** A name that is no gateway's comes from a stranger and may be anything: it names no span and no label. */
function watchedIfKnown(watched: Around<string>, app: App): Around<string> {
  return (gateway, work) => (app.configuration().gateways.has(gateway) ? watched(gateway, work) : work());
}
