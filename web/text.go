package web

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"irm/influence"
	"irm/views/ui"
)

// atoi reads a number of ours; 0 if it is none.
func atoi(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

// number writes 1284 as 1,284.
func number(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count writes a number and its noun: 1 row, 2 rows.
func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return number(n) + " " + noun + "s"
}

// percentTyped writes basis points as a person types them: 60 or 33.33.
func percentTyped(points int64) string {
	if points%100 == 0 {
		return strconv.FormatInt(points/100, 10)
	}
	return fmt.Sprintf("%d.%02d", points/100, points%100)
}

// clockTime writes 9:20 am in a zone.
func clockTime(at time.Time, zone *time.Location) string { return at.In(zone).Format("3:04 pm") }

// instantText writes 16 Apr 2007, 9:20 am in a zone.
func instantText(at time.Time, zone *time.Location) string {
	if at.IsZero() {
		return "–"
	}
	return at.In(zone).Format("2 Jan 2006, 3:04 pm")
}

// fiscalYear names the fiscal year of a day: FY2007.
func fiscalYear(d influence.Day) string { return fmt.Sprintf("FY%d", influence.FiscalYear(d)) }

// dayText writes 16 Apr 2007 in a zone.
func dayText(at time.Time, zone *time.Location) string { return at.In(zone).Format("2 Jan 2006") }

func programTitle(p influence.Program) string {
	switch p {
	case influence.Enterprise:
		return "Enterprise"
	case influence.Select:
		return "Select"
	}
	return "–"
}

func levelTitle(level string) string { return influence.Level(level).Title() }

// kindWords are the influence kinds as pages say them.
var kindWords = []ui.Option{
	{Value: "sourced", Label: "Introduced the deal"}, {Value: "licensing", Label: "Licensing advice"}, {Value: "presales", Label: "Technical pre-sales"},
	{Value: "deployment", Label: "Deployment"}, {Value: "training", Label: "Training"}, {Value: "other", Label: "Other"},
}

func kindOptions() []ui.Option { return append([]ui.Option(nil), kindWords...) }

func kindTitle(k influence.InfluenceKind) string {
	for _, w := range kindWords {
		if w.Value == string(k) {
			return w.Label
		}
	}
	return "–"
}

func rejectOptions() []ui.Option {
	var all []ui.Option
	for _, c := range influence.RejectReasons() {
		all = append(all, ui.Option{Value: string(c), Label: c.Title()})
	}
	return all
}

func stateOptions(states []influence.State, chosen string) []ui.Option {
	all := []ui.Option{{Value: "", Label: "Choose a state"}}
	for _, s := range states {
		all = append(all, ui.Option{Value: s.Code, Label: s.Name, Selected: s.Code == chosen})
	}
	return all
}

// sortProblems puts what is wrong in the order in which forms ask for it; what
// none asks for comes last.
func sortProblems(all []ui.Problem) {
	at := map[string]int{}
	for i, field := range strings.Fields(`lar agreement_number customer customer_state program seats signed_on order_number order_kind ordered_on amount
		expected_on partner_id kind share primary outcome effective_on replaces reject code note evidence`) {
		at[field] = i - 1000
	}
	slices.SortFunc(all, func(a, b ui.Problem) int {
		return cmp.Or(cmp.Compare(at[a.Field], at[b.Field]), strings.Compare(a.Field, b.Field))
	})
}

// form reads the form that was posted; many names fields that may come often.
func (r *request) form(many ...string) (*Fields, error) { return ReadFields(r.Request(), many...) }

// query reads what stands in the address after the ?.
func (r *request) query() (*Fields, error) { return QueryFields(r.Request()) }

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
