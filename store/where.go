package store

import (
	"fmt"
	"strings"
)

// where gathers the conditions of a list and their arguments. $1 is always the
// actor's organization, for visible.
type where struct {
	parts []string
	args  []any
}

func (v Session) where(condition string) *where {
	return &where{parts: []string{condition}, args: []any{v.actor.OrgID}}
}

// and adds a condition in which each ? stands for the next argument.
func (w *where) and(condition string, args ...any) {
	var b strings.Builder
	for i, piece := range strings.Split(condition, "?") {
		if i > 0 {
			fmt.Fprintf(&b, "$%d", len(w.args)+i)
		}
		b.WriteString(piece)
	}
	w.parts, w.args = append(w.parts, "("+b.String()+")"), append(w.args, args...)
}

// arg adds an argument used outside the conditions and returns its name.
func (w *where) arg(x any) string {
	w.args = append(w.args, x)
	return fmt.Sprintf("$%d", len(w.args))
}

func (w *where) String() string { return strings.Join(w.parts, " AND ") }

// likePrefix escapes what a person typed, for LIKE … ESCAPE '\'.
func likePrefix(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}
