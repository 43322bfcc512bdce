-- One schema for both databases: TEXT, BIGINT, BOOLEAN and BYTEA only. Instants
-- are microseconds since 1970 UTC, days 2006-07-31, money cents, shares basis
-- points; ids are made by the portal and sort by time. WITHOUT ROWID (rows lie
-- in key order) is SQLite's alone: PostgreSQL gets this text without it.
CREATE TABLE lars (
  id         TEXT PRIMARY KEY,
  ref        TEXT NOT NULL UNIQUE,
  slug       TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  status     TEXT NOT NULL CHECK (status IN ('invited', 'signed', 'ready')),
  planned_on TEXT NOT NULL DEFAULT '', -- day on which it plans to be ready
  created_at BIGINT NOT NULL,
  version    BIGINT NOT NULL DEFAULT 1
);
-- Every status a LAR has had; the newest is the one in lars.
CREATE TABLE lar_statuses (
  lar_id      TEXT NOT NULL REFERENCES lars (id),
  recorded_at BIGINT NOT NULL,
  entry_id    TEXT NOT NULL,
  status      TEXT NOT NULL,
  planned_on  TEXT NOT NULL,
  PRIMARY KEY (lar_id, recorded_at, entry_id)
);
-- Partners that enrolled, and those known from the roster only (enrolled_at null).
CREATE TABLE partners (
  id           TEXT PRIMARY KEY,
  ref          TEXT NOT NULL UNIQUE,
  partner_no   TEXT NOT NULL UNIQUE, -- the partner ID, 4 to 10 digits
  name         TEXT NOT NULL,
  level        TEXT NOT NULL CHECK (level IN ('gold', 'certified', 'registered')),
  state        TEXT NOT NULL,
  city         TEXT NOT NULL DEFAULT '',
  website      TEXT NOT NULL DEFAULT '',
  phone        TEXT NOT NULL DEFAULT '',
  enrolled_at  BIGINT,
  suspended_at BIGINT,
  owned_by     TEXT REFERENCES lars (id), -- the LAR that owns it
  listed       BOOLEAN NOT NULL DEFAULT TRUE,
  created_at   BIGINT NOT NULL,
  version      BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX partners_name ON partners (name, id);
CREATE INDEX partners_enrolled ON partners (enrolled_at, id) WHERE enrolled_at IS NOT NULL;
-- Every level and state a partner has had.
CREATE TABLE partner_levels (
  partner_id  TEXT NOT NULL REFERENCES partners (id),
  recorded_at BIGINT NOT NULL,
  entry_id    TEXT NOT NULL,
  level       TEXT NOT NULL,
  state       TEXT NOT NULL,
  PRIMARY KEY (partner_id, recorded_at, entry_id)
);
-- Microsoft's list of known partners as it was last imported.
CREATE TABLE roster (
  partner_no    TEXT PRIMARY KEY,
  partner_id    TEXT NOT NULL REFERENCES partners (id),
  name          TEXT NOT NULL,
  level         TEXT NOT NULL,
  state         TEXT NOT NULL,
  city          TEXT NOT NULL,
  website       TEXT NOT NULL,
  contact_name  TEXT NOT NULL,
  contact_email TEXT NOT NULL,
  listing       TEXT NOT NULL, -- the import that last named it
  gone_at       BIGINT, -- since when it is not on the current roster
  updated_at    BIGINT NOT NULL
);
CREATE INDEX roster_name ON roster (name, partner_no);
CREATE TABLE roster_imports (
  id          TEXT PRIMARY KEY,
  entry_id    TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  member_id   TEXT NOT NULL,
  file_name   TEXT NOT NULL,
  headings    TEXT NOT NULL, -- JSON
  partners    BIGINT NOT NULL, -- rows taken
  added       BIGINT NOT NULL,
  changed     BIGINT NOT NULL,
  unchanged   BIGINT NOT NULL,
  gone        BIGINT NOT NULL, -- not in it, but in the roster before
  refused     BIGINT NOT NULL
);
CREATE INDEX roster_imports_newest ON roster_imports (recorded_at DESC, id);
CREATE TABLE roster_refusals (
  import_id TEXT NOT NULL, -- written row by row, before the import's own row
  row_no    BIGINT NOT NULL,
  reason    TEXT NOT NULL,
  raw       TEXT NOT NULL, -- JSON: the row's cells
  PRIMARY KEY (import_id, row_no)
);
-- Persons. org_id is a partner, a LAR, an application, or 'microsoft'.
CREATE TABLE members (
  id         TEXT PRIMARY KEY,
  role       TEXT NOT NULL CHECK (role IN ('partner', 'lar', 'staff', 'applicant')),
  org_id     TEXT NOT NULL,
  rank       TEXT NOT NULL CHECK (rank IN ('owner', 'member', 'manager', 'administrator')),
  name       TEXT NOT NULL,
  email      TEXT NOT NULL UNIQUE, -- lower case
  phone      TEXT NOT NULL DEFAULT '',
  password   TEXT NOT NULL DEFAULT '', -- argon2id; empty until set by a one-time link
  active     BOOLEAN NOT NULL DEFAULT TRUE,
  created_at BIGINT NOT NULL,
  version    BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX members_org ON members (org_id, id);
CREATE TABLE applications (
  id           TEXT PRIMARY KEY,
  ref          TEXT NOT NULL UNIQUE,
  state        TEXT NOT NULL CHECK (state IN ('unconfirmed', 'waiting', 'accepted', 'refused', 'enrolled')),
  name         TEXT NOT NULL,
  email        TEXT NOT NULL,
  phone        TEXT NOT NULL,
  company      TEXT NOT NULL,
  partner_no   TEXT NOT NULL,
  level        TEXT NOT NULL,
  partner_state TEXT NOT NULL,
  terms        TEXT NOT NULL, -- version accepted
  password     TEXT NOT NULL, -- argon2id
  why          TEXT NOT NULL DEFAULT '', -- why it was not enrolled at once
  reason       TEXT NOT NULL DEFAULT '', -- staff's, read by the applicant
  created_at   BIGINT NOT NULL,
  confirmed_at BIGINT,
  decided_at   BIGINT,
  decided_by   TEXT,
  member_id    TEXT,
  partner_id   TEXT,
  version      BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX applications_state ON applications (state, confirmed_at, id);
-- One-time links; the row goes in the transaction that uses it.
CREATE TABLE tokens (
  hash       TEXT PRIMARY KEY, -- SHA-256, hex
  purpose    TEXT NOT NULL CHECK (purpose IN ('confirm', 'invite', 'reset')),
  subject    TEXT NOT NULL, -- an application or a member
  email      TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX tokens_expiry ON tokens (expires_at);
CREATE TABLE sessions (
  hash       TEXT PRIMARY KEY, -- SHA-256 of the cookie, hex
  member_id  TEXT NOT NULL REFERENCES members (id),
  created_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  address    TEXT NOT NULL,
  agent      TEXT NOT NULL,
  flash      TEXT NOT NULL DEFAULT ''
);
CREATE INDEX sessions_member ON sessions (member_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);
-- Failed sign-ins, counted before the check so that nothing rolls them back.
CREATE TABLE attempts (
  key   TEXT PRIMARY KEY, -- hash of the address typed
  since BIGINT NOT NULL,
  n     BIGINT NOT NULL
);
CREATE INDEX attempts_since ON attempts (since);
-- Browsers that an account was signed in with: their tries are counted apart, so
-- that strangers' wrong ones do not keep its owner waiting.
CREATE TABLE browsers (
  hash    TEXT NOT NULL, -- SHA-256 of the browser's own cookie, hex
  account TEXT NOT NULL, -- key of the attempts
  used_at BIGINT NOT NULL,
  PRIMARY KEY (hash, account)
);
CREATE INDEX browsers_used ON browsers (used_at);
-- First answers to forms that create, by the key that each form carries.
CREATE TABLE answers (
  member_id TEXT NOT NULL,
  key       TEXT NOT NULL,
  location  TEXT NOT NULL,
  at        BIGINT NOT NULL,
  PRIMARY KEY (member_id, key)
);
CREATE TABLE connections (
  id          TEXT PRIMARY KEY,
  ref         TEXT NOT NULL UNIQUE,
  partner_id  TEXT NOT NULL REFERENCES partners (id),
  lar_id      TEXT NOT NULL REFERENCES lars (id),
  state       TEXT NOT NULL CHECK (state IN ('asked', 'accepted', 'declined', 'ended')),
  note        TEXT NOT NULL,
  reason      TEXT NOT NULL DEFAULT '',
  asked_at    BIGINT NOT NULL,
  asked_by    TEXT NOT NULL,
  due         TEXT NOT NULL,
  answered_at BIGINT,
  answered_by TEXT,
  version     BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX connections_pair ON connections (partner_id, lar_id) WHERE state IN ('asked', 'accepted');
CREATE INDEX connections_partner ON connections (partner_id, asked_at, id);
CREATE INDEX connections_lar ON connections (lar_id, state, due, id);
CREATE INDEX connections_asked ON connections (asked_at DESC, id);
