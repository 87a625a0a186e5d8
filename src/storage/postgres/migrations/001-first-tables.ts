/** Compared byte by byte, as SQLite does, whatever the language of the database is. */
export const text = 'text COLLATE "C"';
const id = 'bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY';

/** As in SQLite: times are milliseconds since 1970, JSON is text, booleans are 0 and 1. Partial indexes hold open work only. */
export const firstTables = `
CREATE TABLE callbacks (
  id ${id},
  gateway ${text} NOT NULL,
  delivery_id ${text} NOT NULL,
  state ${text} NOT NULL CHECK (state IN ('ready', 'running', 'done', 'parked', 'ignored')),
  due_at bigint NOT NULL,      -- when it can be claimed; while it runs, when its lease ends
  attempts integer NOT NULL,
  fence integer NOT NULL,
  cut_short integer NOT NULL DEFAULT 0, -- attempts in a row that never told how they ended
  owner ${text},
  received_at bigint NOT NULL,
  settled_at bigint,
  reason ${text},              -- why it was ignored
  problem ${text},
  method ${text} NOT NULL,
  url ${text} NOT NULL,
  headers ${text} NOT NULL,
  body bytea NOT NULL,
  UNIQUE (gateway, delivery_id)
);
CREATE INDEX callbacks_due ON callbacks (due_at, id) WHERE state IN ('ready', 'running');
CREATE INDEX callbacks_parked ON callbacks (id) WHERE state = 'parked';

CREATE TABLE verdicts (
  gateway ${text} NOT NULL,
  verdict ${text} NOT NULL,
  code ${text} NOT NULL,
  total bigint NOT NULL,
  last_at bigint NOT NULL,
  PRIMARY KEY (gateway, verdict, code)
);

CREATE TABLE verdict_samples (
  id ${id},
  gateway ${text} NOT NULL,
  code ${text} NOT NULL,
  received_at bigint NOT NULL,
  method ${text} NOT NULL,
  url ${text} NOT NULL,
  headers ${text} NOT NULL,
  body bytea NOT NULL
);
CREATE INDEX verdict_samples_of_gateway ON verdict_samples (gateway, id);

CREATE TABLE events (
  id ${id},
  gateway ${text} NOT NULL,
  event_id ${text} NOT NULL,
  purchase ${text} NOT NULL,
  document ${text} NOT NULL,
  recorded_at bigint NOT NULL,
  UNIQUE (gateway, event_id)
);
CREATE INDEX events_of_purchase ON events (gateway, purchase, id);

CREATE TABLE orders (
  id ${text} PRIMARY KEY,
  gateway ${text} NOT NULL,
  purchase ${text} NOT NULL,
  status ${text} NOT NULL,
  buyer_email ${text},         -- lower case
  document ${text} NOT NULL,   -- the order without its events
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  UNIQUE (gateway, purchase)
);
CREATE INDEX orders_by_age ON orders (created_at, id);
CREATE INDEX orders_by_status ON orders (status, created_at, id);
CREATE INDEX orders_by_email ON orders (buyer_email) WHERE buyer_email IS NOT NULL;

CREATE TABLE order_references (
  reference ${text} NOT NULL,
  order_id ${text} NOT NULL REFERENCES orders (id),
  PRIMARY KEY (reference, order_id)
);

CREATE TABLE waiting_skus (
  sku ${text} NOT NULL,
  order_id ${text} NOT NULL REFERENCES orders (id),
  PRIMARY KEY (sku, order_id)
);
CREATE INDEX waiting_skus_of_order ON waiting_skus (order_id);

CREATE TABLE grants (
  id ${text} PRIMARY KEY,
  order_id ${text} NOT NULL REFERENCES orders (id),
  line integer NOT NULL,
  unit integer NOT NULL,
  name ${text} NOT NULL,
  action ${text} NOT NULL,
  resource ${text},             -- what is given at the other side, the same for every order that gives it
  wanted ${text} NOT NULL CHECK (wanted IN ('granted', 'suspended', 'revoked')),
  reasons ${text} NOT NULL
);
CREATE INDEX grants_of_order ON grants (order_id);
CREATE INDEX grants_of_resource ON grants (resource, id) WHERE resource IS NOT NULL;

CREATE TABLE steps (
  id ${id},
  key ${text} NOT NULL UNIQUE,
  order_id ${text} NOT NULL,
  grant_id ${text},
  line integer,
  unit integer,
  verb ${text} NOT NULL,
  action ${text} NOT NULL,
  account ${text} NOT NULL,
  input ${text} NOT NULL,
  wait_for ${text} NOT NULL,   -- keys of steps, as JSON
  patience_ms bigint,
  config_version ${text} NOT NULL,
  state ${text} NOT NULL CHECK (state IN ('ready', 'waiting', 'running', 'done', 'parked', 'cancelled')),
  run_at bigint NOT NULL,
  due_at bigint NOT NULL,      -- when it can be claimed: run_at; while it runs, when its lease ends
  attempts integer NOT NULL,
  fence integer NOT NULL,
  cut_short integer NOT NULL DEFAULT 0, -- attempts in a row that never told how they ended
  cancelling integer NOT NULL, -- 1: cancelled while it runs, ends with the attempt
  owner ${text},
  sending_at bigint,           -- set: a call went out, and how it ended is not known
  outcome ${text},
  memo ${text},
  problem ${text},
  created_at bigint NOT NULL,
  scheduled_at bigint NOT NULL, -- since when its attempts count: planned, let go, or put back by a person
  updated_at bigint NOT NULL
);
CREATE INDEX steps_due ON steps (account, due_at, id) WHERE state IN ('ready', 'waiting', 'running');
CREATE INDEX steps_parked ON steps (updated_at, id) WHERE state = 'parked';
CREATE INDEX steps_cancelling ON steps (due_at) WHERE state = 'running' AND cancelling = 1;
CREATE INDEX steps_of_order ON steps (order_id, id);

CREATE TABLE history (
  id ${id},
  order_id ${text},
  step_key ${text},
  callback_id bigint,
  at bigint NOT NULL,
  kind ${text} NOT NULL,
  text ${text} NOT NULL
);
CREATE INDEX history_of_order ON history (order_id, id);

CREATE TABLE configurations (
  version ${text} PRIMARY KEY,
  text ${text} NOT NULL,
  kept_at bigint NOT NULL
);

CREATE TABLE keys (
  id ${id},
  pool ${text} NOT NULL,
  fingerprint ${text} NOT NULL,
  sealed ${text} NOT NULL,
  state ${text} NOT NULL CHECK (state IN ('free', 'taken', 'revoked')),
  holder ${text},
  taken_at bigint,
  UNIQUE (fingerprint, pool)
);
CREATE UNIQUE INDEX keys_taken ON keys (pool, holder) WHERE state = 'taken';
CREATE INDEX keys_held ON keys (pool, holder) WHERE holder IS NOT NULL;
CREATE INDEX keys_free ON keys (pool, id) WHERE state = 'free';
CREATE INDEX keys_of_pool ON keys (pool, id);

CREATE TABLE key_pools (
  pool ${text} PRIMARY KEY,
  free bigint NOT NULL,
  taken bigint NOT NULL,
  revoked bigint NOT NULL
);
`;
