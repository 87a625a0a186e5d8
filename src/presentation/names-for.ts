import type { SiteTexts } from './config-shapes.ts';
import type { Names } from './fill-text.ts';
import type { ItemView, OrderView } from './order-view.ts';
import { listInWords } from './show-values.ts';

/** The names a text about these items may use. `{{product.title}}` of several items lists them. */
export function namesFor(view: OrderView, items: readonly ItemView[], { site }: SiteTexts): Names {
  const titles = [...new Set(items.map(({ title }) => title))];
  const learner = items[0]?.learner ?? view.buyer;
  const names = new Map([
    ['order.number', view.number],
    ['order.total', view.total?.text ?? ''],
    ['order.date', view.date],
    ['order.url', view.url],
    ['buyer.name', view.buyer.name],
    ['buyer.firstName', view.buyer.firstName],
    ['buyer.lastName', view.buyer.lastName],
    ['buyer.email', view.buyer.email],
    ['learner.name', learner.name],
    ['learner.firstName', learner.firstName],
    ['learner.lastName', learner.lastName],
    ['learner.email', learner.email],
    ['product.title', listInWords(titles)],
    ['product.sku', items.map(({ sku }) => sku).join(', ')],
    ['product.quantity', String(items.reduce((sum, { quantity }) => sum + quantity, 0))],
    ['product.description', items.length === 1 ? (items[0]?.description ?? '') : ''],
    ['site.name', site.name],
    ['site.url', site.url ?? ''],
    ['site.support', supportAddress(site.support)],
    ['reason', view.reason],
  ]);
  for (const { grants, metadata } of items) {
    for (const [key, value] of Object.entries(metadata)) names.set(`metadata.${key}`, value);
    for (const { name, outputs } of grants) {
      for (const output of outputs) names.set(`${name}.${output.name}`, output.values.join('\n'));
    }
  }
  return names;
}

/** `mailto:help@example.org` is written `help@example.org`. */
export function supportAddress(support: string | undefined): string {
  return (support ?? '').replace(/^mailto:/i, '').replace(/\?.*$/, (query) => (support?.startsWith('mailto:') ? '' : query));
}
