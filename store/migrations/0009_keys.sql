-- 128 random bits of each entry, from which its leaf is made so that the hash
-- can't be guessed. Entries without any have the first leaf format.
ALTER TABLE entries ADD COLUMN salt TEXT NOT NULL DEFAULT '';
-- The ledger is read by organization, by person and by kind of act.
CREATE INDEX entries_org ON entries (org_id, id);
CREATE INDEX entries_member ON entries (member_id, id);
CREATE INDEX entries_action ON entries (action, id);
-- The key ring: 'ledger' signs; a retired key keeps its public half alone, with
-- which what it signed is still checked.
ALTER TABLE signers ADD COLUMN retired_at BIGINT;
