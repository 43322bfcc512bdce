-- Personal links to enroll, each sent to the contact that the roster has of a
-- partner. A row stays when its link was used or replaced, to say what was sent
-- when and to tell who opens it what became of it.
CREATE TABLE personal_links (
  id          TEXT PRIMARY KEY,
  hash        TEXT NOT NULL UNIQUE, -- SHA-256 of the link's token, hex
  partner_id  TEXT NOT NULL REFERENCES partners (id),
  email       TEXT NOT NULL, -- that it was sent to, lower case
  sent_at     BIGINT NOT NULL,
  sent_by     TEXT NOT NULL, -- a member of Microsoft
  expires_at  BIGINT NOT NULL, -- the machine's time
  used_at     BIGINT,
  replaced_at BIGINT -- by a later one
);
CREATE INDEX personal_links_partner ON personal_links (partner_id, sent_at, id);
CREATE UNIQUE INDEX personal_links_open ON personal_links (partner_id) WHERE used_at IS NULL AND replaced_at IS NULL;
CREATE INDEX personal_links_expiry ON personal_links (expires_at);
CREATE INDEX personal_links_email ON personal_links (email);
