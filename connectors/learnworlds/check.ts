import { bad, type CheckContext, type Finding, good, tell, textOf } from 'handover/contract';
import { createClient, type Client } from './client.ts';
import { isSafeAddress, settingsOf, type LearnWorldsOptions } from './options.ts';
import { findProduct, productTypes, type Product } from './product.ts';

/** Address, credentials, the right to read users, and each product that products name. Changes nothing. */
export async function checkAccount(context: CheckContext<LearnWorldsOptions>): Promise<Finding[]> {
  const settings = settingsOf(context.options);
  if (!isSafeAddress(settings)) return [bad('"schoolUrl" is not an https address.', 'Give the address of the school.')];
  const client = createClient(context);
  const reached = await tell(async () => {
    await client.row({ what: 'list users', writes: false, method: 'GET', path: '/v2/users' });
    return good(`LearnWorlds at ${new URL(settings.schoolUrl).host} answers and gives us its users.`);
  });
  if (!reached.ok) return [reached];
  const named = context.used.map(({ input, sku }) => ({ product: productOf(input), sku }));
  const findings = [reached];
  for (const uses of Map.groupBy(named, ({ product }) => `${product.type} ${product.id}`).values()) {
    const skus = [...new Set(uses.map(({ sku }) => sku))].join(', ');
    for (const { product } of uses.slice(0, 1)) findings.push(await tell(() => checkProduct(client, product, skus)));
  }
  return findings;
}

function productOf(input: Readonly<Record<string, unknown>>): Product {
  return { id: textOf(input['product']), type: productTypes.find((type) => type === input['type']) ?? 'course' };
}

async function checkProduct(client: Client, product: Product, skus: string): Promise<Finding> {
  const { id, type } = product;
  if (id.includes('{{')) return good(`${skus}: ${type} "${id}" depends on the order and is looked up then.`);
  const found = await findProduct(client, product);
  if (found) return good(`${skus}: ${type} "${id}" is there: ${textOf(found['title'])}.`);
  return bad(`There is no ${type} "${id}", which ${skus} names.`, 'Correct "with.product" or "with.type" in the product file.');
}
