import { text } from './001-first-tables.ts';

/** Files and how often they were fetched; keys that software asks about and the machines they are used on. */
export const filesAndActivations = `
CREATE TABLE file_grants (
  grant_id ${text} PRIMARY KEY,
  order_id ${text} NOT NULL,
  account ${text} NOT NULL,
  file ${text} NOT NULL,
  version ${text} NOT NULL,
  updates_until bigint,       -- later releases are not included; NULL: none is
  is_open integer NOT NULL
);
CREATE INDEX file_grants_open ON file_grants (account, file, grant_id) WHERE is_open = 1;

CREATE TABLE downloads (
  grant_id ${text} NOT NULL,
  version ${text} NOT NULL,
  total bigint NOT NULL,
  begun_at bigint NOT NULL,   -- the newest counted one
  sent bigint NOT NULL,       -- bytes of it, parts that were asked for again included
  PRIMARY KEY (grant_id, version)
);

CREATE TABLE activation_keys (
  fingerprint ${text} PRIMARY KEY,
  mark ${text} NOT NULL,          -- what stands in the public list
  grant_id ${text} NOT NULL,
  product ${text} NOT NULL,
  devices integer NOT NULL,
  expires ${text},                -- the last day, as 2027-05-01
  revoked_at bigint
);
CREATE INDEX activation_keys_revoked ON activation_keys (revoked_at, fingerprint) WHERE revoked_at IS NOT NULL;

CREATE TABLE activation_seats (
  fingerprint ${text} NOT NULL,
  machine ${text} NOT NULL,
  app ${text},
  taken_at bigint NOT NULL,
  seen_at bigint NOT NULL,
  PRIMARY KEY (fingerprint, machine)
);

CREATE TABLE activation_returns (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fingerprint ${text} NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX activation_returns_of_key ON activation_returns (fingerprint, at);

CREATE TABLE kept_secrets (
  name ${text} PRIMARY KEY,
  sealed ${text} NOT NULL,
  kept_at bigint NOT NULL
);
`;
