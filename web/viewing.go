package web

import (
	"time"

	"irm/views"
)

// endViewingPath is the one address that changes something while staff sees the
// portal as another, beside signing out.
const endViewingPath = "/view/end"

// viewPartner has staff see the portal as a partner does.
func (s *server) viewPartner(r *request) error {
	if _, err := r.form(); err != nil {
		return err
	}
	if err := r.store.ViewAsPartner(r.Request().Context(), r.Param("ref"), r.session); err != nil {
		return err
	}
	return r.seeOther("/")
}

// viewLAR has staff see the portal as a LAR does.
func (s *server) viewLAR(r *request) error {
	if _, err := r.form(); err != nil {
		return err
	}
	if err := r.store.ViewAsLAR(r.Request().Context(), r.Param("ref"), r.session); err != nil {
		return err
	}
	return r.seeOther("/")
}

// viewEnd ends it.
func (s *server) viewEnd(r *request) error {
	if _, err := r.form(); err != nil {
		return err
	}
	if err := s.store.EndViewing(r.Request().Context(), r.session); err != nil {
		return err
	}
	return r.seeOther("/")
}

// viewingBar is the line on every page that staff sees as another.
func (r *request) viewingBar() *views.ViewingBar {
	if !r.actor.Viewing {
		return nil
	}
	left := r.until.Sub(r.s.store.Clock().System()).Round(time.Minute)
	return &views.ViewingBar{As: r.actor.OrgName, Left: count(max(1, int64(left/time.Minute)), "minute")}
}
