-- What an agreement counts for at present: per day of its orders and partner
-- (''= nobody's part), and once, with partner '', for its signing day.
CREATE TABLE standing (
  agreement_id TEXT NOT NULL,
  on_day       TEXT NOT NULL,
  partner_id   TEXT NOT NULL,
  influenced   BIGINT NOT NULL,
  unassisted   BIGINT NOT NULL,
  undecided    BIGINT NOT NULL,
  sourced      BIGINT NOT NULL,
  orders       BIGINT NOT NULL, -- with a part of the partner; all of them for ''
  agreements   BIGINT NOT NULL,
  decided      BIGINT NOT NULL,
  attached     BIGINT NOT NULL,
  PRIMARY KEY (agreement_id, on_day, partner_id)
) WITHOUT ROWID;
CREATE INDEX standing_partner ON standing (partner_id, agreement_id) WHERE partner_id <> '';
-- Every change of what is counted, dated, never changed: standing, the inbox,
-- the claims and the time to decision are what its rows add up to.
CREATE TABLE movements (
  entry_id   TEXT NOT NULL, -- the change
  n          BIGINT NOT NULL,
  day        TEXT NOT NULL, -- on which it was recorded
  topic      TEXT NOT NULL CHECK (topic IN ('money', 'inbox', 'days', 'claims')),
  on_day     TEXT NOT NULL, -- to which it belongs
  month      TEXT NOT NULL, -- of on_day, 2006-07
  quarter    TEXT NOT NULL, -- FY2007Q1
  year       TEXT NOT NULL, -- FY2007
  program    TEXT NOT NULL,
  lar_id     TEXT NOT NULL,
  state      TEXT NOT NULL,
  partner_id TEXT NOT NULL,
  name       TEXT NOT NULL, -- the inbox tab, the days, the state of the claim
  influenced BIGINT NOT NULL,
  unassisted BIGINT NOT NULL,
  undecided  BIGINT NOT NULL,
  sourced    BIGINT NOT NULL,
  orders     BIGINT NOT NULL,
  agreements BIGINT NOT NULL,
  decided    BIGINT NOT NULL,
  attached   BIGINT NOT NULL,
  PRIMARY KEY (entry_id, n)
) WITHOUT ROWID;
-- What is added up: of which topic, over which span, within what, by what.
CREATE TABLE kinds (
  kind     TEXT NOT NULL,
  topic    TEXT NOT NULL,
  span     TEXT NOT NULL CHECK (span IN ('day', 'month', 'quarter', 'year', '')),
  within   TEXT NOT NULL CHECK (within IN ('', 'program', 'lar', 'state', 'partner')),
  by_what  TEXT NOT NULL CHECK (by_what IN ('', 'program', 'lar', 'state', 'partner', 'name')),
  partners BOOLEAN NOT NULL, -- counts rows of partners only
  PRIMARY KEY (kind, span)
) WITHOUT ROWID;
INSERT INTO kinds (kind, topic, span, within, by_what, partners) VALUES
  ('all', 'money', 'day', '', '', FALSE), ('all', 'money', 'month', '', '', FALSE),
  ('program', 'money', 'day', '', 'program', FALSE), ('program', 'money', 'month', '', 'program', FALSE),
  ('lar', 'money', 'day', '', 'lar', FALSE), ('lar', 'money', 'month', '', 'lar', FALSE),
  ('state', 'money', 'day', '', 'state', FALSE), ('state', 'money', 'month', '', 'state', FALSE),
  ('program_lar', 'money', 'month', 'program', 'lar', FALSE), ('program_state', 'money', 'month', 'program', 'state', FALSE),
  ('lar_state', 'money', 'month', 'lar', 'state', FALSE), ('state_lar', 'money', 'month', 'state', 'lar', FALSE),
  ('partner', 'money', 'month', '', 'partner', TRUE), ('partner', 'money', 'quarter', '', 'partner', TRUE),
  ('partner', 'money', 'year', '', 'partner', TRUE),
  ('program_partner', 'money', 'quarter', 'program', 'partner', TRUE), ('program_partner', 'money', 'year', 'program', 'partner', TRUE),
  ('lar_partner', 'money', 'quarter', 'lar', 'partner', TRUE), ('lar_partner', 'money', 'year', 'lar', 'partner', TRUE),
  ('state_partner', 'money', 'quarter', 'state', 'partner', TRUE), ('state_partner', 'money', 'year', 'state', 'partner', TRUE),
  ('inbox', 'inbox', '', 'lar', 'name', FALSE),
  ('due', 'inbox', 'day', 'lar', 'name', FALSE), -- by the last day of whose turn it is: how long work has waited
  ('days', 'days', 'day', '', 'name', FALSE), ('days', 'days', 'month', '', 'name', FALSE),
  ('days_lar', 'days', 'day', 'lar', 'name', FALSE), ('days_lar', 'days', 'month', 'lar', 'name', FALSE),
  ('days_lar', 'days', 'quarter', 'lar', 'name', FALSE), ('days_lar', 'days', 'year', 'lar', 'name', FALSE),
  ('claims', 'claims', '', '', 'name', FALSE), ('claims_partner', 'claims', '', 'partner', 'name', FALSE),
  ('claims_lar', 'claims', '', 'lar', 'name', FALSE);
-- The one definition of what is counted where. Sealing adds it up into totals,
-- figures add what is not sealed yet, verify compares. It is a join and not a
-- UNION ALL, which SQLite would compute whole before it takes a row.
CREATE VIEW counted AS
  SELECT m.entry_id, m.day, k.kind,
    CASE k.span WHEN 'day' THEN m.on_day WHEN 'month' THEN m.month WHEN 'quarter' THEN m.quarter WHEN 'year' THEN m.year ELSE '' END AS period,
    CASE k.within WHEN 'program' THEN m.program WHEN 'lar' THEN m.lar_id WHEN 'state' THEN m.state WHEN 'partner' THEN m.partner_id ELSE '' END AS scope,
    CASE k.by_what WHEN 'program' THEN m.program WHEN 'lar' THEN m.lar_id WHEN 'state' THEN m.state WHEN 'partner' THEN m.partner_id
      WHEN 'name' THEN m.name ELSE '' END AS name,
    m.influenced, m.unassisted, m.undecided, m.sourced,
    -- an order with parts of two partners is one order, but one for each of them
    CASE WHEN m.partner_id <> '' AND NOT k.partners THEN 0 ELSE m.orders END AS orders, m.agreements, m.decided, m.attached
  FROM movements m CROSS JOIN kinds k
  WHERE k.topic = m.topic AND (NOT k.partners OR m.partner_id <> '');
-- What is not added up yet. CROSS JOIN makes SQLite begin with the few unsealed.
CREATE VIEW fresh AS
  SELECT c.kind, c.period, c.scope, c.name, c.day, c.influenced, c.unassisted, c.undecided, c.sourced, c.orders,
    c.agreements, c.decided, c.attached
  FROM unsealed u CROSS JOIN counted c WHERE c.entry_id = u.entry_id;
CREATE TABLE totals (
  kind       TEXT NOT NULL,
  period     TEXT NOT NULL,
  scope      TEXT NOT NULL,
  name       TEXT NOT NULL,
  influenced BIGINT NOT NULL,
  unassisted BIGINT NOT NULL,
  undecided  BIGINT NOT NULL,
  sourced    BIGINT NOT NULL,
  orders     BIGINT NOT NULL,
  agreements BIGINT NOT NULL,
  decided    BIGINT NOT NULL,
  attached   BIGINT NOT NULL,
  PRIMARY KEY (kind, period, scope, name)
) WITHOUT ROWID;
-- Only partners are listed by amount; keeping the rest in order would double what sealing costs.
CREATE INDEX totals_top ON totals (kind, period, scope, influenced DESC, name)
  WHERE kind IN ('partner', 'program_partner', 'lar_partner', 'state_partner');
-- How many names of a partner kind have an order with a part of theirs; kept by the sealer.
CREATE TABLE actives (
  kind   TEXT NOT NULL,
  period TEXT NOT NULL,
  scope  TEXT NOT NULL,
  n      BIGINT NOT NULL,
  PRIMARY KEY (kind, period, scope)
) WITHOUT ROWID;
