-- One-time links may be for more than the first three purposes. The table is made
-- anew, because one of the databases can't take a CHECK away.
CREATE TABLE links (
  hash       TEXT PRIMARY KEY, -- SHA-256, hex
  purpose    TEXT NOT NULL, -- confirm, invite, reset, email
  subject    TEXT NOT NULL, -- an application or a member
  email      TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
INSERT INTO links (hash, purpose, subject, email, expires_at) SELECT hash, purpose, subject, email, expires_at FROM tokens;
DROP TABLE tokens;
ALTER TABLE links RENAME TO tokens;
CREATE INDEX tokens_expiry ON tokens (expires_at);
CREATE INDEX tokens_subject ON tokens (subject);
-- How a session began, and when its person last proved to be there. A session
-- takes a new cookie when its member's rank is no longer the one it began with.
ALTER TABLE sessions ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
ALTER TABLE sessions ADD COLUMN two_step BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE sessions ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN rank TEXT NOT NULL DEFAULT '';
-- A member's authenticator app. It counts once a code confirmed it.
CREATE TABLE authenticators (
  member_id    TEXT PRIMARY KEY REFERENCES members (id),
  secret       TEXT NOT NULL, -- sealed
  step         BIGINT NOT NULL DEFAULT 0, -- of the last code that was taken
  created_at   BIGINT NOT NULL,
  confirmed_at BIGINT
);
-- Codes for who lost the rest; the row goes with its use.
CREATE TABLE recovery_codes (
  member_id TEXT NOT NULL REFERENCES members (id),
  hash      TEXT NOT NULL, -- SHA-256, hex
  PRIMARY KEY (member_id, hash)
);
CREATE TABLE passkeys (
  id         TEXT PRIMARY KEY, -- the credential's own id, base64url
  ref        TEXT NOT NULL UNIQUE,
  member_id  TEXT NOT NULL REFERENCES members (id),
  name       TEXT NOT NULL,
  credential TEXT NOT NULL, -- JSON: public key, counter, flags
  created_at BIGINT NOT NULL,
  used_at    BIGINT,
  version    BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX passkeys_member ON passkeys (member_id, created_at, id);
-- What was begun and waits for its second half: a sign-in whose password was
-- right, a passkey's challenge. The row goes with its use.
CREATE TABLE ceremonies (
  hash       TEXT NOT NULL, -- SHA-256 of the browser's cookie, hex
  purpose    TEXT NOT NULL, -- second, enter, register, prove
  member_id  TEXT NOT NULL, -- empty when a passkey is to say who
  data       TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (hash, purpose)
);
CREATE INDEX ceremonies_expiry ON ceremonies (expires_at);
-- Sign-ins as their member sees them. An address that is nobody's is written down
-- too, so that it takes as long, and is forgotten soon.
CREATE TABLE sign_ins (
  id        TEXT PRIMARY KEY,
  member_id TEXT NOT NULL,
  at        BIGINT NOT NULL, -- the machine's time
  network   TEXT NOT NULL, -- coarse
  agent     TEXT NOT NULL,
  method    TEXT NOT NULL,
  result    TEXT NOT NULL -- in, refused
);
CREATE INDEX sign_ins_member ON sign_ins (member_id, id);
CREATE INDEX sign_ins_at ON sign_ins (at);
