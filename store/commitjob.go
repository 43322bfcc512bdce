package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"irm/influence"
)

// chunkLines bounds how many rows of a report one transaction commits, so that
// others get in between; one agreement's are never split.
const chunkLines = 400

// chunkRecord is what the ledger keeps of a part of an import: how many rows
// with which sum, and the hash of the rows.
type chunkRecord struct {
	Report     string           `json:"report"`
	Rows       map[string]int64 `json:"rows"` // verdict to number
	Cents      int64            `json:"amount_cents"`
	SHA256     string           `json:"sha256"`
	Agreements int              `json:"agreements"`
}

// CommitReport takes a previewed report in: it hands the work to a job, whose
// reference it returns. The same bytes are taken once.
func (v Session) CommitReport(ctx context.Context, ref string, version int64) (job string, err error) {
	err = v.do(ctx, influence.UploadReports, func(t *tx) (change, error) {
		r, err := v.report(t.ctx, t.q, influence.UploadReports, ref)
		if err != nil {
			return change{}, err
		}
		if r.State != ReportPreview {
			return change{}, influence.ErrConflict
		}
		if known, err := t.committedBefore(r.LAR, r.SHA256); err != nil || known != nil {
			return change{}, orElse(err, known)
		}
		err = t.must(`UPDATE reports SET state = 'committing', committed_by = $3, version = version + 1 WHERE id = $1 AND version = $2`,
			r.ID, version, t.who.MemberID)
		if err != nil {
			return change{}, err
		}
		job, err = t.newJob("report", r.ID, r.Summary.Rows())
		return change{ref, recordReport(r, r.State), recordReport(r, ReportCommitting)}, err
	})
	if err != nil {
		return "", fmt.Errorf("commit report %s: %w", ref, err)
	}
	return job, nil
}

// orElse returns err, or the reason if there is none.
func orElse(err error, reason *DuplicateReport) error {
	if err != nil {
		return err
	}
	return *reason
}

// CommitStep does the next part of a report's job, for the member who started
// it, and reports whether there is more.
func (v Session) CommitStep(ctx context.Context, j Job) (next Job, more bool, err error) {
	err = v.do(ctx, influence.UploadReports, func(t *tx) (change, error) {
		next, more = j, false
		r, err := v.reportByID(t.ctx, t.q, influence.UploadReports, j.Subject)
		if err != nil {
			return change{}, err
		}
		lines, err := t.staged(r.ID, j.At)
		if err != nil {
			return change{}, err
		}
		if len(lines) == 0 {
			return change{r.Ref, recordReport(r, ReportCommitting), recordReport(r, ReportCommitted)}, t.committed(r, j)
		}
		next.At, next.Done, more = lines[len(lines)-1].AgreementKey, j.Done+int64(len(lines)), true
		if err := t.advanced(j, next); err != nil {
			return change{}, err
		}
		rec, err := v.commitChunk(t, r, lines)
		return change{r.Ref, nil, rec}, err
	})
	if err != nil {
		return j, false, fmt.Errorf("commit report: %w", err)
	}
	return next, more, nil
}

// committed ends the report and its job.
func (t *tx) committed(r report, j Job) error {
	if err := t.endJob(j, JobDone, ""); err != nil {
		return err
	}
	if err := t.tally(r.ID); err != nil {
		return err
	}
	return t.must(`UPDATE reports SET state = 'committed', committed_at = $2, version = version + 1 WHERE id = $1 AND state = 'committing'`,
		r.ID, t.at.UnixMicro())
}

// commitChunk commits lines agreement by agreement.
func (v Session) commitChunk(t *tx, r report, lines []line) (rec chunkRecord, err error) {
	var status influence.LARStatus
	if err := t.row(`SELECT status FROM lars WHERE id = $1`, r.LAR).Scan(&status); err != nil {
		return rec, err
	}
	rec = chunkRecord{Report: r.Ref, Rows: map[string]int64{}}
	hash := sha256.New()
	for len(lines) > 0 {
		n := 1
		for n < len(lines) && lines[n].AgreementKey == lines[0].AgreementKey {
			n++
		}
		b := bundle{t: t, v: v, report: r.ID, ready: status == influence.LARReady, lines: lines[:n]}
		staged := append([]line(nil), lines[:n]...)
		if err := b.commit(lines[0].AgreementKey); err != nil {
			return rec, err
		}
		for i, l := range b.lines {
			rec.Rows[l.verdict]++
			if l.verdict != "refused" && l.verdict != "totals" {
				rec.Cents += l.Cents
			}
			text, err := json.Marshal(recordLine(l.Line))
			if err != nil {
				return rec, err
			}
			fmt.Fprintf(hash, "%d %s %s\n", l.Row, l.verdict, text)
			if l.verdict != staged[i].verdict || l.reason != staged[i].reason {
				if err := t.judged(r.ID, l); err != nil {
					return rec, err
				}
			}
		}
		rec.Agreements++
		lines = lines[n:]
	}
	rec.SHA256 = hex.EncodeToString(hash.Sum(nil))
	return rec, nil
}

// judged writes down a verdict that differs from the preview's.
func (t *tx) judged(reportID string, l line) error {
	return t.later(`UPDATE report_lines SET verdict = $4, reason = $5 WHERE report_id = $1 AND agreement_key = $2 AND row_no = $3`,
		reportID, l.AgreementKey, int64(l.Row), l.verdict, l.reason)
}

// staged reads the lines of the next agreements after a key: whole agreements,
// and as many as fit into a chunk.
func (t *tx) staged(reportID, after string) ([]line, error) {
	var last string
	err := t.row(`SELECT coalesce(max(k.agreement_key), '') FROM (SELECT agreement_key FROM report_lines
		WHERE report_id = $1 AND agreement_key > $2 ORDER BY agreement_key, row_no LIMIT $3) AS k`, reportID, after, chunkLines).Scan(&last)
	if err != nil || last == "" {
		return nil, err
	}
	rows, err := t.rows(`SELECT agreement_key, row_no, verdict, reason, agreement, program, customer, state, seats, signed_on,
		order_key, order_number, kind, ordered_on, cents, partner_no FROM report_lines
		WHERE report_id = $1 AND agreement_key > $2 AND agreement_key <= $3 ORDER BY agreement_key, row_no`, reportID, after, last)
	return collect(rows, err, func(row scanner) (l line, err error) {
		err = row.Scan(&l.AgreementKey, &l.Row, &l.verdict, &l.reason, &l.AgreementNumber, &l.Program, &l.Customer, &l.State, &l.Seats,
			&l.SignedOn, &l.OrderKey, &l.OrderNumber, &l.Kind, &l.OrderedOn, &l.Cents, &l.PartnerNo)
		return l, err
	})
}
