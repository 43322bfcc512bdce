package web

import (
	"context"
	"testing"

	"irm/influence"
	"irm/store"
)

// TestApplicationIsAnswered: beside the roster's row, accepted or refused with a reason.
func TestApplicationIsAnswered(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		p.applies(t, "Birch Systems", p.known.No, "joe@elsewhere.example")
		p.applies(t, "Elm Works", "330055", "erin@elm.example")
		staff := p.as(t, p.staff)
		staff.visit("/applications").sees(200, "Birch Systems", "Elm Works")
		list := staff.href("Elm Works")
		staff.visit(staff.href("Birch Systems")).sees(200, "Differs", "Accepting takes name, level and state from the roster.")
		staff.press("Accept and enroll").sees(200, "The application was accepted.", "Accepted", "By Maya Kim")
		staff.visit(list).sees(200, "The roster has no row with this partner ID.").press("Refuse").sees(422, "Give the reason.")
		staff.fill("reason", "Use your Microsoft partner ID.").press("Refuse").sees(200, "The application was refused.", "Use your Microsoft partner ID.")
		staff.visit("/applications").sees(200, "No application waits")
		staff.visit("/applications?state=refused").sees(200, "Elm Works")
		staff.visit("/partners?q=birch").sees(200, "Birch Systems", "Enrolled")
		for address, subject := range map[string]string{"joe@elsewhere.example": "Your application was accepted", "erin@elm.example": "Your application was not accepted"} {
			if got := p.mails(t, address); len(got) != 1 || got[0].Subject != subject {
				t.Errorf("mails to %s: %+v", address, got)
			}
		}
		p.as(t, p.partner.MemberID).visit("/applications").sees(403)
	})
}

// applies has a company apply whose application waits.
func (p *portal) applies(t testing.TB, company, no, email string) {
	t.Helper()
	key, _, err := p.store.Signer(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	err = p.store.Load(context.Background(), key, func(l *store.Loader) error {
		return l.Application(store.PastApplication{Company: company, Name: "Person of " + company, Email: email, PartnerNo: no, State: "VT", Why: "The e-mail’s domain is another.",
			Level: influence.Registered, At: p.store.Clock().Program()})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestApplicantAnswersAQuestion: Microsoft asks and names a field, the applicant
// reads it on its page, is told what is wrong with what it typed, and corrects it.
func TestApplicantAnswersAQuestion(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		b := p.browser(t)
		b.apply("ann@elsewhere.example", "990011", "certified")
		b.visit(p.mailed(t, "ann@elsewhere.example")).press("Confirm my address").sees(200, "Waiting")
		staff := p.as(t, p.staff)
		staff.visit("/applications").visit(staff.href("Birch Systems")).press("Send the question").sees(422, "Write the question.")
		staff.fill("question", "Which partner ID is on your letter?").fill("fields", "partner_id").press("Send the question").sees(200, "The question was sent.", "Applicant’s turn", "To correct: Partner ID")
		staff.visit("/applications").sees(200, "No application waits")
		b.visit("/").sees(200, "Your turn", "Which partner ID is on your letter?", "Waiting for your answer")
		b.press("Send the answer").sees(422, "Write an answer, or correct what is asked about.")
		b.fill("partner_id", "22A").fill("answer", "It was mistyped.").press("Send the answer").sees(422, "other than digits", "It was mistyped.")
		b.fill("partner_id", p.known.No).press("Send the answer").sees(200, "Your answer was sent.", "Waiting for the answer", "You answered", p.known.No)
		staff.visit("/applications").visit(staff.href("Birch Systems")).sees(200, "It was mistyped.", "Corrected: Partner ID", "Accepting takes name, level and state from the roster.")
		b.post("/application/answer", map[string][]string{"answer": {"Again."}, "version": {"3"}}).sees(409, "Your application goes on already")
		staff.press("Accept and enroll").sees(200, "The application was accepted.")
		b.visit("/").sees(200, "Birch Systems", "First steps")
	})
}
