package ui

import (
	"strconv"

	"github.com/a-h/templ"
)

// Option is one choice of a select.
type Option struct {
	Value, Label string
	Selected     bool
}

// Pick is one of up to six choices, with what it means.
type Pick struct {
	Value, Label, Hint string
	Checked            bool
}

// Problem is a wrong field and what is wrong with it. Label is the field's name
// where the text alone does not say it.
type Problem struct{ Field, Text, Label string }

// FieldProps describes one labelled input and what is wrong with it, if anything.
// Value is what was typed; a password is not shown again.
type FieldProps struct {
	ID, Name, Label, Value, Error, Hint string
	Kind                                string // text, email, password, number, date, month, tel, url, file, search, textarea, select, checkbox
	Mode                                string // inputmode
	Auto                                string // autocomplete
	Accept                              string // of a file
	Optional                            bool
	Full                                bool // spans the form's columns
	Checked                             bool // of a checkbox
	Autofocus                           bool
	Max                                 int // characters, 0 for no limit
	Options                             []Option
	Data                                templ.Attributes // further attributes of the control
}

// id is the name where no id is given.
func (p FieldProps) id() string {
	if p.ID != "" {
		return p.ID
	}
	return p.Name
}

// describedBy names the error and the hint, the error first.
func (p FieldProps) describedBy() string {
	switch {
	case p.Error != "" && p.Hint != "":
		return p.id() + "-e " + p.id() + "-h"
	case p.Error != "":
		return p.id() + "-e"
	case p.Hint != "":
		return p.id() + "-h"
	}
	return ""
}

func (p FieldProps) attrs() templ.Attributes {
	a := templ.Attributes{}
	for k, v := range p.Data {
		a[k] = v
	}
	for k, v := range map[string]string{"aria-describedby": p.describedBy(), "autocomplete": p.Auto, "inputmode": p.Mode, "accept": p.Accept} {
		if v != "" {
			a[k] = v
		}
	}
	if p.Error != "" {
		a["aria-invalid"] = "true"
	}
	if p.Max > 0 {
		a["maxlength"] = strconv.Itoa(p.Max)
	}
	if p.Autofocus {
		a["autofocus"] = true
	}
	return a
}

func (p FieldProps) inputType() string {
	switch p.Kind {
	case "email", "password", "number", "date", "month", "file", "search", "tel", "url":
		return p.Kind
	}
	return "text"
}

// shown is what stands in the control: nothing for what is never shown again.
func (p FieldProps) shown() string {
	if p.Kind == "password" || p.Kind == "file" {
		return ""
	}
	return p.Value
}

// problemsTitle counts what is wrong.
func problemsTitle(n int) string {
	if n == 1 {
		return "One thing needs another look"
	}
	return strconv.Itoa(n) + " things need another look"
}
