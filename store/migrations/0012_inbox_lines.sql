-- The row as one text with tabs, because a page is read as such lines: handing
-- over each column of each row costs more than finding them. A stored column can't
-- be added to a table that is there, so the table is made anew.
CREATE TABLE inbox_lines (
  lar_id       TEXT NOT NULL,
  tab          TEXT NOT NULL CHECK (tab IN ('decide', 'unclaimed')),
  due          TEXT NOT NULL, -- '' without a clock
  worth        BIGINT NOT NULL, -- minus the amount, so that the largest comes first
  agreement_id TEXT NOT NULL UNIQUE,
  ref          TEXT NOT NULL,
  number       TEXT NOT NULL,
  customer     TEXT NOT NULL,
  state        TEXT NOT NULL,
  program      TEXT NOT NULL,
  signed_on    TEXT NOT NULL,
  claims       BIGINT NOT NULL,
  items        BIGINT NOT NULL,
  score        BIGINT NOT NULL, -- of the best suggestion, hundredths
  line         TEXT NOT NULL GENERATED ALWAYS AS (due || '	' || CAST(worth AS TEXT) || '	' || agreement_id || '	' || ref || '	' ||
    CAST(claims AS TEXT) || '	' || CAST(items AS TEXT) || '	' || CAST(score AS TEXT) || '	' || state || '	' || program || '	' ||
    signed_on || '	' || number || '	' || customer) STORED,
  PRIMARY KEY (lar_id, tab, due, worth, agreement_id)
) WITHOUT ROWID;
INSERT INTO inbox_lines (lar_id, tab, due, worth, agreement_id, ref, number, customer, state, program, signed_on, claims, items, score)
  SELECT lar_id, tab, due, worth, agreement_id, ref, number, customer, state, program, signed_on, claims, items, score FROM inbox;
DROP TABLE inbox;
ALTER TABLE inbox_lines RENAME TO inbox;
