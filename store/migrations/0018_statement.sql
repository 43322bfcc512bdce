-- A partner's statement goes through what it has a part in by day; its agreements
-- of a period are found by the same index.
DROP INDEX standing_partner;
CREATE INDEX standing_partner ON standing (partner_id, on_day DESC, agreement_id DESC) WHERE partner_id <> '';
