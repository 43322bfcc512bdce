package web

import (
	"context"
	"iter"
	"strings"

	"irm/influence"
	"irm/sheet"
	"irm/store"
)

func exportPartners(rows iter.Seq2[store.PartnerItem, error], w *sheet.Writer) error {
	columns := []sheet.Column{text("ref"), text("partner_id"), text("name"), text("level"), text("state"), text("city"), text("enrolled")}
	return write(w, columns, rows, func(p store.PartnerItem) []any {
		return []any{p.Ref, p.No, p.Name, string(p.Level), p.State, p.City, yesNo(p.Enrolled)}
	})
}

func exportLARs(ctx context.Context, v store.Session, f LARFilter, w *sheet.Writer) error {
	lars, err := v.LARs(ctx)
	if err != nil {
		return err
	}
	service, err := v.ServiceRecords(ctx, "")
	if err != nil {
		return err
	}
	if err := w.Head([]sheet.Column{text("ref"), text("slug"), text("name"), text("status"), day("planned_on"), whole("decisions"), text("median_days"), whole("p90_days"),
		whole("claims_answered"), whole("claims_confirmed"), whole("disputes_ruled"), whole("disputes_lost")}); err != nil {
		return err
	}
	for _, l := range larsOf(lars, f) {
		if err := w.Row(append([]any{l.Ref, l.Slug, l.Name, string(l.Status), string(l.PlannedOn)}, serviceCells(service[l.Ref])...)...); err != nil {
			return err
		}
	}
	return nil
}

// serviceCells are empty for a LAR with too few decisions, and for one whose
// service the asker is not told of.
func serviceCells(x influence.ServiceRecord) []any {
	twice, some := x.Days.Median()
	if !some {
		return []any{nil, nil, nil, nil, nil, nil, nil}
	}
	p90, _ := x.Days.P90()
	return []any{x.Days.N(), influence.HalfDays(twice), p90, x.Answered, x.Confirmed, x.Ruled, x.Lost}
}

func exportConnections(rows iter.Seq2[store.ConnectionRow, error], w *sheet.Writer) error {
	columns := []sheet.Column{text("ref"), text("partner"), text("partner_id"), text("level"), text("partner_state"), text("lar"), text("state"), text("asked_at"), day("due"), text("answered_at"),
		text("note"), text("reason"), whole("claims_waiting")}
	return write(w, columns, rows, func(c store.ConnectionRow) []any {
		due := ""
		if c.Status == influence.ConnectionAsked {
			due = string(c.Due)
		}
		return []any{c.Ref, c.Partner, c.PartnerNo, c.Level, c.State, c.LAR, string(c.Status), instantOf(c.Asked), due, instantOf(c.Answered), c.Note, c.Reason, c.Waiting}
	})
}

func exportDisputes(rows iter.Seq2[store.DisputeRow, error], w *sheet.Writer) error {
	columns := []sheet.Column{text("ref"), text("agreement"), text("agreement_number"), text("customer"), text("lar"), text("opened_by"), text("claim"), text("state"), text("opened_at"), day("answers_due"), day("ruling_due")}
	return write(w, columns, rows, func(d store.DisputeRow) []any {
		return []any{d.Ref, d.AgreementRef, d.Number, d.Customer, d.LAR, d.Opener, d.ClaimRef, string(d.State), instantOf(d.OpenedAt), string(d.AnswersDue), string(d.RulingDue)}
	})
}

func exportApplications(rows iter.Seq2[store.ApplicationRow, error], w *sheet.Writer) error {
	columns := []sheet.Column{text("ref"), text("company"), text("partner_id"), text("level"), text("partner_state"), text("name"), text("email"), text("phone"), text("state"), text("why"),
		text("confirmed_at"), text("decided_at"), text("reason")}
	return write(w, columns, rows, func(a store.ApplicationRow) []any {
		return []any{a.Ref, a.Company, a.PartnerNo, string(a.Level), a.PartnerState, a.Name, a.Email, a.Phone, a.Shown(), a.Why, instantOf(a.Confirmed), instantOf(a.Decided), a.Reason}
	})
}

func exportRoster(rows iter.Seq2[store.RosterItem, error], w *sheet.Writer) error {
	columns := []sheet.Column{text("ref"), text("partner_id"), text("name"), text("level"), text("state"), text("city"), text("website"), text("contact_name"), text("contact_email"),
		text("enrolled"), text("on_current_roster")}
	return write(w, columns, rows, func(p store.RosterItem) []any {
		return []any{p.PartnerRef, p.PartnerNo, p.Name, string(p.Level), p.State, p.City, p.Website, p.ContactName, p.ContactEmail, yesNo(p.Enrolled), yesNo(!p.Gone)}
	})
}

func exportMembers(rows iter.Seq2[store.MemberRow, error], w *sheet.Writer) error {
	columns := []sheet.Column{text("ref"), text("name"), text("email"), text("organization"), text("role"), text("rank"), text("state"), text("since")}
	return write(w, columns, rows, func(m store.MemberRow) []any {
		return []any{m.Ref, m.Name, m.Email, m.Org, string(m.Role), string(m.Rank), string(m.State), instantOf(m.Since)}
	})
}

func exportCustomers(rows iter.Seq2[store.CustomerLine, error], w *sheet.Writer) error {
	columns := []sheet.Column{text("ref"), text("customer"), text("state"), text("spellings")}
	return write(w, columns, rows, func(c store.CustomerLine) []any {
		spellings := make([]string, len(c.Aliases))
		for i, a := range c.Aliases {
			spellings[i] = a.Name + " (" + a.By + ")"
		}
		return []any{c.Ref, c.Name, c.State, strings.Join(spellings, "; ")}
	})
}
