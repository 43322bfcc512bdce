package web

import (
	"sort"
	"strings"

	"irm/influence"
	"irm/views"
)

// A flash is kept in the session's row as its tone and text.
func writeFlash(tone, text string) string { return tone + "\n" + text }

func readFlash(s string) *views.Flash {
	tone, text, _ := strings.Cut(s, "\n")
	return &views.Flash{Tone: tone, Text: text}
}

// sentences lists what is wrong, field by field.
func sentences(wrong influence.Invalid) []string {
	fields := make([]string, 0, len(wrong))
	for f := range wrong {
		fields = append(fields, f)
	}
	sort.Strings(fields)
	for i, f := range fields {
		fields[i] = wrong[f]
	}
	return fields
}
