package mail

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
)

// sink is a mail server small enough to be read at a glance: it takes what it is
// given and keeps it.
type sink struct {
	listener net.Listener
	cert     *tls.Certificate  // nil: STARTTLS is not offered
	says     map[string]string // an answer other than the usual one, by the command's first word; "DOT" is the end of a mail
	mu       sync.Mutex
	mails    []delivered
}

type delivered struct {
	from, to, data, auth string
	tls                  bool
}

func newSink(t *testing.T, says map[string]string) *sink {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{listener: l, says: says}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() { l.Close(); open.Wait() })
	return s
}

func (s *sink) address() string { return s.listener.Addr().String() }

func (s *sink) got() []delivered {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mails
}

func (s *sink) serve(conn net.Conn) {
	defer func() { conn.Close() }()
	in := bufio.NewReader(conn)
	var now delivered
	fmt.Fprintf(conn, "220 sink\r\n")
	for {
		text, err := in.ReadString('\n')
		if err != nil {
			return
		}
		text = strings.TrimRight(text, "\r\n")
		verb, rest, _ := strings.Cut(text, " ")
		if verb == "DATA" && s.says[verb] == "" {
			fmt.Fprintf(conn, "354 go on\r\n")
			now.data = readData(in)
			verb = "DOT"
		}
		answer := s.answer(verb, rest, &now)
		fmt.Fprintf(conn, "%s\r\n", answer)
		if verb == "STARTTLS" && answer[0] == '2' {
			secure := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{*s.cert}})
			conn, in, now.tls = secure, bufio.NewReader(secure), true
		}
		if verb == "QUIT" {
			return
		}
	}
}

// answer keeps what the command tells and says what the server says to it.
func (s *sink) answer(verb, rest string, now *delivered) string {
	if a := s.says[verb]; a != "" {
		return a
	}
	switch verb {
	case "EHLO":
		return s.features(now.tls)
	case "AUTH":
		now.auth = rest
		return "235 welcome"
	case "MAIL":
		now.from = rest
	case "RCPT":
		now.to = rest
	case "DOT":
		s.mu.Lock()
		s.mails = append(s.mails, *now)
		s.mu.Unlock()
	case "STARTTLS":
		return "220 go on"
	case "QUIT":
		return "221 bye"
	}
	return "250 fine"
}

func (s *sink) features(secure bool) string {
	if s.cert != nil && !secure {
		return "250-sink\r\n250 STARTTLS"
	}
	return "250-sink\r\n250 AUTH PLAIN LOGIN"
}

func readData(in *bufio.Reader) string {
	var b strings.Builder
	for {
		text, err := in.ReadString('\n')
		if err != nil || text == ".\r\n" {
			return b.String()
		}
		b.WriteString(strings.TrimPrefix(text, "."))
	}
}
