CREATE TABLE reports (
  id           TEXT PRIMARY KEY,
  ref          TEXT NOT NULL UNIQUE,
  lar_id       TEXT NOT NULL REFERENCES lars (id),
  member_id    TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('reading', 'mapping', 'preview', 'committing', 'committed', 'undone', 'discarded')),
  file_name    TEXT NOT NULL,
  sha256       TEXT NOT NULL,
  bytes        BIGINT NOT NULL,
  found        TEXT NOT NULL DEFAULT '{}', -- JSON: encoding, delimiter, header row ...
  headings     TEXT NOT NULL DEFAULT '[]', -- JSON list
  mapping      TEXT NOT NULL DEFAULT '{}', -- JSON: heading to column
  samples      TEXT NOT NULL DEFAULT '[]', -- JSON list: what stands under the headings first
  summary      TEXT NOT NULL DEFAULT '{}', -- JSON: counts and sums of the verdicts
  created_at   BIGINT NOT NULL,
  committed_at BIGINT,
  committed_by TEXT NOT NULL DEFAULT '',
  undone_at    BIGINT,
  version      BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX reports_lar ON reports (lar_id, created_at DESC, id);
CREATE INDEX reports_created ON reports (created_at DESC, id);
-- The same bytes from the same LAR are taken once.
CREATE UNIQUE INDEX reports_once ON reports (lar_id, sha256) WHERE state IN ('committing', 'committed');
-- The file as it was uploaded, compressed, in pieces.
CREATE TABLE report_files (
  report_id TEXT NOT NULL REFERENCES reports (id),
  n         BIGINT NOT NULL,
  data      BYTEA NOT NULL,
  PRIMARY KEY (report_id, n)
);
-- Every row of the file with its verdict, agreement by agreement.
CREATE TABLE report_lines (
  report_id     TEXT NOT NULL,
  agreement_key TEXT NOT NULL, -- '' where it is missing
  row_no        BIGINT NOT NULL,
  verdict       TEXT NOT NULL CHECK (verdict IN ('new', 'corrected', 'unchanged', 'refused', 'held', 'totals')),
  reason        TEXT NOT NULL, -- of a refusal; what a correction replaces
  agreement     TEXT NOT NULL, -- number as written
  program       TEXT NOT NULL,
  customer      TEXT NOT NULL,
  state         TEXT NOT NULL,
  seats         BIGINT NOT NULL,
  signed_on     TEXT NOT NULL,
  order_key     TEXT NOT NULL,
  order_number  TEXT NOT NULL,
  kind          TEXT NOT NULL, -- '' where it is left to the program
  ordered_on    TEXT NOT NULL,
  cents         BIGINT NOT NULL,
  partner_no    TEXT NOT NULL,
  raw           TEXT NOT NULL, -- JSON list of the cells, of refused rows
  PRIMARY KEY (report_id, agreement_key, row_no)
) WITHOUT ROWID;
CREATE INDEX report_lines_verdict ON report_lines (report_id, verdict, row_no) WHERE verdict IN ('refused', 'held', 'corrected', 'totals');
-- Headings a LAR has explained once.
CREATE TABLE mappings (
  lar_id  TEXT NOT NULL,
  heading TEXT NOT NULL, -- folded
  column_name TEXT NOT NULL,
  PRIMARY KEY (lar_id, heading)
) WITHOUT ROWID;
