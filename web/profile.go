package web

import (
	"net/http"
	"slices"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// profileForm shows what the actor's company says of itself.
func (s *server) profileForm(r *request) error {
	p, err := r.store.Profile(r.Request().Context())
	if err != nil {
		return err
	}
	return r.profilePage(http.StatusOK, p, nil)
}

func (r *request) profilePage(status int, p store.OwnProfile, wrong influence.Invalid) error {
	m := views.ProfileModel{Name: p.Name, Href: "/partners/" + p.Ref, No: p.No, Level: string(p.Level), Place: influence.StateName(p.State), Street: p.Street, City: p.City,
		PostalCode: p.PostalCode, Phone: p.Phone, Website: p.Website, Listed: p.Listed, Version: p.Version, Wrong: wrong, Problems: labelled(wrong, profileLabels())}
	for _, c := range influence.Competencies() {
		m.Competencies = append(m.Competencies, ui.Pick{Value: c, Label: c, Checked: slices.Contains(p.Competencies, c)})
	}
	return r.html(status, views.Profile(r.page(formTitle("Company profile", wrong)), m))
}

// profileLabels are the fields in the order of the form.
func profileLabels() []ui.Problem {
	return []ui.Problem{{Field: "street", Label: "Street"}, {Field: "city", Label: "City"}, {Field: "postal_code", Label: "ZIP code"}, {Field: "phone", Label: "Phone"},
		{Field: "website", Label: "Website"}, {Field: "competency", Label: "Competencies"}}
}

// profile changes it.
func (s *server) profile(r *request) error {
	f, err := r.form("competency")
	if err != nil {
		return err
	}
	typed := influence.Profile{Street: f.Get("street"), City: f.Get("city"), PostalCode: f.Get("postal_code"), Phone: f.Get("phone"), Website: f.Get("website"),
		Competencies: f.All("competency"), Listed: f.Get("listed") != ""}
	version := atoi(f.Get("version"))
	err = r.store.EditProfile(r.Request().Context(), typed, version)
	if err == nil {
		return r.said("/profile", "good", "The profile was saved.")
	}
	now, fail := r.store.Profile(r.Request().Context())
	if fail != nil {
		return fail
	}
	if wrong, ok := invalid(err); ok {
		now.Profile, now.Version = typed, version
		return r.profilePage(http.StatusUnprocessableEntity, now, wrong)
	}
	return r.meanwhile(err, func() (views.ConflictModel, error) { return profileMeanwhile(now, typed), nil })
}

// profileMeanwhile shows a profile as it stands beside what was typed.
func profileMeanwhile(now store.OwnProfile, typed influence.Profile) views.ConflictModel {
	m := views.ConflictModel{Title: "The profile was changed while you were typing", Text: "A colleague saved it, or a new roster did. What you typed stands beside it.", Actions: again("/profile")}
	for _, f := range []struct{ what, now, yours string }{{"Address", now.Address(), typed.Address()}, {"Phone", now.Phone, typed.Phone}, {"Website", now.Website, typed.Website},
		{"Competencies", strings.Join(now.Competencies, ", "), strings.Join(typed.Competencies, ", ")}, {"Public listing", listedWord(now.Listed), listedWord(typed.Listed)}} {
		m.Rows = append(m.Rows, views.ConflictRow{What: f.what, Now: f.now, Yours: f.yours})
	}
	return m
}

func listedWord(listed bool) string {
	if listed {
		return "Listed"
	}
	return "Not listed"
}
