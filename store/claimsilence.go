package store

import (
	"fmt"
	"strconv"

	"irm/influence"
)

// claimSilences are what silence does to claims.
func claimSilences() []silence {
	return []silence{
		{"expire intents", overdue(influence.ClaimIntent), (*tx).expire},
		{"reject without an answer", overdue(influence.ClaimActionRequired), (*tx).rejectUnanswered},
		{"remind of drafts", dueDrafts, (*tx).remindDraft},
		{"tell of ends", coming(influence.ClaimIntent, influence.TellEnding, influence.EndingUntil), (*tx).tellEnding},
		{"remind of questions", coming(influence.ClaimActionRequired, influence.TellAnswer, influence.AnswerUntil), (*tx).remindQuestion},
		{"pass to owners", passedOn(influence.EscalateOwners), (*tx).passToOwners},
		{"open to staff", passedOn(influence.EscalateStaff), (*tx).openToStaff},
	}
}

// overdue finds the claims in a state whose last day is over. They leave it.
func overdue(state influence.ClaimState) func(reader, moment) ([]string, error) {
	return func(r reader, now moment) ([]string, error) {
		return r.ids(`SELECT c.id FROM claims c WHERE `+standing(state)+` AND c.due < $1 ORDER BY c.due, c.id LIMIT $2`, string(now.today), silenceLimit)
	}
}

// standing takes claims in an open state by the index of the open ones, which a
// database uses only for a condition that it can see to be within the index's own.
func standing(s influence.ClaimState) string {
	return `c.state = '` + string(s) + `' AND c.state IN ('waiting', 'intent', 'attached', 'action_required')`
}

// coming finds the claims in a state whose last day is near, and was not told.
func coming(state influence.ClaimState, step influence.SilenceStep, until func(influence.Day, influence.Settings) influence.Day) func(reader, moment) ([]string, error) {
	return func(r reader, now moment) ([]string, error) {
		return r.ids(`SELECT c.id FROM claims c WHERE `+standing(state)+` AND c.due BETWEEN $2 AND $3 AND `+notYet("c", "c.due")+`
			ORDER BY c.due, c.id LIMIT $4`, string(step), string(now.today), string(until(now.today, now.set)), silenceLimit)
	}
}

// passedOn finds the claims that a LAR left undecided, and were not passed on,
// however long ago it was: nobody would look after them else.
func passedOn(step influence.SilenceStep) func(reader, moment) ([]string, error) {
	return func(r reader, now moment) ([]string, error) {
		return r.ids(`SELECT c.id FROM claims c WHERE `+standing(influence.ClaimAttached)+` AND c.due < $2 AND `+notYet("c", "c.due")+`
			ORDER BY c.due, c.id LIMIT $3`, string(step), string(now.before(step)), silenceLimit)
	}
}

// before is the day before which a LAR's turn must have ended for a step.
func (m moment) before(step influence.SilenceStep) influence.Day {
	if step == influence.EscalateStaff {
		return influence.StaffActsBefore(m.today, m.set)
	}
	return m.today
}

// dueDrafts finds the drafts that lie there and were not brought to mind. A draft
// that came back from a LAR that declined is begun anew.
func dueDrafts(r reader, now moment) ([]string, error) {
	last := now.today.AddDays(1 - now.set.DraftReminder)
	return r.ids(`SELECT c.id FROM claims c WHERE c.state = 'draft' AND c.since < $2 AND `+notYet("c", "CAST(c.since AS TEXT)")+`
		ORDER BY c.since, c.id LIMIT $3`, string(influence.RemindDraft), now.begins(last), silenceLimit)
}

// claimAt reads the claim that a step is due for, and reports whether it stands
// in a state and is as overdue as it was.
func (t *tx) claimAt(id string, state influence.ClaimState) (c claim, still bool, err error) {
	c, err = scanClaim(t.row(`SELECT `+claimColumns+` FROM claims c WHERE c.id = $1`, id))
	return c, c.State == state, err
}

// expire ends an intent that found no agreement in its time.
func (t *tx) expire(id string) (change, error) {
	was, still, err := t.claimAt(id, influence.ClaimIntent)
	if err != nil || !still || was.Due >= t.today {
		return change{}, err
	}
	c, err := t.turn(was, was, turned{action: influence.ExpireClaim, state: influence.ClaimExpired})
	if err != nil {
		return change{}, err
	}
	if err := t.left(was); err != nil {
		return change{}, err
	}
	return change{c.Ref, recordClaim(was), recordClaim(c)}, t.mailOrg(c.PartnerID, mail{subject: "Your claim " + c.Ref + " has expired", link: "/claims/" + c.Ref,
		button: "Open the claim", body: "No agreement was found for your claim on " + claimName(c) + " until " + influence.FormatDay(was.Due) + "." + t.reopenHint(c)})
}

// reopenHint says until when a claim that ended today can be reopened.
func (t *tx) reopenHint(c claim) string {
	if c.State.Can(influence.ReopenClaim, influence.RolePartner) != nil {
		return ""
	}
	return " You can reopen it until " + influence.FormatDay(influence.ReopenUntil(t.today, t.s.settings)) + "; it keeps its date."
}

// rejectUnanswered rejects a claim whose partner let its turn pass. What was asked
// is kept, for a claim that is reopened.
func (t *tx) rejectUnanswered(id string) (change, error) {
	was, still, err := t.claimAt(id, influence.ClaimActionRequired)
	if err != nil || !still || was.Due >= t.today {
		return change{}, err
	}
	c, err := t.turn(was, was, turned{action: influence.RejectClaim, state: influence.ClaimRejected, code: string(influence.NoAnswer)})
	if err != nil {
		return change{}, err
	}
	if err := t.touched(c.AgreementID); err != nil {
		return change{}, err
	}
	return change{c.Ref, recordClaim(was), recordClaim(c)}, t.tellUnanswered(c, was.Due)
}

// tellUnanswered tells both sides that a question was not answered in time.
func (t *tx) tellUnanswered(c claim, due influence.Day) error {
	err := t.mailOrg(c.PartnerID, mail{subject: "Your claim " + c.Ref + " was rejected: no answer", link: "/claims/" + c.Ref, button: "Open the claim",
		body: "The LAR’s question about your claim on " + claimName(c) + " was not answered until " + influence.FormatDay(due) + "." + t.reopenHint(c)})
	if err != nil {
		return err
	}
	return t.mailOrg(c.LAR, mail{subject: "Claim " + c.Ref + " was rejected: no answer", link: "/claims/" + c.Ref, button: "Open the claim",
		body: "The partner did not answer your question about its claim on " + claimName(c) + " until " + influence.FormatDay(due) + "."})
}

// remindDraft brings a draft to the mind of who began it.
func (t *tx) remindDraft(id string) (change, error) {
	c, still, err := t.claimAt(id, influence.ClaimDrafted)
	if err != nil || !still {
		return change{}, err
	}
	fresh, err := t.first(c.ID, influence.RemindDraft, strconv.FormatInt(c.Since, 10))
	if err != nil || !fresh {
		return change{}, err
	}
	began := t.dayOf(c.Since)
	m := mail{kind: influence.NoticeDeadlines, subject: "Your draft " + c.Ref + " waits", link: "/claims/" + c.Ref, button: "Open the draft",
		body: fmt.Sprintf("A claim has been a draft since %s. The LAR does not see it, and it has no date until you submit it.", influence.FormatDay(began))}
	return stepTaken(c.Ref, influence.RemindDraft, influence.DraftRemindedOn(began, t.s.settings)), t.mailMember(c.MemberID, c.PartnerID, m)
}

// stepRecord is what the ledger keeps of a step that changed nothing but who knows.
type stepRecord struct {
	Step influence.SilenceStep `json:"step"`
	Due  influence.Day         `json:"due"`
}

func stepTaken(ref string, step influence.SilenceStep, due influence.Day) change {
	return change{ref, nil, stepRecord{step, due}}
}

// tellEnding tells an intent's partner that it will expire.
func (t *tx) tellEnding(id string) (change, error) {
	c, still, err := t.claimAt(id, influence.ClaimIntent)
	if err != nil || !still {
		return change{}, err
	}
	fresh, err := t.first(c.ID, influence.TellEnding, string(c.Due))
	if err != nil || !fresh {
		return change{}, err
	}
	body := "Your claim on " + claimName(c) + " waits for an agreement until " + influence.FormatDay(c.Due) + ". Then it expires."
	if c.ExtendedOn == "" && c.State.Can(influence.ExtendClaim, influence.RolePartner) == nil {
		body += fmt.Sprintf(" You can extend it once, by %d days.", t.s.settings.ClaimExtension)
	}
	return stepTaken(c.Ref, influence.TellEnding, c.Due), t.mailOrg(c.PartnerID, mail{kind: influence.NoticeDeadlines, subject: "Your claim " + c.Ref + " expires on " + influence.FormatDay(c.Due),
		body: body, link: "/claims/" + c.Ref, button: "Open the claim"})
}

// remindQuestion tells a partner that the last days to answer have begun.
func (t *tx) remindQuestion(id string) (change, error) {
	c, still, err := t.claimAt(id, influence.ClaimActionRequired)
	if err != nil || !still {
		return change{}, err
	}
	fresh, err := t.first(c.ID, influence.TellAnswer, string(c.Due))
	if err != nil || !fresh {
		return change{}, err
	}
	return stepTaken(c.Ref, influence.TellAnswer, c.Due), t.mailOrg(c.PartnerID, mail{kind: influence.NoticeDeadlines, subject: "Answer about your claim " + c.Ref + " until " + influence.FormatDay(c.Due),
		link: "/claims/" + c.Ref, button: "Answer",
		body: "The LAR asks about your claim on " + claimName(c) + ". Without an answer until " + influence.FormatDay(c.Due) + " the claim is rejected."})
}

// passToOwners passes a claim on that the LAR did not decide in its turn.
func (t *tx) passToOwners(id string) (change, error) {
	c, fresh, err := t.passOn(id, influence.EscalateOwners, influence.OwnersClaim)
	if err != nil || !fresh {
		return change{}, err
	}
	return stepTaken(c.Ref, influence.EscalateOwners, c.Due), t.mailInCharge(c.LAR, mail{kind: influence.NoticeDeadlines, subject: "Claim " + c.Ref + " is overdue", link: "/claims/" + c.Ref, button: "Open the claim",
		body: "Your desk had until " + influence.FormatDay(c.Due) + " to decide on the claim on " + claimName(c) + ". You have until " +
			influence.FormatDay(influence.OwnersUntil(c.Due, t.s.settings)) + ". After that Microsoft may decide too."})
}

// openToStaff opens a claim to Microsoft's decision that its LAR's owners left too.
func (t *tx) openToStaff(id string) (change, error) {
	c, fresh, err := t.passOn(id, influence.EscalateStaff, influence.StaffClaim)
	if err != nil || !fresh {
		return change{}, err
	}
	err = t.mailOrg(influence.Staff, mail{kind: influence.NoticeDeadlines, subject: "Claim " + c.Ref + " can be decided by Microsoft", link: "/claims/" + c.Ref, button: "Open the claim",
		body: "The LAR and its owners did not decide on the claim on " + claimName(c) + ", which was due on " + influence.FormatDay(c.Due) + "."})
	if err != nil {
		return change{}, err
	}
	return stepTaken(c.Ref, influence.EscalateStaff, c.Due), t.mailOrg(c.PartnerID, mail{kind: influence.NoticeDeadlines, subject: "Microsoft may decide your claim " + c.Ref, link: "/claims/" + c.Ref, button: "Open the claim",
		body: "The LAR did not decide on your claim on " + claimName(c) + " in its time. From today on Microsoft may decide too."})
}

// passOn writes into a claim's history that silence passed it on.
func (t *tx) passOn(id string, step influence.SilenceStep, action influence.ClaimAction) (c claim, fresh bool, err error) {
	c, still, err := t.claimAt(id, influence.ClaimAttached)
	if err != nil || !still {
		return c, false, err
	}
	if fresh, err = t.first(c.ID, step, string(c.Due)); err != nil || !fresh {
		return c, false, err
	}
	if err := t.must(`UPDATE claims SET version = version + 1 WHERE id = $1 AND version = $2 AND state = 'attached'`, c.ID, c.Version); err != nil {
		return c, false, err
	}
	c.Version++
	return c, true, t.claimEvent(c, turned{action: action})
}
