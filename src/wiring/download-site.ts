import type { App } from '../app.ts';
import type { Grant } from '../contract/order.ts';
import { offerFile } from '../fulfilment/make-link.ts';
import type { DownloadHost } from '../http/downloads.ts';
import type { OrderRecord } from '../storage/store.ts';

/** What the routes for files need of the app. */
export function createDownloadSite(app: App): DownloadHost['files'] {
  return {
    readToken: (token) => app.edition().links.readFile(token),
    offer: (record, grantId, version) => offerFile(record, grantId, version, app.actionParts()),
    async mailNewLink(record, grant) {
      if (!app.configuration().site.mail || record.order.buyer.email === undefined) return undefined;
      await app.store.addSteps([newLinkMail(record, grant, app.now())]);
      app.runner.wake();
      return 'mailed';
    },
  };
}

/** The order's mail once more, with links made when it is sent; once a day for each line, however often somebody asks. */
function newLinkMail({ order }: OrderRecord, { line }: Grant, now: Date): Parameters<App['store']['addSteps']>[0][number] {
  return {
    key: `${order.id}/mail/newLink/${line}/${now.toISOString().slice(0, 10)}`,
    orderId: order.id,
    verb: 'mail',
    action: 'paid',
    account: 'mail',
    input: { kind: 'buyer', outcome: 'paid', lines: [line] },
    after: [],
    configVersion: order.configVersion,
  };
}
