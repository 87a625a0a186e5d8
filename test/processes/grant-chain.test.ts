import { expect } from 'chai';
import type { Step, StepState, StepVerb } from '../../src/contract/index.ts';
import { pathTo, standingAfter } from '../../src/processes/grant-chain.ts';

const renewed = { state: 'granted', edition: 0, deadlines: [] } as never;

function step(verb: StepVerb, state: StepState, more: Partial<Step> = {}): Step {
  return { key: `${verb}/${state}`, verb, state, begun: true, after: [], ...more } as Step;
}

function verbsAfter(chain: readonly Step[], doubles: boolean): string[] {
  return pathTo(renewed, standingAfter(chain), { renews: true, doubles }).map(({ verb }) => verb);
}

describe('What was perhaps given', () => {
  const perhaps = [step('grant', 'cancelled')];

  it('is given again, where that changes nothing', () => {
    expect(verbsAfter(perhaps, false)).to.deep.equal(['grant']);
  });

  it('is taken back first, where giving it again would make two', () => {
    expect(verbsAfter(perhaps, true)).to.deep.equal(['revoke', 'grant']);
    expect(verbsAfter([step('grant', 'done'), step('revoke', 'cancelled')], true)).to.deep.equal(['revoke', 'grant']);
  });

  it('is not relied upon while its last attempt runs: nobody carries that on', () => {
    expect(verbsAfter([step('grant', 'running')], false)).to.deep.equal([]);
    expect(verbsAfter([step('grant', 'running', { calledOff: true })], false)).to.deep.equal(['grant']);
  });
});
