CREATE TABLE customers (
  id         TEXT PRIMARY KEY,
  ref        TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL,
  state      TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  version    BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX customers_key ON customers (name_key, state);
CREATE INDEX customers_name ON customers (name, id);
-- Spellings, each of the organization that wrote it.
CREATE TABLE aliases (
  customer_id TEXT NOT NULL REFERENCES customers (id),
  org_id      TEXT NOT NULL,
  name        TEXT NOT NULL,
  name_key    TEXT NOT NULL,
  state       TEXT NOT NULL, -- the customer's, to find it by
  first_at    BIGINT NOT NULL,
  PRIMARY KEY (customer_id, org_id, name)
) WITHOUT ROWID;
CREATE INDEX aliases_key ON aliases (name_key, state);
CREATE TABLE agreements (
  id          TEXT PRIMARY KEY,
  ref         TEXT NOT NULL UNIQUE,
  number      TEXT NOT NULL,
  number_key  TEXT NOT NULL UNIQUE, -- upper case, no spaces, no dashes
  program     TEXT NOT NULL CHECK (program IN ('enterprise', 'select')),
  customer_id TEXT NOT NULL REFERENCES customers (id),
  customer    TEXT NOT NULL, -- as the LAR that booked it reported it
  state       TEXT NOT NULL, -- the customer's
  seats       BIGINT NOT NULL,
  signed_on   TEXT NOT NULL,
  lar_id      TEXT NOT NULL REFERENCES lars (id), -- booked by now
  member_id   TEXT NOT NULL, -- who entered it
  report_id   TEXT NOT NULL DEFAULT '', -- what brought it
  created_at  BIGINT NOT NULL,
  withdrawn   BOOLEAN NOT NULL DEFAULT FALSE, -- no orders left
  -- What its orders and decisions come to; recounted with each change.
  orders      BIGINT NOT NULL DEFAULT 0,
  cents       BIGINT NOT NULL DEFAULT 0,
  influenced  BIGINT NOT NULL DEFAULT 0,
  unassisted  BIGINT NOT NULL DEFAULT 0,
  undecided   BIGINT NOT NULL DEFAULT 0,
  decided     BOOLEAN NOT NULL DEFAULT FALSE,
  attached    BOOLEAN NOT NULL DEFAULT FALSE, -- decided with a share
  version     BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX agreements_signed ON agreements (signed_on DESC, id DESC) WHERE NOT withdrawn;
CREATE INDEX agreements_customer ON agreements (customer_id);
CREATE INDEX agreements_state ON agreements (state, signed_on DESC, id DESC) WHERE NOT withdrawn;
CREATE INDEX agreements_lar ON agreements (lar_id, signed_on DESC, id DESC) WHERE NOT withdrawn;
-- Which LAR it was booked by from which day on; '' is the start.
CREATE TABLE bookings (
  agreement_id TEXT NOT NULL REFERENCES agreements (id),
  from_day     TEXT NOT NULL,
  lar_id       TEXT NOT NULL REFERENCES lars (id),
  recorded_at  BIGINT NOT NULL,
  entry_id     TEXT NOT NULL,
  PRIMARY KEY (agreement_id, from_day, recorded_at)
) WITHOUT ROWID;
-- Orders as they stand: the newest version that was not withdrawn.
CREATE TABLE orders (
  agreement_id TEXT NOT NULL REFERENCES agreements (id),
  order_key    TEXT NOT NULL,
  order_number TEXT NOT NULL,
  n            BIGINT NOT NULL, -- the version that stands
  kind         TEXT NOT NULL CHECK (kind IN ('initial', 'true-up', 'renewal', 'call-off', 'credit')),
  ordered_on   TEXT NOT NULL,
  cents        BIGINT NOT NULL,
  partner_no   TEXT NOT NULL, -- named by the report, or ''
  report_id    TEXT NOT NULL,
  PRIMARY KEY (agreement_id, order_key)
) WITHOUT ROWID;
CREATE INDEX orders_named ON orders (partner_no) WHERE partner_no <> '';
-- Every version of every order, and when it was withdrawn.
CREATE TABLE order_versions (
  agreement_id TEXT NOT NULL,
  order_key    TEXT NOT NULL,
  n            BIGINT NOT NULL,
  order_number TEXT NOT NULL,
  kind         TEXT NOT NULL,
  ordered_on   TEXT NOT NULL,
  cents        BIGINT NOT NULL,
  partner_no   TEXT NOT NULL,
  report_id    TEXT NOT NULL, -- '' when entered by form
  report_row   BIGINT NOT NULL,
  member_id    TEXT NOT NULL,
  recorded_at  BIGINT NOT NULL,
  entry_id     TEXT NOT NULL,
  withdrawn_at BIGINT,
  withdrawn_by TEXT,
  PRIMARY KEY (agreement_id, order_key, n)
) WITHOUT ROWID;
CREATE TABLE decisions (
  id           TEXT PRIMARY KEY,
  ref          TEXT NOT NULL UNIQUE,
  agreement_id TEXT NOT NULL REFERENCES agreements (id),
  seq          BIGINT NOT NULL, -- rises within the agreement
  from_day     TEXT NOT NULL, -- '' is the start
  basis        TEXT NOT NULL CHECK (basis IN ('desk', 'report', 'escalation', 'ruling', 'move')),
  member_id    TEXT NOT NULL,
  lar_id       TEXT NOT NULL, -- whose member decided; '' for staff
  note         TEXT NOT NULL,
  code         TEXT NOT NULL, -- of the claims refused by default
  report_id    TEXT NOT NULL,
  recorded_at  BIGINT NOT NULL,
  entry_id     TEXT NOT NULL,
  UNIQUE (agreement_id, seq)
);
CREATE TABLE shares (
  decision_id TEXT NOT NULL REFERENCES decisions (id),
  partner_id  TEXT NOT NULL REFERENCES partners (id),
  points      BIGINT NOT NULL CHECK (points BETWEEN 100 AND 10000),
  kind        TEXT NOT NULL CHECK (kind IN ('sourced', 'licensing', 'presales', 'deployment', 'training', 'other')),
  is_primary  BOOLEAN NOT NULL,
  PRIMARY KEY (decision_id, partner_id)
) WITHOUT ROWID;
CREATE INDEX shares_partner ON shares (partner_id, decision_id);
CREATE TABLE replacements (
  decision_id TEXT NOT NULL REFERENCES decisions (id),
  replaced_id TEXT NOT NULL REFERENCES decisions (id),
  PRIMARY KEY (decision_id, replaced_id)
) WITHOUT ROWID;
CREATE TABLE voids (
  decision_id TEXT PRIMARY KEY REFERENCES decisions (id),
  member_id   TEXT NOT NULL,
  reason      TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  entry_id    TEXT NOT NULL
);
-- Which decisions are void: named by a record of voids, or by what a decision
-- that is not void replaces. Kept with each decision and void.
CREATE TABLE void_decisions (
  decision_id TEXT PRIMARY KEY REFERENCES decisions (id)
);
-- Lines of a LAR's report for an agreement booked by another: kept and listed, not
-- counted. The newest report's of an order is the one that stands.
CREATE TABLE held_lines (
  agreement_id TEXT NOT NULL REFERENCES agreements (id),
  lar_id       TEXT NOT NULL,
  order_key    TEXT NOT NULL,
  order_number TEXT NOT NULL,
  kind         TEXT NOT NULL,
  ordered_on   TEXT NOT NULL,
  cents        BIGINT NOT NULL,
  partner_no   TEXT NOT NULL,
  report_id    TEXT NOT NULL,
  report_row   BIGINT NOT NULL,
  recorded_at  BIGINT NOT NULL,
  entry_id     TEXT NOT NULL,
  PRIMARY KEY (agreement_id, lar_id, order_key, report_id)
) WITHOUT ROWID;
CREATE INDEX held_lines_lar ON held_lines (lar_id, recorded_at);
CREATE INDEX held_lines_report ON held_lines (report_id);
