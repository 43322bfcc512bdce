package influence

import (
	"errors"
	"slices"
	"testing"
)

func TestAProfileIsTidiedAndKeptInOrder(t *testing.T) {
	p, err := Profile{Street: " 1  Elm St ", City: "Nashua", PostalCode: "03060", Phone: "(603) 555-0142", Website: "www.elm.example",
		Competencies: []string{"Security Solutions", "Licensing Solutions"}, Listed: true}.Validate()
	if err != nil || p.Street != "1 Elm St" || !slices.Equal(p.Competencies, []string{"Licensing Solutions", "Security Solutions"}) || p.Address() != "1 Elm St, Nashua 03060" {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := (Profile{}).Validate(); err != nil {
		t.Errorf("nothing has to be said: %v", err)
	}
}

func TestEveryWrongFieldOfAProfileIsNamed(t *testing.T) {
	_, err := Profile{PostalCode: "3060", Phone: "12", Website: "javascript:alert(1)", Competencies: []string{"Juggling"}}.Validate()
	var wrong Invalid
	if !errors.As(err, &wrong) || len(wrong) != 4 {
		t.Errorf("%v", err)
	}
}
