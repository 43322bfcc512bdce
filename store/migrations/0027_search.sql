-- The search box: what an organization sees by the beginning of the customer's name
-- as it sees that name. A partner that has only a claim finds its own spelling there.
ALTER TABLE sight ADD COLUMN customer_key TEXT NOT NULL DEFAULT '';
UPDATE sight SET customer_key = coalesce((SELECT x.name_key FROM agreements a JOIN aliases x ON x.customer_id = a.customer_id AND x.name = a.customer
  WHERE a.id = sight.agreement_id LIMIT 1), '') WHERE seen_as <> 'PC';
CREATE INDEX sight_named ON sight (org_id, customer_key, agreement_id) WHERE customer_key <> '';
CREATE INDEX claims_partner_name ON claims (partner_id, name_key, id);
CREATE INDEX claims_lar_name ON claims (lar_id, name_key, id) WHERE delivered_at IS NOT NULL;
CREATE INDEX claims_partner_number ON claims (partner_id, number_key, id) WHERE number_key <> '';
CREATE INDEX partners_found ON partners (upper(name), id);
CREATE INDEX lars_found ON lars (upper(name), id);
