package influence

import (
	"slices"
	"strings"
)

// ApplicationField is a field of an application that Microsoft can have corrected,
// by its name in the form. The address is none: it was proved.
type ApplicationField struct{ Name, Title string }

// ApplicationFields returns them in the order of the form.
func ApplicationFields() []ApplicationField {
	return []ApplicationField{{"name", "Name"}, {"phone", "Phone"}, {"company", "Company"}, {"state", "State"}, {"partner_id", "Partner ID"}, {"level", "Level"}}
}

// ApplicationQuestion is what Microsoft asks about an application, and the fields
// that the applicant may correct with the answer.
type ApplicationQuestion struct {
	Text   string
	Fields []string
}

// Validate returns q as it is stored and an Invalid naming what is wrong.
func (q ApplicationQuestion) Validate() (ApplicationQuestion, error) {
	v := Invalid{}
	q.Text = block(q.Text)
	v.Check(q.Text != "", "question", "Write the question. The applicant reads it.")
	checkText(v, "question", q.Text, NoteLimit)
	var named []string
	for _, f := range ApplicationFields() {
		if slices.Contains(q.Fields, f.Name) {
			named = append(named, f.Name)
		}
	}
	for _, name := range q.Fields {
		v.Check(slices.Contains(named, name), "fields", "Choose fields from the list.")
	}
	q.Fields = named
	return q, v.OrNil()
}

// ApplicationAnswer is what an applicant answers, with the fields as they are to be.
type ApplicationAnswer struct {
	Text  string
	Typed SignUp
}

// Validate returns the answer and the application as they are stored, the fields
// that it changes, and an Invalid naming what is wrong. It leaves every field as it
// was that q does not name.
func (a ApplicationAnswer) Validate(was SignUp, q ApplicationQuestion) (text string, now SignUp, changed []string, err error) {
	v := Invalid{}
	text, now = block(a.Text), was
	checkText(v, "answer", text, NoteLimit)
	for _, name := range q.Fields {
		now.set(name, a.Typed.Field(name))
		now.check(v, name)
		if now.Field(name) != was.Field(name) {
			changed = append(changed, name)
		}
	}
	if v.OrNil() == nil {
		v.Check(text != "" || len(changed) > 0, "answer", "Write an answer, or correct what is asked about.")
	}
	return text, now, changed, v.OrNil()
}

// ApplicationFieldTitles writes fields as "Company, Partner ID".
func ApplicationFieldTitles(names []string) string {
	var all []string
	for _, f := range ApplicationFields() {
		if slices.Contains(names, f.Name) {
			all = append(all, f.Title)
		}
	}
	return strings.Join(all, ", ")
}
