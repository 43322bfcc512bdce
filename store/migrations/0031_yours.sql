-- What a partner says when it is asked whether an agreement that fits its claim is
-- its own: yes is a reason for the LAR, no drops the suggestion for good.
ALTER TABLE suggestions ADD COLUMN said TEXT NOT NULL DEFAULT '' CHECK (said IN ('', 'yes', 'no'));
ALTER TABLE suggestions ADD COLUMN partner_id TEXT NOT NULL DEFAULT ''; -- the claim's
UPDATE suggestions SET partner_id = (SELECT c.partner_id FROM claims c WHERE c.id = suggestions.claim_id);
-- What each partner is asked.
CREATE INDEX suggestions_asked ON suggestions (partner_id, claim_id) WHERE closed_at IS NULL AND said = '';
