import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { closeSites, type Site } from '../support/open-site.ts';
import { openShop, sell, settles } from './shop.ts';

const switches = 1000;

/** What is in use once everything that can be thrown away was. */
function heapMegabytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 1e6;
}

const watchers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'FSEventWrap').length;

function configurationsIn({ folder }: Site): number {
  const database = new DatabaseSync(join(folder, 'handover.db'), { readOnly: true });
  const row = database.prepare('SELECT COUNT(*) AS count FROM configurations').get();
  database.close();
  return Number(row?.['count']);
}

describe('Files that are changed a thousand times under load', function () {
  this.timeout(120_000);
  afterEach(closeSites);

  it('finish each order by the version it was accepted under, and leave nothing behind of those that sold nothing', async () => {
    const site = await openShop({ handover: { watch: true } });
    const write = (turn: number): Promise<void> =>
      site.writes('products/TS-101.json', {
        sku: 'TS-101',
        title: 'TypeScript in a week',
        price: '49.00 EUR',
        grants: { course: { action: 'axis-lms.enrol', with: { course: '17', days: 365 } } },
        outcomes: {
          paid: { mail: { subject: `Words ${turn}`, text: `{{buyer.firstName}}, this is text ${turn}. ${'x'.repeat(2000)}` } },
        },
      });
    const buyers: string[] = [];
    const opened = watchers();
    let heapAfterSome = 0;
    for (let turn = 0; turn < switches; turn += 1) {
      await write(turn);
      await site.app.reload();
      if (turn % 20 === 0) {
        const email = `b${turn}@example.org`;
        buyers.push(email);
        expect((await site.receives(sell(site, ['TS-101'], { buyer: { email } }).completed())).status).to.equal(200);
      }
      if (turn === switches / 4) heapAfterSome = heapMegabytes();
    }
    await settles(site);
    const grownBy = heapMegabytes() - heapAfterSome;

    for (const email of buyers) {
      const [order] = await site.app.store.findOrders({ text: email, limit: 1 });
      const files = await site.app.catalogues.of(order?.configVersion ?? '');
      const mail = files?.products.get('TS-101')?.outcomes.paid?.mail;
      const subject = mail ? mail.subject : undefined;
      expect(subject).to.match(/^Words \d+$/);
      expect(site.mailbox.subjectsFor(email)).to.deep.equal([subject]);
    }
    expect(configurationsIn(site), 'configurations in the store').to.be.at.most(buyers.length);
    expect(watchers(), 'folders being watched').to.equal(opened);
    expect(grownBy, 'megabytes more after 750 further changes').to.be.below(15);
  });
});
