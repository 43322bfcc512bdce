-- Since when a partner wants no colleagues here for now: a first step it put aside.
ALTER TABLE partners ADD COLUMN alone_at BIGINT;
-- What Microsoft asks about an application, and what the applicant answers. The
-- application waits on; asked_at is since when it is the applicant's turn.
ALTER TABLE applications ADD COLUMN asked_at BIGINT;
CREATE TABLE application_questions (
  entry_id       TEXT PRIMARY KEY, -- that it was asked with
  application_id TEXT NOT NULL REFERENCES applications (id),
  asked_at       BIGINT NOT NULL,
  asked_by       TEXT NOT NULL,
  question       TEXT NOT NULL,
  fields         TEXT NOT NULL, -- those to correct, one a line
  answered_at    BIGINT,
  answer         TEXT NOT NULL DEFAULT '',
  corrected      TEXT NOT NULL DEFAULT '' -- those that were corrected, one a line
);
CREATE INDEX application_questions_application ON application_questions (application_id, asked_at, entry_id);
-- Those that wait for the applicant, as those that wait for Microsoft.
CREATE INDEX applications_asked ON applications (confirmed_at, id) WHERE state = 'waiting' AND asked_at IS NOT NULL;
