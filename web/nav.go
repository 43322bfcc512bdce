package web

import (
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
)

// place is one entry of the bar: where it leads and who may go there.
type place struct {
	label, href string
	action      influence.Action
}

// places are the bar of each role, the most used first; "" is nobody's.
func places(role influence.Role) []place {
	switch role {
	case influence.RolePartner:
		return []place{{"Home", "/", influence.ViewHome}, {"Claims", "/claims", influence.ViewClaims}, {"Agreements", "/agreements", influence.ViewAgreements},
			{"LARs", "/lars", influence.ViewLARs}, {"Statement", "/statement", influence.ViewStatement}, {"Connections", "/connections", influence.ViewConnections}, {"Partners", "/partners", influence.ViewPartners},
			{"Profile", "/profile", influence.EditProfile}}
	case influence.RoleLAR:
		return []place{{"Inbox", "/inbox", influence.ViewInbox}, {"Agreements", "/agreements", influence.ViewAgreements}, {"Reports", "/reports", influence.ViewReports},
			{"Claims", "/claims", influence.ViewClaims}, {"Partners", "/partners", influence.ViewPartners}, {"Connections", "/connections", influence.ViewConnections},
			{"Dashboard", "/dashboard", influence.ViewDashboard}}
	case influence.RoleStaff:
		return []place{{"Dashboard", "/dashboard", influence.ViewDashboard}, {"Partners", "/partners", influence.ViewPartners}, {"LARs", "/lars", influence.ViewLARs},
			{"Agreements", "/agreements", influence.ViewAgreements}, {"Claims", "/claims", influence.ViewClaims}, {"Reports", "/reports", influence.ViewReports},
			{"Applications", "/applications", influence.ViewApplications}, {"Roster", "/roster", influence.ViewRoster}}
	case influence.RoleApplicant:
		return []place{{"Application", "/", influence.ViewHome}, {"Help", "/help/start", influence.Public}}
	}
	return []place{{"Partners", "/", influence.Public}, {"LARs", "/lars", influence.Public}, {"Help", "/help/start", influence.Public}}
}

// nav is the bar of who asks, with the place marked where the page belongs.
func (r *request) nav() []views.NavItem { return r.navWith(r.waiting()) }

// navWith is the same with what waits, which may be nothing.
func (r *request) navWith(waiting map[string]int64) []views.NavItem {
	at := r.Request().URL.Path
	var all []views.NavItem
	for _, p := range places(r.actor.Role) {
		if r.actor.May(p.action) {
			all = append(all, views.NavItem{Label: p.label, Href: p.href, Current: within(at, p.href) || r.homeIs(p.href), Count: waiting[p.href]})
		}
	}
	return all
}

// waiting counts what waits for who asks, by place. A page is worth more than a
// count, so one that can't be read is left out.
func (r *request) waiting() map[string]int64 {
	ctx, all := r.Request().Context(), map[string]int64{}
	switch r.actor.Role {
	case influence.RoleLAR:
		if tabs, err := r.inboxCounts(); err == nil {
			all["/inbox"] = tabs["decide"].Agreements
		}
	case influence.RoleStaff:
		if n, err := r.store.WaitingApplications(ctx); err == nil {
			all["/applications"] = n
		}
	}
	return all
}

// inboxCounts reads once a request what waits by tab of the inbox: the page and
// its bar say the same number.
func (r *request) inboxCounts() (map[string]store.Sums, error) {
	if r.waits != nil {
		return r.waits, nil
	}
	tabs, err := r.store.InboxCounts(r.Request().Context())
	r.waits = tabs
	return tabs, err
}

// within reports whether a page belongs to a place.
func within(path, place string) bool {
	return path == place || place != "/" && strings.HasPrefix(path, place+"/")
}

// homeIs reports whether the page is the home and a place shows the same.
func (r *request) homeIs(place string) bool {
	if r.Request().URL.Path != "/" {
		return false
	}
	return r.actor.Role == influence.RoleLAR && place == "/inbox" || r.actor.Role == influence.RoleStaff && place == "/dashboard"
}

// demoBar is the line on every page of a demonstration.
func (r *request) demoBar() *views.DemoBar {
	return &views.DemoBar{Text: "Demo: program time " + r.now().In(r.zone()).Format("Mon 2 Jan 2006, 3:04 pm") + " ET", Href: "/demo/mail"}
}
