package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"irm/influence"
)

// pieceSize is how much of a compressed file stands in one row.
const pieceSize = 1 << 20

// UploadReport keeps the file at path as a report of the actor's LAR, reads it,
// and gives every row a verdict. Nothing of it counts before it is committed.
// What headings mean can be given; it is remembered. The report is left in the
// state mapping when a required column was not found exactly once. A file that
// was taken before is refused with DuplicateReport.
func (v Session) UploadReport(ctx context.Context, name, path string, mapping map[string]string) (ref string, err error) {
	return v.uploadReport(ctx, name, path, meanings{given: mapping, remember: true})
}

// TryReport is UploadReport for a file that is only to be looked at: what its
// headings mean is not remembered. The report is left to be discarded.
func (v Session) TryReport(ctx context.Context, name, path string, mapping map[string]string) (ref string, err error) {
	return v.uploadReport(ctx, name, path, meanings{given: mapping})
}

// meanings are what headings mean by the one who uploads, and whether that is
// remembered for the LAR.
type meanings struct {
	given    map[string]string
	remember bool
}

func (v Session) uploadReport(ctx context.Context, name, path string, m meanings) (ref string, err error) {
	sum, size, err := hashFile(path)
	if err != nil {
		return "", fmt.Errorf("upload report: %w", err)
	}
	r := report{FileName: name, SHA256: sum, Bytes: size, LAR: v.actor.OrgID}
	if r.ID, ref, err = v.startReport(ctx, r); err != nil {
		return "", fmt.Errorf("upload report: %w", err)
	}
	err = v.keepFile(ctx, r.ID, path)
	if err == nil {
		err = v.readReport(ctx, r.ID, path, m)
	}
	if err != nil {
		return "", fmt.Errorf("upload report: %w", errors.Join(err, v.dropReport(ctx, r.ID)))
	}
	return ref, nil
}

func hashFile(path string) (sum string, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), size, err
}

// startReport makes the report's row, unless the same bytes were taken before.
func (v Session) startReport(ctx context.Context, r report) (id, ref string, err error) {
	err = v.do(ctx, influence.UploadReports, func(t *tx) (change, error) {
		var status influence.LARStatus
		if err := t.row(`SELECT status FROM lars WHERE id = $1`, r.LAR).Scan(&status); err != nil {
			return change{}, err
		}
		if !status.MayUpload() {
			return change{}, influence.Invalid{"file": "Your company uploads reports once it has signed."}
		}
		if known, err := t.committedBefore(r.LAR, r.SHA256); err != nil || known != nil {
			return change{}, orElse(err, known)
		}
		id = newID("rpt", t.at)
		ref, err = t.referred("RPT", func(ref string) (int64, error) {
			return t.exec(`INSERT INTO reports (id, ref, lar_id, member_id, state, file_name, sha256, bytes, created_at)
				VALUES ($1, $2, $3, $4, 'reading', $5, $6, $7, $8) ON CONFLICT (ref) DO NOTHING`,
				id, ref, r.LAR, t.who.MemberID, r.FileName, r.SHA256, r.Bytes, t.at.UnixMicro())
		})
		r.Ref = ref
		return change{ref, nil, recordReport(r, ReportReading)}, err
	})
	return id, ref, err
}

// keepFile stores the file, compressed and in pieces.
func (v Session) keepFile(ctx context.Context, id, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	p := &pieces{keep: func(n int64, data []byte) error {
		return v.quietly(ctx, func(t *tx) error {
			_, err := t.exec(`INSERT INTO report_files (report_id, n, data) VALUES ($1, $2, $3)`, id, n, data)
			return err
		})
	}}
	z, err := gzip.NewWriterLevel(p, gzip.BestSpeed)
	if err != nil {
		return err
	}
	if _, err := io.Copy(z, f); err != nil {
		return err
	}
	return errors.Join(z.Close(), p.flush())
}

// quietly writes a part of an upload, which the ledger hears of when it counts.
func (v Session) quietly(ctx context.Context, fn func(*tx) error) error {
	return v.do(ctx, influence.UploadReports, func(t *tx) (change, error) { return change{}, fn(t) })
}

// pieces gathers what is written into pieces of pieceSize.
type pieces struct {
	buf  bytes.Buffer
	n    int64
	keep func(n int64, data []byte) error
}

func (p *pieces) Write(b []byte) (int, error) {
	p.buf.Write(b)
	for p.buf.Len() >= pieceSize {
		if err := p.put(p.buf.Next(pieceSize)); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}

func (p *pieces) put(data []byte) error {
	err := p.keep(p.n, bytes.Clone(data))
	p.n++
	return err
}

func (p *pieces) flush() error {
	if p.buf.Len() == 0 && p.n > 0 {
		return nil
	}
	return p.put(p.buf.Bytes())
}

// ReportFile writes the file as it was uploaded, for the LAR that uploaded it.
func (v Session) ReportFile(ctx context.Context, ref string, w io.Writer) error {
	if !v.actor.May(influence.UploadReports) {
		return influence.ErrNotFound
	}
	r, err := v.report(ctx, v.s.read, influence.UploadReports, ref)
	if err != nil {
		return wrap(err)
	}
	return v.unpack(ctx, r.ID, w)
}

func (v Session) unpack(ctx context.Context, id string, w io.Writer) error {
	in, out := io.Pipe()
	go func() { out.CloseWithError(v.readPieces(ctx, id, out)) }()
	defer in.Close()
	z, err := gzip.NewReader(in)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, z) //nolint:gosec // what was packed here was bounded when it was uploaded
	return err
}

func (v Session) readPieces(ctx context.Context, id string, w io.Writer) error {
	for n := int64(0); ; n++ {
		var data []byte
		rows, err := v.s.read.QueryContext(ctx, `SELECT data FROM report_files WHERE report_id = $1 AND n = $2`, id, n)
		found, err := collect(rows, err, func(row scanner) (b []byte, err error) { return b, row.Scan(&b) })
		if err != nil || len(found) == 0 {
			return err
		}
		data = found[0]
		if _, err := w.Write(data); err != nil {
			return err
		}
	}
}

// dropReport removes an upload that could not be read.
func (v Session) dropReport(ctx context.Context, id string) error {
	return v.quietly(context.WithoutCancel(ctx), func(t *tx) error {
		for _, query := range []string{`DELETE FROM report_lines WHERE report_id = $1`, `DELETE FROM report_files WHERE report_id = $1`,
			`UPDATE reports SET state = 'discarded' WHERE id = $1`} {
			if _, err := t.exec(query, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// DiscardReport removes a report that was not committed, with its file.
func (v Session) DiscardReport(ctx context.Context, ref string, version int64) error {
	err := v.do(ctx, influence.UploadReports, func(t *tx) (change, error) {
		r, err := v.report(t.ctx, t.q, influence.UploadReports, ref)
		if err != nil {
			return change{}, err
		}
		if r.State != ReportPreview && r.State != ReportMapping && r.State != ReportReading {
			return change{}, influence.Refusal("Only a report that was not imported can be discarded.")
		}
		if err := t.must(`UPDATE reports SET state = 'discarded', version = version + 1 WHERE id = $1 AND version = $2`, r.ID, version); err != nil {
			return change{}, err
		}
		for _, query := range []string{`DELETE FROM report_lines WHERE report_id = $1`, `DELETE FROM report_files WHERE report_id = $1`} {
			if _, err := t.exec(query, r.ID); err != nil {
				return change{}, err
			}
		}
		return change{ref, recordReport(r, r.State), recordReport(r, ReportDiscarded)}, nil
	})
	if err != nil {
		return fmt.Errorf("discard report %s: %w", ref, err)
	}
	return nil
}

// MapReport says what a report's headings mean, remembers it for the LAR, and
// reads the file again.
func (v Session) MapReport(ctx context.Context, ref string, version int64, mapping map[string]string) error {
	r, err := v.report(ctx, v.s.read, influence.UploadReports, ref)
	if err != nil {
		return wrap(err)
	}
	if r.State != ReportPreview && r.State != ReportMapping || r.Version != version {
		return influence.ErrConflict
	}
	f, err := os.CreateTemp("", "irm-report-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = v.unpack(ctx, r.ID, f)
	if err = errors.Join(err, f.Close()); err == nil {
		err = v.readReport(ctx, r.ID, f.Name(), meanings{mapping, true})
	}
	if err != nil {
		return fmt.Errorf("map report %s: %w", ref, err)
	}
	return nil
}

// tally adds up the verdicts of a report.
func (t *tx) tally(id string) error {
	rows, err := t.rows(`SELECT verdict, count(*), CAST(sum(cents) AS BIGINT), CAST(sum(CASE WHEN partner_no <> '' THEN 1 ELSE 0 END) AS BIGINT),
		min(CASE WHEN ordered_on <> '' THEN ordered_on END), max(ordered_on), CAST(sum(CASE WHEN ordered_on > $2 THEN 1 ELSE 0 END) AS BIGINT)
		FROM report_lines WHERE report_id = $1 GROUP BY verdict`, id, string(t.today))
	if err != nil {
		return err
	}
	defer rows.Close()
	var s ReportSummary
	for rows.Next() {
		var verdict string
		var c Tally
		var naming, future int64
		var first, last *string
		if err := rows.Scan(&verdict, &c.Rows, &c.Cents, &naming, &first, &last, &future); err != nil {
			return err
		}
		s.add(verdict, c)
		if verdict == "new" || verdict == "corrected" || verdict == "unchanged" {
			s.Naming, s.Future = s.Naming+naming, s.Future+future
			s.span(first, last)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	err = t.row(`SELECT count(*) FROM (SELECT DISTINCT agreement_key FROM report_lines
		WHERE report_id = $1 AND verdict IN ('new', 'corrected', 'unchanged')) AS x`, id).Scan(&s.Agreements)
	if err != nil {
		return err
	}
	if s.Reasons, err = t.reasons(id); err != nil {
		return err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE reports SET summary = $2 WHERE id = $1`, id, string(text))
	return err
}

// reasons counts the refused rows of a report by why.
func (t *tx) reasons(id string) (map[string]int64, error) {
	rows, err := t.rows(`SELECT reason, count(*) FROM report_lines WHERE report_id = $1 AND verdict = 'refused' GROUP BY reason`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string]int64{}
	for rows.Next() {
		var reason string
		var n int64
		if err := rows.Scan(&reason, &n); err != nil {
			return nil, err
		}
		all[influence.WithoutValues(reason)] += n
	}
	return all, rows.Err()
}

func (s *ReportSummary) add(verdict string, c Tally) {
	switch verdict {
	case "new":
		s.New = c
	case "corrected":
		s.Corrected = c
	case "unchanged":
		s.Unchanged = c
	case "refused":
		s.Refused = c
	case "held":
		s.Held = c
	case "totals":
		s.Totals = c
	}
}

func (s *ReportSummary) span(first, last *string) {
	if first != nil && (s.First == "" || influence.Day(*first) < s.First) {
		s.First = influence.Day(*first)
	}
	if last != nil {
		s.Last = max(s.Last, influence.Day(*last))
	}
}
