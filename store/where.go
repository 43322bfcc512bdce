package store

import (
	"fmt"
	"strings"

	"irm/influence"
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

// likeNumber is likePrefix for the key of an agreement's number. What has no key,
// such as dashes, matches none: no key holds a dash.
func likeNumber(typed string) string {
	if key := influence.NumberKey(typed); key != "" {
		return likePrefix(key)
	}
	return "-"
}

// longestPrefix is more bytes than any text of the records has; a database takes no
// pattern of any length.
const longestPrefix = 10_000

// likePrefix escapes what a person typed, for LIKE … ESCAPE '\'.
func likePrefix(s string) string {
	if len(s) > longestPrefix {
		s = strings.ToValidUTF8(s[:longestPrefix], "")
	}
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}
