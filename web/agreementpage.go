package web

import (
	"fmt"
	"net/http"

	"irm/influence"
	"irm/store"
	"irm/views"
)

// agreementShow shows an agreement as the actor's kind of sight gives it.
func (s *server) agreementShow(r *request) error {
	return r.agreementPage(http.StatusOK, r.Param("ref"), nil)
}

func (r *request) agreementPage(status int, ref string, order *views.OrderFormModel) error {
	p, err := r.store.Agreement(r.Request().Context(), ref)
	if err != nil {
		return err
	}
	switch {
	case p.Claimant != nil:
		c := *p.Claimant
		m := views.ClaimedModel{Ref: c.Ref, Number: c.Number, Customer: c.Customer, LAR: c.LAR, Program: programTitle(c.Program), Place: influence.StateName(c.State), Claims: r.claimItems(c.Claims)}
		return r.html(status, views.AgreementClaimed(r.page(c.Customer), m))
	case p.Holder != nil:
		return r.heldPage(status, p, nil)
	}
	if err := r.openedOf(p.Full.Claims); err != nil {
		return err
	}
	m := r.agreementModel(*p.Full)
	if m.Disputes, err = r.disputesOn(ref); err != nil {
		return err
	}
	if order != nil {
		m.OrderForm = order
	}
	return r.html(status, views.AgreementShow(r.page(p.Full.Customer), m))
}

// disputesOn are the disputes about an agreement that the actor sees.
func (r *request) disputesOn(ref string) ([]views.DisputeItem, error) {
	page, err := r.store.Disputes(r.Request().Context(), store.DisputeFilter{Agreement: ref, Limit: 20})
	return r.disputeItems(page.Rows), err
}

// heldPage is an agreement as a partner with a share sees it, on which typed puts what
// was typed.
func (r *request) heldPage(status int, p store.AgreementPage, typed func(*views.HeldShareModel)) error {
	if p.Holder == nil {
		return influence.ErrNotFound
	}
	m := r.heldShare(*p.Holder)
	var err error
	if m.Disputes, err = r.disputesOn(p.Holder.Ref); err != nil {
		return err
	}
	if l := p.Holder.Lowered; l != nil {
		m.Lowered = fmt.Sprintf("Your share is %s. Before the newest decision it was %s.", influence.FormatPercent(l.Own), influence.FormatPercent(l.Before))
		if l.Refused == nil && r.actor.May(influence.OpenDisputes) {
			m.Dispute = &views.DisputeForm{Unclaimed: true, Action: "/agreements/" + p.Holder.Ref + "/dispute", Version: l.Version, Until: influence.FormatDay(l.Until)}
		}
		if l.Refused != nil {
			m.Lowered += " " + l.Refused.Error()
		}
	}
	var wrong influence.Invalid
	if typed != nil {
		typed(&m)
		if m.Dispute != nil {
			wrong = m.Dispute.Wrong
		}
	}
	return r.html(status, views.AgreementHeld(r.page(formTitle(p.Holder.Customer, wrong)), m))
}

func (r *request) heldShare(h store.HolderView) views.HeldShareModel {
	m := views.HeldShareModel{Ref: h.Ref, Number: h.Number, Customer: h.Customer, LAR: h.LAR, Program: programTitle(h.Program), Place: influence.StateName(h.State),
		Seats: number(h.Seats), Signed: influence.FormatDay(h.SignedOn), Revenue: influence.FormatMoney(h.Revenue), Own: influence.FormatMoney(h.Influenced),
		Decisions: r.decisionItems(h.Decisions), Claims: r.claimItems(h.Claims)}
	for _, o := range h.Orders {
		m.Orders = append(m.Orders, views.OwnOrder{Number: o.Number, Kind: orderTitle(o.Kind), Date: influence.FormatDay(o.OrderedOn), Amount: influence.FormatMoney(o.Cents),
			Part: influence.FormatMoney(o.Part), Percent: influence.FormatPercent(o.Points)})
	}
	return m
}

func (r *request) agreementModel(a store.FullView) views.AgreementModel {
	m := views.AgreementModel{Ref: a.Ref, Number: a.Number, Customer: a.Customer, LAR: a.LAR, LARHref: "/lars/" + a.LARRef, Program: programTitle(a.Program),
		Place: influence.StateName(a.State), Seats: number(a.Seats), Signed: influence.FormatDay(a.SignedOn), Revenue: influence.FormatMoney(a.Sums.Revenue()),
		Influenced: influence.FormatMoney(a.Sums.Influenced), Unassisted: influence.FormatMoney(a.Sums.Unassisted), Undecided: influence.FormatMoney(a.Sums.Undecided),
		Version: a.Version, Decisions: r.decisionItems(a.Decisions), Claims: r.claimItems(a.Claims),
		CanEnter: r.actor.May(influence.EnterAgreements)}
	if r.actor.Role != influence.RoleStaff && r.actor.May(influence.Decide) || r.mayDecide(a) {
		m.Decide = r.deskAt(a.Ref)
	}
	for _, c := range a.Candidates {
		m.Candidates = append(m.Candidates, r.claimItem(c.Claim))
	}
	for _, i := range a.Items {
		if !i.Settled {
			m.Items = append(m.Items, views.DeskItem{Text: i.Sentence, Due: influence.FormatDayLong(i.Due)})
		}
	}
	for _, h := range a.Held {
		m.Held = append(m.Held, views.HeldItem{Number: h.Number, LAR: h.LAR, Kind: orderTitle(h.Kind), Date: influence.FormatDay(h.OrderedOn), Amount: influence.FormatMoney(h.Cents)})
	}
	for _, x := range a.Aliases {
		m.Aliases = append(m.Aliases, x.Name+" ("+x.By+")")
	}
	for _, d := range a.Decisions {
		if !d.UndoUntil.IsZero() {
			m.UndoRef, m.UndoUntil = d.Ref, clockTime(d.UndoUntil, r.zone())
		}
	}
	m.OrderForm = &views.OrderFormModel{Kinds: orderKindOptions(""), Wrong: map[string]string{}}
	orderTable(&m, a)
	return m
}

// orderTable makes the orders' table: one column for each partner with a part.
func orderTable(m *views.AgreementModel, a store.FullView) {
	var ids []string
	column := map[string]int{}
	sums := map[string]int64{}
	for _, o := range a.Orders {
		for _, part := range o.Parts.Shares {
			if _, known := column[part.PartnerID]; !known {
				column[part.PartnerID] = len(ids)
				ids = append(ids, part.PartnerID)
				m.Partners = append(m.Partners, o.Names[part.PartnerID])
			}
			sums[part.PartnerID] += part.Cents
		}
	}
	for _, o := range a.Orders {
		item := views.OrderItem{Number: o.Number, Kind: orderTitle(o.Kind), Date: influence.FormatDay(o.OrderedOn), Amount: influence.FormatMoney(o.Cents),
			Report: o.ReportRef, Named: o.NamedNo, Parts: make([]views.PartItem, len(ids)), Rest: "–"}
		if o.Versions > 1 {
			item.Corrected = fmt.Sprintf("version %d", o.Versions)
		}
		for i := range item.Parts {
			item.Parts[i].Percent = "–"
		}
		for _, part := range o.Parts.Shares {
			item.Parts[column[part.PartnerID]] = views.PartItem{Amount: influence.FormatMoney(part.Cents), Percent: influence.FormatPercent(part.Points)}
		}
		switch {
		case o.Parts.Decision == nil:
			item.Rest, item.RestLabel = influence.FormatMoney(o.Parts.Undecided), "undecided"
		case o.Parts.Unassisted != 0:
			item.Rest, item.RestLabel = influence.FormatMoney(o.Parts.Unassisted), "unassisted"
		}
		m.Orders = append(m.Orders, item)
	}
	for _, id := range ids {
		m.Sums = append(m.Sums, influence.FormatMoney(sums[id]))
	}
}

func (r *request) decisionItems(all []store.DecisionView) []views.DecisionItem {
	var items []views.DecisionItem
	for _, d := range all {
		item := views.DecisionItem{Ref: d.Ref, Shares: sharesText(d), By: d.By + ", " + d.LAR, At: instantText(d.At, r.zone()), Note: d.Note, Basis: basisTitle(d.Basis), InForce: d.InForce, Void: d.Void}
		item.From = "From the beginning"
		if d.From != influence.Start {
			item.From = "From " + influence.FormatDay(d.From)
		}
		switch {
		case d.Void:
			item.State = "Void"
		case len(d.Spans) == 0:
			item.State = "Superseded"
		case d.Spans[0].From > r.today():
			item.State = "Later"
		default:
			item.State = "Until " + influence.FormatDay(d.Spans[0].Until)
		}
		items = append(items, item)
	}
	return items
}

func basisTitle(b influence.Basis) string {
	switch b {
	case influence.Report:
		return "By a report’s line"
	case influence.Ruling:
		return "By a ruling"
	case influence.Escalation:
		return "By Microsoft"
	case influence.Move:
		return "Entered again with a move"
	}
	return "At the desk"
}

func orderTitle(k influence.OrderKind) string {
	for _, o := range orderKindOptions("") {
		if o.Value == string(k) {
			return o.Label
		}
	}
	return string(k)
}
