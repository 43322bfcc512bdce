package store

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Trace says where a text of the records names a person: in what of which thing.
type Trace struct{ Thing, Ref, What string }

// mostTraces is how many traces are listed of each kind of text.
const mostTraces = 100

// known is what a person is known by, as it may stand in texts.
type known struct {
	names, emails, phones []string // phones are digits alone
	pattern               *regexp.Regexp
}

// knownAs gathers what the records know of a person: its names, addresses and phone
// numbers, those of today and those that the ledger committed to.
func (r reader) knownAs(p somebody) (k known, err error) {
	rows, err := r.rows(`SELECT 'name', name FROM members WHERE id = $1 UNION SELECT 'email', email FROM members WHERE id = $1 UNION SELECT 'phone', phone FROM members WHERE id = $1
		UNION SELECT 'name', name FROM applications WHERE email = $2 OR member_id = $1 UNION SELECT 'phone', phone FROM applications WHERE email = $2 OR member_id = $1
		UNION SELECT 'name', contact_name FROM roster WHERE lower(contact_email) = $2 UNION SELECT 'email', email FROM tokens WHERE subject = $1 AND $1 <> ''
		UNION SELECT field, value FROM personal WHERE person_id = $1`, p.memberID, p.email)
	k.emails = []string{p.email}
	err = scanEach(rows, err, func(row scanner) error {
		var field, value string
		err := row.Scan(&field, &value)
		k.add(field, value)
		return err
	})
	k.pattern = k.spellings()
	return k, err
}

// add takes a value; very short ones stand in any text.
func (k *known) add(field, value string) {
	value = strings.Join(strings.Fields(value), " ")
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, value)
	to := &k.names
	switch field {
	case "email":
		to, value = &k.emails, tidyEmail(value)
	case "phone":
		to, value = &k.phones, digits[max(0, len(digits)-10):] // without the country's prefix
	}
	if least := map[bool]int{true: 7, false: 3}[field == "phone"]; utf8.RuneCountInString(value) >= least && !slices.Contains(*to, value) {
		*to = append(*to, value)
	}
}

// spellings finds each of them as a whole word, whatever the case and whatever stands
// between the digits of a phone number.
func (k known) spellings() *regexp.Regexp {
	var all []string
	for _, phone := range k.phones {
		all = append(all, strings.Join(strings.Split(phone, ""), `[\s().+/–-]*`))
	}
	for _, text := range slices.Concat(k.emails, k.names) {
		all = append(all, strings.Join(strings.Fields(regexp.QuoteMeta(text)), `\s+`))
	}
	return regexp.MustCompile(`(?i)(^|[^\p{L}\p{N}])(` + strings.Join(all, "|") + `)($|[^\p{L}\p{N}])`)
}

// without is a text with erasedName in the person's place.
func (k known) without(text string) string {
	for range 2 { // two side by side share what is between them
		text = k.pattern.ReplaceAllString(text, "${1}"+erasedName+"${3}")
	}
	return text
}

// unspaced takes out of a column what people write between digits.
func unspaced(column string) string {
	for _, sign := range []string{" ", "-", "–", "(", ")", ".", "/", "+"} {
		column = `replace(` + column + `, '` + sign + `', '')`
	}
	return column
}

// in is a condition that holds for every text of a column that names the person, and
// for some others; its arguments come after those that there are.
func (k known) in(column string, args []any) (string, []any) {
	var any []string
	like := func(column, text string) {
		args = append(args, "%"+anyLetter(text))
		any = append(any, fmt.Sprintf(`%s LIKE $%d ESCAPE '\'`, column, len(args)))
	}
	for _, text := range slices.Concat(k.emails, k.names) {
		like(`lower(`+column+`)`, likePrefix(text))
	}
	for _, phone := range k.phones {
		like(unspaced(column), likePrefix(phone))
	}
	return `(` + strings.Join(any, " OR ") + `)`, args
}

// anyLetter has LIKE take any letter in the place of one that is not ASCII's: not
// every database knows the small one of a capital one.
func anyLetter(text string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII {
			return '_'
		}
		return unicode.ToLower(r)
	}, text)
}

// freeText is a column into which people write what they like, with how its rows
// are called.
type freeText struct{ thing, what, column, from, ref string }

// freeTexts are all of them. What they say was said: it is the program's record, and
// the ledger commits to most of it, so that it is found and not changed.
func freeTexts() []freeText {
	const claimEvents, evidence = `claim_events x JOIN claims y ON y.id = x.claim_id`, `evidence_files x JOIN claims y ON y.id = x.claim_id`
	return []freeText{
		{"claim", "statement", "x.note", "claims x", "x.ref"},
		{"claim", "evidence", "x.evidence", "claims x", "x.ref"},
		{"claim", "fields as typed", "x.typed", "claims x", "x.ref"},
		{"claim", "customer", "x.customer", "claims x", "x.ref"},
		{"claim", "question, answer or reason", "x.note", claimEvents, "y.ref"},
		{"claim", "change", "x.fields", claimEvents, "y.ref"},
		{"claim", "name of a file", "x.name", evidence, "y.ref"},
		{"claim", "what a file shows", "x.statement", evidence, "y.ref"},
		{"decision", "note", "x.note", "decisions x", "x.ref"},
		{"decision", "reason of its undoing", "x.reason", "voids x JOIN decisions y ON y.id = x.decision_id", "y.ref"},
		{"dispute", "reason", "x.reason", "disputes x", "x.ref"},
		{"dispute", "evidence", "x.evidence", "disputes x", "x.ref"},
		{"dispute", "ruling", "x.ruling", "disputes x", "x.ref"},
		{"dispute", "proposed ruling", "x.reason", "proposed_rulings x JOIN disputes y ON y.id = x.dispute_id", "y.ref"},
		{"dispute", "why a ruling was sent back", "x.sentence", "proposed_rulings x JOIN disputes y ON y.id = x.dispute_id", "y.ref"},
		{"dispute", "answer", "x.answer", "dispute_answers x JOIN disputes y ON y.id = x.dispute_id", "y.ref"},
		{"connection", "note", "x.note", "connections x", "x.ref"},
		{"connection", "reason", "x.reason", "connections x", "x.ref"},
		{"application", "reason", "x.reason", "applications x", "x.ref"},
		{"application", "why it waits", "x.why", "applications x", "x.ref"},
		{"application", "company", "x.company", "applications x", "x.ref"},
		{"application", "question", "x.question", "application_questions x JOIN applications y ON y.id = x.application_id", "y.ref"},
		{"application", "fields to correct", "x.fields", "application_questions x JOIN applications y ON y.id = x.application_id", "y.ref"},
		{"application", "answer", "x.answer", "application_questions x JOIN applications y ON y.id = x.application_id", "y.ref"},
		{"partner", "name", "x.name", "partners x", "x.ref"},
		{"partner", "street", "x.street", "partners x", "x.ref"},
		{"partner", "website", "x.website", "partners x", "x.ref"},
		{"partner", "phone", "x.phone", "partners x", "x.ref"},
		{"partner", "competencies", "x.competencies", "partners x", "x.ref"},
		{"partner", "reason of its suspension", "x.suspended_why", "partners x", "x.ref"},
		{"LAR", "name", "x.name", "lars x", "x.ref"},
		{"LAR", "reason of its suspension", "x.suspended_why", "lars x", "x.ref"},
		{"agreement", "customer", "x.customer", "agreements x", "x.ref"},
		{"agreement", "question of its report", "x.sentence", "items x JOIN agreements y ON y.id = x.agreement_id", "y.ref"},
		{"customer", "name", "x.name", "customers x", "x.ref"},
		{"report", "name of the file", "x.file_name", "reports x", "x.ref"},
		{"report", "samples of its columns", "x.samples", "reports x", "x.ref"},
		{"report", "refused row", "x.raw", "report_lines x JOIN reports y ON y.id = x.report_id", "y.ref"},
		{"report", "why a row was refused", "x.reason", "report_lines x JOIN reports y ON y.id = x.report_id", "y.ref"},
		{"job", "message", "x.message", "jobs x", "x.ref"},
		{"roster", "name of the file", "x.file_name", "roster_imports x", "x.id"},
		{"ledger entry on", "what was and became", "x.was || ' ' || x.became", "entries x", "x.subject"},
	}
}

// traces finds the person in all texts that people wrote.
func (r reader) traces(k known) (all []Trace, err error) {
	for _, f := range freeTexts() {
		condition, args := k.in(f.column, nil)
		rows, err := r.rows(`SELECT `+f.ref+`, `+f.column+` FROM `+f.from+` WHERE `+condition+` LIMIT 1000`, args...)
		before := len(all)
		err = scanEach(rows, err, func(row scanner) error {
			var ref, text string
			err := row.Scan(&ref, &text)
			at := Trace{f.thing, ref, f.what}
			if err == nil && len(all)-before < mostTraces && k.pattern.MatchString(text) && !slices.Contains(all[before:], at) {
				all = append(all, at)
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", f.what, f.thing, err)
		}
	}
	return all, nil
}

// cleanMails takes the person out of the mails to others, sent or not, and returns
// out of how many.
func (t *tx) cleanMails(k known) (n int, err error) {
	condition, args := k.in(`subject || ' ' || body`, nil)
	rows, err := t.rows(`SELECT id, subject, body FROM outbox WHERE `+condition, args...)
	all, err := collect(rows, err, func(row scanner) (m Mail, err error) { return m, row.Scan(&m.ID, &m.Subject, &m.Body) })
	for _, m := range all {
		subject, body := k.without(m.Subject), k.without(m.Body)
		if err != nil || subject == m.Subject && body == m.Body {
			continue
		}
		n++
		err = t.later(`UPDATE outbox SET subject = $2, body = $3 WHERE id = $1`, m.ID, subject, body)
	}
	return n, err
}

// tracesOf reads what a person is known by and where texts name it.
func (v Session) tracesOf(ctx context.Context, email string) (k known, all []Trace, err error) {
	err = v.s.verifying(ctx, func(r reader) error {
		p, err := r.somebody(email)
		if err != nil {
			return err
		}
		if k, err = r.knownAs(p); err != nil {
			return err
		}
		all, err = r.traces(k)
		return err
	})
	return k, all, err
}
