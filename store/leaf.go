package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Leaf is what the tree hashes of an entry. An entry without a salt stands in its
// leaf as it is. One with a salt stands in it as hashes, one for each value, so
// that some of its values can be shown and proved while nothing is learned of the
// others.
type Leaf struct {
	Version  int             `json:"version,omitempty"` // 2, or none for the first format
	ID       string          `json:"id"`
	At       int64           `json:"at"` // microseconds since 1970 UTC
	MemberID string          `json:"member"`
	OrgID    string          `json:"org"`
	Action   string          `json:"action"`
	Subject  string          `json:"subject"`
	Was      json.RawMessage `json:"was,omitempty"` // of the first format
	Became   json.RawMessage `json:"became,omitempty"`
	Nonce    string          `json:"nonce,omitempty"` // random, as all that follows
	Text     string          `json:"text,omitempty"`  // hash of was and became as they are written
	Lines    []string        `json:"lines,omitempty"` // hash of each value in them
}

// Line is one value of an entry: where it stands, such as became."claims"."CLM-7F3K9Q",
// and its JSON. Salt is what its hash in the leaf was made with.
type Line struct {
	N     int    `json:"line"` // its place in the leaf, from 0
	Salt  string `json:"salt"`
	Path  string `json:"path"`
	Value string `json:"value"`
}

// hash is what stands in the leaf for the line.
func (l Line) hash() string { return salted(l.Salt, l.Path, l.Value) }

// shows checks that a line is the one that the leaf has a hash of.
func (f Leaf) shows(l Line) error {
	if f.Version != 2 || l.N < 0 || l.N >= len(f.Lines) || f.Lines[l.N] != l.hash() {
		return fmt.Errorf("%w: line %d is not the entry’s", ErrProof, l.N)
	}
	return nil
}

func (f Leaf) bytes() ([]byte, error) { return json.Marshal(f) }

// salted hashes a value with 128 random bits. The NUL keeps path and value apart:
// JSON has none.
func salted(salt, path, value string) string {
	sum := sha256.Sum256([]byte(salt + "\x00" + path + "\x00" + value))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// derived makes the salt of one part of an entry from the entry's own, so that a
// part can be shown without the others.
func derived(salt, part string) string {
	sum := sha256.Sum256([]byte(salt + "\x00" + part))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// leaf makes an entry's leaf, and says what its lines are.
func (e Entry) leaf() (f Leaf, lines []Line, err error) {
	f = Leaf{ID: e.ID, At: e.At, MemberID: e.MemberID, OrgID: e.OrgID, Action: e.Action, Subject: e.Subject}
	if e.Salt == "" {
		f.Was, f.Became = e.Was, e.Became
		return f, nil, nil
	}
	if lines, err = e.lines(); err != nil {
		return f, nil, fmt.Errorf("entry %s: %w", e.ID, err)
	}
	f.Version, f.Nonce = 2, derived(e.Salt, "nonce")
	f.Text = salted(derived(e.Salt, "text"), string(e.Was), string(e.Became))
	f.Lines = make([]string, len(lines))
	for i, l := range lines {
		f.Lines[i] = l.hash()
	}
	return f, lines, nil
}

// leafBytes is what is hashed.
func (e Entry) leafBytes() ([]byte, error) {
	f, _, err := e.leaf()
	if err != nil {
		return nil, err
	}
	return f.bytes()
}

func (e Entry) lines() ([]Line, error) {
	s := splitter{}
	for _, x := range []struct {
		path string
		text json.RawMessage
	}{{"was", e.Was}, {"became", e.Became}} {
		if !json.Valid(x.text) {
			return nil, errors.New("it is not JSON")
		}
		s.rest = bytes.TrimSpace(x.text)
		s.value(x.path)
	}
	for i := range s.lines {
		s.lines[i].N, s.lines[i].Salt = i, derived(e.Salt, strconv.Itoa(i))
	}
	return s.lines, nil
}

// splitter takes valid JSON apart into its values, each with the path to it. Keys
// and values stay as they are written.
type splitter struct {
	rest  []byte
	lines []Line
}

func (s *splitter) value(path string) {
	if s.rest[0] != '{' && s.rest[0] != '[' {
		s.keep(path, s.scalar())
		return
	}
	object := s.rest[0] == '{'
	s.skip()
	if s.rest[0] == '}' || s.rest[0] == ']' {
		s.skip()
		s.keep(path, map[bool]string{true: "{}", false: "[]"}[object])
		return
	}
	for i := 0; ; i++ {
		key := strconv.Itoa(i)
		if object {
			key = s.scalar()
			s.skip() // the colon
		}
		s.value(path + "." + key)
		ended := s.rest[0] != ','
		s.skip()
		if ended {
			return
		}
	}
}

func (s *splitter) keep(path, value string) {
	s.lines = append(s.lines, Line{Path: path, Value: value})
}

// skip passes one sign and the space after it.
func (s *splitter) skip() { s.rest = bytes.TrimLeft(s.rest[1:], " \t\r\n") }

// scalar takes a text, a number or a word.
func (s *splitter) scalar() string {
	end := 1
	if s.rest[0] == '"' {
		for ; s.rest[end] != '"'; end++ {
			if s.rest[end] == '\\' {
				end++
			}
		}
		end++
	} else {
		for end < len(s.rest) && !strings.ContainsRune(",:]} \t\r\n", rune(s.rest[end])) {
			end++
		}
	}
	text := string(s.rest[:end])
	s.rest = bytes.TrimLeft(s.rest[end:], " \t\r\n")
	return text
}
