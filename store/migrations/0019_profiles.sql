-- What a partner says of itself. profile_at is when it last did: from then on a
-- roster no longer overwrites its city and website.
ALTER TABLE partners ADD COLUMN street TEXT NOT NULL DEFAULT '';
ALTER TABLE partners ADD COLUMN postal_code TEXT NOT NULL DEFAULT '';
ALTER TABLE partners ADD COLUMN competencies TEXT NOT NULL DEFAULT ''; -- one a line
ALTER TABLE partners ADD COLUMN profile_at BIGINT;
