-- A partner that a report named and that claimed nothing disputes a lower share too,
-- so a dispute need not be about a claim. Not every database can make a column of a
-- table that is there optional, so both tables are made anew.
CREATE TABLE disputes_now (
  id           TEXT PRIMARY KEY,
  ref          TEXT NOT NULL UNIQUE,
  agreement_id TEXT NOT NULL REFERENCES agreements (id),
  decision_id  TEXT NOT NULL, -- that is disputed
  lar_id       TEXT NOT NULL, -- that booked the agreement then
  partner_id   TEXT NOT NULL REFERENCES partners (id), -- that opened it
  claim_id     TEXT REFERENCES claims (id), -- none if its partner claimed nothing
  state        TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'dismissed')),
  reason       TEXT NOT NULL,
  evidence     TEXT NOT NULL, -- what the claim did not say
  member_id    TEXT NOT NULL,
  opened_at    BIGINT NOT NULL,
  answers_due  TEXT NOT NULL, -- last day of the LAR's and every holder's answer
  ruling_due   TEXT NOT NULL, -- last day of Microsoft's ruling
  ruled_at     BIGINT,
  ruled_by     TEXT NOT NULL DEFAULT '', -- the member; of a ruling that needs two who proposed it
  ruling       TEXT NOT NULL DEFAULT '', -- why, for all to read
  ruled_decision TEXT NOT NULL DEFAULT '', -- the decision that an upheld one carries
  version      BIGINT NOT NULL DEFAULT 1
);
INSERT INTO disputes_now (id, ref, agreement_id, decision_id, lar_id, partner_id, claim_id, state, reason, evidence, member_id, opened_at, answers_due, ruling_due,
    ruled_at, ruled_by, ruling, ruled_decision, version)
  SELECT id, ref, agreement_id, decision_id, lar_id, partner_id, claim_id, state, reason, evidence, member_id, opened_at, answers_due, ruling_due,
    ruled_at, ruled_by, ruling, ruled_decision, version FROM disputes;
CREATE TABLE dispute_answers_now (
  dispute_id TEXT NOT NULL REFERENCES disputes_now (id),
  org_id     TEXT NOT NULL,
  member_id  TEXT NOT NULL,
  at         BIGINT NOT NULL,
  answer     TEXT NOT NULL,
  PRIMARY KEY (dispute_id, org_id)
) WITHOUT ROWID;
INSERT INTO dispute_answers_now (dispute_id, org_id, member_id, at, answer) SELECT dispute_id, org_id, member_id, at, answer FROM dispute_answers;
DROP TABLE dispute_answers;
DROP TABLE disputes;
ALTER TABLE disputes_now RENAME TO disputes;
ALTER TABLE dispute_answers_now RENAME TO dispute_answers;
-- Once per partner and decision.
CREATE UNIQUE INDEX disputes_once ON disputes (partner_id, decision_id);
CREATE INDEX disputes_agreement ON disputes (agreement_id, state);
CREATE INDEX disputes_decision ON disputes (decision_id);
CREATE INDEX disputes_claim ON disputes (claim_id);
CREATE INDEX disputes_lar ON disputes (lar_id, opened_at DESC, id DESC);
CREATE INDEX disputes_opened ON disputes (opened_at DESC, id DESC);
-- What its clocks wait for.
CREATE INDEX disputes_open ON disputes (ruling_due, id) WHERE state = 'open';
CREATE INDEX disputes_answering ON disputes (answers_due, id) WHERE state = 'open';
CREATE INDEX disputes_lar_answering ON disputes (lar_id, answers_due, id) WHERE state = 'open';
-- Rulings that need two people: proposed by one, approved or sent back by another.
CREATE TABLE proposed_rulings (
  dispute_id  TEXT NOT NULL REFERENCES disputes (id),
  n           BIGINT NOT NULL,
  member_id   TEXT NOT NULL, -- who proposes it
  at          BIGINT NOT NULL,
  outcome     TEXT NOT NULL CHECK (outcome IN ('upheld', 'dismissed')),
  reason      TEXT NOT NULL, -- for all to read once it is approved
  shares      TEXT NOT NULL, -- JSON: of the decision that an upheld one carries
  answer      TEXT NOT NULL DEFAULT '' CHECK (answer IN ('', 'approved', 'returned')),
  answered_by TEXT NOT NULL DEFAULT '', -- the member
  answered_at BIGINT,
  sentence    TEXT NOT NULL DEFAULT '', -- why it was sent back
  PRIMARY KEY (dispute_id, n)
) WITHOUT ROWID;
