package store

import (
	"slices"

	"irm/influence"
)

// disputeSilences are what silence does to disputes.
func disputeSilences() []silence {
	return []silence{
		{"remind of disputes to answer", disputesComing("dp.answers_due", influence.RemindAnswers), (*tx).remindAnswers},
		{"go on without answers", disputesOver("dp.answers_due", influence.BeginRuling), (*tx).beginRuling},
		{"remind of rulings", disputesComing("dp.ruling_due", influence.RemindRuling), (*tx).remindRuling},
		{"pass rulings to administrators", disputesOver("dp.ruling_due", influence.EscalateRuling), (*tx).escalateRuling},
	}
}

// disputesComing finds the open disputes of which a last day is near, and was not told.
func disputesComing(due string, step influence.SilenceStep) func(reader, moment) ([]string, error) {
	return func(r reader, now moment) ([]string, error) {
		return r.ids(`SELECT dp.id FROM disputes dp WHERE dp.state = 'open' AND `+due+` BETWEEN $2 AND $3 AND `+notYet("dp", due)+` ORDER BY `+due+`, dp.id LIMIT $4`,
			string(step), string(now.today), string(influence.AnswerUntil(now.today, now.set)), silenceLimit)
	}
}

// disputesOver finds the open disputes of which a last day has passed.
func disputesOver(due string, step influence.SilenceStep) func(reader, moment) ([]string, error) {
	return func(r reader, now moment) ([]string, error) {
		return r.ids(`SELECT dp.id FROM disputes dp WHERE dp.state = 'open' AND `+due+` < $2 AND `+notYet("dp", due)+` ORDER BY `+due+`, dp.id LIMIT $3`,
			string(step), string(now.today), silenceLimit)
	}
}

// disputeAt reads the dispute that a step is due for, and reports whether it is open
// and the step is new.
func (t *tx) disputeAt(id string, step influence.SilenceStep, due func(dispute) influence.Day) (d dispute, fresh bool, err error) {
	d, err = scanDispute(t.row(`SELECT `+disputeColumns+` FROM disputes dp WHERE dp.id = $1`, id))
	if err != nil || d.State != influence.DisputeOpen {
		return d, false, err
	}
	fresh, err = t.first(d.ID, step, string(due(d)))
	return d, fresh, err
}

func answersDue(d dispute) influence.Day { return d.AnswersDue }
func rulingDue(d dispute) influence.Day  { return d.RulingDue }

// disputeMail is a mail about a dispute's clock.
func disputeMail(d dispute, subject, body, button string) mail {
	return mail{kind: influence.NoticeDeadlines, subject: subject, body: body, link: "/disputes/" + d.Ref, button: button}
}

// remindAnswers tells the sides that did not answer yet that the last days begin.
func (t *tx) remindAnswers(id string) (change, error) {
	d, fresh, err := t.disputeAt(id, influence.RemindAnswers, answersDue)
	if err != nil || !fresh {
		return change{}, err
	}
	missing, err := t.unanswered(d)
	if err != nil || len(missing) == 0 {
		return change{}, err
	}
	until := influence.FormatDay(d.AnswersDue)
	m := disputeMail(d, "Answer dispute "+d.Ref+" until "+until, "Your company has not answered dispute "+d.Ref+". After "+until+" it goes on without your answer.", "Answer")
	for _, org := range missing {
		if err := t.mailOrg(org, m); err != nil {
			return change{}, err
		}
	}
	return stepTaken(d.Ref, influence.RemindAnswers, d.AnswersDue), nil
}

// beginRuling has a dispute go on without the answers that are missing: it is
// Microsoft's turn.
func (t *tx) beginRuling(id string) (change, error) {
	d, fresh, err := t.disputeAt(id, influence.BeginRuling, answersDue)
	if err != nil || !fresh {
		return change{}, err
	}
	missing, err := t.unanswered(d)
	if err != nil {
		return change{}, err
	}
	rules := " Microsoft rules until " + influence.FormatDay(d.RulingDue) + "."
	for _, org := range missing {
		if err := t.mailOrg(org, disputeMail(d, "Dispute "+d.Ref+" goes on without your answer", "Your company could answer until "+influence.FormatDay(d.AnswersDue)+"."+rules, "Open the dispute")); err != nil {
			return change{}, err
		}
	}
	opener := "The time to answer your dispute is over."
	if slices.Contains(missing, d.LAR) {
		opener = "The LAR did not answer your dispute. It goes on without its answer."
	}
	if err := t.mailOrg(d.PartnerID, disputeMail(d, "It is Microsoft’s turn to rule on dispute "+d.Ref, opener+rules, "Open the dispute")); err != nil {
		return change{}, err
	}
	return stepTaken(d.Ref, influence.BeginRuling, d.AnswersDue), t.mailOrg(influence.Staff, disputeMail(d, "Rule on dispute "+d.Ref+" until "+influence.FormatDay(d.RulingDue),
		"The time to answer dispute "+d.Ref+" is over. Somebody who took no part rules until "+influence.FormatDay(d.RulingDue)+".", "Open the dispute"))
}

// remindRuling tells Microsoft that the last days of a ruling begin.
func (t *tx) remindRuling(id string) (change, error) {
	d, fresh, err := t.disputeAt(id, influence.RemindRuling, rulingDue)
	if err != nil || !fresh {
		return change{}, err
	}
	until := influence.FormatDay(d.RulingDue)
	return stepTaken(d.Ref, influence.RemindRuling, d.RulingDue), t.mailOrg(influence.Staff, disputeMail(d, "The ruling on dispute "+d.Ref+" is due on "+until,
		"Dispute "+d.Ref+" is not ruled yet. After "+until+" it is the program administrators’.", "Open the dispute"))
}

// escalateRuling passes a dispute on to the administrators that was not ruled in time.
func (t *tx) escalateRuling(id string) (change, error) {
	d, fresh, err := t.disputeAt(id, influence.EscalateRuling, rulingDue)
	if err != nil || !fresh {
		return change{}, err
	}
	due := influence.FormatDay(d.RulingDue)
	sides, err := t.sidesOf(d)
	if err != nil {
		return change{}, err
	}
	for _, org := range sides {
		if err := t.mailOrg(org, disputeMail(d, "Dispute "+d.Ref+" is with the program administrators", "Microsoft had until "+due+" to rule on dispute "+d.Ref+". Its program administrators see to it now.", "Open the dispute")); err != nil {
			return change{}, err
		}
	}
	return stepTaken(d.Ref, influence.EscalateRuling, d.RulingDue), t.mailInCharge(influence.Staff, disputeMail(d, "The ruling on dispute "+d.Ref+" is overdue",
		"The ruling on dispute "+d.Ref+" was due on "+due+". It is the program administrators’ now.", "Open the dispute"))
}

// sidesOf are the opener of a dispute, the LAR, and the other holders.
func (t *tx) sidesOf(d dispute) ([]string, error) {
	others, err := t.holdersBeside(d)
	return append(others, d.PartnerID, d.LAR), err
}
