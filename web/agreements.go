package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// agreementFilter reads the list's filters from the address.
func (r *request) agreementFilter(q *Fields) (f store.AgreementFilter, period string, err error) {
	f = store.AgreementFilter{LAR: q.Get("lar"), State: strings.ToUpper(q.Get("state")), Partner: q.Get("partner"), Decided: q.Get("decided"),
		Query: q.Get("q"), After: q.Get("after"), Before: q.Get("before"), Limit: pageSize, BySigning: q.Get("by") == "signed", ByAnswer: q.Get("by") == "answered"}
	f.Program = influence.Program(q.Get("program"))
	f.First, f.Last, period, err = periodOf(q)
	if f.Waiting = int(atoi(q.Get("waiting"))); f.Waiting < 0 || f.Waiting > influence.WaitingClasses {
		return f, period, influence.Invalid{"waiting": "How long something waits is a class from 1 to 5."}
	}
	switch {
	case period == "":
	case f.BySigning:
		period = "Signed in " + period
	case f.ByAnswer:
		period = "Decided in " + period + ", after a claim or question waited"
	default:
		period = "With orders of " + period + "; the amounts are those orders’"
	}
	return f, period, err
}

// periodOf reads a fiscal year, a quarter of it, or a month, with the days to
// date when until is given.
func periodOf(q *Fields) (first, last influence.Day, words string, err error) {
	if month := q.Get("month"); month != "" {
		first = influence.Day(month + "-01")
		if _, err := influence.ParseDate(string(first)); err != nil {
			return "", "", "", influence.Invalid{"month": "A month is written 2007-03."}
		}
		return first, first.AddDays(31)[:8] + "00", influence.MonthTitle(first), nil
	}
	if q.Get("fy") == "" {
		return "", "", "", nil
	}
	fy := int(atoi(strings.TrimPrefix(strings.ToUpper(q.Get("fy")), "FY")))
	if fy < 1990 || fy > 2100 {
		return "", "", "", influence.Invalid{"fy": "A fiscal year is written 2007."}
	}
	first, last = influence.FiscalYearSpan(fy)
	words = fmt.Sprintf("FY%d", fy)
	if quarter := int(atoi(q.Get("quarter"))); quarter >= 1 && quarter <= 4 {
		first, last = influence.QuarterSpan(fy, quarter)
		words = fmt.Sprintf("FY%d Q%d", fy, quarter)
	}
	if until := influence.Day(q.Get("until")); until != "" && until < last {
		if _, err := influence.ParseDate(string(until)); err == nil {
			last, words = until, words+" to "+influence.FormatDay(until)
		}
	}
	return first, last, words, nil
}

// agreementList shows the agreements that the actor sees.
func (s *server) agreementList(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	f, period, err := r.agreementFilter(q)
	if err != nil {
		return err
	}
	page, err := r.store.Agreements(r.Request().Context(), f)
	if err != nil {
		return err
	}
	head, err := r.agreementHead(q, period)
	if err != nil {
		return err
	}
	head.Older, head.Newer = r.neighbours("/agreements", page.Older, page.Newer)
	if head.Empty, head.Count = len(page.Rows) == 0, counted(len(page.Rows), page.Older+page.Newer != ""); !head.Empty {
		if head.Sum, err = r.agreementSum(f); err != nil {
			return err
		}
	}
	if r.actor.Role == influence.RolePartner {
		m := views.SeenListModel{ListModel: head}
		for _, a := range page.Rows {
			m.Rows = append(m.Rows, seenItem(a))
		}
		return r.html(http.StatusOK, views.SeenList(r.page("Agreements"), m))
	}
	m := views.AgreementListModel{ListModel: head, ShowLAR: r.actor.Role == influence.RoleStaff, CanEnter: r.actor.May(influence.EnterAgreements), Period: period,
		ShowPart: f.Partner != ""}
	for _, a := range page.Rows {
		m.Rows = append(m.Rows, agreementItem(a))
	}
	return r.html(http.StatusOK, views.AgreementList(r.page("Agreements"), m))
}

// agreementSum says what the filter's rows come to, where it is counted.
func (r *request) agreementSum(f store.AgreementFilter) (string, error) {
	l, err := r.store.AgreementSums(r.Request().Context(), f)
	if err != nil || l == nil {
		return "", err
	}
	var parts []string
	if l.Counted {
		parts = append(parts, plural(l.Agreements, "agreement"))
	}
	if l.Added {
		parts = append(parts, plural(l.Orders, "order"), "revenue "+influence.FormatMoney(l.Revenue()), "influenced "+influence.FormatMoney(l.Influenced),
			"unassisted "+influence.FormatMoney(l.Unassisted), "undecided "+influence.FormatMoney(l.Undecided))
	}
	return strings.Join(parts, " · "), nil
}

// agreementHead is the filter bar of the list.
func (r *request) agreementHead(q *Fields, period string) (views.ListModel, error) {
	m := views.ListModel{Action: "/agreements", Exports: r.exports("/agreements")}
	m.Filters = append(m.Filters, ui.FieldProps{Name: "q", Label: "Number or customer", Kind: "search", Value: q.Get("q")},
		selectField("program", "Program", q.Get("program"), []ui.Option{{Value: "", Label: "Both"}, {Value: "enterprise", Label: "Enterprise"}, {Value: "select", Label: "Select"}}))
	if r.actor.Role != influence.RolePartner {
		m.Filters = append(m.Filters, selectField("state", "State", q.Get("state"), anyState()),
			selectField("decided", "Decision", q.Get("decided"), []ui.Option{{Value: "", Label: "Any"}, {Value: "yes", Label: "Decided"}, {Value: "no", Label: "Undecided"}, {Value: "none", Label: "No partner"}}))
	}
	if r.actor.Role == influence.RoleStaff {
		lars, err := r.larOptions(q.Get("lar"), "All LARs")
		if err != nil {
			return m, err
		}
		m.Filters = append(m.Filters, selectField("lar", "LAR", q.Get("lar"), lars))
	}
	m.Chips = r.chips("/agreements", map[string]string{"q": q.Get("q"), "program": programTitleOr(q.Get("program")), "state": influence.StateName(strings.ToUpper(q.Get("state"))),
		"decided": decidedWords[q.Get("decided")], "lar": q.Get("lar"), "partner": q.Get("partner"), "fy": period, "month": monthChip(q), "waiting": waitingChip(q)})
	m.Filtered = len(m.Chips) > 0
	return m, nil
}

var decidedWords = map[string]string{"yes": "Decided", "no": "Undecided", "none": "No partner"}

func waitingChip(q *Fields) string {
	n := int(atoi(q.Get("waiting")))
	if n < 1 || n > influence.WaitingClasses {
		return ""
	}
	return "Waiting " + influence.WaitingTitles()[n-1] + " days"
}

func monthChip(q *Fields) string {
	if q.Get("month") == "" {
		return ""
	}
	return influence.MonthTitle(influence.Day(q.Get("month") + "-01"))
}

func programTitleOr(p string) string {
	if p == "" {
		return ""
	}
	return programTitle(influence.Program(p))
}

func agreementItem(a store.AgreementRow) views.AgreementItem {
	return views.AgreementItem{Href: "/agreements/" + a.Ref, Ref: a.Ref, Number: a.Number, Customer: a.Customer, Place: a.State, LAR: a.LAR,
		Program: programTitle(a.Program), Signed: influence.FormatDay(a.SignedOn), Amount: influence.FormatMoney(a.Cents),
		Influenced: influence.FormatMoney(a.Influenced), Unassisted: influence.FormatMoney(a.Unassisted), Undecided: influence.FormatMoney(a.Undecided),
		Decided: a.Decided, Attached: a.Attached, Part: influence.FormatMoney(a.Own)}
}

func seenItem(a store.AgreementRow) views.SeenItem {
	v := views.SeenItem{Href: "/agreements/" + a.Ref, Ref: a.Ref, Number: a.Number, Customer: a.Customer, Place: a.State, LAR: a.LAR, Program: programTitle(a.Program), Signed: "–", Own: "–", As: "Your claim"}
	if a.As == store.SeenBySharer {
		v.Signed, v.Own, v.As = influence.FormatDay(a.SignedOn), influence.FormatMoney(a.Own), "Your share"
	}
	return v
}

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
		return r.html(status, views.AgreementHeld(r.page(p.Holder.Customer), r.heldShare(*p.Holder)))
	}
	m := r.agreementModel(*p.Full)
	if order != nil {
		m.OrderForm = order
	}
	return r.html(status, views.AgreementShow(r.page(p.Full.Customer), m))
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
		CanDecide: r.actor.May(influence.Decide), CanEnter: r.actor.May(influence.EnterAgreements)}
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

func orderKindOptions(chosen string) []ui.Option {
	all := []ui.Option{{Value: "initial", Label: "Initial"}, {Value: "true-up", Label: "True-up"}, {Value: "renewal", Label: "Renewal"}, {Value: "call-off", Label: "Call-off"}, {Value: "credit", Label: "Credit"}}
	for i := range all {
		all[i].Selected = all[i].Value == chosen
	}
	return all
}

// orderEnter adds an order to an agreement, or corrects one.
func (s *server) orderEnter(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	d := orderDraft(f)
	d.Correct = f.Get("correct") == "1"
	ref := r.Param("ref")
	err = r.store.EnterOrder(r.Request().Context(), ref, atoi(f.Get("version")), d)
	if wrong, ok := invalid(err); ok {
		m := views.OrderFormModel{Number: d.OrderNumber, Kind: d.OrderKind, Date: d.OrderedOn, Amount: d.Amount, Correct: d.Correct, Wrong: wrong,
			Problems: problems(wrong), Kinds: orderKindOptions(d.OrderKind), Open: true}
		return r.agreementPage(http.StatusUnprocessableEntity, ref, &m)
	}
	if err != nil {
		return err
	}
	return r.said("/agreements/"+ref, "good", "The order was saved.")
}

func orderDraft(f *Fields) influence.OrderDraft {
	return influence.OrderDraft{OrderNumber: f.Get("order_number"), OrderKind: f.Get("order_kind"), OrderedOn: f.Get("ordered_on"), Amount: f.Get("amount")}
}

// agreementNew is the form for an agreement with its first order.
func (s *server) agreementNew(r *request) error {
	return r.agreementForm(http.StatusOK, newKey(), influence.AgreementDraft{OrderDraft: influence.OrderDraft{OrderKind: "initial"}}, nil)
}

func (s *server) agreementCreate(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	d := influence.AgreementDraft{AgreementNumber: f.Get("agreement_number"), Program: f.Get("program"), Customer: f.Get("customer"), CustomerState: f.Get("customer_state"),
		Seats: f.Get("seats"), SignedOn: f.Get("signed_on"), OrderDraft: orderDraft(f)}
	ref, err := r.store.EnterAgreement(r.Request().Context(), f.Get("key"), d)
	if wrong, ok := invalid(err); ok {
		return r.agreementForm(http.StatusUnprocessableEntity, f.Get("key"), d, wrong)
	}
	if err != nil {
		return err
	}
	return r.said("/agreements/"+ref, "good", "The agreement was entered.")
}

func (r *request) agreementForm(status int, key string, d influence.AgreementDraft, wrong influence.Invalid) error {
	m := views.AgreementFormModel{Key: key, Number: d.AgreementNumber, Program: d.Program, Customer: d.Customer, Seats: d.Seats, Signed: d.SignedOn,
		States: stateOptions(influence.CustomerStates(), d.CustomerState), Order: views.OrderFormModel{Number: d.OrderNumber, Date: d.OrderedOn, Amount: d.Amount,
			Kinds: orderKindOptions(d.OrderKind), Wrong: wrong}, Wrong: wrong, Problems: problems(wrong)}
	return r.html(status, views.AgreementForm(r.page(formTitle("Enter an agreement", wrong)), m))
}

// formTitle says in the title how many fields are wrong.
func formTitle(title string, wrong influence.Invalid) string {
	switch len(wrong) {
	case 0:
		return title
	case 1:
		return "1 field needs another look · " + title
	}
	return fmt.Sprintf("%d fields need another look · %s", len(wrong), title)
}

// neighbours are the addresses of the pages around this one, with its filters.
func (r *request) neighbours(path, older, newer string) (string, string) {
	at := func(name, cursor string) string {
		if cursor == "" {
			return ""
		}
		v := r.filters()
		v.Set(name, cursor)
		return path + "?" + v.Encode()
	}
	return at("after", older), at("before", newer)
}

// filters are the address's own fields without the place in the list.
func (r *request) filters() url.Values {
	v := url.Values{}
	for name, values := range r.Request().URL.Query() {
		if name != "after" && name != "before" && len(values) > 0 && values[0] != "" {
			v.Set(name, values[0])
		}
	}
	return v
}

// exports are the addresses of the same rows as files.
func (r *request) exports(path string) []views.Link {
	query := ""
	if v := r.filters(); len(v) > 0 {
		query = "?" + v.Encode()
	}
	return []views.Link{{Label: "CSV", Href: path + ".csv" + query}, {Label: "Excel", Href: path + ".xlsx" + query}, {Label: "JSON", Href: path + ".json" + query}}
}

// chips say what is filtered, each with the address without it.
func (r *request) chips(path string, words map[string]string) []ui.Chip {
	var all []ui.Chip
	for _, name := range []string{"q", "state", "program", "lar", "partner", "decided", "waiting", "active", "customer_state", "level", "enrolled", "gone", "fy", "month"} {
		if words[name] == "" {
			continue
		}
		v := r.filters()
		v.Del(name)
		if name == "month" {
			v.Del("by")
		}
		if name == "fy" {
			v.Del("quarter")
			v.Del("until")
			v.Del("by")
		}
		all = append(all, ui.Chip{Label: words[name], Href: path + "?" + v.Encode()})
	}
	return all
}

// counted says how many rows a list has: exactly, or that there are more.
func counted(n int, more bool) string {
	switch {
	case more:
		return fmt.Sprintf("more than %d", n)
	case n == 1:
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

func selectField(name, label, chosen string, options []ui.Option) ui.FieldProps {
	for i := range options {
		options[i].Selected = options[i].Value == chosen
	}
	return ui.FieldProps{Name: name, Label: label, Kind: "select", Options: options}
}

func anyState() []ui.Option {
	all := stateOptions(influence.CustomerStates(), "")
	all[0].Label = "Any"
	return all
}
