package influence

import (
	"errors"
	"reflect"
	"testing"
)

func TestQuestionHasACodeAndNamesFieldsOfTheForm(t *testing.T) {
	got, err := QuestionDraft{Code: "evidence_missing", Note: " Which letter? \r\n", Fields: []string{"note", "seats", "note"}}.Validate()
	if err != nil || got.Note != "Which letter?" || !reflect.DeepEqual(got.Fields, []string{"seats", "note"}) {
		t.Errorf("%+v, %v", got, err)
	}
	var wrong Invalid
	if _, err = (QuestionDraft{Code: "no_answer", Fields: []string{"lar"}}).Validate(); !errors.As(err, &wrong) || wrong["code"] == "" || wrong["fields"] == "" {
		t.Errorf("a code that only rejects, and a field that stays: %v", err)
	}
}

func TestAnswerChangesOnlyWhatTheQuestionNames(t *testing.T) {
	set := Defaults()
	was := ClaimDraft{LAR: "north", AgreementNumber: "E1", Seats: "300", Kind: "presales", Note: "We ran the pilot."}
	typed := was
	typed.Seats, typed.Note, typed.LAR = "400", "Something else", "south"
	now, changed, err := AnswerDraft{Claim: typed}.Apply(was, []string{"seats"}, "2007-04-16", set)
	if err != nil || now.Seats != "400" || now.Note != was.Note || now.LAR != "north" || !reflect.DeepEqual(changed, []ClaimField{{"seats", "300", "400"}}) {
		t.Errorf("%+v, %+v, %v", now, changed, err)
	}
	var wrong Invalid
	if _, _, err := (AnswerDraft{Claim: was}).Apply(was, []string{"seats"}, "2007-04-16", set); !errors.As(err, &wrong) || wrong["answer"] == "" {
		t.Errorf("an answer that says and changes nothing: %v", err)
	}
	typed.Seats = "20"
	if _, _, err := (AnswerDraft{Answer: "See above.", Claim: typed}).Apply(was, []string{"seats"}, "2007-04-16", set); !errors.As(err, &wrong) || wrong["seats"] == "" {
		t.Errorf("too few seats: %v", err)
	}
}

func TestLARsClockGoesOnWithWhatWasLeft(t *testing.T) {
	for left, want := range map[int]Day{7: "2007-04-25", 3: "2007-04-19", 1: "2007-04-19", -4: "2007-04-19"} {
		if got := LARDue("2007-04-16", left, Defaults()); got != want {
			t.Errorf("%d left: %s, want %s", left, got, want)
		}
	}
}
