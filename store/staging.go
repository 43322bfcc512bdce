package store

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"iter"

	"irm/influence"
	"irm/sheet"
)

// stageLines is how many rows of an upload one transaction stages.
const stageLines = 400

// staging reads a report's file and stages its rows with verdicts.
type staging struct {
	v        Session
	id       string
	mapping  influence.Mapping
	headings []string
	today    influence.Day
	known    map[string]knownAgreement
	partners map[string]bool
	seen     map[uint64]uint64 // order to what an earlier row said of it
	seed     maphash.Seed
	staged   []line
	raw      []string
}

// knownAgreement is what staging has to know of an agreement.
type knownAgreement struct {
	id      string
	booked  bool // it exists, or an earlier row opens it
	foreign bool // booked by another LAR
}

// stage gives every row its verdict. What was staged before is replaced.
func (r *staging) stage(ctx context.Context, rows iter.Seq2[sheet.Row, error]) error {
	if err := r.v.quietly(ctx, func(t *tx) error {
		_, err := t.exec(`DELETE FROM report_lines WHERE report_id = $1`, r.id)
		return err
	}); err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		l, raw, err := r.judge(ctx, row)
		if err != nil {
			return err
		}
		r.staged, r.raw = append(r.staged, l), append(r.raw, raw)
		if len(r.staged) == stageLines {
			if err := r.flush(ctx); err != nil {
				return err
			}
		}
	}
	return r.flush(ctx)
}

func (r *staging) flush(ctx context.Context) error {
	err := r.v.quietly(ctx, func(t *tx) error {
		for i, l := range r.staged {
			if err := t.later(`INSERT INTO report_lines (report_id, agreement_key, row_no, verdict, reason, agreement, program, customer, state, seats,
				signed_on, order_key, order_number, kind, ordered_on, cents, partner_no, raw)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
				r.id, l.AgreementKey, int64(l.Row), l.verdict, l.reason, l.AgreementNumber, string(l.Program), l.Customer, l.State, l.Seats,
				string(l.SignedOn), l.OrderKey, l.OrderNumber, string(l.Kind), string(l.OrderedOn), l.Cents, l.PartnerNo, r.raw[i]); err != nil {
				return err
			}
		}
		return nil
	})
	r.staged, r.raw = r.staged[:0], r.raw[:0]
	return err
}

// judge reads a row and finds its verdict as things stand; raw is the row's
// cells as JSON if it is refused.
func (r *staging) judge(ctx context.Context, row sheet.Row) (l line, raw string, err error) {
	cells := make([]string, len(row.Cells))
	for i, c := range row.Cells {
		cells[i] = cellText(c)
	}
	reason := r.unreadable(row)
	if reason == "" {
		if cents, ok := influence.IsTotals(cells, r.mapping); ok {
			l.Row, l.Cents, l.verdict = row.Number, cents, "totals"
			return l, "", nil
		}
		l.Line, reason = influence.ParseLine(row.Number, cells, r.mapping, r.today, r.v.s.settings)
	}
	l.Row = row.Number
	if reason == "" {
		reason, err = r.against(ctx, &l)
	}
	if err != nil || reason == "" {
		return l, "", err
	}
	l.verdict, l.reason = "refused", reason
	text, err := json.Marshal(cells)
	return l, string(text), err
}

// unreadable says why a row's cells can't be read for certain.
func (r *staging) unreadable(row sheet.Row) string {
	if row.Ragged {
		return fmt.Sprintf("This row has %d cells where there are %d headings. Its values may stand under the wrong ones.", len(row.Cells), len(r.headings))
	}
	for i, c := range row.Cells {
		if _, used := r.mapping[i]; used && c.Kind == sheet.Error {
			return fmt.Sprintf("The cell under %s holds the error %s.", r.headings[i], c.Text)
		}
		if _, used := r.mapping[i]; used && c.Kind == sheet.Formula {
			return fmt.Sprintf("The cell under %s holds a formula without a result. Open the file in your spreadsheet program and save it again.", r.headings[i])
		}
	}
	return ""
}

// against compares a line with the records and the rows before it: the verdict,
// or why it is refused.
func (r *staging) against(ctx context.Context, l *line) (reason string, err error) {
	if l.PartnerNo != "" {
		ok, err := r.partner(ctx, l.PartnerNo)
		if err != nil {
			return "", err
		}
		if !ok {
			return fmt.Sprintf("There is no partner ID %s: it is neither enrolled nor on the roster.", l.PartnerNo), nil
		}
	}
	k, err := r.agreement(ctx, l.AgreementKey)
	if err != nil {
		return "", err
	}
	if k.foreign {
		l.verdict, l.reason = "held", heldSentence
		if again, differs := r.earlier(l); again && differs {
			return twiceSentence, nil
		}
		return "", nil
	}
	if !k.booked {
		if missing := influence.MissingForNew(l.Line); len(missing) > 0 {
			return influence.MissingSentence(missing), nil
		}
		k.booked = true
		r.known[l.AgreementKey] = k
	}
	return r.order(ctx, k, l)
}

// order compares a line with the order as it stands and as earlier rows give it.
func (r *staging) order(ctx context.Context, k knownAgreement, l *line) (reason string, err error) {
	now := orderVersion{Order: influence.Order{ID: l.OrderKey, Number: l.OrderNumber, OrderedOn: l.OrderedOn, Kind: l.Kind, Cents: l.Cents, NamedPartnerNo: l.PartnerNo}}
	if again, differs := r.earlier(l); differs {
		return twiceSentence, nil
	} else if again {
		l.verdict = "unchanged"
		return "", nil
	}
	l.verdict = "new"
	if k.id == "" {
		return "", nil
	}
	was, err := r.v.reader(ctx).order(k.id, l.OrderKey)
	if err != nil || was.n == 0 {
		return "", err
	}
	now.Kind = kindOr(now.Kind, was, false)
	if l.verdict = "corrected"; was.same(now) {
		l.verdict = "unchanged"
		return "", nil
	}
	l.reason = changes(was, now)
	return "", nil
}

// earlier reports whether an earlier row of the file has the same order, and
// whether it said something else of it.
func (r *staging) earlier(l *line) (again, differs bool) {
	key := maphash.String(r.seed, l.AgreementKey+"\x00"+l.OrderKey)
	says := maphash.String(r.seed, fmt.Sprint(l.OrderedOn, "\x00", l.Kind, "\x00", l.Cents, "\x00", l.PartnerNo))
	before, again := r.seen[key]
	if !again {
		r.seen[key] = says
	}
	return again, again && before != says
}

func (r *staging) partner(ctx context.Context, no string) (ok bool, err error) {
	ok, asked := r.partners[no]
	if !asked {
		err = r.v.s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM partners WHERE partner_no = $1)`, no).Scan(&ok)
		r.partners[no] = ok
	}
	return ok, err
}

func (r *staging) agreement(ctx context.Context, key string) (k knownAgreement, err error) {
	k, asked := r.known[key]
	if asked {
		return k, nil
	}
	a, ok, err := r.v.s.findAgreement(ctx, key)
	if err != nil {
		return k, err
	}
	if ok {
		foreign := a.LAR != r.v.actor.OrgID
		k = knownAgreement{id: a.ID, booked: !(a.Withdrawn && foreign), foreign: foreign && !a.Withdrawn}
	}
	r.known[key] = k
	return k, nil
}

// findAgreement finds an agreement by its number, whoever booked it: a report's
// row for another LAR's agreement is held, which tells no more than that.
func (s *Store) findAgreement(ctx context.Context, key string) (a agreement, ok bool, err error) {
	rows, err := s.read.QueryContext(ctx, `SELECT `+agreementColumns+` FROM agreements a WHERE a.number_key = $1`, key)
	found, err := collect(rows, err, scanAgreement)
	if err != nil || len(found) == 0 {
		return a, false, err
	}
	return found[0], true, nil
}
