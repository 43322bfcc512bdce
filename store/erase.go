package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"irm/influence"
)

// somebody is a person as the records know it: by an address, and as a member if
// it is one.
type somebody struct{ email, memberID, orgID, phone string }

// somebody finds who an address is of: a member, an applicant, or a contact on the
// roster. It is sql.ErrNoRows for an address that nobody has.
func (r reader) somebody(email string) (p somebody, err error) {
	p.email = tidyEmail(email)
	err = r.row(`SELECT id, org_id, phone FROM members WHERE email = $1`, p.email).Scan(&p.memberID, &p.orgID, &p.phone)
	if !errors.Is(err, sql.ErrNoRows) {
		return p, err
	}
	var known bool
	err = r.row(`SELECT EXISTS (SELECT 1 FROM applications WHERE email = $1) OR EXISTS (SELECT 1 FROM roster WHERE lower(contact_email) = $1)
		OR EXISTS (SELECT 1 FROM personal_links WHERE email = $1)`, p.email).Scan(&known)
	if err == nil && !known {
		err = sql.ErrNoRows
	}
	return p, err
}

// Erasure is what erasing a person did beside the person's own rows: out of how many
// mails to others it was taken, and where texts that people wrote still name it.
type Erasure struct {
	Mails int
	Stand []Trace
}

// ErasePerson forgets the person with an address: its name, address, phone number,
// password, sessions, links and mails, the key and the values of what the ledger
// committed to, and its name, address and phone number in mails to others. What it
// did for its organization stays, as the deed of an erased person; texts that people
// wrote stay too and are named. It is ErrNotFound for an address that nobody has.
func (v Session) ErasePerson(ctx context.Context, email string) (done Erasure, err error) {
	if v.actor.Scope(influence.Operate) != influence.ScopeAll {
		return done, fmt.Errorf("erase a person: %w", influence.ErrForbidden)
	}
	k, stand, err := v.tracesOf(ctx, email)
	if err == nil {
		err = v.do(ctx, influence.Operate, func(t *tx) (change, error) {
			done = Erasure{Stand: stand}
			subject, err := t.erase(email)
			if err == nil {
				done.Mails, err = t.cleanMails(k)
			}
			return change{subject, nil, erasedRecord{true}}, err
		})
	}
	if err != nil {
		return Erasure{}, fmt.Errorf("erase a person: %w", wrap(err))
	}
	return done, nil
}

// erase takes the person out of all tables and returns what the ledger calls it.
func (t *tx) erase(email string) (subject string, err error) {
	p, err := t.reader().somebody(email)
	if err != nil {
		return "", err
	}
	for _, e := range erasures() {
		if err := t.later(e.query, e.args(p)...); err != nil {
			return "", fmt.Errorf("%s: %w", e.table, err)
		}
	}
	if p.memberID == "" {
		return "contact", nil
	}
	return p.memberID, nil
}

// erasedName stands where an erased person's name stood.
const erasedName = "Erased person"

// erasedRecord is what the ledger keeps of an erasure.
type erasedRecord struct {
	Erased bool `json:"erased"`
}

// erasure takes a person out of one table.
type erasure struct {
	table, query string
	args         func(somebody) []any
}

// listedElsewhere are the rows of a person in the lists of teams that it is only
// invited into, or was a member of before.
const listedElsewhere = `SELECT m.id FROM members m WHERE m.email = $1 || '#' || m.id`

// erasures are all tables that hold what is a person's, each emptied of it.
func erasures() []erasure {
	member := func(p somebody) []any { return []any{p.memberID} }
	address := func(p somebody) []any { return []any{p.email} }
	both := func(p somebody) []any { return []any{p.memberID, p.email} }
	attempts := func(p somebody) []any { return []any{attemptKey(p.email)} }
	return []erasure{
		{"partners", `UPDATE partners SET phone = '', version = version + 1 WHERE id = $1 AND phone = $2 AND phone <> ''`, func(p somebody) []any { return []any{p.orgID, p.phone} }},
		{"personal", `DELETE FROM personal WHERE person_id IN (` + listedElsewhere + `)`, address},
		{"persons", `DELETE FROM persons WHERE id IN (` + listedElsewhere + `)`, address},
		{"members", `UPDATE members SET name = '` + erasedName + `', email = 'erased-' || id, phone = '', active = FALSE, version = version + 1 WHERE id IN (` + listedElsewhere + `)`, address},
		{"members", `UPDATE members SET name = '` + erasedName + `', email = 'erased-' || id, phone = '', password = '', active = FALSE, version = version + 1 WHERE id = $1`, member},
		{"applications", `UPDATE applications SET name = '` + erasedName + `', email = 'erased-' || id, phone = '', password = '', version = version + 1
			WHERE email = $2 OR member_id = $1`, both},
		{"roster", `UPDATE roster SET contact_name = '', contact_email = '' WHERE lower(contact_email) = $1`, address},
		{"roster_refusals", `DELETE FROM roster_refusals WHERE lower(raw) LIKE $1 ESCAPE '\'`, func(p somebody) []any { return []any{"%" + likePrefix(p.email)} }},
		{"sessions", `DELETE FROM sessions WHERE member_id = $1`, member},
		{"outbox", `DELETE FROM outbox WHERE email IN (SELECT k.email FROM tokens k WHERE k.subject = $1 AND k.email <> '')`, member}, // a new address, not confirmed yet
		{"tokens", `DELETE FROM tokens WHERE subject = $1 OR email = $2`, both},
		{"personal_links", `DELETE FROM personal_links WHERE email = $1`, address},
		{"attempts", `DELETE FROM attempts WHERE key = $1`, attempts},
		{"browsers", `DELETE FROM browsers WHERE account = $1`, attempts},
		{"outbox", `DELETE FROM outbox WHERE member_id = $1 AND member_id <> '' OR email = $2`, both},
		{"mail_choices", `DELETE FROM mail_choices WHERE member_id = $1`, member},
		{"authenticators", `DELETE FROM authenticators WHERE member_id = $1`, member},
		{"recovery_codes", `DELETE FROM recovery_codes WHERE member_id = $1`, member},
		{"passkeys", `DELETE FROM passkeys WHERE member_id = $1`, member},
		{"ceremonies", `DELETE FROM ceremonies WHERE member_id = $1 AND member_id <> ''`, member},
		{"sign_ins", `DELETE FROM sign_ins WHERE member_id = $1 AND member_id <> ''`, member},
		{"personal", `DELETE FROM personal WHERE person_id = $1`, member},
		{"persons", `DELETE FROM persons WHERE id = $1`, member},
	}
}

// PersonFile is what the records hold of one person, table by table, each row by
// column. Instants are microseconds since 1970 UTC.
type PersonFile map[string][]map[string]any

// ExportPerson returns what the records hold of the person with an address, and
// what it did. Passwords, keys and cookies are left out. It is ErrNotFound for an
// address that nobody has.
func (v Session) ExportPerson(ctx context.Context, email string) (file PersonFile, err error) {
	if v.actor.Scope(influence.Operate) != influence.ScopeAll {
		return nil, influence.ErrForbidden
	}
	file = PersonFile{}
	err = v.s.verifying(ctx, func(r reader) error {
		p, err := r.somebody(email)
		if err != nil {
			return err
		}
		for what, query := range personQueries() {
			rows, err := r.rows(query, p.memberID, p.email)
			if file[what], err = named(rows, err); err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("export a person: %w", wrap(err))
	}
	return file, nil
}

// personQueries read what is a person's: of the member $1, or of the address $2.
func personQueries() map[string]string {
	return map[string]string{ //nolint:gosec // queries, no credentials
		"account":     `SELECT id, role, org_id, rank, name, email, phone, active, created_at FROM members WHERE id = $1 AND $2 <> ''`,
		"invitations": `SELECT m.id, m.role, m.org_id, m.rank, m.name, m.active, m.created_at FROM members m WHERE m.email = $2 || '#' || m.id AND $1 = $1 ORDER BY m.id`,
		"applications": `SELECT ref, state, name, email, phone, company, partner_no, level, partner_state, terms, reason, created_at, confirmed_at, decided_at
			FROM applications WHERE email = $2 OR member_id = $1 ORDER BY id`,
		"application questions": `SELECT a.ref, q.question, q.fields, q.asked_at, q.answer, q.corrected, q.answered_at FROM application_questions q JOIN applications a ON a.id = q.application_id
			WHERE a.email = $2 OR a.member_id = $1 ORDER BY q.asked_at, q.entry_id`,
		"roster":         `SELECT partner_no, name, contact_name, contact_email, updated_at FROM roster WHERE lower(contact_email) = $2 AND $1 = $1 ORDER BY partner_no`,
		"personal links": `SELECT p.partner_no, k.email, k.sent_at, k.used_at, k.replaced_at FROM personal_links k JOIN partners p ON p.id = k.partner_id WHERE k.email = $2 AND $1 = $1 ORDER BY k.id`,
		"sessions":       `SELECT address, agent, created_at, seen_at, expires_at FROM sessions WHERE member_id = $1 AND $2 <> '' ORDER BY created_at`,
		"sign-ins":       `SELECT at, network, agent, method, result FROM sign_ins WHERE member_id = $1 AND $2 <> '' AND $1 <> '' ORDER BY id`,
		"passkeys":       `SELECT ref, name, created_at, used_at FROM passkeys WHERE member_id = $1 AND $2 <> '' ORDER BY id`,
		"mails":          `SELECT subject, email, body, created_at, sent_at FROM outbox WHERE member_id = $1 AND member_id <> '' OR email = $2 ORDER BY id`,
		"mail choices":   `SELECT kind, daily FROM mail_choices WHERE member_id = $1 AND $2 <> '' ORDER BY kind`,
		"ledger":         `SELECT field, value, commitment FROM personal WHERE person_id = $1 AND $2 <> '' ORDER BY field, value`,
		"entries":        `SELECT id, at, action, subject, was, became FROM entries WHERE member_id = $1 AND $2 <> '' AND $1 <> '' ORDER BY id`,
		"claims":         `SELECT ref, created_at, note, evidence FROM claims WHERE member_id = $1 AND $2 <> '' AND $1 <> '' ORDER BY id`,
	}
}

// named reads rows by the names of their columns.
func named(rows *sql.Rows, err error) ([]map[string]any, error) {
	if err != nil {
		return nil, err
	}
	names, err := rows.Columns()
	if err != nil {
		return nil, errors.Join(err, rows.Close())
	}
	all := []map[string]any{}
	err = scanEach(rows, nil, func(row scanner) error {
		cells, dest := make([]any, len(names)), make([]any, len(names))
		for i := range cells {
			dest[i] = &cells[i]
		}
		if err := row.Scan(dest...); err != nil {
			return err
		}
		x := map[string]any{}
		for i, name := range names {
			x[name] = cells[i]
		}
		all = append(all, x)
		return nil
	})
	return all, err
}
