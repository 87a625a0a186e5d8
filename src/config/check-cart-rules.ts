import { didYouMean } from './problems.ts';
import { isContent, type Content } from './read-files.ts';
import type { Report } from './resolve.ts';

/** Checks what a product's "cart" says against itself and against the SKUs there are. Copes with refused content. */
export function checkCartRules({ sku, cart }: Content, skus: readonly string[], report: Report): void {
  if (!isContent(cart)) return;
  const { min, max } = cart;
  if (typeof min === 'number' && typeof max === 'number' && min > max) {
    report(['cart', 'max'], `"max" is ${max} and "min" is ${min}, so it could never be bought. Correct one of them.`);
  }
  for (const rule of ['requires', 'excludes']) {
    const names = cart[rule];
    if (!Array.isArray(names)) continue;
    names.forEach((name: unknown, index) => {
      if (typeof name !== 'string') return;
      if (name === sku) report(['cart', rule, index], 'This is the product itself. Name another one.');
      else if (!skus.includes(name)) report(['cart', rule, index], `There is no product "${name}".${didYouMean(name, skus)}`);
    });
  }
}
