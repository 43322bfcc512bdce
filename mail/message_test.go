package mail

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func folder(t *testing.T) (*Sender, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "mails")
	s, err := ToFolder(dir, portal)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

// read sends m into a folder and reads the file as a mail program would.
func read(t *testing.T, m Message) (*netmail.Message, []byte) {
	t.Helper()
	s, dir := folder(t)
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, m.ID+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%v in\n%s", err, raw)
	}
	return msg, raw
}

func TestFolder(t *testing.T) {
	s, dir := folder(t)
	second := hello
	second.ID = "01J9Z4"
	for _, m := range []Message{hello, second, hello} { // one of them twice
		if err := s.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 2 || files[0].Name() != "01J9Z3.eml" || files[1].Name() != "01J9Z4.eml" {
		t.Fatalf("files %v, %v", files, err)
	}
	if info, _ := files[0].Info(); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v: links in mails are secret", info.Mode())
	}
}

// A mail that can't be written leaves nothing half done behind.
func TestFolderFailure(t *testing.T) {
	s, dir := folder(t)
	if err := os.MkdirAll(filepath.Join(dir, "01J9Z3.eml", "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), hello); err == nil || errors.Is(err, ErrRefused) {
		t.Errorf("got %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestParts(t *testing.T) {
	m := hello
	m.Text = "Grüße aus Köln\r\n.\n" + strings.Repeat("a long line ", 200) + "\n"
	m.HTML = "<p>Grüße &amp; so</p>"
	msg, raw := read(t, m)
	for line := range strings.SplitSeq(string(raw), "\n") {
		if len(line) > 999 || line != "" && !strings.HasSuffix(line, "\r") {
			t.Errorf("line of %d bytes is not RFC 5322: %.80q", len(line), line)
		}
	}
	kind, params, _ := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if kind != "multipart/alternative" {
		t.Fatalf("content type %s", kind)
	}
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for _, want := range []string{strings.ReplaceAll(m.Text, "\r\n", "\n"), m.HTML} {
		p, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(p)
		if got := strings.ReplaceAll(string(b), "\r\n", "\n"); strings.TrimRight(got, "\n") != strings.TrimRight(want, "\n") {
			t.Errorf("part is %q, want %q", got, want)
		}
	}
}

// The headers are those we set, whatever a name or a subject holds.
func TestASVS_1_3_11_NoHeaderInjection(t *testing.T) {
	ours := []string{"Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To"}
	for _, bad := range []string{
		"\r\nBcc: all@partner.example", "\nBcc: all@partner.example", "\rBcc: all@partner.example", "\x00", "\r\n\r\n<script>",
		"\r\n Bcc: folded@partner.example", "\u2028Bcc: x@y.example", "\u0085Bcc: x@y.example", "=?utf-8?q?=0D=0ABcc:_x@y.example?=", "\xff\xfe\r\nBcc: x",
		strings.Repeat(" ", 300) + "\r\n.\r\nBcc: x", strings.Repeat("ü", 900),
	} {
		m := hello
		m.Subject = "Claim of " + bad + " Contoso"
		m.Text = bad + "\n" + bad
		msg, raw := read(t, m)
		var names []string
		for name := range msg.Header {
			names = append(names, name)
		}
		if slices.Sort(names); !slices.Equal(names, ours) {
			t.Errorf("%q: headers %v", bad, names)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
		if err != nil || !strings.HasPrefix(subject, "Claim of ") || strings.ContainsAny(subject, "\r\n\x00\u0085\u2028") || len([]rune(subject)) > maxSubject {
			t.Errorf("%q: subject %q, %v", bad, subject, err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(msg.Body))
		if loose := strings.ReplaceAll(string(text), "\r\n", ""); err != nil || strings.ContainsAny(loose, "\r\n\x00") || !utf8.Valid(text) {
			t.Errorf("%q: text %q, %v, in\n%q", bad, text, err, raw)
		}
	}
}

func TestRefusedMessages(t *testing.T) {
	s, dir := folder(t)
	for name, change := range map[string]func(*Message){
		"line break in the address": func(m *Message) { m.To = "ann@partner.example\r\nBcc: bob@partner.example" },
		"line feed in the address":  func(m *Message) { m.To = "ann@partner.example\n" },
		"quoted line break":         func(m *Message) { m.To = "\"a\r\nRCPT TO:<x@y.example>\"@partner.example" },
		"NUL in the address":        func(m *Message) { m.To = "ann\x00@partner.example" },
		"two addresses":             func(m *Message) { m.To = "ann@partner.example, bob@partner.example" },
		"no address":                func(m *Message) { m.To = "" },
		"long address":              func(m *Message) { m.To = strings.Repeat("a", 250) + "@partner.example" },
		"path in the ID":            func(m *Message) { m.ID = "../01J9Z3" },
		"line break in the ID":      func(m *Message) { m.ID = "01J9Z3\r\nX: y" },
		"dash first in the ID":      func(m *Message) { m.ID = "-rf" },
		"no ID":                     func(m *Message) { m.ID = "" },
	} {
		m := hello
		change(&m)
		if err := s.Send(t.Context(), m); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Errorf("files %v", files)
	}
}

// A name beside the address is dropped: it is the person's own text.
func TestAddressOnly(t *testing.T) {
	m := hello
	m.To = "Ann <ann@partner.example>"
	if msg, _ := read(t, m); msg.Header.Get("To") != "<ann@partner.example>" {
		t.Errorf("To: %s", msg.Header.Get("To"))
	}
}

func TestWaysThatAreNone(t *testing.T) {
	for name, dir := range map[string]string{"no name": "", "inside a file": filepath.Join(mustFile(t), "x")} {
		if _, err := ToFolder(dir, portal); err == nil {
			t.Errorf("folder with %s: taken", name)
		}
	}
	for _, from := range []string{"", "portal", "a\r\nb@c.example", "a@b.example, c@d.example"} {
		if _, err := ToFolder(t.TempDir(), from); err == nil {
			t.Errorf("a folder's mail from %q: taken", from)
		}
		if _, err := ToServer("smtp://localhost", from); err == nil {
			t.Errorf("a server's mail from %q: taken", from)
		}
	}
	if _, err := ToServer("mail", portal); err == nil {
		t.Error("a server that is none: taken")
	}
}

func mustFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
