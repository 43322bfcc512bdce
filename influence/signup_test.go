package influence

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
)

func goodSignUp() SignUp {
	return SignUp{
		Name: " Dana  Ruiz ", Email: "Dana@Granite.example", Password: "correct horse battery staple",
		Company: "Granite State Networks", PartnerNo: " 104482", Level: "Certified", State: "nh",
		Phone: "(603) 555-0142", Terms: TermsVersion,
	}
}

func TestSignUpIsCleaned(t *testing.T) {
	got, err := goodSignUp().Validate()
	want := SignUp{
		Name: "Dana Ruiz", Email: "dana@granite.example", Password: "correct horse battery staple",
		Company: "Granite State Networks", PartnerNo: "104482", Level: "certified", State: "NH",
		Phone: "(603) 555-0142", Terms: TermsVersion,
	}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestSignUpNamesEveryWrongField(t *testing.T) {
	_, err := SignUp{Phone: "call me"}.Validate()
	var v Invalid
	if !errors.As(err, &v) {
		t.Fatal(err)
	}
	want := []string{"company", "email", "level", "name", "partner_id", "password", "phone", "state", "terms"}
	if got := slices.Sorted(maps.Keys(v)); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	for field, sentence := range v {
		if !strings.HasSuffix(sentence, ".") || strings.Contains(strings.ToLower(sentence), "please") {
			t.Errorf("%s: %q", field, sentence)
		}
	}
}

func TestSignUpRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		field  string
		change func(*SignUp)
	}{
		"old terms":             {"terms", func(s *SignUp) { s.Terms = "2006-01" }},
		"long name":             {"name", func(s *SignUp) { s.Name = strings.Repeat("n", NameLimit+1) }},
		"control in company":    {"company", func(s *SignUp) { s.Company = "a\x00b" }},
		"letter in partner ID":  {"partner_id", func(s *SignUp) { s.PartnerNo = "21760A" }},
		"address without dot":   {"email", func(s *SignUp) { s.Email = "dana@granite" }},
		"foreign state":         {"state", func(s *SignUp) { s.State = "ON" }},
		"unknown level":         {"level", func(s *SignUp) { s.Level = "Platinum" }},
		"short phone":           {"phone", func(s *SignUp) { s.Phone = "911" }},
		"company in password":   {"password", func(s *SignUp) { s.Password = "granite state networks" }},
		"local part, uppercase": {"password", func(s *SignUp) { s.Email, s.Password = "Danaruiz@x.com", "DANARUIZ is my name" }},
	} {
		s := goodSignUp()
		c.change(&s)
		_, err := s.Validate()
		var v Invalid
		if !errors.As(err, &v) || len(v) != 1 || v[c.field] == "" {
			t.Errorf("%s: %v", name, v)
		}
	}
	s := goodSignUp()
	s.Phone, s.State = "", "PR"
	if _, err := s.Validate(); err != nil {
		t.Errorf("no phone, Puerto Rico: %v", err)
	}
}
