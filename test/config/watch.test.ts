import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { watchConfiguration, type Configuration, type ConfigurationWatch, type WatchOptions } from '../../src/config/index.ts';
import { product, productContent, Shop, siteContent } from './shop.ts';

type News = { changed: Configuration } | { refused: unknown };

describe('a running site', () => {
  let shop: Shop;
  let watching: ConfigurationWatch | undefined;
  let news: News[];
  let heard: (() => void) | undefined;

  beforeEach(() => {
    shop = new Shop();
    news = [];
  });
  afterEach(() => {
    watching?.close();
    shop.remove();
  });

  const tell = (one: News): void => {
    news.push(one);
    heard?.();
  };
  const watchShop = (options: Partial<WatchOptions> = {}): void => {
    const told = { onChange: (changed: Configuration) => tell({ changed }), onRefused: (refused: unknown) => tell({ refused }) };
    watching = watchConfiguration(shop.folder, () => shop.load(), { ...told, intervalMs: 20, ...options });
  };
  /** The next thing the site is told; what came before it is forgotten. A referenced timer keeps the process waiting for it. */
  const next = async (): Promise<News> => {
    const waiting = setInterval(() => undefined, 1000);
    while (news.length === 0) await new Promise<void>((resolve) => (heard = resolve));
    clearInterval(waiting);
    return news.shift()!;
  };
  const changed = (one: News): Configuration => {
    if ('changed' in one) return one.changed;
    throw one.refused;
  };

  it('takes a corrected file up without a restart', async () => {
    watchShop();
    shop.write('products/TS-101.json', product('title', 'A new title'));
    expect(changed(await next()).products.get('TS-101')?.title).to.equal('A new title');
  });

  it('takes up a new product, and one that was taken away', async () => {
    watchShop();
    shop.write('products/new.json', { ...productContent(), sku: 'NEW' });
    expect(changed(await next()).products.has('NEW')).to.equal(true);
    rmSync(join(shop.folder, 'products/new.json'));
    expect(changed(await next()).products.has('NEW')).to.equal(false);
  });

  it('takes up what an editor writes elsewhere and renames into place', async () => {
    watchShop();
    shop.write('products/.TS-101.json.tmp', product('title', 'Renamed'));
    renameSync(join(shop.folder, 'products/.TS-101.json.tmp'), join(shop.folder, 'products/TS-101.json'));
    expect(changed(await next()).products.get('TS-101')?.title).to.equal('Renamed');
  });

  it('finds a change behind a link, of which the file system tells nothing', async () => {
    const elsewhere = new Shop();
    rmSync(join(shop.folder, 'products/TS-101.json'));
    symlinkSync(join(elsewhere.folder, 'products/TS-101.json'), join(shop.folder, 'products/TS-101.json'));
    watchShop();
    elsewhere.write('products/TS-101.json', product('title', 'Elsewhere'));
    expect(changed(await next()).products.get('TS-101')?.title).to.equal('Elsewhere');
    elsewhere.remove();
  });

  it('refuses a wrong file whole, says so once, and takes up its correction', async () => {
    watchShop();
    shop.write('handover.json', '{ "site":');
    shop.write('products/TS-101.json', product('title', 'Not taken up'));
    const refused = await next();
    expect('refused' in refused && refused.refused).to.have.property('code', 'CONFIG_INVALID');
    shop.write('handover.json', siteContent());
    const { products } = changed(await next());
    expect(products.get('TS-101')?.title).to.equal('Not taken up');
    expect(news).to.deep.equal([]);
  });

  it('says so when a corrected file cannot be put to use', async () => {
    watchShop({
      onChange: () => {
        throw new Error('no use');
      },
    });
    shop.write('products/TS-101.json', product('title', 'x'));
    expect(await next()).to.have.nested.property('refused.message', 'no use');
  });

  it('finds a change that was made before it began to watch', async () => {
    const { version } = shop.load();
    shop.write('products/TS-101.json', product('title', 'In between'));
    watchShop({ version });
    expect(changed(await next()).products.get('TS-101')?.title).to.equal('In between');
  });

  it('is told nothing after it is closed', async () => {
    const closedNews = news;
    watchShop();
    watching?.close();
    const other = new Shop();
    shop.write('products/TS-101.json', product('title', 'x'));
    const seen = new Promise<void>((resolve) => {
      const second = watchConfiguration(shop.folder, () => shop.load(), {
        version: other.load().version,
        intervalMs: 20,
        onChange: () => {
          second.close();
          resolve();
        },
        onRefused: () => undefined,
      });
    });
    const waiting = setInterval(() => undefined, 1000);
    await seen;
    clearInterval(waiting);
    other.remove();
    expect(closedNews).to.deep.equal([]);
  });
});
