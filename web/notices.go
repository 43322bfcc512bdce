package web

import (
	"net/http"
	"strconv"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// notices shows the actor's notices.
func (s *server) notices(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	page, err := r.store.Notices(r.Request().Context(), store.NoticeFilter{After: q.Get("after"), Before: q.Get("before"), Limit: pageSize})
	if err != nil {
		return err
	}
	m := views.NoticesModel{Any: r.news, UpTo: strconv.FormatInt(r.now().UnixMicro(), 10)}
	for _, n := range page.Rows {
		m.Rows = append(m.Rows, views.NoticeItem{ID: n.ID, Text: n.Text, Kind: n.Kind.Title(), When: influence.Ago(n.At, r.now(), r.zone()), Exact: instantText(n.At, r.zone()),
			Button: n.Button, Unread: n.Unread})
	}
	m.Older, m.Newer = r.neighbours("/notices", page.Older, page.Newer)
	m.Empty = len(m.Rows) == 0
	return r.html(http.StatusOK, views.Notices(r.page("Notices"), m))
}

// noticeOpen marks a notice as read and goes where its button leads.
func (s *server) noticeOpen(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	link, err := r.store.OpenNotice(r.Request().Context(), f.Get("notice"))
	if err != nil {
		return err
	}
	return r.seeOther(link)
}

// noticesRead marks all notices that were there when the page was made as read.
func (s *server) noticesRead(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.store.ReadNotices(r.Request().Context(), atoi(f.Get("up_to"))); err != nil {
		return err
	}
	return r.said("/notices", "info", "All notices are marked as read.")
}

// chooseMail sets when the actor's mails come.
func (s *server) chooseMail(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	chosen, err := influence.ParseMailChoices(r.actor.Role, f.Get)
	if err == nil {
		err = r.store.ChooseMail(r.Request().Context(), chosen)
	}
	if wrong, ok := invalid(err); ok {
		return r.accountPage(http.StatusUnprocessableEntity, wrong)
	}
	if err != nil {
		return err
	}
	return r.said("/account", "good", "Your choice is saved. It holds for mails from now on.")
}

// accountMail adds when the actor's mails come, of each kind that it gets.
func (r *request) accountMail(m *views.AccountModel, wrong influence.Invalid) error {
	chosen, err := r.store.MailChoices(r.Request().Context())
	if err != nil {
		return err
	}
	m.MailHour = strconv.Itoa(influence.MorningHour) + " am"
	for _, k := range influence.NoticeKinds(r.actor.Role) {
		m.MailKinds = append(m.MailKinds, ui.FieldProps{ID: "mail-" + string(k), Name: string(k), Label: k.Title(), Kind: "select", Error: wrong[string(k)],
			Options: []ui.Option{{Value: "now", Label: "At once", Selected: !chosen[k]}, {Value: "daily", Label: "With the daily mail", Selected: chosen[k]}}})
	}
	return nil
}
