package store

import (
	"slices"

	"irm/influence"
)

// Selection is what a dashboard or a sum is about: a period, and at most two
// further filters. LAR is a public reference or slug.
type Selection struct {
	influence.Period
	Program influence.Program
	LAR     string
	State   string
}

// selected is a selection with the LAR found; a LAR's own is always itself.
type selected struct {
	Selection
	lar string // its id
}

func (s selected) has(what string) bool {
	switch what {
	case "program":
		return s.Program != ""
	case "lar":
		return s.lar != ""
	}
	return s.State != ""
}

// filters counts them.
func (s selected) filters() (n int) {
	for _, what := range []string{"program", "lar", "state"} {
		if s.has(what) {
			n++
		}
	}
	return n
}

func (s selected) value(what string) string {
	switch what {
	case "program":
		return string(s.Program)
	case "lar":
		return s.lar
	}
	return s.State
}

// money is where the selection itself is counted, without the period.
func (s selected) money() spot {
	var set []string
	for _, what := range []string{"program", "lar", "state"} {
		if s.has(what) {
			set = append(set, what)
		}
	}
	switch len(set) {
	case 0:
		return spot{kind: "all"}
	case 1:
		return spot{kind: set[0], name: s.value(set[0])}
	}
	return spot{kind: set[0] + "_" + set[1], scope: s.value(set[0]), name: s.value(set[1])}
}

// by is the kind that counts a thing within the selection, and its scope; ok is
// false where no rollup does. days says whether it is kept by day too.
func (s selected) by(thing string) (kind, scope string, days, ok bool) {
	var set []string
	for _, what := range []string{"program", "lar", "state"} {
		if s.has(what) && what != thing {
			set = append(set, what)
		}
	}
	switch {
	case s.has(thing) || len(set) > 1:
		return "", "", false, false
	case len(set) == 0:
		return thing, "", thing != "partner", true
	}
	return set[0] + "_" + thing, s.value(set[0]), false, true
}

// check refuses what no rollup counts.
func (s selected) check(role influence.Role) error {
	wrong := influence.Invalid{}
	if role == influence.RoleLAR {
		wrong.Check(s.filters() <= 2, "state", "Choose a program or a state, not both.")
	}
	wrong.Check(s.filters() <= 2, "state", "Choose at most two of program, LAR and state.")
	wrong.Check(s.FY >= 1990 && s.FY <= 2100, "fy", "A fiscal year is written 2007.")
	wrong.Check(s.Quarter >= 0 && s.Quarter <= 4, "quarter", "A quarter is 1 to 4.")
	wrong.Check(s.Program == "" || s.Program == influence.Enterprise || s.Program == influence.Select, "program", "A program is enterprise or select.")
	known := slices.ContainsFunc(influence.CustomerStates(), func(x influence.State) bool { return x.Code == s.State })
	wrong.Check(s.State == "" || known, "state", "There is no such state.")
	return wrong.OrNil()
}

// selected finds the LAR of a selection and checks the rest.
func (v Session) selected(r reader, sel Selection) (s selected, err error) {
	s.Selection = sel
	if v.actor.Scope(influence.ViewDashboard) == influence.ScopeNone {
		return s, influence.ErrForbidden
	}
	if v.actor.Role == influence.RoleLAR {
		var ref, slug string
		if err := r.row(`SELECT ref, slug FROM lars WHERE id = $1`, v.actor.OrgID).Scan(&ref, &slug); err != nil {
			return s, err
		}
		if s.LAR != "" && s.LAR != ref && s.LAR != slug {
			return s, influence.ErrNotFound
		}
		s.LAR, s.lar = ref, v.actor.OrgID
	} else if s.LAR != "" {
		if err := r.row(`SELECT id, ref FROM lars WHERE ref = $1 OR slug = $1`, s.LAR).Scan(&s.lar, &s.LAR); err != nil {
			return s, err
		}
	}
	return s, s.check(v.actor.Role)
}
