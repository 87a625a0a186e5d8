/** Alarms that stand, told to the owner once however many processes see them, and a place to write to when health is asked. */
export const alarms = `
CREATE TABLE alarms (
  name TEXT PRIMARY KEY NOT NULL,
  since INTEGER NOT NULL,
  told_at INTEGER NOT NULL,
  times INTEGER NOT NULL,      -- how often it was told
  calm_since INTEGER           -- set: its cause is gone since then
) STRICT, WITHOUT ROWID;

CREATE TABLE pulse (
  name TEXT PRIMARY KEY NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
