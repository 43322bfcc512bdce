-- What the ledger says of a person (name, address, phone) stands in its entries as
-- commitments: hashes under a key of the person's own. Here are the keys, and what
-- was committed to. Erasing a person deletes its rows here; the ledger's tree
-- stays as it is, and what the hashes were of can't be found out any more.
CREATE TABLE persons (
  id  TEXT PRIMARY KEY, -- the member's
  key TEXT NOT NULL     -- 256 random bits, hex
);
CREATE TABLE personal (
  commitment TEXT PRIMARY KEY,
  person_id  TEXT NOT NULL REFERENCES persons (id),
  field      TEXT NOT NULL,
  value      TEXT NOT NULL
);
CREATE INDEX personal_person ON personal (person_id);
