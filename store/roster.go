package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"strings"

	"irm/influence"
	"irm/sheet"
)

// chunkRoster is how many rows of a roster one transaction takes in.
const chunkRoster = 400

// RosterDone is what an import of the roster came to.
type RosterDone struct {
	Partners                        int64             // rows taken
	Added, Changed, Unchanged, Gone int64             // of the partners; zero in a dry run
	Refused                         map[string]string // "row N" to the reason
}

// rosterImport is one roster while it is taken in.
type rosterImport struct {
	v        Session
	id, name string
	file     *rosterFile
	done     RosterDone
	lines    []rosterLine // of the chunk
}

type rosterChunkRecord struct {
	Import  string `json:"import"`
	Added   int64  `json:"added"`
	Changed int64  `json:"changed"`
	SHA256  string `json:"sha256"` // of the rows added or changed
}

type rosterRecord struct {
	Import    string `json:"import"`
	File      string `json:"file"`
	Partners  int64  `json:"partners"`
	Added     int64  `json:"added"`
	Changed   int64  `json:"changed"`
	Unchanged int64  `json:"unchanged"`
	Gone      int64  `json:"gone"`
	Refused   int64  `json:"refused"`
}

// ImportRosterFile takes in the roster at path, whose name for people is name.
// The whole file is read before anything changes: one that can't be read, or
// lists nobody, is refused with influence.Invalid. With dry nothing changes.
func (v Session) ImportRosterFile(ctx context.Context, name, path string, dry bool) (RosterDone, error) {
	if !v.actor.May(influence.ImportRoster) {
		return RosterDone{}, influence.ErrForbidden
	}
	f, err := openRoster(path)
	if err != nil {
		return RosterDone{}, asInvalid(err)
	}
	defer f.close()
	i := &rosterImport{v: v, id: newID("ros", v.s.clock.Program()), name: name, file: f, done: RosterDone{Refused: map[string]string{}}}
	if err := i.check(); err != nil || dry {
		return i.done, asInvalid(err)
	}
	if err := i.run(ctx); err != nil {
		return i.done, fmt.Errorf("import roster: %w", asInvalid(err))
	}
	return i.done, nil
}

// check reads the whole file and counts what would be taken.
func (i *rosterImport) check() error {
	for l, err := range i.file.lines() {
		switch {
		case err != nil:
			return err
		case l.reason != "":
			i.done.Refused[fmt.Sprintf("row %d", l.number)] = l.reason
		default:
			i.done.Partners++
		}
	}
	if i.done.Partners == 0 {
		return influence.Invalid{"file": fmt.Sprintf("No row of this file can be taken; %d were refused.", len(i.done.Refused))}
	}
	return nil
}

// run takes the file in, chunk by chunk, so that others get in between.
func (i *rosterImport) run(ctx context.Context) error {
	for l, err := range i.file.lines() {
		if err != nil {
			return err
		}
		if i.lines = append(i.lines, l); len(i.lines) == chunkRoster {
			if err := i.flush(ctx); err != nil {
				return err
			}
		}
	}
	if err := i.flush(ctx); err != nil {
		return err
	}
	return i.v.do(ctx, influence.ImportRoster, i.finish)
}

// flush takes in a chunk. Its counts are added once the chunk stands: the
// transaction may run twice.
func (i *rosterImport) flush(ctx context.Context) error {
	var c *rosterChunk
	err := i.v.do(ctx, influence.ImportRoster, func(t *tx) (change, error) {
		if err := i.hold(t); err != nil {
			return change{}, err
		}
		c = &rosterChunk{t: t, id: i.id, sum: sha256.New()}
		for _, l := range i.lines {
			if err := c.take(l); err != nil {
				return change{}, err
			}
		}
		if c.added+c.changed == 0 {
			return change{}, nil // nothing that the ledger should know
		}
		return change{"roster", nil, rosterChunkRecord{i.id, c.added, c.changed, hex.EncodeToString(c.sum.Sum(nil))}}, nil
	})
	if err != nil {
		return err
	}
	i.done.Added, i.done.Changed, i.done.Unchanged = i.done.Added+c.added, i.done.Changed+c.changed, i.done.Unchanged+c.unchanged
	i.lines = i.lines[:0]
	return nil
}

// hold keeps a second import out until this one ends: two at once would each
// mark the other's partners as gone.
func (i *rosterImport) hold(t *tx) error {
	mine, err := t.lease("roster", i.id)
	if err == nil && !mine {
		err = influence.Invalid{"file": "Another roster is being imported. Wait until it is done, then send this one again."}
	}
	return err
}

// finish marks those that the file does not list, and keeps what it came to.
func (i *rosterImport) finish(t *tx) (change, error) {
	if err := i.hold(t); err != nil {
		return change{}, err
	}
	gone, err := t.exec(`UPDATE roster SET gone_at = $2 WHERE listing <> $1 AND gone_at IS NULL`, i.id, t.at.UnixMicro())
	if err != nil {
		return change{}, err
	}
	i.done.Gone = gone
	d := i.done
	headings, err := json.Marshal(i.file.head.Cells)
	if err != nil {
		return change{}, err
	}
	if err := t.later(`INSERT INTO roster_imports (id, entry_id, recorded_at, member_id, file_name, headings, partners, added, changed, unchanged, gone, refused)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, i.id, t.entry, t.at.UnixMicro(), t.who.MemberID, i.name, string(headings),
		d.Partners, d.Added, d.Changed, d.Unchanged, d.Gone, int64(len(d.Refused))); err != nil {
		return change{}, err
	}
	if err := t.later(`UPDATE leases SET holder = '', until = 0 WHERE name = 'roster' AND holder = $1`, i.id); err != nil {
		return change{}, err
	}
	return change{"roster", nil, rosterRecord{i.id, i.name, d.Partners, d.Added, d.Changed, d.Unchanged, d.Gone, int64(len(d.Refused))}}, nil
}

// rosterChunk takes rows in within one transaction.
type rosterChunk struct {
	t                         *tx
	id                        string
	sum                       hash.Hash
	added, changed, unchanged int64
}

// take brings a partner's row of the roster up to date, or keeps why not.
func (c *rosterChunk) take(l rosterLine) error {
	if l.reason != "" {
		raw, err := json.Marshal(l.cells)
		if err != nil {
			return err
		}
		return c.t.later(`INSERT INTO roster_refusals (import_id, row_no, reason, raw) VALUES ($1, $2, $3, $4)`, c.id, int64(l.number), l.reason, string(raw))
	}
	was, err := c.t.reader().rosterRow(l.PartnerNo)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		c.added++
	case err != nil:
		return err
	case was == l.RosterRow:
		c.unchanged++
		return c.t.later(`UPDATE roster SET listing = $2 WHERE partner_no = $1`, l.PartnerNo, c.id)
	default:
		c.changed++
	}
	company := l.RosterRow
	company.ContactName, company.ContactEmail = "", "" // a person, whom the ledger must be able to forget
	if err := json.NewEncoder(c.sum).Encode(company); err != nil {
		return err
	}
	return c.put(l.RosterRow)
}

// put writes a row that is new or changed, and what it changes of the partner.
func (c *rosterChunk) put(r influence.RosterRow) error {
	p, err := c.t.partnerByNo(r.PartnerNo)
	if errors.Is(err, sql.ErrNoRows) {
		p, err = c.t.newPartner(r)
	}
	if err != nil {
		return err
	}
	if err := c.t.later(`INSERT INTO roster (partner_no, partner_id, name, level, state, city, website, contact_name, contact_email, listing, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (partner_no) DO UPDATE SET name = excluded.name, level = excluded.level, state = excluded.state, city = excluded.city,
		website = excluded.website, contact_name = excluded.contact_name, contact_email = excluded.contact_email, listing = excluded.listing,
		gone_at = NULL, updated_at = excluded.updated_at`,
		r.PartnerNo, p.ID, r.Name, string(r.Level), r.State, r.City, r.Website, r.ContactName, r.ContactEmail, c.id, c.t.at.UnixMicro()); err != nil {
		return err
	}
	if err := c.t.later(`UPDATE partners SET name = $2, level = $3, state = $4,
		city = CASE WHEN profile_at IS NULL THEN $5 ELSE city END, website = CASE WHEN profile_at IS NULL THEN $6 ELSE website END, version = version + 1
		WHERE id = $1 AND (name <> $2 OR level <> $3 OR state <> $4 OR profile_at IS NULL AND (city <> $5 OR website <> $6))`,
		p.ID, r.Name, string(r.Level), r.State, r.City, r.Website); err != nil {
		return err
	}
	if p.level == r.Level && p.state == r.State {
		return nil
	}
	return c.t.keepLevel(p.ID, r.Level, r.State)
}

// newPartner makes a partner that is known from the roster only.
func (t *tx) newPartner(r influence.RosterRow) (p partnerRow, err error) {
	p = partnerRow{ID: newID("prt", t.at), No: r.PartnerNo, Name: r.Name, level: r.Level, state: r.State}
	p.Ref, err = t.referred("PRT", func(ref string) (int64, error) {
		return t.exec(`INSERT INTO partners (id, ref, partner_no, name, level, state, city, website, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (ref) DO NOTHING`,
			p.ID, ref, r.PartnerNo, r.Name, string(r.Level), r.State, r.City, r.Website, t.at.UnixMicro())
	})
	if err != nil {
		return p, err
	}
	return p, t.keepLevel(p.ID, r.Level, r.State)
}

// keepLevel records a partner's level and state from now on.
func (t *tx) keepLevel(partnerID string, level influence.Level, state string) error {
	return t.later(`INSERT INTO partner_levels (partner_id, recorded_at, entry_id, level, state) VALUES ($1, $2, $3, $4, $5)`,
		partnerID, t.at.UnixMicro(), t.entry, string(level), state)
}

// rosterRow reads the roster's row of a partner ID; sql.ErrNoRows says that
// there is none.
func (r reader) rosterRow(no string) (row influence.RosterRow, err error) {
	var gone sql.NullInt64
	err = r.row(`SELECT partner_no, name, level, state, city, website, contact_name, contact_email, gone_at FROM roster WHERE partner_no = $1`, no).
		Scan(&row.PartnerNo, &row.Name, &row.Level, &row.State, &row.City, &row.Website, &row.ContactName, &row.ContactEmail, &gone)
	row.Gone = gone.Valid
	return row, err
}

// cellTexts are a row's cells as texts.
func cellTexts(row sheet.Row) []string {
	cells := make([]string, len(row.Cells))
	for i, c := range row.Cells {
		cells[i] = strings.ToValidUTF8(c.Text, "\uFFFD")
	}
	return cells
}
