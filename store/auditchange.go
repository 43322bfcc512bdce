package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// explain says of each entry what it changed, in words where the entry has ids and
// commitments.
func (r reader) explain(all []AuditRow) error {
	words := map[string]string{}
	for i := range all {
		if err := all[i].change(); err != nil {
			return err
		}
		words[all[i].Subject] = ""
		for _, c := range all[i].Changes {
			if c.named() {
				words[c.Was], words[c.Became] = "", ""
			}
		}
	}
	if err := r.words(words); err != nil {
		return err
	}
	for i := range all {
		if name := words[all[i].Subject]; name != "" {
			all[i].Thing = name
		}
		for j := range all[i].Changes {
			c := &all[i].Changes[j]
			c.Was, c.Became = inWords(*c, c.Was, words), inWords(*c, c.Became, words)
			if c.committed() {
				c.Keys = c.Keys[:len(c.Keys)-1]
			}
		}
	}
	return nil
}

func (c AuditChange) last() string {
	if len(c.Keys) == 0 {
		return ""
	}
	return c.Keys[len(c.Keys)-1]
}

func (c AuditChange) committed() bool { return len(c.Keys) > 1 && c.last() == "committed" }

// named reports whether the value stands for something else: an id, or a commitment.
func (c AuditChange) named() bool {
	switch c.last() {
	case "lar", "partner", "agreement", "organization", "committed":
		return true
	}
	return false
}

// inWords is what a value names; of a person that was erased nothing is left.
func inWords(c AuditChange, value string, words map[string]string) string {
	switch {
	case c.named() && words[value] != "":
		return words[value]
	case value != "" && c.committed():
		return "erased"
	}
	return value
}

// change compares an entry's values before with those after.
func (r *AuditRow) change() error {
	lines, err := r.entry.lines()
	if err == nil {
		r.Changes, err = changesOf(lines)
	}
	return err
}

// Says is what a receipt shows of its entry.
func (r Receipt) Says() []AuditChange {
	all, _ := changesOf(r.Shown) // JSON of ours
	return all
}

func changesOf(lines []Line) (all []AuditChange, err error) {
	at := map[string]int{}
	for _, l := range lines {
		side, path, _ := strings.Cut(l.Path, ".")
		i, known := at[path]
		if !known {
			i = len(all)
			at[path] = i
			keys, err := keysOf(path)
			if err != nil {
				return nil, err
			}
			all = append(all, AuditChange{Keys: keys})
		}
		value, err := readable(l.Value)
		if err != nil {
			return nil, err
		}
		if side == "was" {
			all[i].Was = value
		} else {
			all[i].Became = value
		}
	}
	return slices.DeleteFunc(all, func(c AuditChange) bool { return c.Was == c.Became }), nil
}

// keysOf takes a path such as "shares".0."points" apart.
func keysOf(path string) (keys []string, err error) {
	for path != "" {
		key := path
		if path[0] == '"' {
			d := json.NewDecoder(strings.NewReader(path))
			if err := d.Decode(&key); err != nil {
				return nil, fmt.Errorf("path %s: %w", path, err)
			}
			path = strings.TrimPrefix(path[d.InputOffset():], ".")
		} else {
			key, path, _ = strings.Cut(path, ".")
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// readable is a JSON value as people read it.
func readable(value string) (string, error) {
	switch value {
	case "null", "{}", "[]":
		return "", nil
	case "true":
		return "yes", nil
	case "false":
		return "no", nil
	}
	if value[0] != '"' {
		return value, nil
	}
	var text string
	err := json.Unmarshal([]byte(value), &text)
	return text, err
}

// words fills in what ids and commitments stand for, where they stand for anything.
func (r reader) words(of map[string]string) error {
	var args []any
	names := ""
	for value := range of {
		if value == "" {
			continue
		}
		args = append(args, value)
		names += ", $" + strconv.Itoa(len(args))
	}
	if len(args) == 0 {
		return nil
	}
	in := ` IN (` + names[2:] + `)`
	rows, err := r.rows(`SELECT l.id, l.name FROM lars l WHERE l.id`+in+` UNION ALL SELECT p.id, p.name FROM partners p WHERE p.id`+in+`
		UNION ALL SELECT a.id, a.ref FROM agreements a WHERE a.id`+in+` UNION ALL SELECT m.id, m.name FROM members m WHERE m.id`+in+` UNION ALL SELECT k.commitment, k.value FROM personal k WHERE k.commitment`+in, args...)
	return scanEach(rows, err, func(row scanner) error {
		var id, name string
		err := row.Scan(&id, &name)
		of[id] = name
		return err
	})
}
