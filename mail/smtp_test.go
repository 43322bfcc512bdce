package mail

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

var hello = Message{
	ID: "01J9Z3", To: "ann@partner.example", Subject: "Your claim CLM-7F3K9Q",
	Text: "Northgate confirmed your claim.\n", At: time.Date(2007, 4, 16, 12, 0, 0, 0, time.UTC),
}

const portal = "Influence Portal <no-reply@portal.example>"

func over(t *testing.T, address string) *Sender {
	t.Helper()
	s, err := ToServer(address, portal)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSendToServer(t *testing.T) {
	sink := newSink(t, nil)
	s := over(t, "smtp://"+sink.address())
	if err := s.Send(t.Context(), hello); err != nil {
		t.Fatal(err)
	}
	got := sink.got()
	if len(got) != 1 || !strings.HasPrefix(got[0].from, "FROM:<no-reply@portal.example>") || got[0].to != "TO:<ann@partner.example>" {
		t.Fatalf("the server got %+v", got)
	}
	for _, want := range []string{"Message-ID: <01J9Z3@portal.example>\r\n", "Date: Mon, 16 Apr 2007 12:00:00 +0000\r\n"} {
		if !strings.Contains(got[0].data, want) {
			t.Errorf("no %q in\n%s", want, got[0].data)
		}
	}
	if strings.Contains(s.String(), "portal") || !strings.Contains(s.String(), sink.address()) {
		t.Errorf("the way is %q", s)
	}
}

func TestSendWithPasswordOverSTARTTLS(t *testing.T) {
	certified := httptest.NewTLSServer(nil) // lends its certificate for 127.0.0.1
	defer certified.Close()
	sink := newSink(t, nil)
	sink.cert = &certified.TLS.Certificates[0]
	srv, err := parseServer("smtp://irm:s%40fe@" + sink.address() + "?tls=starttls")
	if err != nil {
		t.Fatal(err)
	}
	srv.roots = x509.NewCertPool()
	srv.roots.AddCert(certified.Certificate())
	s := over(t, "smtp://"+sink.address())
	if err := srv.deliver(t.Context(), s, hello); err != nil {
		t.Fatal(err)
	}
	want := "PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00irm\x00s@fe"))
	if got := sink.got(); len(got) != 1 || !got[0].tls || got[0].auth != want {
		t.Errorf("the server got %+v, want TLS and %q", got, want)
	}
}

func TestCertificateIsChecked(t *testing.T) {
	certified := httptest.NewTLSServer(nil)
	defer certified.Close()
	sink := newSink(t, nil)
	sink.cert = &certified.TLS.Certificates[0]
	if err := over(t, "smtp://irm:safe@"+sink.address()+"?tls=starttls").Send(t.Context(), hello); err == nil || len(sink.got()) != 0 {
		t.Errorf("a stranger's certificate was taken: %v, %+v", err, sink.got())
	}
}

func TestNoMailInTheClear(t *testing.T) {
	sink := newSink(t, nil) // offers no STARTTLS
	err := over(t, "smtp://"+sink.address()+"?tls=starttls").Send(t.Context(), hello)
	if err == nil || errors.Is(err, ErrRefused) || len(sink.got()) != 0 {
		t.Errorf("sent without TLS: %v, %+v", err, sink.got())
	}
}

// What a server says decides whether the mail is tried again.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		says          map[string]string
		sent, refused bool
	}{
		"unknown recipient":      {map[string]string{"RCPT": "550 no such person"}, false, true},
		"busy":                   {map[string]string{"RCPT": "451 later"}, false, false},
		"content refused":        {map[string]string{"DOT": "554 not here"}, false, true},
		"content later":          {map[string]string{"DOT": "451 later"}, false, false},
		"sender not known yet":   {map[string]string{"MAIL": "530 sign in first"}, false, false},
		"server is down":         {map[string]string{"EHLO": "421 closing", "HELO": "421 closing"}, false, false},
		"trouble after the mail": {map[string]string{"RSET": "500 what", "QUIT": "500 what"}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			sink := newSink(t, c.says)
			err := over(t, "smtp://"+sink.address()).Send(t.Context(), hello)
			if (err == nil) != c.sent || errors.Is(err, ErrRefused) != c.refused {
				t.Errorf("got %v, want sent %v, refused %v", err, c.sent, c.refused)
			}
			if n := len(sink.got()); (n == 1) != c.sent && c.says["DOT"] == "" {
				t.Errorf("%d mails arrived", n)
			}
		})
	}
}

// A server that answers nothing is left when the caller's time is over.
func TestSendEndsWithItsContext(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		if conn, err := silent.Accept(); err == nil {
			defer conn.Close()
			cancel()
			conn.Read(make([]byte, 1)) // until the other side hangs up
		}
	}()
	if err := over(t, "smtp://"+silent.Addr().String()).Send(ctx, hello); err == nil {
		t.Error("sent to a server that says nothing")
	}
}

func TestParseServer(t *testing.T) {
	for address, want := range map[string]server{
		"smtp://mail.example":                    {host: "mail.example", port: 25, starttls: true},
		"smtp://u:p@mail.example":                {host: "mail.example", port: 587, user: "u", password: "p", starttls: true},
		"smtp://u:p@mail.example:2525":           {host: "mail.example", port: 2525, user: "u", password: "p", starttls: true},
		"smtps://u:p@mail.example":               {host: "mail.example", port: 465, user: "u", password: "p", implicitTLS: true},
		"smtp://localhost:25":                    {host: "localhost", port: 25},
		"smtp://[::1]:25":                        {host: "::1", port: 25},
		"smtp://relay.example:25?tls=none":       {host: "relay.example", port: 25},
		"smtp://127.0.0.1:25?tls=starttls":       {host: "127.0.0.1", port: 25, starttls: true},
		"smtp://u:p@127.0.0.1:25?tls=starttls":   {host: "127.0.0.1", port: 25, user: "u", password: "p", starttls: true},
		"smtp://user%40a.example:p%2F@m.example": {host: "m.example", port: 587, user: "user@a.example", password: "p/", starttls: true},
	} {
		want.patience = 30 * time.Second
		if got, err := parseServer(address); err != nil || got != want {
			t.Errorf("%s: got %+v, %v", address, got, err)
		}
	}
	for _, address := range []string{
		"mail.example:25", "http://mail.example", "smtp://", "smtp://u:hunter2@mail.example:99999", "smtp://u:hunter2@mail.example:x",
		"smtp://u:hunter2@mail.example?tls=none", "smtps://u:hunter2@mail.example?tls=none", "smtp://mail.example?tls=maybe", "smtp://u:hunter2@mail.example?timeout=soon",
	} {
		if got, err := parseServer(address); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %+v, %v", address, got, err)
		}
	}
}
