// Package influence holds the rules of the program: its nouns, their states and
// clocks, who may do what, and how revenue is split. It does no I/O, and time is
// passed in.
package influence

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// The failures a caller can act on. Anything else is a bug or an outage.
var (
	ErrNotFound  = errors.New("not found") // also: exists, but not yours to see
	ErrForbidden = errors.New("forbidden")
	ErrConflict  = errors.New("changed by someone else")
)

// Invalid maps form fields to what is wrong with them.
type Invalid map[string]string

func (v Invalid) Error() string {
	return "invalid: " + strings.Join(slices.Sorted(maps.Keys(v)), ", ")
}

// Check records msg against field unless ok.
func (v Invalid) Check(ok bool, field, msg string) {
	if _, seen := v[field]; !ok && !seen {
		v[field] = msg
	}
}

// OrNil returns v as an error, or nil when nothing is wrong.
func (v Invalid) OrNil() error {
	if len(v) == 0 {
		return nil
	}
	return v
}
