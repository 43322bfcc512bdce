package influence

import (
	"testing"
	"time"
	_ "time/tzdata"
)

func TestANoticeIsAboutWhereItsButtonLeads(t *testing.T) {
	for path, want := range map[string][2]string{
		"/claims/CLM-7F3K9Q": {"claims", "CLM-7F3K9Q"}, "/claims": {"claims", ""}, "/agreements/AGR-1/decide": {"claims", "AGR-1"}, "/inbox?at=AGR-1": {"claims", ""},
		"/connections": {"connections", ""}, "/team": {"team", ""},
		"/account": {"", ""}, "/invite/secret": {"", ""}, "/password/reset?token=x": {"", ""}, "/": {"", ""}, "": {"", ""}, "/claimsx": {"", ""},
	} {
		if kind, thing := NoticeOf(path); string(kind) != want[0] || thing != want[1] {
			t.Errorf("%s: %q, %q", path, kind, thing)
		}
	}
	for _, r := range []Role{RolePartner, RoleLAR, RoleStaff} {
		for _, k := range NoticeKinds(r) {
			if k.Title() == "" {
				t.Errorf("%s has no words", k)
			}
		}
	}
	if NoticeKinds(RoleApplicant) != nil || NoticeKind("x").Title() != "" {
		t.Error("an applicant has nothing to choose")
	}
}

func TestMailChoicesAreReadAllAtOnce(t *testing.T) {
	typed := map[string]string{"claims": "daily", "deadlines": "now", "connections": "weekly"}
	all, err := ParseMailChoices(RolePartner, func(f string) string { return typed[f] })
	wrong, _ := err.(Invalid) //nolint:errorlint // it returns nothing else
	if !all[NoticeClaims] || all[NoticeDeadlines] || len(wrong) != 2 || wrong["connections"] == "" || wrong["team"] == "" {
		t.Errorf("%v, %v", all, wrong)
	}
}

// TestMorningIsEightOClock: also on the days on which clocks change.
func TestMorningIsEightOClock(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[Day]string{"2007-03-10": "13:00", "2007-03-11": "12:00", "2007-11-03": "12:00", "2007-11-04": "13:00", "2007-12-31": "13:00"} {
		at, _ := time.ParseInLocation("2006-01-02 15:04", string(day)+" 00:30", zone)
		if got := Morning(at); got.UTC().Format("15:04") != want || DayOf(got, zone) != day {
			t.Errorf("%s: %s", day, got)
		}
	}
}
