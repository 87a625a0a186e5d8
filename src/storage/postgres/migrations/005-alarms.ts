import { text } from './001-first-tables.ts';

/** Alarms that stand, told to the owner once however many processes see them, and a place to write to when health is asked. */
export const alarms = `
CREATE TABLE alarms (
  name ${text} PRIMARY KEY,
  since bigint NOT NULL,
  told_at bigint NOT NULL,
  times integer NOT NULL,      -- how often it was told
  calm_since bigint            -- set: its cause is gone since then
);

CREATE TABLE pulse (
  name ${text} PRIMARY KEY,
  at bigint NOT NULL
);
`;
