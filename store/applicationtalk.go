package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"irm/influence"
)

// ApplicationTalk is one question about an application, and the answer once there
// is one.
type ApplicationTalk struct {
	influence.ApplicationQuestion
	AskedBy    string // of Microsoft; the applicant is not told who
	AskedAt    time.Time
	Answer     string
	Corrected  []string  // fields that the answer changed
	AnsweredAt time.Time // zero while it is open
	askedBy    string    // the member's id
}

// Open reports whether the applicant has not answered it.
func (x ApplicationTalk) Open() bool { return x.AnsweredAt.IsZero() }

// applicationTalk reads what was asked and answered about an application, the
// oldest first.
func (r reader) applicationTalk(applicationID string) ([]ApplicationTalk, error) {
	rows, err := r.rows(`SELECT q.question, q.fields, coalesce(m.name, ''), q.asked_by, q.asked_at, q.answer, q.corrected, q.answered_at
		FROM application_questions q LEFT JOIN members m ON m.id = q.asked_by WHERE q.application_id = $1 ORDER BY q.asked_at, q.entry_id LIMIT 100`, applicationID)
	return collect(rows, err, func(row scanner) (x ApplicationTalk, err error) {
		var fields, corrected string
		var asked int64
		var answered sql.NullInt64
		err = row.Scan(&x.Text, &fields, &x.AskedBy, &x.askedBy, &asked, &x.Answer, &corrected, &answered)
		x.Fields, x.Corrected, x.AskedAt, x.AnsweredAt = competent(fields), competent(corrected), micros(asked), when(answered)
		return x, err
	})
}

// AskApplicant puts a question to the person of an application that waits. Until
// it is answered the application is not Microsoft's turn, and can be accepted or
// refused all the same.
func (v Session) AskApplicant(ctx context.Context, ref string, q influence.ApplicationQuestion, version int64) error {
	err := v.decideApplication(ctx, influence.AskApplicant, ref, func(t *tx, a application) (applicationRecord, error) {
		q, err := q.Validate()
		if err != nil {
			return applicationRecord{}, err
		}
		if err := t.must(`UPDATE applications SET asked_at = $3, version = version + 1 WHERE id = $1 AND version = $2 AND asked_at IS NULL`, a.ID, version, t.at.UnixMicro()); err != nil {
			return applicationRecord{}, err
		}
		if err := t.later(`INSERT INTO application_questions (entry_id, application_id, asked_at, asked_by, question, fields) VALUES ($1, $2, $3, $4, $5, $6)`,
			t.entry, a.ID, t.at.UnixMicro(), t.who.MemberID, q.Text, strings.Join(q.Fields, "\n")); err != nil {
			return applicationRecord{}, err
		}
		return applicationRecord{Company: a.Company, PartnerNo: a.PartnerNo, State: "asked", Question: q.Text, Fields: q.Fields}, t.mail(mail{memberID: a.MemberID, email: a.Email,
			subject: "A question about your application", body: "Microsoft asks about the application of " + a.Company + ":\n\n“" + q.Text + "”\n\nThe application waits for your answer.",
			link: "/", button: "Answer the question"})
	})
	if err != nil {
		return fmt.Errorf("ask about application %s: %w", ref, err)
	}
	return nil
}

// AnswerApplicationQuestion answers the open question about the actor's own
// application, which goes back to Microsoft with what was corrected. It is
// ErrConflict when no question is open any more.
func (v Session) AnswerApplicationQuestion(ctx context.Context, said influence.ApplicationAnswer, version int64) error {
	err := v.do(ctx, influence.AnswerApplication, func(t *tx) (change, error) {
		a, err := scanApplication(t.row(`SELECT `+applicationColumns+` FROM applications a WHERE a.id = $1`, v.actor.OrgID))
		if err != nil {
			return change{}, err
		}
		q, err := t.openQuestion(a)
		if err != nil {
			return change{}, err
		}
		text, now, corrected, err := said.Validate(a.signUp(), q.ApplicationQuestion)
		if err != nil {
			return change{}, err
		}
		return t.keepAnswer(a, q, applicationAnswered{text, now, corrected, version})
	})
	if err != nil {
		return fmt.Errorf("answer about the own application: %w", err)
	}
	return nil
}

// applicationAnswered is an answer as it is stored.
type applicationAnswered struct {
	text      string
	now       influence.SignUp
	corrected []string // fields
	version   int64    // of the application when it was answered
}

// openQuestion is the question about an application that waits for its answer.
func (t *tx) openQuestion(a application) (ApplicationTalk, error) {
	if a.State != "waiting" || !a.AskedAt.Valid {
		return ApplicationTalk{}, influence.ErrConflict
	}
	all, err := t.reader().applicationTalk(a.ID)
	if err == nil && (len(all) == 0 || !all[len(all)-1].Open()) {
		err = influence.ErrConflict
	}
	if err != nil {
		return ApplicationTalk{}, err
	}
	return all[len(all)-1], nil
}

// keepAnswer keeps an answer, with what it corrects, and gives the turn back.
func (t *tx) keepAnswer(a application, q ApplicationTalk, said applicationAnswered) (change, error) {
	was, err := t.recordApplicant(a)
	if err != nil {
		return change{}, err
	}
	a.Name, a.Phone, a.Company, a.PartnerNo, a.PartnerState, a.Level = said.now.Name, said.now.Phone, said.now.Company, said.now.PartnerNo, said.now.State, influence.Level(said.now.Level)
	became, err := t.recordApplicant(a)
	if err != nil {
		return change{}, err
	}
	was.State, became.Answer, became.Fields = "asked", said.text, said.corrected
	if slices.Contains(said.corrected, "partner_id") {
		if err := t.whyAnew(&a); err != nil {
			return change{}, err
		}
	}
	if err := t.correct(a, said.version); err != nil {
		return change{}, err
	}
	if err := t.later(`UPDATE application_questions SET answered_at = $2, answer = $3, corrected = $4 WHERE application_id = $1 AND answered_at IS NULL`,
		a.ID, t.at.UnixMicro(), said.text, strings.Join(said.corrected, "\n")); err != nil {
		return change{}, err
	}
	return change{a.Ref, was, became}, t.tellAnswered(a, q, said.corrected)
}

// whyAnew says why an application waits now that it names another partner ID.
func (t *tx) whyAnew(a *application) error {
	admission, err := t.admission(*a)
	a.Why = admission.Reason
	if admission.AtOnce {
		a.Why = "It was corrected, and matches the roster now."
	}
	return err
}

// correct keeps an application's fields as they are now, and its person's.
func (t *tx) correct(a application, version int64) error {
	if err := t.must(`UPDATE applications SET name = $3, phone = $4, company = $5, partner_no = $6, partner_state = $7, level = $8, why = $9, asked_at = NULL, version = version + 1
		WHERE id = $1 AND version = $2`, a.ID, version, a.Name, a.Phone, a.Company, a.PartnerNo, a.PartnerState, string(a.Level), a.Why); err != nil {
		return err
	}
	return t.later(`UPDATE members SET name = $2, phone = $3, version = version + 1 WHERE id = $1 AND (name <> $2 OR phone <> $3)`, a.MemberID, a.Name, a.Phone)
}

// tellAnswered tells who asked, and the owners of a company that the person asks
// to join since it corrected the partner ID.
func (t *tx) tellAnswered(a application, q ApplicationTalk, corrected []string) error {
	m := mail{subject: "An answer about an application", link: "/applications/" + a.Ref, button: "Open the application",
		body: "The applicant answered your question. Application " + a.Ref + " waits for Microsoft again."}
	if err := t.mailMember(q.askedBy, influence.Staff, m); err != nil || !slices.Contains(corrected, "partner_id") {
		return err
	}
	return t.tellJoining(a)
}

// signUp is what an application says, as it was typed.
func (a application) signUp() influence.SignUp {
	return influence.SignUp{Name: a.Name, Email: a.Email, Phone: a.Phone, Company: a.Company, PartnerNo: a.PartnerNo, State: a.PartnerState, Level: string(a.Level)}
}
