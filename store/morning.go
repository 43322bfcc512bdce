package store

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"irm/influence"
)

// morningStep is the daily mail among the steps that are written down: once a
// member and day.
const morningStep influence.SilenceStep = "morning"

// everybody has had its daily mail: what comes later in the day waits for the next.
const everybody = "everybody"

// morningLines is how many lines of a kind a daily mail has at most.
const morningLines = 10

// dueMornings finds, from eight in the morning on, the members who get a daily
// mail today: of whom a notice waits for it, whose LAR has something due, and
// who chose it and whose company has a question to answer.
func dueMornings(r reader, now moment) ([]string, error) {
	if now.at.Before(influence.Morning(now.at)) {
		return nil, nil
	}
	var over bool
	if err := r.row(`SELECT EXISTS (SELECT 1 FROM silences WHERE subject = $1 AND step = $2 AND due = $3)`, everybody, string(morningStep), string(now.today)).Scan(&over); err != nil || over {
		return nil, err
	}
	ids, err := r.ids(`SELECT m.id FROM (
			SELECT o.member_id AS id FROM outbox o WHERE o.sent_at IS NULL AND o.dropped_at IS NULL AND o.daily AND o.not_before <= $3
			UNION SELECT w.id FROM lars l CROSS JOIN members w WHERE w.org_id = l.id AND (
				EXISTS (SELECT 1 FROM inbox i WHERE i.lar_id = l.id AND i.tab = 'decide' AND i.due <> '' AND i.due <= $2)
				OR EXISTS (SELECT 1 FROM connections n WHERE n.lar_id = l.id AND n.state = 'asked' AND n.due <= $2))
			UNION SELECT h.member_id FROM mail_choices h CROSS JOIN members w WHERE h.daily AND w.id = h.member_id
				AND EXISTS (SELECT 1 FROM claims c WHERE c.partner_id = w.org_id AND c.state = 'action_required')
			UNION SELECT w.id FROM disputes dp CROSS JOIN members w WHERE dp.state = 'open' AND dp.answers_due = $2 AND w.org_id = dp.lar_id AND `+unansweredBy("dp.lar_id")+`
			UNION SELECT w.id FROM disputes dp CROSS JOIN shares sh CROSS JOIN members w CROSS JOIN mail_choices h WHERE dp.state = 'open' AND dp.answers_due = $2
				AND sh.decision_id = dp.decision_id AND sh.partner_id <> dp.partner_id AND w.org_id = sh.partner_id AND h.member_id = w.id AND h.daily AND `+unansweredBy("sh.partner_id")+`
			UNION SELECT w.id FROM members w WHERE w.org_id = '`+influence.Staff+`' AND EXISTS (SELECT 1 FROM disputes dp WHERE dp.state = 'open' AND dp.ruling_due <= $2)
		) AS d CROSS JOIN members m WHERE m.id = d.id AND m.active AND m.suspended_at IS NULL AND `+notYet("m", "$2")+` LIMIT $4`,
		string(morningStep), string(now.today), now.at.UnixMicro(), silenceLimit)
	if err == nil && len(ids) == 0 {
		ids = []string{everybody}
	}
	return ids, err
}

// morning makes a member's daily mail of what waits for it. It is no act that the
// ledger keeps.
func (t *tx) morning(memberID string) (change, error) {
	fresh, err := t.first(memberID, morningStep, string(t.today))
	if err != nil || !fresh {
		return change{}, err
	}
	if memberID == everybody {
		return change{}, nil
	}
	v, err := t.as(memberID)
	if err != nil { // who may not enter gets none, and is not looked at again today
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		return change{}, err
	}
	news, err := t.held(memberID)
	if err != nil {
		return change{}, err
	}
	due, err := t.dueToday(v)
	if err != nil || len(news)+len(due) == 0 {
		return change{}, err
	}
	m := mail{memberID: memberID, plain: true, subject: morningSubject(len(news), len(due)), body: morningBody(news, due), link: "/notices", button: "Open your notices"}
	switch {
	case len(due) > 0 && v.actor.Role == influence.RoleLAR:
		m.link, m.button = "/inbox", "Open the inbox"
	case len(due) > 0 && v.actor.Role == influence.RoleStaff:
		m.link, m.button = "/disputes?state=open", "Open the disputes"
	}
	if err := t.row(`SELECT email FROM members WHERE id = $1`, memberID).Scan(&m.email); err != nil {
		return change{}, err
	}
	return change{}, t.mail(m)
}

// held takes the notices that wait for a member's daily mail, without those about
// what it may no longer see.
func (t *tx) held(memberID string) (lines []string, err error) {
	rows, err := t.rows(`SELECT `+mailColumns+`, member_id, kind, thing FROM outbox
		WHERE member_id = $1 AND not_before <= $2 AND sent_at IS NULL AND dropped_at IS NULL AND daily ORDER BY not_before, id LIMIT 500`, memberID, t.at.UnixMicro())
	all, err := collect(rows, err, scanQueued)
	if err != nil {
		return nil, err
	}
	for _, q := range all {
		seen, err := t.seen(q)
		if err != nil {
			return nil, err
		}
		if !seen {
			continue
		}
		lines = append(lines, q.Subject)
		if err := t.later(`UPDATE outbox SET sent_at = $2 WHERE id = $1`, q.ID, t.at.UnixMicro()); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// dueToday lists what is due at a member's company, the earliest first.
func (t *tx) dueToday(v Session) ([]string, error) {
	switch v.actor.Role {
	case influence.RoleLAR:
		requests, err := t.requestsDue(v)
		if err != nil {
			return nil, err
		}
		agreements, err := t.agreementsDue(v)
		if err != nil {
			return nil, err
		}
		disputes, err := t.answersDueOf(v)
		return slices.Concat(agreements, requests, disputes), err
	case influence.RolePartner:
		questions, err := t.questionsDue(v)
		if err != nil {
			return nil, err
		}
		disputes, err := t.answersDueOf(v)
		return append(questions, disputes...), err
	case influence.RoleStaff:
		return t.rulingsDue(v)
	}
	return nil, nil
}

// unansweredBy holds for disputes dp about which an organization has said nothing.
func unansweredBy(org string) string {
	return `NOT EXISTS (SELECT 1 FROM dispute_answers x WHERE x.dispute_id = dp.id AND x.org_id = ` + org + `)`
}

// answersDueOf lists the disputes that a LAR or a holder can answer today for the last
// time.
func (t *tx) answersDueOf(v Session) ([]string, error) {
	rows, err := t.rows(`SELECT dp.ref, dp.answers_due FROM disputes dp WHERE `+v.visible(influence.AnswerDisputes, "dp")+` AND dp.state = 'open' AND dp.answers_due = $2
		AND dp.partner_id <> $1 AND `+unansweredBy("$1")+` ORDER BY dp.id LIMIT $3`, v.actor.OrgID, string(t.today), morningLines+1)
	return t.dueLines(collect(rows, err, func(row scanner) (x dueLine, err error) {
		err = row.Scan(&x.what, &x.due)
		x.what = "Answer dispute " + x.what
		return x, err
	}))
}

// rulingsDue lists the disputes that Microsoft has to rule on today or had before.
func (t *tx) rulingsDue(v Session) ([]string, error) {
	rows, err := t.rows(`SELECT dp.ref, dp.ruling_due FROM disputes dp WHERE `+v.visible(influence.RuleDisputes, "dp")+` AND dp.state = 'open' AND dp.ruling_due <= $2
		ORDER BY dp.ruling_due, dp.id LIMIT $3`, v.actor.OrgID, string(t.today), morningLines+1)
	return t.dueLines(collect(rows, err, func(row scanner) (x dueLine, err error) {
		err = row.Scan(&x.what, &x.due)
		x.what = "Rule on dispute " + x.what
		return x, err
	}))
}

// agreementsDue lists what a LAR's inbox has due today or had before.
func (t *tx) agreementsDue(v Session) ([]string, error) {
	rows, err := t.rows(`SELECT i.number, i.customer, i.due FROM inbox i WHERE `+v.visible(influence.ViewInbox, "i")+` AND i.tab = 'decide' AND i.due <> '' AND i.due <= $2
		ORDER BY i.due, i.worth, i.agreement_id LIMIT $3`, v.actor.OrgID, string(t.today), morningLines+1)
	return t.dueLines(collect(rows, err, func(row scanner) (x dueLine, err error) {
		var number, customer string
		err = row.Scan(&number, &customer, &x.due)
		x.what = number + ", " + customer
		return x, err
	}))
}

// requestsDue lists the requests for a connection that a LAR has to answer.
func (t *tx) requestsDue(v Session) ([]string, error) {
	rows, err := t.rows(`SELECT p.name, n.due FROM connections n CROSS JOIN partners p WHERE `+v.visible(influence.AnswerConnection, "n")+` AND n.state = 'asked' AND n.due <= $2
		AND p.id = n.partner_id ORDER BY n.due, n.id LIMIT $3`, v.actor.OrgID, string(t.today), morningLines+1)
	return t.dueLines(collect(rows, err, func(row scanner) (x dueLine, err error) {
		err = row.Scan(&x.what, &x.due)
		x.what = "Request of " + x.what
		return x, err
	}))
}

// questionsDue lists the questions that a partner has to answer.
func (t *tx) questionsDue(v Session) ([]string, error) {
	rows, err := t.rows(`SELECT c.ref, c.customer, c.number, c.due FROM claims c WHERE `+v.visible(influence.ViewClaims, "c")+` AND c.state = 'action_required'
		ORDER BY c.due, c.id LIMIT $2`, v.actor.OrgID, morningLines+1)
	return t.dueLines(collect(rows, err, func(row scanner) (x dueLine, err error) {
		var c claim
		err = row.Scan(&c.Ref, &c.Customer, &c.Number, &x.due)
		x.what = "Answer about " + c.Ref + ", " + claimName(c)
		return x, err
	}))
}

// dueLine is one thing that is due.
type dueLine struct {
	what string
	due  influence.Day
}

// dueLines says what is due and when; of many it says that there are more.
func (t *tx) dueLines(all []dueLine, err error) (lines []string, _ error) {
	for i, x := range all {
		if i == morningLines {
			return append(lines, "and more"), err
		}
		lines = append(lines, x.what+": "+influence.Due(x.due, t.today))
	}
	return lines, err
}

func morningSubject(news, due int) string {
	var parts []string
	if due > 0 {
		parts = append(parts, "what is due")
	}
	if news > 0 {
		parts = append(parts, "what happened")
	}
	return "Today: " + strings.Join(parts, " and ")
}

func morningBody(news, due []string) string {
	var parts []string
	if len(due) > 0 {
		parts = append(parts, "Due:\n"+strings.Join(due, "\n"))
	}
	if len(news) > morningLines*5 {
		news = append(news[:morningLines*5:morningLines*5], fmt.Sprintf("and %d more", len(news)-morningLines*5))
	}
	if len(news) > 0 {
		parts = append(parts, "Since your last daily mail:\n"+strings.Join(news, "\n"))
	}
	return strings.Join(parts, "\n\n")
}
