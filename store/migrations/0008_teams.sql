-- A member's public reference, made of the random end of its id: the four letters
-- that Crockford's base 32 lacks become the digits that the id's base 32 lacks.
ALTER TABLE members ADD COLUMN ref TEXT NOT NULL DEFAULT '';
UPDATE members SET ref = 'MBR-' || replace(replace(replace(replace(upper(substr(id, 16)), 'I', '8'), 'L', '9'), 'O', '0'), 'U', '1');
CREATE UNIQUE INDEX members_ref ON members (ref);
CREATE INDEX members_name ON members (name, id);
-- Since when a member may not enter; null if it may.
ALTER TABLE members ADD COLUMN suspended_at BIGINT;
-- One row an organization whose members changed. Who changes a team bumps it first,
-- so that two at once do not both count the other as the owner who is left.
CREATE TABLE teams (
  org_id  TEXT PRIMARY KEY,
  version BIGINT NOT NULL
);
-- Whoever asks to join a company is found by its partner ID.
CREATE INDEX applications_joining ON applications (partner_no, confirmed_at, id) WHERE state = 'waiting';
-- Staff that sees the portal as an organization, from when until when.
CREATE TABLE viewings (
  id         TEXT PRIMARY KEY,
  member_id  TEXT NOT NULL REFERENCES members (id),
  org_id     TEXT NOT NULL,
  role       TEXT NOT NULL CHECK (role IN ('partner', 'lar')),
  org_ref    TEXT NOT NULL,
  started_at BIGINT NOT NULL, -- system time, as are the next two
  until      BIGINT NOT NULL,
  ended_at   BIGINT
);
CREATE INDEX viewings_open ON viewings (until) WHERE ended_at IS NULL;
ALTER TABLE sessions ADD COLUMN viewing TEXT NOT NULL DEFAULT '';
