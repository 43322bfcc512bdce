package store

import (
	"irm/influence"
)

// connectionSilences are what silence does to a request for a connection.
func connectionSilences() []silence {
	return []silence{
		{"pass requests to owners", requestsPassed(influence.EscalateOwners), func(t *tx, id string) (change, error) { return t.passRequest(id, influence.EscalateOwners) }},
		{"open requests to staff", requestsPassed(influence.EscalateStaff), func(t *tx, id string) (change, error) { return t.passRequest(id, influence.EscalateStaff) }},
	}
}

// requestsPassed finds the requests that a LAR left unanswered, and were not passed on.
func requestsPassed(step influence.SilenceStep) func(reader, moment) ([]string, error) {
	return func(r reader, now moment) ([]string, error) {
		return r.ids(`SELECT n.id FROM connections n WHERE n.state = 'asked' AND n.due < $2 AND `+notYet("n", "n.due")+`
			ORDER BY n.due, n.id LIMIT $3`, string(step), string(now.before(step)), silenceLimit)
	}
}

// passRequest passes a request on: to the LAR's owners, then to Microsoft.
func (t *tx) passRequest(id string, step influence.SilenceStep) (change, error) {
	var c connection
	var due influence.Day
	var partner, lar string
	err := t.row(`SELECT n.id, n.ref, n.partner_id, n.lar_id, n.state, n.due, p.name, l.name FROM connections n CROSS JOIN partners p CROSS JOIN lars l
		WHERE n.id = $1 AND p.id = n.partner_id AND l.id = n.lar_id`, id).Scan(&c.ID, &c.Ref, &c.PartnerID, &c.LAR, &c.State, &due, &partner, &lar)
	if err != nil || c.State != influence.ConnectionAsked {
		return change{}, err
	}
	fresh, err := t.first(c.ID, step, string(due))
	if err != nil || !fresh {
		return change{}, err
	}
	const link, button = "/connections", "Answer the request"
	if step == influence.EscalateOwners {
		return stepTaken(c.Ref, step, due), t.mailInCharge(c.LAR, mail{kind: influence.NoticeDeadlines, subject: "The request of " + partner + " is overdue", link: link, button: button,
			body: "Your desk had until " + influence.FormatDay(due) + " to answer the request of " + partner + " for a connection. You have until " +
				influence.FormatDay(influence.OwnersUntil(due, t.s.settings)) + ". After that Microsoft may connect you."})
	}
	err = t.mailOrg(influence.Staff, mail{kind: influence.NoticeDeadlines, subject: "Microsoft may connect " + partner + " and " + lar, link: link, button: "Open the requests",
		body: lar + " and its owners did not answer the request of " + partner + ", which was due on " + influence.FormatDay(due) + "."})
	if err != nil {
		return change{}, err
	}
	return stepTaken(c.Ref, step, due), t.mailOrg(c.PartnerID, mail{kind: influence.NoticeDeadlines, subject: "Microsoft may connect you with " + lar, link: link, button: "Open your connections",
		body: lar + " did not answer your request in its time. From today on Microsoft may connect you. Your claims keep their dates."})
}
