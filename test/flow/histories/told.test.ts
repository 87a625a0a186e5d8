import { expect } from 'chai';
import { readText } from '../../support/repository.ts';
import { openTellers } from './open-school.ts';
import { abilitiesOf, type Ability, type Teller } from './teller.ts';

/** The columns of the table, in its order. */
const columns: readonly Ability[] = [
  'several',
  'pieces',
  'pending',
  'declined',
  'expired',
  'refunded',
  'refundFailed',
  'disputed',
  'disputeWon',
  'disputeLost',
  'inquiry',
  'renewed',
  'renewalFailed',
  'cancelled',
  'ended',
];

describe('What each gateway can tell, in docs/gateways/README.md,', () => {
  const [, page = ''] = readText('docs/gateways/README.md').split('## What each gateway can tell');
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(2, -2)
        .split('|')
        .map((cell) => cell.trim()),
    );
  const [, ...table] = rows.filter(([name = '']) => !/^-+$/.test(name));
  let tellers: Teller[];

  before(async () => (tellers = await openTellers(() => new Date())));
  after(() => Promise.all(tellers.map((teller) => teller.close())));

  it('is "yes" where the stories prove it, for every gateway, and nowhere else', () => {
    const proved = tellers.map((teller) => {
      const abilities = abilitiesOf(teller);
      return [teller.name, ...columns.map((column) => (abilities.has(column) ? 'yes' : 'no'))];
    });
    expect(table.map((cells) => cells.map((cell) => (/^\d+$/.test(cell) ? 'no' : cell)))).to.deep.equal(proved);
  });

  it('has a reason wherever it is not', () => {
    const reasons = [...page.matchAll(/^(\d+)\. \S/gm)].map(([, number = '']) => number);
    const named = table.flatMap((cells) => cells.filter((cell) => /^\d+$/.test(cell)));
    expect(named.filter((number) => !reasons.includes(number))).to.deep.equal([]);
    expect(reasons.filter((number) => !named.includes(number))).to.deep.equal([]);
  });
});
