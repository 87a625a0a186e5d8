import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import { loadConfiguration } from '../../src/config/index.ts';
import { builtInConnectors } from '../../src/wiring/built-in-connectors.ts';
import type { Connector } from '../../src/contract/connector.ts';
import { builtInGateways } from '../../src/gateways/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const published = JSON.parse(readFileSync(`${root}config.schema.json`, 'utf8')) as object;
const shops = globSync('examples/**/handover.json', { cwd: root, exclude: ['**/node_modules/**'] })
  .map(dirname)
  .sort();

/** The environment an example asks for, with made-up secrets. */
function environmentOf(folder: string): Record<string, string> {
  const texts = globSync(['handover.json', 'products/*.json'], { cwd: folder }).map((file) =>
    readFileSync(`${folder}/${file}`, 'utf8'),
  );
  const names = texts.flatMap((text) => [...text.matchAll(/\{\s*"env":\s*"(\w+)"\s*\}/g)].map(([, name = '']) => name));
  return Object.fromEntries(names.map((name) => [name, `made-up-${name}-0123456789abcdef0123456789abcdef`]));
}

/** Those a site hands in beside the built-in ones, where it has any. */
async function ownConnectors(shop: string): Promise<readonly Connector<never>[]> {
  const file = new URL(`../../${dirname(shop)}/connectors.ts`, import.meta.url);
  if (!existsSync(file)) return [];
  return ((await import(file.href)) as { connectors: readonly Connector<never>[] }).connectors;
}

describe('the examples', () => {
  it('are there', () => expect(shops).not.to.deep.equal([]));

  for (const shop of shops) {
    it(`hold a configuration that is taken up: ${shop}`, async () => {
      const folder = `${root}${shop}`;
      const loaded = loadConfiguration(folder, {
        gateways: builtInGateways,
        connectors: [...builtInConnectors, ...(await ownConnectors(shop))],
        env: environmentOf(folder),
      });
      expect(loaded.products.size).to.be.greaterThan(0);
    });

    it(`hold files that an editor takes for right: ${shop}`, () => {
      const ajv = new Ajv({ strict: false, validateFormats: false });
      const validate = ajv.compile(published);
      for (const file of globSync([`${shop}/handover.json`, `${shop}/products/*.json`], { cwd: root })) {
        const isRight = validate(JSON.parse(readFileSync(`${root}${file}`, 'utf8')));
        expect(isRight, `${file}: ${ajv.errorsText(validate.errors)}`).to.equal(true);
      }
    });
  }
});
