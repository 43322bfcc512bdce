package web

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // the lists that there are hold these hashes; nothing is protected by them
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"irm/influence"
)

// Breached is a file of the hashes of passwords that were found in breaches: lines
// of a SHA-1 hash in hex, a colon and a count, sorted by hash, as the lists that can
// be had are. It is searched where it lies: none of it is kept in memory. A nil
// Breached has no passwords.
type Breached struct {
	file *os.File
	size int64
}

// breachedLine is how long a line may be.
const breachedLine = 96

// OpenBreached opens a file and looks whether it begins and ends as it should. What
// is between is believed: the list has a billion lines.
func OpenBreached(path string) (*Breached, error) {
	file, err := os.Open(path) //nolint:gosec // the file that the operator names
	if err != nil {
		return nil, fmt.Errorf("breached passwords: %w", err)
	}
	b := &Breached{file: file}
	if err := b.look(); err != nil {
		return nil, errors.Join(fmt.Errorf("breached passwords in %s: %w", path, err), file.Close())
	}
	return b, nil
}

func (b *Breached) look() error {
	info, err := b.file.Stat()
	if err != nil {
		return err
	}
	if b.size = info.Size(); b.size == 0 {
		return errors.New("there is no line in it")
	}
	first, err := b.line(0)
	if err != nil {
		return err
	}
	last, err := b.line(b.size - 1)
	if err == nil && first.hash > last.hash {
		err = errors.New("it is not sorted by hash")
	}
	return err
}

// Close closes the file.
func (b *Breached) Close() error {
	if b == nil {
		return nil
	}
	return b.file.Close()
}

// breach is a line of the file: a hash, and where the line begins and the next one does.
type breach struct {
	hash      string
	from, end int64
}

// line reads the line that the byte at an offset is of.
func (b *Breached) line(at int64) (l breach, err error) {
	l.from = max(0, at-breachedLine)
	window := make([]byte, 2*breachedLine)
	n, err := b.file.ReadAt(window, l.from)
	if err != nil && !errors.Is(err, io.EOF) {
		return l, err
	}
	window = window[:n]
	if i := bytes.LastIndexByte(window[:at-l.from], '\n'); i >= 0 {
		l.from, window = l.from+int64(i)+1, window[i+1:]
	}
	text, _, _ := bytes.Cut(window, []byte("\n"))
	l.end = l.from + int64(len(text)) + 1
	hash, _, _ := bytes.Cut(bytes.TrimRight(text, "\r"), []byte(":"))
	if _, err := hex.DecodeString(string(hash)); err != nil || len(hash) != 2*sha1.Size {
		return l, fmt.Errorf("at byte %d is no line of a SHA-1 hash, a colon and a count", l.from)
	}
	l.hash = string(bytes.ToUpper(hash))
	return l, nil
}

// has reports whether a password stands in the file, by halving it.
func (b *Breached) has(password string) (bool, error) {
	if b == nil {
		return false, nil
	}
	want := fmt.Sprintf("%X", sha1.Sum([]byte(password))) //nolint:gosec // as above
	for from, to := int64(0), b.size; from < to; {
		l, err := b.line(from + (to-from)/2)
		switch {
		case err != nil:
			return false, fmt.Errorf("breached passwords: %w", err)
		case l.hash == want:
			return true, nil
		case l.hash < want:
			from = l.end
		default:
			to = l.from
		}
	}
	return false, nil
}

// checkPassword says what is wrong with a new password, as a Refusal, or that it
// could not be looked up.
func (s *server) checkPassword(password string, about influence.PasswordOwner) error {
	if err := influence.CheckPassword(password, about); err != nil {
		return err
	}
	found, err := s.Breached.has(password)
	if err == nil && found {
		err = influence.BreachedPassword
	}
	return err
}
