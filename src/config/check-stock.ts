import { isContent, siteFile, type Content, type Files } from './read-files.ts';
import type { Report } from './resolve.ts';

/** Products that share a pool must say the same of it. Copes with refused content. */
export function checkStock(files: Files, reportIn: (file: string) => Report): void {
  const pools = new Map<string, { readonly file: string; readonly capacity: unknown }>();
  for (const [file, content] of files) {
    if (file === siteFile) continue;
    checkSale(content, reportIn(file));
    const { stock, sku } = content;
    if (!isContent(stock)) continue;
    const name = typeof stock['pool'] === 'string' ? stock['pool'] : String(sku);
    const first = pools.get(name);
    if (!first) pools.set(name, { file, capacity: stock['capacity'] });
    else if (first.capacity !== stock['capacity'])
      reportIn(file)(
        ['stock', 'capacity'],
        `${first.file} says another capacity (${String(first.capacity)}) of the pool "${name}". Write the same number in both.`,
      );
  }
}

function checkSale({ sale }: Content, report: Report): void {
  if (!isContent(sale)) return;
  const { from, until } = sale;
  if (typeof from === 'string' && typeof until === 'string' && until < from)
    report(['sale', 'until'], `"until" is ${until} and "from" is ${from}, so it could never be bought. Correct one of them.`);
}
