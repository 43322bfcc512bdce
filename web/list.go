package web

import (
	"fmt"
	"net/url"

	"irm/influence"
	"irm/views"
	"irm/views/ui"
)

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

// turned reports whether a list is to be in the other order than its usual one.
func turned(q *Fields) bool { return q.Get("order") == "reverse" }

// sorted is the head of the column that a list is in the order of, usually
// downwards if down; its link turns the list round.
func (r *request) sorted(path, label string, down bool) ui.Column {
	at := r.filters()
	if at.Get("order") == "reverse" {
		at.Del("order")
		down = !down
	} else {
		at.Set("order", "reverse")
	}
	c := ui.Column{Label: label, Href: address(path, at), Sorted: "ascending"}
	if down {
		c.Sorted = "descending"
	}
	return c
}

// exports are the addresses of the same rows as files.
func (r *request) exports(path string) []views.Link {
	query := ""
	if v := r.filters(); len(v) > 0 {
		query = "?" + v.Encode()
	}
	return []views.Link{{Label: "CSV", Href: path + ".csv" + query}, {Label: "Excel", Href: path + ".xlsx" + query}, {Label: "JSON", Href: path + ".json" + query}}
}

// narrowing are the fields of an address that narrow a list.
var narrowing = []string{"q", "state", "status", "program", "lar", "partner", "decided", "waiting", "active", "customer_state", "level", "enrolled", "gone", "role", "person", "thing", "action", "from", "fy", "month", "until"}

// order is what the address says of the order of a list, for the form that filters it.
func (r *request) order() (all []views.Hidden) {
	q := r.Request().URL.Query()
	for _, name := range []string{"sort", "order"} {
		if q.Get(name) != "" {
			all = append(all, views.Hidden{Name: name, Value: q.Get(name)})
		}
	}
	return all
}

// chips say what is filtered, each with the address without it.
func (r *request) chips(path string, words map[string]string) []ui.Chip {
	var all []ui.Chip
	for _, name := range narrowing {
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
