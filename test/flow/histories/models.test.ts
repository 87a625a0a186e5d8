import { expect } from 'chai';
import { playModels } from './model-play.ts';

/** `HANDOVER_SEED` plays one seed again; `HANDOVER_HISTORIES` says how many histories. */
const seed = Number(process.env['HANDOVER_SEED'] ?? 11);
const histories = Math.min(Number(process.env['HANDOVER_HISTORIES'] ?? 150), 3000);

describe('The history of a purchase, told over HTTP', function () {
  this.timeout(120_000);

  it('leaves the books as the model has them, however late, often, shuffled and cut off it is told', async () => {
    const { callbacks, cut, differences } = await playModels({ histories, seed });
    expect(differences).to.deep.equal([]);
    expect(callbacks).to.be.greaterThan(histories);
    expect(cut).to.be.greaterThan(0);
  });
});
