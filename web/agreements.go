package web

import (
	"fmt"
	"net/http"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// agreementFilter reads the list's filters from the address.
func (r *request) agreementFilter(q *Fields) (f store.AgreementFilter, period string, err error) {
	f = store.AgreementFilter{Reversed: turned(q), LAR: q.Get("lar"), State: strings.ToUpper(q.Get("state")), Partner: q.Get("partner"), Decided: q.Get("decided"),
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
		head.Sorted = r.sorted("/agreements", "Number", false)
		m := views.SeenListModel{ListModel: head}
		for _, a := range page.Rows {
			m.Rows = append(m.Rows, seenItem(a))
		}
		return r.html(http.StatusOK, views.SeenList(r.page("Agreements"), m))
	}
	head.Sorted = r.sorted("/agreements", "Signed", true)
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
	m := views.ListModel{Order: r.order(), Action: "/agreements", Exports: r.exports("/agreements")}
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
		"decided": decidedWords[q.Get("decided")], "lar": r.larChip(q.Get("lar")), "partner": r.partnerChip(q.Get("partner")), "fy": period, "month": monthChip(q), "waiting": waitingChip(q)})
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
	m := views.AgreementFormModel{Seated: seatsWords(r.s.store.Settings()), Key: key, Number: d.AgreementNumber, Program: d.Program, Customer: d.Customer, Seats: d.Seats, Signed: d.SignedOn,
		States: stateOptions(influence.CustomerStates(), d.CustomerState), Order: views.OrderFormModel{Number: d.OrderNumber, Date: d.OrderedOn, Amount: d.Amount,
			Kinds: orderKindOptions(d.OrderKind), Wrong: wrong}, Wrong: wrong, Problems: problems(wrong)}
	return r.html(status, views.AgreementForm(r.page(formTitle("Enter an agreement", wrong)), m))
}
