import type { RequestHandler } from 'express';
import type { App } from '../app.ts';
import { parseMoney } from '../contract/money.ts';
import { createSandbox, type Sandbox } from '../gateways/index.ts';
import { createSandboxPages } from '../http/sandbox-pages.ts';
import { viewsFolder } from './views-folder.ts';

/** The sandbox's payment page of a site in test mode; made at the first visit, since its secret is known once the store is open. */
export function createSandboxSite(app: App): { handler(): RequestHandler | undefined; close(): void } {
  let made: { readonly secret: string; readonly sandbox: Sandbox; readonly handler: RequestHandler } | undefined;

  function make(name: string, secret: string): NonNullable<typeof made> {
    const sandbox = createSandbox({
      products: () => productsOf(app),
      secret,
      callbackUrl: () => `${app.configuration().site.baseUrl}/callbacks/${name}`,
      http: app.http,
      now: app.now,
      log: app.log,
    });
    const pages = createSandboxPages({ sandbox: sandbox, site: () => app.configuration().site, gateway: name, viewsFolder });
    return { secret, sandbox, handler: pages.handler };
  }

  return {
    handler() {
      const found = [...app.configuration().gateways.values()].find(({ gateway }) => gateway.name === 'sandbox');
      const options = found && (app.gateway(found.name)?.context.options as { secret?: string } | undefined);
      if (!found || options?.secret === undefined || app.configuration().site.mode !== 'test') return undefined;
      if (made?.secret !== options.secret) {
        made?.sandbox.close();
        made = make(found.name, options.secret);
      }
      return made.handler;
    },
    close: () => made?.sandbox.close(),
  };
}

/** What the sandbox sells, in the first currency of each product's price. */
function productsOf(app: App): ReturnType<Sandbox['products']> {
  const products = new Map<string, { title: string; price: NonNullable<ReturnType<typeof parseMoney>> }>();
  for (const { sku, title, price } of app.configuration().products.values()) {
    const money = parseMoney([price].flat()[0] ?? '');
    if (money) products.set(sku, { title, price: money });
  }
  return products;
}
