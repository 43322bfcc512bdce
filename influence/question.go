package influence

import (
	"slices"
	"strings"
)

// ClaimField is what an event says of one field of a claim: a question names it,
// an answer changes it. Was and Now are as typed.
type ClaimField struct {
	Field string `json:"field"`
	Was   string `json:"was,omitempty"`
	Now   string `json:"now,omitempty"`
}

// AskableFields are the fields of the claim form that a question can let the
// partner edit. The LAR and the agreement stay: another agreement is another claim.
func AskableFields() []string {
	return []string{"customer", "customer_state", "program", "seats", "amount", "expected_on", "kind", "note", "evidence"}
}

// claimFieldTitles are the fields' labels in the form.
var claimFieldTitles = map[string]string{"customer": "Customer", "customer_state": "State", "program": "Program", "seats": "Seats", "amount": "Estimated amount",
	"expected_on": "Signing date", "kind": "What the partner did", "note": "The work in words", "evidence": "Evidence in words"}

// ClaimFieldTitle is the label of a field of AskableFields.
func ClaimFieldTitle(field string) string { return claimFieldTitles[field] }

// QuestionDraft is what a LAR's form asks about a claim.
type QuestionDraft struct {
	Code, Note string
	Fields     []string // that the partner may edit
}

// Validate returns an Invalid that names every wrong field. The fields come back
// in the order of the form, each once.
func (d QuestionDraft) Validate() (QuestionDraft, error) {
	v := Invalid{}
	_, err := ParseReason(d.Code, AskReasons())
	v.Check(err == nil, "code", "Choose what is missing from the list.")
	d.Note = block(d.Note)
	checkText(v, "note", d.Note, NoteLimit)
	for _, f := range d.Fields {
		v.Check(slices.Contains(AskableFields(), f), "fields", "Choose fields from the list.")
	}
	named := d.Fields
	d.Fields = slices.DeleteFunc(AskableFields(), func(f string) bool { return !slices.Contains(named, f) })
	return d, v.OrNil()
}

// AnswerDraft is a partner's answer to a question: its words, and the claim's
// fields as typed. Of these only those that the question names count.
type AnswerDraft struct {
	Answer string
	Claim  ClaimDraft
}

// Apply lays the named fields of the answer over a claim's form. It returns what
// changed, and an Invalid that names every wrong field of the answer: an answer
// says something or changes something.
func (d AnswerDraft) Apply(was ClaimDraft, named []string, submitted Day, set Settings) (ClaimDraft, []ClaimField, error) {
	v, now := Invalid{}, was
	var changed []ClaimField
	for _, f := range named {
		from, to := *was.field(f), *d.Claim.field(f)
		*now.field(f) = to
		if strings.TrimSpace(from) != strings.TrimSpace(to) {
			changed = append(changed, ClaimField{f, from, to})
		}
	}
	checkText(v, "answer", block(d.Answer), NoteLimit)
	v.Check(block(d.Answer) != "" || len(changed) > 0, "answer", "Write an answer, or change one of the fields.")
	_, err := now.Validate(submitted, set)
	wrong, _ := err.(Invalid) //nolint:errorlint // Validate returns nothing else
	for _, f := range named {
		v.Check(wrong[f] == "", f, wrong[f])
	}
	return now, changed, v.OrNil()
}

// field is where the form keeps an askable field; another one goes nowhere.
func (d *ClaimDraft) field(name string) *string {
	switch name {
	case "customer":
		return &d.Customer
	case "customer_state":
		return &d.CustomerState
	case "program":
		return &d.Program
	case "seats":
		return &d.Seats
	case "amount":
		return &d.Amount
	case "expected_on":
		return &d.ExpectedOn
	case "kind":
		return &d.Kind
	case "note":
		return &d.Note
	case "evidence":
		return &d.Evidence
	}
	return new(string)
}

// Field is what the form says in an askable field, as typed.
func (d ClaimDraft) Field(name string) string { return *d.field(name) }

// LARDue is the last day of a LAR's turn that goes on with the business days that
// were left of it: a few at least.
func LARDue(today Day, left int, set Settings) Day {
	return AddBusinessDays(today, max(left, set.LeastLeft))
}
