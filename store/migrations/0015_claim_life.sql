-- A question to the partner stops the LAR's clock. What was left of it goes on
-- with the answer; what was used counts for the time to decision.
ALTER TABLE claims ADD COLUMN days_left BIGINT NOT NULL DEFAULT 0; -- business days of the LAR's turn when the last question stopped it
ALTER TABLE claims ADD COLUMN days_spent BIGINT NOT NULL DEFAULT 0; -- business days of the LAR's turn before the last question was answered
ALTER TABLE claims ADD COLUMN askable TEXT NOT NULL DEFAULT ''; -- fields that the open question lets the partner edit, separated by spaces
ALTER TABLE claims ADD COLUMN extended_on TEXT NOT NULL DEFAULT ''; -- day of its one extension, which is in due and valid_until
ALTER TABLE claims ADD COLUMN reopened_on TEXT NOT NULL DEFAULT ''; -- day of the last reopening
ALTER TABLE claims ADD COLUMN replaced_by TEXT NOT NULL DEFAULT ''; -- the newer claim, if superseded
-- What an event says of fields: those a question opens, and what an answer changed.
ALTER TABLE claim_events ADD COLUMN fields TEXT NOT NULL DEFAULT ''; -- JSON list of field, was, now
-- Whose turn ends when, whoever's it is.
CREATE INDEX claims_turn_due ON claims (state, due, id) WHERE state IN ('waiting', 'intent', 'attached', 'action_required');
-- Who of the LAR opened a claim first, and when.
CREATE TABLE openings (
  claim_id  TEXT NOT NULL REFERENCES claims (id),
  member_id TEXT NOT NULL,
  at        BIGINT NOT NULL,
  PRIMARY KEY (claim_id, member_id)
) WITHOUT ROWID;
