import { helpLine } from '../presentation/help-line.ts';
import type { SiteTexts } from '../presentation/config-shapes.ts';
import type { OrderView, Price } from '../presentation/order-view.ts';

/**
 * The order page for programs: what the page shows to whoever holds its link, keys included. Fields are only ever added.
 */
export function toJson(view: OrderView, site: SiteTexts): object {
  return {
    order: view.number,
    url: view.url,
    outcome: view.outcome,
    status: view.status,
    mode: view.mode,
    createdAt: view.createdAt,
    ...(view.total && { total: sum(view.total) }),
    ...(view.shipping && { shipping: sum(view.shipping) }),
    ...(view.refunded && { refunded: sum(view.refunded) }),
    buyer: { name: view.buyer.name, email: view.buyer.email },
    items: view.items.map((item) => ({
      line: item.line,
      sku: item.sku,
      title: item.title,
      quantity: item.quantity,
      state: item.state,
      total: sum(item.total),
      ...(item.holders.length > 0 && {
        holders: item.holders.map(({ unit, state, holder, changes, claimUrl }) => ({
          unit,
          state,
          turn: changes,
          ...(holder && { name: holder.name, email: holder.email }),
          ...(claimUrl !== undefined && { claimUrl }),
        })),
      }),
      grants: item.grants.map(({ name, title, state, units, outputs }) => ({
        name,
        ...(title !== undefined && { title }),
        state,
        units,
        outputs: Object.fromEntries(
          outputs.filter(({ values }) => values.length > 0).map(({ name: output, kind, values }) => [output, { kind, values }]),
        ),
      })),
    })),
    mail: view.mail,
    ...(view.toPay && {
      toPay: { title: view.toPay.title, rows: view.toPay.rows.map(({ label, value }) => ({ label, value })) },
    }),
    ...(view.resumeUrl !== undefined && { resumeUrl: view.resumeUrl }),
    ...(helpLine(site) && { support: site.site.support }),
  };
}

function sum({ amount, currency, text }: Price): object {
  return { amount, currency, text };
}
