package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"

	"github.com/a-h/templ"
)

// auditing is one of the two lists of the ledger.
type auditing struct {
	act         influence.Action
	path, title string
	lead        string
	everybody   bool // of all organizations
}

// audit is the whole ledger, for Microsoft.
func (s *server) audit(r *request) error { return r.auditPage(wholeLedger()) }

// activity is what the members of the actor's own organization did.
func (s *server) activity(r *request) error { return r.auditPage(ownLedger()) }

func wholeLedger() auditing {
	return auditing{influence.ViewLedger, "/audit", "Ledger", "Who did what, when, and what it changed. Entries are never changed or deleted.", true}
}

func ownLedger() auditing {
	return auditing{influence.ViewActivity, "/team/activity", "Activity", "What your organization’s members did, when, and what it changed. Entries are never changed or deleted.", false}
}

// auditingAt is the list at an address; not ok for any other.
func auditingAt(path string) (a auditing, ok bool) {
	for _, a := range []auditing{wholeLedger(), ownLedger()} {
		if name, _, _ := strings.Cut(path, "."); name == a.path {
			return a, true
		}
	}
	return a, false
}

// auditFilter reads the filters of a list, and what is wrong with them. person is
// the name of the person asked for.
func (r *request) auditFilter(a auditing, q *Fields) (f store.AuditFilter, person string, err error) {
	f = store.AuditFilter{Reversed: turned(q), Thing: thingTyped(q.Get("thing")), Action: influence.Action(q.Get("action")), After: q.Get("after"), Before: q.Get("before"), Limit: pageSize}
	wrong := influence.Invalid{}
	if typed := q.Get("person"); typed != "" {
		f.Person, person, err = r.store.EntryPerson(r.Request().Context(), a.act, typed)
		if err != nil && !errors.Is(err, influence.ErrNotFound) {
			return f, "", err
		}
		wrong.Check(err == nil, "person", "No member has this address.")
	}
	for name, day := range map[string]*influence.Day{"from": &f.From, "until": &f.Until} {
		if typed := q.Get(name); typed != "" {
			var bad error
			if *day, bad = influence.ParseDate(typed); bad != nil {
				wrong.Check(false, name, bad.Error())
			}
		}
	}
	wrong.Check(f.From == "" || f.Until == "" || f.From <= f.Until, "until", "The last day lies before the first.")
	return f, person, wrong.OrNil()
}

// thingTyped is a reference as it is written, however it was typed; an id is one
// in small letters.
func thingTyped(s string) string {
	s = strings.TrimSpace(s)
	if strings.Contains(s, "-") {
		return strings.ToUpper(s)
	}
	return strings.ToLower(s)
}

func (r *request) auditPage(a auditing) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	f, person, err := r.auditFilter(a, q)
	wrong, refused := invalid(err)
	if err != nil && !refused {
		return err
	}
	m := views.AuditModel{ListModel: r.auditHead(a, q, wrong), Title: a.title, Lead: a.lead, Everybody: a.everybody, Problems: labelled(wrong, auditLabels())}
	m.Chips = r.chips(a.path, map[string]string{"person": person, "thing": f.Thing, "action": f.Action.Title(), "from": sayDay("From ", f.From), "until": sayDay("Until ", f.Until)})
	m.Filtered = len(m.Chips) > 0
	if refused {
		m.Empty, m.Filtered = true, true
		return r.html(http.StatusUnprocessableEntity, views.Audit(r.page(formTitle(a.title, wrong)), m))
	}
	page, err := r.store.Entries(r.Request().Context(), a.act, f)
	if err != nil {
		return err
	}
	m.Older, m.Newer = r.neighbours(a.path, page.Older, page.Newer)
	m.Empty, m.Count = len(page.Rows) == 0, counted(len(page.Rows), page.Older+page.Newer != "")
	for _, row := range page.Rows {
		m.Rows = append(m.Rows, r.auditItem(a, row))
	}
	if a.everybody {
		if m.Checkpoint, m.Size, m.Keys, err = r.store.Head(r.Request().Context()); err != nil {
			return err
		}
	}
	return r.html(http.StatusOK, views.Audit(r.page(a.title), m))
}

func auditLabels() []ui.Problem {
	return []ui.Problem{{Field: "person", Label: "Person’s e-mail"}, {Field: "from", Label: "From"}, {Field: "until", Label: "Until"}}
}

func sayDay(before string, d influence.Day) string {
	if d == "" {
		return ""
	}
	return before + influence.FormatDay(d)
}

func (r *request) auditHead(a auditing, q *Fields, wrong influence.Invalid) views.ListModel {
	actions := []ui.Option{{Value: "", Label: "Any"}}
	for _, act := range influence.RecordedActions() {
		actions = append(actions, ui.Option{Value: string(act), Label: act.Title()})
	}
	person := q.Get("person")
	return views.ListModel{Order: r.order(), Sorted: r.sorted(a.path, "When", true), Action: a.path, Exports: r.exports(a.path), Filters: []ui.FieldProps{
		{Name: "person", Label: "Person’s e-mail", Value: person, Data: marked("person", wrong)}, {Name: "thing", Label: "Thing", Hint: "CLM-7F3K9Q", Value: q.Get("thing"), Data: marked("thing", wrong)},
		selectField("action", "What was done", q.Get("action"), actions),
		dayFilter("from", "From", q, wrong), dayFilter("until", "Until", q, wrong)}}
}

// dayFilter is a field for a day: a date picker, unless what was typed is no day.
func dayFilter(name, label string, q *Fields, wrong influence.Invalid) ui.FieldProps {
	p := ui.FieldProps{Name: name, Label: label, Value: q.Get(name), Data: marked(name, wrong)}
	if day, err := influence.ParseDate(p.Value); p.Value == "" || err == nil {
		p.Kind, p.Value = "date", string(day)
	}
	return p
}

// marked gives a filter the id that a problem leads to, and says that it is wrong.
func marked(name string, wrong influence.Invalid) templ.Attributes {
	a := templ.Attributes{"id": name}
	if wrong[name] != "" {
		a["aria-invalid"] = "true"
	}
	return a
}

// fewChanges is how many changes stand open in a row; the rest is folded.
const fewChanges = 4

func (r *request) auditItem(a auditing, row store.AuditRow) views.AuditItem {
	v := views.AuditItem{When: instantText(row.At, r.zone()), Who: orWord(row.Who, "Somebody new"), Org: row.Org, Action: row.Action.Title(), Thing: row.Thing, ThingHref: a.path + "?thing=" + url.QueryEscape(row.Subject)}
	if row.MemberID != "" {
		v.WhoHref = a.path + "?person=" + url.QueryEscape(row.MemberID)
	}
	for _, c := range row.Changes {
		line := views.AuditLine{Label: changeLabel(c.Keys), Was: changeValue(c.Keys, c.Was), Became: changeValue(c.Keys, c.Became)}
		if len(v.Changes) < fewChanges {
			v.Changes = append(v.Changes, line)
		} else {
			v.More = append(v.More, line)
		}
	}
	return v
}

func orWord(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// changeLabel says where a value stands: Share 1, percent.
func changeLabel(keys []string) string {
	words := make([]string, 0, len(keys))
	for i, k := range keys {
		if n, err := strconv.Atoi(k); err == nil && i > 0 {
			last := strings.TrimSuffix(words[len(words)-1], "s")
			words[len(words)-1] = last + " " + strconv.Itoa(n+1)
			continue
		}
		words = append(words, keyWord(k))
	}
	label := strings.Join(words, ", ")
	if label == "" {
		return "Value"
	}
	return strings.ToUpper(label[:1]) + label[1:]
}

func keyWord(k string) string {
	switch k {
	case "ref":
		return "reference"
	case "points":
		return "percent"
	case "lar":
		return "LAR"
	case "partner_id":
		return "partner ID"
	case "sha256":
		return "SHA-256"
	}
	return strings.ReplaceAll(strings.TrimSuffix(k, "_cents"), "_", " ")
}

// changeValue says a value as people read it.
func changeValue(keys []string, value string) string {
	last := ""
	if len(keys) > 0 {
		last = keys[len(keys)-1]
	}
	number, err := strconv.ParseInt(value, 10, 64)
	switch {
	case err == nil && strings.HasSuffix(last, "_cents"):
		return influence.FormatMoney(number)
	case err == nil && last == "points":
		return percentTyped(number) + " %"
	case last == "state" || last == "step" || last == "status" || last == "basis" || last == "kind" || last == "rank" || len(keys) > 1 && keys[0] == "claims":
		return strings.ReplaceAll(value, "_", " ")
	}
	if day := influence.FormatDay(influence.Day(value)); len(value) == 10 && day != "–" {
		return day
	}
	return value
}
