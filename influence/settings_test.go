package influence

import (
	"reflect"
	"testing"
	"time"
)

// The table of domain.md, number for number.
func TestDefaults(t *testing.T) {
	want := Settings{
		Version: 1, LeastSeats: 250, ClaimValid: 180, ClaimExtension: 90, ClaimLooksBack: 90,
		LARTurn: 10, OwnersTurn: 5, PartnerTurn: 10, LeastLeft: 3, ReopenWindow: 30,
		DraftReminder: 30, EndingNotice: 14, AnswerNotice: 2,
		DisputeWindow: 30, DisputeAnswers: 5, DisputeRuling: 10, Undo: 15 * time.Minute,
		SuggestFrom: 0.6, MergeFrom: 0.9, CompensationPayable: 30, SecondApproval: 100_000_000,
		ServiceRecordDecisions: 10, ServiceRecordMonths: 12, LapsedAfter: 6,
		LargestOrder: 100_000_000_000_000,
	}
	got := Defaults()
	if got != want {
		t.Errorf("got %+v", got)
	}
	fields := reflect.ValueOf(got)
	for i := range fields.NumField() {
		if fields.Field(i).IsZero() {
			t.Errorf("%s has no default", fields.Type().Field(i).Name)
		}
	}
}
