import type { Configuration } from '../config/configuration.ts';
import { splitAction } from '../contract/plan.ts';
import { table } from './table.ts';

/** A good configuration in words: what is sold, what carries it out, what to enter at the gateways. */
export function describeShop(shop: Configuration): string[] {
  const { folder, version, site, products, gateways, accounts, warnings } = shop;
  const rows = [...products.values()].map(({ sku, title, price, grants }) => [
    sku,
    title,
    [price].flat().join(' or '),
    Object.values(grants)
      .map(({ action }) => action)
      .join(', '),
  ]);
  return [
    `The configuration in ${folder} is good: mode ${site.mode}, version ${version}.`,
    ...section(`Products (${products.size})`, rows),
    ...section(
      `Connectors (${accounts.size})`,
      [...accounts.values()].map(({ name, connector }) => [name, connector.summary, usersOf(name, shop)]),
    ),
    ...section(
      `Gateways (${gateways.size}), and the callback address to enter at each`,
      [...gateways.values()].map(({ name, gateway }) => [name, callbackAddress(name, shop), gateway.summary]),
    ),
    ...(warnings.length === 0 ? [] : ['', 'Seldom meant']),
    ...warnings.flatMap(({ file, path, message }) => [`  ${path === '' ? file : `${file}  ${path}`}`, `    ${message}`]),
  ];
}

export function shopForMachines(shop: Configuration) {
  const { folder, version, site, products, gateways, accounts, warnings } = shop;
  return {
    folder,
    version,
    mode: site.mode,
    baseUrl: site.baseUrl,
    products: [...products.values()].map(({ sku, title, price, grants }) => ({
      sku,
      title,
      prices: [price].flat(),
      actions: Object.values(grants).map(({ action }) => action),
    })),
    connectors: [...accounts.values()].map(({ name, connector }) => ({
      name,
      connector: connector.name,
      skus: skusOf(name, shop),
    })),
    gateways: [...gateways.values()].map(({ name, gateway }) => ({
      name,
      gateway: gateway.name,
      callbackAddress: callbackAddress(name, shop),
    })),
    warnings,
  };
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return ['', title, ...(rows.length === 0 ? ['  none'] : table(rows, { indent: '  ' }))];
}

function callbackAddress(gateway: string, { site }: Configuration): string {
  return `${site.baseUrl}/callbacks/${gateway}`;
}

function usersOf(account: string, shop: Configuration): string {
  const { length } = skusOf(account, shop);
  return length === 0 ? 'no product uses it' : `${length} ${length === 1 ? 'product uses' : 'products use'} it`;
}

function skusOf(account: string, { products }: Configuration): string[] {
  return [...products.values()]
    .filter(({ grants }) => Object.values(grants).some(({ action }) => splitAction(action).account === account))
    .map(({ sku }) => sku);
}
