CREATE TABLE claims (
  id           TEXT PRIMARY KEY,
  ref          TEXT NOT NULL UNIQUE,
  partner_id   TEXT NOT NULL REFERENCES partners (id),
  lar_id       TEXT NOT NULL, -- '' while a draft names none
  state        TEXT NOT NULL CHECK (state IN ('draft', 'waiting', 'intent', 'attached', 'action_required',
    'confirmed', 'rejected', 'withdrawn', 'expired', 'superseded')),
  number       TEXT NOT NULL, -- of the agreement, as typed
  number_key   TEXT NOT NULL,
  agreement_id TEXT REFERENCES agreements (id), -- once attached
  customer     TEXT NOT NULL,
  name_key     TEXT NOT NULL,
  customer_state TEXT NOT NULL,
  program      TEXT NOT NULL,
  seats        BIGINT NOT NULL,
  cents        BIGINT NOT NULL, -- estimate
  expected_on  TEXT NOT NULL,
  kind         TEXT NOT NULL,
  note         TEXT NOT NULL,
  evidence     TEXT NOT NULL,
  typed        TEXT NOT NULL, -- JSON: a draft's fields as typed
  member_id    TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  submitted_at BIGINT,
  dated_on     TEXT NOT NULL DEFAULT '', -- day of submission, kept for good
  valid_until  TEXT NOT NULL DEFAULT '', -- last day of an intent
  delivered_at BIGINT, -- when the LAR could first see it
  since        BIGINT NOT NULL, -- of its state
  due          TEXT NOT NULL DEFAULT '', -- last day of whose turn it is
  code         TEXT NOT NULL DEFAULT '',
  decided_by   TEXT NOT NULL DEFAULT '', -- the decision
  version      BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX claims_partner ON claims (partner_id, since DESC, id DESC);
CREATE INDEX claims_lar ON claims (lar_id, since DESC, id DESC) WHERE delivered_at IS NOT NULL;
CREATE INDEX claims_since ON claims (since DESC, id DESC);
CREATE INDEX claims_agreement ON claims (agreement_id, partner_id) WHERE agreement_id IS NOT NULL;
CREATE INDEX claims_decided ON claims (decided_by) WHERE decided_by <> '';
CREATE INDEX claims_number ON claims (number_key, lar_id) WHERE state = 'intent' AND number_key <> '';
CREATE INDEX claims_waiting ON claims (lar_id, partner_id) WHERE state = 'waiting';
CREATE INDEX claims_intent ON claims (lar_id, customer_state, id) WHERE state = 'intent';
-- What a partner still has to do or to wait for, by deadline.
CREATE INDEX claims_course ON claims (partner_id, state, due, id)
  WHERE state IN ('draft', 'waiting', 'intent', 'attached', 'action_required');
-- One open claim per partner and agreement.
CREATE UNIQUE INDEX claims_one_open ON claims (partner_id, agreement_id)
  WHERE agreement_id IS NOT NULL AND state IN ('attached', 'action_required');
CREATE UNIQUE INDEX claims_one_number ON claims (partner_id, lar_id, number_key)
  WHERE number_key <> '' AND state IN ('waiting', 'intent', 'attached', 'action_required');
CREATE TABLE claim_events (
  claim_id    TEXT NOT NULL REFERENCES claims (id),
  n           BIGINT NOT NULL, -- the claim's version after it
  at          BIGINT NOT NULL,
  member_id   TEXT NOT NULL,
  org_id      TEXT NOT NULL,
  action      TEXT NOT NULL,
  state       TEXT NOT NULL, -- after it
  due         TEXT NOT NULL,
  code        TEXT NOT NULL,
  note        TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  entry_id    TEXT NOT NULL,
  PRIMARY KEY (claim_id, n)
) WITHOUT ROWID;
-- Intents that may belong to an agreement of the LAR they were sent to, with why.
CREATE TABLE suggestions (
  agreement_id TEXT NOT NULL REFERENCES agreements (id),
  claim_id     TEXT NOT NULL REFERENCES claims (id),
  score        BIGINT NOT NULL, -- hundredths
  reasons      TEXT NOT NULL, -- JSON list of sentences
  arose_at     BIGINT NOT NULL,
  due          TEXT NOT NULL,
  closed_at    BIGINT,
  closed_by    TEXT NOT NULL DEFAULT '', -- the decision, if one did
  PRIMARY KEY (agreement_id, claim_id)
) WITHOUT ROWID;
CREATE INDEX suggestions_claim ON suggestions (claim_id);
CREATE INDEX suggestions_closed ON suggestions (closed_by) WHERE closed_by <> '';
-- What a report says that the desk has to answer (decisions.md calls these inbox items).
CREATE TABLE items (
  id           TEXT PRIMARY KEY,
  agreement_id TEXT NOT NULL REFERENCES agreements (id),
  lar_id       TEXT NOT NULL,
  kind         TEXT NOT NULL CHECK (kind IN ('several', 'contradicts', 'conflict', 'suspended', 'owned', 'lar_not_ready', 'dispute')),
  partner_nos  TEXT NOT NULL, -- named, separated by spaces
  sentence     TEXT NOT NULL,
  report_id    TEXT NOT NULL,
  arose_at     BIGINT NOT NULL,
  due          TEXT NOT NULL,
  settled_at   BIGINT,
  settled_by   TEXT NOT NULL DEFAULT '' -- the decision
);
CREATE INDEX items_agreement ON items (agreement_id, id);
CREATE INDEX items_settled ON items (settled_by) WHERE settled_by <> '';
-- Which agreements an organization other than Microsoft's sees, and as what:
-- LB the LAR that booked it, PS a partner with a share, PC one with a claim.
CREATE TABLE sight (
  org_id       TEXT NOT NULL,
  agreement_id TEXT NOT NULL,
  seen_as      TEXT NOT NULL CHECK (seen_as IN ('LB', 'PS', 'PC')),
  number_key   TEXT NOT NULL, -- the agreement's, to list by: every kind of sight gives the number
  PRIMARY KEY (org_id, agreement_id)
) WITHOUT ROWID;
CREATE INDEX sight_listed ON sight (org_id, number_key, agreement_id);
CREATE INDEX sight_agreement ON sight (agreement_id);
-- The LAR's page, ready to be read in one stretch of the disk: one row an
-- agreement that waits. An agreement with an open claim, a report's item or a
-- suggestion is to decide; one without a decision and without these is unclaimed.
CREATE TABLE inbox (
  lar_id       TEXT NOT NULL,
  tab          TEXT NOT NULL CHECK (tab IN ('decide', 'unclaimed')),
  due          TEXT NOT NULL, -- '' without a clock
  worth        BIGINT NOT NULL, -- minus the amount, so that the largest comes first
  agreement_id TEXT NOT NULL UNIQUE,
  ref          TEXT NOT NULL,
  number       TEXT NOT NULL,
  customer     TEXT NOT NULL,
  state        TEXT NOT NULL,
  program      TEXT NOT NULL,
  signed_on    TEXT NOT NULL,
  claims       BIGINT NOT NULL,
  items        BIGINT NOT NULL,
  score        BIGINT NOT NULL, -- of the best suggestion, hundredths
  PRIMARY KEY (lar_id, tab, due, worth, agreement_id)
) WITHOUT ROWID;
-- What the inbox must hold.
CREATE VIEW inbox_now AS
  SELECT lar_id, CASE WHEN claims + items + score > 0 THEN 'decide' ELSE 'unclaimed' END AS tab,
    CASE WHEN claims + items + score > 0 THEN due ELSE '' END AS due,
    worth, agreement_id, ref, number, customer, state, program, signed_on, claims, items, score
  FROM (
    SELECT a.lar_id, - a.cents AS worth, a.id AS agreement_id, a.ref, a.number, a.customer, a.state, a.program,
      a.signed_on, a.decided,
      (SELECT count(*) FROM claims c WHERE c.agreement_id = a.id AND c.state IN ('attached', 'action_required')) AS claims,
      (SELECT count(*) FROM items i WHERE i.agreement_id = a.id AND i.settled_at IS NULL) AS items,
      (SELECT coalesce(max(g.score), 0) FROM suggestions g WHERE g.agreement_id = a.id AND g.closed_at IS NULL) AS score,
      (SELECT coalesce(min(d.due), '') FROM (
        SELECT c.due FROM claims c WHERE c.agreement_id = a.id AND c.state IN ('attached', 'action_required')
        UNION ALL SELECT i.due FROM items i WHERE i.agreement_id = a.id AND i.settled_at IS NULL
        UNION ALL SELECT g.due FROM suggestions g WHERE g.agreement_id = a.id AND g.closed_at IS NULL) AS d) AS due
    FROM agreements a WHERE NOT a.withdrawn
  ) AS x WHERE claims + items + score > 0 OR NOT decided;
