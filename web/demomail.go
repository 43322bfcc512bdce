package web

import (
	"net/http"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
)

// demoMail shows what a demonstration would have sent: to who is signed in its
// own mails, else all of them, so that a sign-up can be finished.
func (s *server) demoMail(r *request) error {
	if !s.Demo {
		return influence.ErrNotFound
	}
	ctx := r.Request().Context()
	m := views.DemoMailModel{Lead: "What the demo sent to you, the newest first."}
	read := r.store.Mails
	if r.actor.MemberID == "" {
		m.Lead = "What the demo sent to anybody, the newest first. Signed in, you see your own."
		read = s.store.DemoMail
	}
	all, err := read(ctx)
	if err != nil {
		return err
	}
	for _, x := range all {
		m.Mails = append(m.Mails, r.demoMailItem(x))
	}
	return r.html(http.StatusOK, views.DemoMail(r.page("Mails"), m))
}

func (r *request) demoMailItem(x store.Mail) views.DemoMailItem {
	return views.DemoMailItem{Subject: x.Subject, To: x.Email, When: instantText(x.At, r.zone()), Link: x.Link, Button: x.Button,
		Paragraphs: strings.Split(x.Body, "\n\n")}
}
