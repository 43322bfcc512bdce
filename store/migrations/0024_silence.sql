-- Steps that silence brought: each once for the last day that it counts from.
CREATE TABLE silences (
  subject TEXT NOT NULL, -- id of a claim, a connection or a member
  step    TEXT NOT NULL,
  due     TEXT NOT NULL,
  at      BIGINT NOT NULL,
  PRIMARY KEY (subject, step, due)
) WITHOUT ROWID;
INSERT INTO leases (name, holder, until) VALUES ('clocks', '', 0);
-- What waits longest, of what has no index by its clock yet.
CREATE INDEX claims_drafts ON claims (since, id) WHERE state = 'draft';
CREATE INDEX connections_due ON connections (due, id) WHERE state = 'asked';
