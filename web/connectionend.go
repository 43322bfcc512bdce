package web

import (
	"net/http"

	"irm/influence"
	"irm/views"
)

// connectionEndForm asks whether to end a connection, because that can't be undone.
func (s *server) connectionEndForm(r *request) error {
	return r.connectionEndPage(http.StatusOK, "", 0, nil)
}

// connectionEndPage is that page; reason and version were typed before, version 0
// for not yet.
func (r *request) connectionEndPage(status int, reason string, version int64, wrong influence.Invalid) error {
	c, err := r.store.ConnectionToEnd(r.Request().Context(), r.Param("ref"))
	if err != nil {
		return err
	}
	m := views.ConnectionEndModel{ConnectionItem: r.connectionItem(c), TypedReason: reason, Wrong: wrong, Problems: problems(wrong)}
	if version != 0 {
		m.Version = version
	}
	return r.html(status, views.ConnectionEnd(r.page(formTitle("End the connection", wrong)), m))
}

// connectionEnd ends a connection, for either side.
func (s *server) connectionEnd(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	ref, reason, version := r.Param("ref"), f.Get("reason"), atoi(f.Get("version"))
	err = r.store.EndConnection(r.Request().Context(), ref, reason, version)
	if wrong, ok := invalid(err); ok {
		return r.connectionEndPage(http.StatusUnprocessableEntity, reason, version, wrong)
	}
	if err != nil {
		return r.meanwhile(err, func() (views.ConflictModel, error) { return r.connectionMeanwhile(ref, "End", reason) })
	}
	return r.said("/connections", "good", "The connection has ended. Both sides get a mail.")
}
