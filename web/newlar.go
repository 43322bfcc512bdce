package web

import (
	"net/http"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// newLARTyped is what was typed into the form that adds a LAR.
type newLARTyped struct {
	name, slug, status string
	wrong              influence.Invalid
}

func (t newLARTyped) model() *views.NewLARModel {
	m := &views.NewLARModel{Key: newKey(), Name: t.name, Slug: t.slug, Wrong: t.wrong, Statuses: larPicks(t.status)}
	m.Problems = labelled(t.wrong, []ui.Problem{{Field: "name", Label: "Company"}, {Field: "slug", Label: "Short name"}, {Field: "begins_as", Label: "Status"}})
	return m
}

// larAdd adds a LAR, for administrators.
func (s *server) larAdd(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	t := newLARTyped{name: f.Get("name"), slug: f.Get("slug"), status: f.Get("begins_as")}
	ref, err := r.store.AddLAR(r.Request().Context(), store.NewLAR{Slug: t.slug, Name: t.name, Status: influence.LARStatus(t.status), Key: f.Get("key")})
	if wrong, ok := invalid(err); ok {
		t.wrong = wrong
		if text := wrong["status"]; text != "" { // the list’s filter has this name
			wrong["begins_as"] = text
		}
		return r.larsPage(http.StatusUnprocessableEntity, t)
	}
	if err != nil {
		return err
	}
	return r.said("/lars/"+ref, "good", "The LAR was added. Invite its first member on the page of members: it becomes the owner.")
}
