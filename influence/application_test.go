package influence

import (
	"errors"
	"slices"
	"testing"
)

func applied() SignUp {
	return SignUp{Name: "Erin Elm", Email: "erin@elm.example", Company: "Elm Works", PartnerNo: "20001", Level: "registered", State: "VT"}
}

// TestAnAnswerChangesOnlyWhatWasAsked: fields that the question does not name stay,
// whatever is sent, and the address always.
func TestAnAnswerChangesOnlyWhatWasAsked(t *testing.T) {
	q := ApplicationQuestion{Text: "Which ID?", Fields: []string{"partner_id", "state"}}
	typed := SignUp{Name: "Another", Email: "another@elm.example", Company: "Another", PartnerNo: " 20002 ", Level: "gold", State: "vermont"}
	_, now, changed, err := ApplicationAnswer{Typed: typed}.Validate(applied(), q)
	want := applied()
	want.PartnerNo = "20002"
	if err != nil || now != want || !slices.Equal(changed, []string{"partner_id"}) {
		t.Errorf("%+v, changed %q, %v; want %+v", now, changed, err, want)
	}
}

// TestAnAnswerSaysSomething: a text or a correction, and corrections that are right.
func TestAnAnswerSaysSomething(t *testing.T) {
	q := ApplicationQuestion{Text: "Which ID?", Fields: []string{"partner_id"}}
	for what, c := range map[string]struct {
		a     ApplicationAnswer
		wrong string
	}{
		"nothing":            {ApplicationAnswer{Typed: applied()}, "answer"},
		"blanks":             {ApplicationAnswer{Text: " \n ", Typed: applied()}, "answer"},
		"a text":             {ApplicationAnswer{Text: "It is right.", Typed: applied()}, ""},
		"a wrong ID":         {ApplicationAnswer{Text: "This one.", Typed: SignUp{PartnerNo: "2A"}}, "partner_id"},
		"an unshowable text": {ApplicationAnswer{Text: "a\x00b", Typed: applied()}, "answer"},
	} {
		_, _, _, err := c.a.Validate(applied(), q)
		wrong, _ := errors.AsType[Invalid](err)
		if c.wrong == "" && err != nil || c.wrong != "" && (len(wrong) != 1 || wrong[c.wrong] == "") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestAQuestionNamesFieldsOfTheApplication: each once, in the order of the form.
func TestAQuestionNamesFieldsOfTheApplication(t *testing.T) {
	q, err := ApplicationQuestion{Text: " Which ID?\r\n", Fields: []string{"level", "partner_id", "level"}}.Validate()
	if err != nil || q.Text != "Which ID?" || !slices.Equal(q.Fields, []string{"partner_id", "level"}) || ApplicationFieldTitles(q.Fields) != "Partner ID, Level" {
		t.Errorf("%+v, %v", q, err)
	}
	for field, q := range map[string]ApplicationQuestion{"question": {Text: " "}, "fields": {Text: "Which?", Fields: []string{"email"}}} {
		_, err := q.Validate()
		if wrong, _ := errors.AsType[Invalid](err); wrong[field] == "" {
			t.Errorf("%+v: %v", q, err)
		}
	}
}
