package web

import (
	"fmt"
	"net/http"
	"time"

	"irm/influence"
	"irm/views"
)

// frontLARs is how many LARs the front page names; the rest stand on their own.
const frontLARs = 8

// front is the page for who is not signed in.
func (s *server) front(r *request) error {
	lars, err := s.store.PublicLARs(r.Request().Context())
	if err != nil {
		return err
	}
	set := s.store.Settings()
	m := views.FrontModel{LeastSeats: number(int64(set.LeastSeats)), Before: number(int64(set.ClaimValid)), After: number(int64(set.ClaimLooksBack)),
		Turn: businessDays(set.LARTurn), Ready: "One LAR confirms claims today."}
	if len(lars) > 1 {
		m.Ready = fmt.Sprintf("%d LARs confirm claims today.", len(lars))
	}
	for i, l := range lars {
		if i < frontLARs {
			m.LARs = append(m.LARs, l.Name)
		}
	}
	return r.html(http.StatusOK, views.Front(r.page("Get credit for the deals you influence"), m))
}

// businessDays says a number of them.
func businessDays(n int) string { return countOf(int64(n), "business day") }

// countOf writes 1 day, 2 days.
func countOf(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return number(n) + " " + noun + "s"
}

// minutes says a duration of whole minutes.
func minutes(d time.Duration) string { return countOf(int64(d/time.Minute), "minute") }

// termsMonth says a version of the terms, 2007-04, as April 2007.
func termsMonth(version string) string {
	at, err := time.Parse("2006-01", version)
	if err != nil {
		return version
	}
	return at.Format("January 2006")
}

// rankTitle is the word for what a member is.
func rankTitle(rank influence.Rank) string {
	switch rank {
	case influence.RankOwner:
		return "Owner"
	case influence.RankManager:
		return "Partner manager"
	case influence.RankAdministrator:
		return "Program administrator"
	}
	return "Member"
}
