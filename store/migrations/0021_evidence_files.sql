-- A claim that its LAR detached from an agreement is not attached to it again by itself.
ALTER TABLE claims ADD COLUMN detached_from TEXT NOT NULL DEFAULT '';
-- Files that show what a claim says, and statements without a file. They are
-- written once and only read whole.
CREATE TABLE evidence_files (
  id        TEXT PRIMARY KEY,
  ref       TEXT NOT NULL UNIQUE,
  claim_id  TEXT NOT NULL REFERENCES claims (id),
  partner_id TEXT NOT NULL, -- of the claim
  name      TEXT NOT NULL, -- as the sender's machine called it
  kind      TEXT NOT NULL CHECK (kind IN ('', 'pdf', 'png', 'jpeg', 'docx', 'xlsx', 'csv', 'txt')),
  bytes     BIGINT NOT NULL,
  sha256    TEXT NOT NULL,
  statement TEXT NOT NULL, -- what the file shows; alone where kind is ''
  member_id TEXT NOT NULL,
  added_at  BIGINT NOT NULL
);
CREATE INDEX evidence_files_claim ON evidence_files (claim_id, id);
CREATE INDEX evidence_files_added ON evidence_files (partner_id, added_at);
CREATE TABLE evidence_pieces (
  file_id TEXT NOT NULL REFERENCES evidence_files (id),
  n       BIGINT NOT NULL,
  data    BYTEA NOT NULL,
  PRIMARY KEY (file_id, n)
);
