-- Who did what to which thing, written by the change's own transaction.
CREATE TABLE entries (
  id        TEXT PRIMARY KEY,
  at        BIGINT NOT NULL,
  member_id TEXT NOT NULL,
  org_id    TEXT NOT NULL,
  action    TEXT NOT NULL,
  subject   TEXT NOT NULL,
  was       TEXT NOT NULL, -- JSON, null for a new thing
  became    TEXT NOT NULL  -- JSON
) WITHOUT ROWID;
CREATE INDEX entries_subject ON entries (subject, id);
-- Entries without a place in the tree yet. The sealer takes what it finds here
-- and never looks for "ids after the last": ids do not commit in order.
CREATE TABLE unsealed (
  entry_id TEXT PRIMARY KEY,
  weight   BIGINT NOT NULL -- how many movements it has
) WITHOUT ROWID;
CREATE TABLE seals (
  seq      BIGINT PRIMARY KEY, -- the entry's place in the tree, from 0
  entry_id TEXT NOT NULL UNIQUE
);
-- The tree's hashes, 256 to a row (RFC 6962, tiles of height 8).
CREATE TABLE tiles (
  level  BIGINT NOT NULL,
  n      BIGINT NOT NULL,
  hashes TEXT NOT NULL,
  PRIMARY KEY (level, n)
);
CREATE TABLE checkpoints (
  size BIGINT PRIMARY KEY, -- entries under root
  root TEXT NOT NULL,
  at   BIGINT NOT NULL,
  note TEXT NOT NULL       -- the two signed: c2sp.org/tlog-checkpoint
);
-- What signs checkpoints.
CREATE TABLE signers (
  name       TEXT PRIMARY KEY,
  private    TEXT NOT NULL,
  public     TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE leases (
  name   TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until  BIGINT NOT NULL
);
INSERT INTO leases (name, holder, until) VALUES ('sealer', '', 0), ('outbox', '', 0), ('jobs', '', 0), ('roster', '', 0);
-- Mail to send.
CREATE TABLE outbox (
  id         TEXT PRIMARY KEY,
  member_id  TEXT NOT NULL, -- whom it is for; empty for an address that is no member's
  email      TEXT NOT NULL,
  subject    TEXT NOT NULL,
  body       TEXT NOT NULL, -- plain text
  link       TEXT NOT NULL, -- path of its one button
  button     TEXT NOT NULL,
  about      TEXT NOT NULL, -- the decision that it tells of; dropped when that is undone
  created_at BIGINT NOT NULL,
  not_before BIGINT NOT NULL,
  tries      BIGINT NOT NULL DEFAULT 0,
  error      TEXT NOT NULL DEFAULT '',
  sent_at    BIGINT,
  dropped_at BIGINT
);
CREATE INDEX outbox_due ON outbox (not_before, id) WHERE sent_at IS NULL AND dropped_at IS NULL;
CREATE INDEX outbox_member ON outbox (member_id, id);
CREATE INDEX outbox_about ON outbox (about) WHERE about <> '';
-- Long work, taken with a lease by any instance.
CREATE TABLE jobs (
  id         TEXT PRIMARY KEY,
  ref        TEXT NOT NULL UNIQUE,
  kind       TEXT NOT NULL CHECK (kind IN ('report')),
  subject    TEXT NOT NULL,
  org_id     TEXT NOT NULL,
  member_id  TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
  done       BIGINT NOT NULL DEFAULT 0,
  total      BIGINT NOT NULL,
  at_key     TEXT NOT NULL DEFAULT '', -- how far it came: the last agreement done
  message    TEXT NOT NULL DEFAULT '',
  holder     TEXT NOT NULL DEFAULT '',
  until      BIGINT NOT NULL DEFAULT 0, -- of the holder's lease, system time
  created_at BIGINT NOT NULL,
  ended_at   BIGINT
);
CREATE INDEX jobs_open ON jobs (id) WHERE state IN ('waiting', 'running');
CREATE INDEX jobs_subject ON jobs (subject, id);
