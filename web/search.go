package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
)

// shortHits is how many of each kind the box offers while somebody types, pageHits
// how many the page shows.
const (
	shortHits = 4
	pageHits  = 20
)

// search finds among what the actor sees. A whole reference or number of one thing
// leads to it; while somebody types, only the offers are sent.
func (s *server) search(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	offers, limit := r.Request().Header.Get("HX-Request") != "", pageHits
	if offers {
		limit = shortHits
	}
	hits, err := r.store.Search(r.Request().Context(), q.Get("q"), limit)
	if err != nil {
		return err
	}
	m := views.SearchModel{Query: q.Get("q")}
	var whole []views.FoundItem
	for _, h := range hits {
		item := foundItem(h)
		if h.Exact {
			whole = append(whole, item)
		}
		m.Add(kindsFound[h.Kind], item)
	}
	if offers {
		return r.html(http.StatusOK, views.SearchOffers(m))
	}
	if len(whole) == 1 {
		return r.seeOther(whole[0].Href)
	}
	for i := range m.Groups {
		g := &m.Groups[i]
		if g.More = g.List + "?q=" + url.QueryEscape(q.Get("q")); len(g.Rows) < pageHits || g.List == "/lars" {
			g.More = ""
		}
	}
	p := r.page("Search")
	p.Query = q.Get("q")
	return r.html(http.StatusOK, views.Search(p, m))
}

// kindsFound are the groups of what is found, with the list of each.
var kindsFound = map[string]views.FoundGroup{
	"claim":     {Title: "Claims", One: "claim", List: "/claims"},
	"agreement": {Title: "Agreements", One: "agreement", List: "/agreements"},
	"partner":   {Title: "Partners", One: "partner", List: "/partners"},
	"lar":       {Title: "LARs", One: "LAR", List: "/lars"},
	"customer":  {Title: "Customers", One: "customer", List: "/customers"},
}

func foundItem(h store.Hit) views.FoundItem {
	x := views.FoundItem{Ref: h.Ref, Title: h.Title, Note: h.Note, Href: kindsFound[h.Kind].List + "/" + h.Ref}
	switch h.Kind {
	case "claim":
		x.Title, x.Note = claimTitle(store.ClaimRow{Customer: h.Title}), influence.ClaimState(h.Note).Title()
	case "agreement":
		x.Title = cmp.Or(h.Title, "Agreement "+h.Note)
	case "partner":
		level, state, _ := strings.Cut(h.Note, " ")
		x.Note = influence.Level(level).Title() + ", " + influence.StateName(state)
	case "lar":
		x.Note = influence.LARStatus(h.Note).Title()
	case "customer":
		x.Note, x.Href = influence.StateName(h.Note), "/customers?q="+url.QueryEscape(h.Title)
	}
	return x
}
