-- What a partner holds against a decision, and what Microsoft ruled.
CREATE TABLE disputes (
  id           TEXT PRIMARY KEY,
  ref          TEXT NOT NULL UNIQUE,
  agreement_id TEXT NOT NULL REFERENCES agreements (id),
  decision_id  TEXT NOT NULL, -- that is disputed
  lar_id       TEXT NOT NULL, -- that booked the agreement then
  partner_id   TEXT NOT NULL REFERENCES partners (id), -- that opened it
  claim_id     TEXT NOT NULL REFERENCES claims (id),
  state        TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'dismissed')),
  reason       TEXT NOT NULL,
  evidence     TEXT NOT NULL, -- what the claim did not say
  member_id    TEXT NOT NULL,
  opened_at    BIGINT NOT NULL,
  answers_due  TEXT NOT NULL, -- last day of the LAR's and every holder's answer
  ruling_due   TEXT NOT NULL, -- last day of Microsoft's ruling
  ruled_at     BIGINT,
  ruled_by     TEXT NOT NULL DEFAULT '', -- the member
  ruling       TEXT NOT NULL DEFAULT '', -- why, for all to read
  ruled_decision TEXT NOT NULL DEFAULT '', -- the decision that an upheld one carries
  version      BIGINT NOT NULL DEFAULT 1
);
-- Once per partner and decision.
CREATE UNIQUE INDEX disputes_once ON disputes (partner_id, decision_id);
CREATE INDEX disputes_agreement ON disputes (agreement_id, state);
CREATE INDEX disputes_decision ON disputes (decision_id);
CREATE INDEX disputes_claim ON disputes (claim_id);
CREATE INDEX disputes_lar ON disputes (lar_id, opened_at DESC, id DESC);
CREATE INDEX disputes_opened ON disputes (opened_at DESC, id DESC);
CREATE INDEX disputes_open ON disputes (ruling_due, id) WHERE state = 'open';
-- One answer of each side.
CREATE TABLE dispute_answers (
  dispute_id TEXT NOT NULL REFERENCES disputes (id),
  org_id     TEXT NOT NULL,
  member_id  TEXT NOT NULL,
  at         BIGINT NOT NULL,
  answer     TEXT NOT NULL,
  PRIMARY KEY (dispute_id, org_id)
) WITHOUT ROWID;
