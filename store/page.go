package store

import (
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Page is a stretch of a list, with the cursors of its neighbours; an empty
// cursor means that there is none.
type Page[T any] struct {
	Rows         []T
	Older, Newer string
}

// paged makes a page of what was read for limit rows and one more: backwards if
// back, and not from the beginning if later.
func paged[T any](all []T, limit int, back, later bool, cursor func(T) string) Page[T] {
	more := len(all) > limit
	if more {
		all = all[:limit]
	}
	if back {
		slices.Reverse(all)
	}
	p := Page[T]{Rows: all}
	if len(all) == 0 {
		return p
	}
	if more && !back || back {
		p.Older = cursor(all[len(all)-1])
	}
	if more && back || later && !back {
		p.Newer = cursor(all[0])
	}
	return p
}

// every yields the rows of all pages.
func every[T any](page func(after string) (Page[T], error), cursor func(T) string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for after := ""; ; {
			p, err := page(after)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, row := range p.Rows {
				if !yield(row, nil) {
					return
				}
			}
			if p.Older == "" {
				return
			}
			after = cursor(p.Rows[len(p.Rows)-1])
		}
	}
}

// A cursor names the row at the edge of a page by its sort key and id. It comes
// back from addresses, so whatever it holds is only ever compared.
func joinCursor(key, id string) string { return id + "~" + key }

func splitCursor(cursor string) [2]string {
	id, key, _ := strings.Cut(cursor, "~")
	return [2]string{key, id}
}

// keyset is how a page is read: the key that it begins behind, and the sign and
// direction in which it goes on. down says that the list begins with the largest
// key; back, that the page before is read, from its end.
func keyset(after, before string, down bool) (key [2]string, op, dir string, back bool) {
	cursor := after
	if back = before != ""; back {
		cursor = before
	}
	op, dir = ">", "ASC"
	if down != back {
		op, dir = "<", "DESC"
	}
	return splitCursor(cursor), op, dir, back
}

func upper(s string) string { return strings.ToUpper(s) }

func digits(n int64) string { return strconv.FormatInt(n, 10) }

// number reads a cursor's number; a cursor that was tampered with starts anew.
func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}
