package web

import (
	"context"
	"net/http"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// suspensionTyped is what was typed to suspend a company and can't be taken.
type suspensionTyped struct {
	reason  string
	version int64
	wrong   influence.Invalid
}

// accessModel is what staff sees of whether a company may sign in; nil for others,
// and for a partner that never enrolled.
func (r *request) accessModel(at, name string, c *store.CompanyAccess, typed suspensionTyped) *views.AccessModel {
	if c == nil {
		return nil
	}
	m := &views.AccessModel{At: at, Name: name, Version: c.Version, Why: c.Why, Reason: typed.reason, Wrong: typed.wrong,
		Problems: labelled(typed.wrong, []ui.Problem{{Field: "reason", Label: "Reason"}})}
	if typed.wrong != nil {
		m.Version = typed.version
	}
	if !c.Suspended.IsZero() {
		m.Since = influence.FormatDay(influence.DayOf(c.Suspended, r.zone()))
	}
	return m
}

// suspension is how a kind of company is suspended and let in again.
type suspension struct {
	at      string // before the reference
	suspend func(ctx context.Context, ref, reason string, version int64) error
	restore func(ctx context.Context, ref string, version int64) error
	page    func(typed suspensionTyped) error
	name    func(ctx context.Context, ref string) (string, *store.CompanyAccess, error)
}

func (r *request) partnerSuspension() suspension {
	return suspension{"/partners/", r.store.SuspendPartner, r.store.RestorePartner,
		func(typed suspensionTyped) error { return r.partnerPage(http.StatusUnprocessableEntity, typed) },
		func(ctx context.Context, ref string) (string, *store.CompanyAccess, error) {
			p, err := r.store.Partner(ctx, ref)
			return p.Name, p.Access, err
		}}
}

func (r *request) larSuspension() suspension {
	return suspension{"/lars/", r.store.SuspendLAR, r.store.RestoreLAR,
		func(typed suspensionTyped) error { return r.larPage(http.StatusUnprocessableEntity, nil, typed) },
		func(ctx context.Context, ref string) (string, *store.CompanyAccess, error) {
			p, err := r.store.LARPage(ctx, ref)
			return p.Name, p.Access, err
		}}
}

// The four buttons: a company is kept out, and let in again.
func (s *server) partnerSuspend(r *request) error { return r.suspendCompany(r.partnerSuspension()) }
func (s *server) partnerRestore(r *request) error { return r.restoreCompany(r.partnerSuspension()) }
func (s *server) larSuspend(r *request) error     { return r.suspendCompany(r.larSuspension()) }
func (s *server) larRestore(r *request) error     { return r.restoreCompany(r.larSuspension()) }

func (r *request) suspendCompany(of suspension) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	ref, t := r.Param("ref"), suspensionTyped{reason: f.Get("reason"), version: atoi(f.Get("version"))}
	err = of.suspend(r.Request().Context(), ref, t.reason, t.version)
	if wrong, ok := invalid(err); ok {
		t.wrong = wrong
		return of.page(t)
	}
	if err != nil {
		return r.meanwhile(err, func() (views.ConflictModel, error) { return r.accessMeanwhile(of, "Suspended", t.reason) })
	}
	return r.said(of.at+ref, "good", "The company is suspended. Its members are out, and its owners get a mail with the reason.")
}

func (r *request) restoreCompany(of suspension) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	ref := r.Param("ref")
	if err := of.restore(r.Request().Context(), ref, atoi(f.Get("version"))); err != nil {
		return r.meanwhile(err, func() (views.ConflictModel, error) { return r.accessMeanwhile(of, "Can sign in", "") })
	}
	return r.said(of.at+ref, "good", "The suspension has ended. The company’s owners get a mail.")
}

// accessMeanwhile shows whether a company may sign in beside what was wanted.
func (r *request) accessMeanwhile(of suspension, wanted, reason string) (m views.ConflictModel, err error) {
	name, c, err := of.name(r.Request().Context(), r.Param("ref"))
	if err != nil {
		return m, err
	}
	now := "Can sign in"
	if !c.Suspended.IsZero() {
		now = "Suspended"
	}
	m = views.ConflictModel{Title: "This company was changed while you were reading", Text: changedBy("", name), Actions: again(of.at + r.Param("ref")),
		Rows: []views.ConflictRow{{What: "Access", Now: now, Yours: wanted}}}
	if reason != "" || c.Why != "" {
		m.Rows = append(m.Rows, views.ConflictRow{What: "Reason", Now: c.Why, Yours: reason})
	}
	return m, nil
}
