/** Times are milliseconds since 1970, JSON is text, booleans are 0 and 1. Partial indexes hold open work only. */
export const firstTables = `
CREATE TABLE callbacks (
  id INTEGER PRIMARY KEY,
  gateway TEXT NOT NULL,
  delivery_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'done', 'parked', 'ignored')),
  due_at INTEGER NOT NULL,     -- when it can be claimed; while it runs, when its lease ends
  attempts INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  cut_short INTEGER NOT NULL DEFAULT 0, -- attempts in a row that never told how they ended
  owner TEXT,
  received_at INTEGER NOT NULL,
  settled_at INTEGER,
  reason TEXT,                 -- why it was ignored
  problem TEXT,
  method TEXT NOT NULL,
  url TEXT NOT NULL,
  headers TEXT NOT NULL,
  body BLOB NOT NULL,
  UNIQUE (gateway, delivery_id)
) STRICT;
CREATE INDEX callbacks_due ON callbacks (due_at, id, state, received_at) WHERE state IN ('ready', 'running');
CREATE INDEX callbacks_parked ON callbacks (id) WHERE state = 'parked';

CREATE TABLE verdicts (
  gateway TEXT NOT NULL,
  verdict TEXT NOT NULL,
  code TEXT NOT NULL,
  total INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (gateway, verdict, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE verdict_samples (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  gateway TEXT NOT NULL,
  code TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  method TEXT NOT NULL,
  url TEXT NOT NULL,
  headers TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX verdict_samples_of_gateway ON verdict_samples (gateway, id);

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  gateway TEXT NOT NULL,
  event_id TEXT NOT NULL,
  purchase TEXT NOT NULL,
  document TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  UNIQUE (gateway, event_id)
) STRICT;
CREATE INDEX events_of_purchase ON events (gateway, purchase, id);

CREATE TABLE orders (
  id TEXT PRIMARY KEY NOT NULL,
  gateway TEXT NOT NULL,
  purchase TEXT NOT NULL,
  status TEXT NOT NULL,
  buyer_email TEXT,            -- lower case
  document TEXT NOT NULL,      -- the order without its events
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (gateway, purchase)
) STRICT;
CREATE INDEX orders_by_age ON orders (created_at, id);
CREATE INDEX orders_by_status ON orders (status, created_at, id);
CREATE INDEX orders_by_email ON orders (buyer_email) WHERE buyer_email IS NOT NULL;

CREATE TABLE order_references (
  reference TEXT NOT NULL,
  order_id TEXT NOT NULL REFERENCES orders (id),
  PRIMARY KEY (reference, order_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE waiting_skus (
  sku TEXT NOT NULL,
  order_id TEXT NOT NULL REFERENCES orders (id),
  PRIMARY KEY (sku, order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX waiting_skus_of_order ON waiting_skus (order_id);

CREATE TABLE grants (
  id TEXT PRIMARY KEY NOT NULL,
  order_id TEXT NOT NULL REFERENCES orders (id),
  line INTEGER NOT NULL,
  unit INTEGER NOT NULL,
  name TEXT NOT NULL,
  action TEXT NOT NULL,
  resource TEXT,             -- what is given at the other side, the same for every order that gives it
  wanted TEXT NOT NULL CHECK (wanted IN ('granted', 'suspended', 'revoked')),
  reasons TEXT NOT NULL
) STRICT;
CREATE INDEX grants_of_order ON grants (order_id);
CREATE INDEX grants_of_resource ON grants (resource, id) WHERE resource IS NOT NULL;

CREATE TABLE steps (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  order_id TEXT NOT NULL,
  grant_id TEXT,
  line INTEGER,
  unit INTEGER,
  verb TEXT NOT NULL,
  action TEXT NOT NULL,
  account TEXT NOT NULL,
  input TEXT NOT NULL,
  wait_for TEXT NOT NULL,      -- keys of steps, as JSON
  patience_ms INTEGER,
  config_version TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'waiting', 'running', 'done', 'parked', 'cancelled')),
  run_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,     -- when it can be claimed: run_at; while it runs, when its lease ends
  attempts INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  cut_short INTEGER NOT NULL DEFAULT 0, -- attempts in a row that never told how they ended
  cancelling INTEGER NOT NULL, -- 1: cancelled while it runs, ends with the attempt
  owner TEXT,
  sending_at INTEGER,          -- set: a call went out, and how it ended is not known
  outcome TEXT,
  memo TEXT,
  problem TEXT,
  created_at INTEGER NOT NULL,
  scheduled_at INTEGER NOT NULL, -- since when its attempts count: planned, let go, or put back by a person
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX steps_due ON steps (account, due_at, id, state, created_at) WHERE state IN ('ready', 'waiting', 'running');
CREATE INDEX steps_parked ON steps (updated_at, id) WHERE state = 'parked';
CREATE INDEX steps_cancelling ON steps (due_at) WHERE state = 'running' AND cancelling = 1;
CREATE INDEX steps_of_order ON steps (order_id, id);

CREATE TABLE history (
  id INTEGER PRIMARY KEY,
  order_id TEXT,
  step_key TEXT,
  callback_id INTEGER,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX history_of_order ON history (order_id, id);

CREATE TABLE configurations (
  version TEXT PRIMARY KEY NOT NULL,
  text TEXT NOT NULL,
  kept_at INTEGER NOT NULL
) STRICT;

CREATE TABLE keys (
  id INTEGER PRIMARY KEY,
  pool TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  sealed TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('free', 'taken', 'revoked')),
  holder TEXT,
  taken_at INTEGER,
  UNIQUE (fingerprint, pool)
) STRICT;
CREATE UNIQUE INDEX keys_taken ON keys (pool, holder) WHERE state = 'taken';
CREATE INDEX keys_held ON keys (pool, holder) WHERE holder IS NOT NULL;
CREATE INDEX keys_free ON keys (pool, id) WHERE state = 'free';
CREATE INDEX keys_of_pool ON keys (pool, id);

CREATE TABLE key_pools (
  pool TEXT PRIMARY KEY NOT NULL,
  free INTEGER NOT NULL,
  taken INTEGER NOT NULL,
  revoked INTEGER NOT NULL
) STRICT;
`;
