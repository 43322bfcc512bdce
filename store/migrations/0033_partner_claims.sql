-- A partner's claims that are over by how they ended, the last changed first: its
-- outcomes on the first page, and its list by state.
CREATE INDEX claims_ended ON claims (partner_id, state, since DESC, id DESC)
  WHERE state IN ('confirmed', 'rejected', 'withdrawn', 'expired', 'superseded');
-- What a partner influenced on the days of a month is added up from the index alone.
DROP INDEX standing_partner;
CREATE INDEX standing_partner ON standing (partner_id, on_day DESC, agreement_id DESC, influenced) WHERE partner_id <> '';
