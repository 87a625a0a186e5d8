import type { ConnectorSuite, ConnectorTest } from './terms.ts';
import { troubles } from './troubles.ts';
import { playUnder, type Scene } from './under-trouble.ts';

const granting: Scene<undefined> = {
  prepare: () => Promise.resolve(undefined),
  step: (play, _, ctx) => play.grant(ctx),
  isMet: ({ test }, { isInBody = false }) => !isInBody || test.grantIsToldBy !== 'status',
};

/** The grant, with each trouble at each of its requests. */
export function faultTests(suite: ConnectorSuite): ConnectorTest[] {
  return troubles.map((trouble) => ({
    name: `gives once, and says nothing it must not, with ${trouble.name} at any request`,
    run: () => playUnder(suite, granting, trouble),
  }));
}
