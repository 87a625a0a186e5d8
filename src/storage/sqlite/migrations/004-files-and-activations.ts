/** Files and how often they were fetched; keys that software asks about and the machines they are used on. */
export const filesAndActivations = `
CREATE TABLE file_grants (
  grant_id TEXT PRIMARY KEY NOT NULL,
  order_id TEXT NOT NULL,
  account TEXT NOT NULL,
  file TEXT NOT NULL,
  version TEXT NOT NULL,
  updates_until INTEGER,       -- later releases are not included; NULL: none is
  is_open INTEGER NOT NULL
) STRICT;
CREATE INDEX file_grants_open ON file_grants (account, file, grant_id) WHERE is_open = 1;

CREATE TABLE downloads (
  grant_id TEXT NOT NULL,
  version TEXT NOT NULL,
  total INTEGER NOT NULL,
  begun_at INTEGER NOT NULL,   -- the newest counted one
  sent INTEGER NOT NULL,       -- bytes of it, parts that were asked for again included
  PRIMARY KEY (grant_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE activation_keys (
  fingerprint TEXT PRIMARY KEY NOT NULL,
  mark TEXT NOT NULL,          -- what stands in the public list
  grant_id TEXT NOT NULL,
  product TEXT NOT NULL,
  devices INTEGER NOT NULL,
  expires TEXT,                -- the last day, as 2027-05-01
  revoked_at INTEGER
) STRICT;
CREATE INDEX activation_keys_revoked ON activation_keys (revoked_at, fingerprint) WHERE revoked_at IS NOT NULL;

CREATE TABLE activation_seats (
  fingerprint TEXT NOT NULL,
  machine TEXT NOT NULL,
  app TEXT,
  taken_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (fingerprint, machine)
) STRICT, WITHOUT ROWID;

CREATE TABLE activation_returns (
  id INTEGER PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX activation_returns_of_key ON activation_returns (fingerprint, at);

CREATE TABLE kept_secrets (
  name TEXT PRIMARY KEY NOT NULL,
  sealed TEXT NOT NULL,
  kept_at INTEGER NOT NULL
) STRICT;
`;
