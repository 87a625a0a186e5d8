import { text } from './001-first-tables.ts';

/** Steps for a later day, and what tells a step from an earlier one of the same grant. */
export const laterSteps = `
ALTER TABLE steps ADD COLUMN not_before bigint;
ALTER TABLE steps ADD COLUMN terms ${text};      -- for whom, until when, in which edition, as JSON
CREATE INDEX steps_since ON steps (scheduled_at) WHERE state IN ('ready', 'waiting', 'running');
`;
