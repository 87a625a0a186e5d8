import type { RequestHandler } from 'express';
import type { App } from '../app.ts';
import { makeLink } from '../fulfilment/make-link.ts';
import { createRouter } from '../http/mount.ts';
import type { PageHost } from '../http/page-host.ts';
import { showOrder } from './order-views.ts';
import { createPages, type Pages } from '../responses/pages.ts';
import { createSandboxSite } from './sandbox-site.ts';
import { viewsFolder } from './views-folder.ts';

/** The routes of a mounted Handover, joined to its parts. */
export function createAppRouter(app: App): RequestHandler {
  const sandbox = createSandboxSite(app);
  app.onClose(() => sandbox.close());
  let pages: Pages | undefined;
  const host: PageHost = {
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
  };
  return createRouter({
    host,
    callbacks: {
      store: app.store,
      now: app.now,
      log: app.log,
      knows: (name) => app.configuration().gateways.has(name),
      gateway: (name) => app.gateway(name),
      ready: () => app.ready(),
      count: (callback, verdict) => app.verdicts.count(callback, verdict),
      wake: () => app.runner.wake(),
    },
    sandbox: () => sandbox.handler(),
  });
}
