-- Why a company is suspended, which its members read when they want to sign in; and
-- since when a LAR is.
ALTER TABLE partners ADD COLUMN suspended_why TEXT NOT NULL DEFAULT '';
ALTER TABLE lars ADD COLUMN suspended_at BIGINT;
ALTER TABLE lars ADD COLUMN suspended_why TEXT NOT NULL DEFAULT '';
