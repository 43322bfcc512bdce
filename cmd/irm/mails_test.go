package main

import (
	"bufio"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"irm/store/storetest"
)

// badServer is a mail server that loses the line in three of ten conversations (at
// any step, also after it took the mail), says now and then that it is busy, or
// nothing at all, and knows nobody whose address begins with "gone".
type badServer struct {
	listener net.Listener
	mu       sync.Mutex
	took     map[string]int // mails that were taken, by Message-ID
	talks    int
}

func newBadServer(t *testing.T) *badServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &badServer{listener: l, took: map[string]int{}}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { defer conn.Close(); s.talk(conn) })
		}
	})
	t.Cleanup(func() { l.Close(); open.Wait() })
	return s
}

// mood is what goes wrong in one conversation, and at which command.
type mood struct{ what, at string }

func newMood() mood {
	at := []string{"", "EHLO", "MAIL", "RCPT", "DATA", "DOT", "TAKEN"}[rand.N(7)]
	switch n := rand.N(100); {
	case n < 30:
		return mood{"drop", at}
	case n < 40:
		return mood{"busy", at}
	case n < 42:
		return mood{"stall", at}
	}
	return mood{}
}

var messageID = regexp.MustCompile(`(?mi)^Message-ID: <([^>]+)>`)

func (s *badServer) talk(conn net.Conn) {
	m := newMood()
	in := bufio.NewReader(conn)
	// says answers, unless something goes wrong here.
	says := func(at, answer string) bool {
		switch {
		case m.what == "" || m.at != at:
			_, err := io.WriteString(conn, answer+"\r\n")
			return err == nil
		case m.what == "busy":
			_, err := io.WriteString(conn, "451 later\r\n")
			return err == nil && at != "TAKEN"
		case m.what == "stall":
			io.Copy(io.Discard, in) // until the other side has had enough
		}
		return false
	}
	s.mu.Lock()
	s.talks++
	s.mu.Unlock()
	for ok := says("", "220 sink"); ok; {
		text, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.TrimRight(strings.SplitN(text, " ", 2)[0], "\r\n"))
		switch verb {
		case "RCPT":
			if strings.Contains(text, "<gone") {
				ok = says(verb, "550 nobody of this name")
				continue
			}
		case "DATA":
			if !says(verb, "354 go on") {
				return
			}
			if ok = s.takes(in, says, m); !ok {
				return
			}
			continue
		case "QUIT":
			io.WriteString(conn, "221 bye\r\n")
			return
		}
		ok = says(verb, "250 fine")
	}
}

// takes reads a mail, and answers for it.
func (s *badServer) takes(in *bufio.Reader, says func(at, answer string) bool, m mood) bool {
	var b strings.Builder
	for {
		text, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		if text == ".\r\n" {
			break
		}
		b.WriteString(text)
	}
	if m.what != "" && m.at == "DOT" { // the mail is not taken
		return says("DOT", "451 later")
	}
	if id := messageID.FindStringSubmatch(b.String()); id != nil {
		s.mu.Lock()
		s.took[id[1]]++
		s.mu.Unlock()
	}
	return says("TAKEN", "250 taken")
}

// TestNoMailIsLost sends mails through such a server and kills the sender again and
// again: every mail that can be delivered is, one that is refused for good is
// there to be read about, and what came twice has the same Message-ID.
func TestNoMailIsLost(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		mails, kills := storetest.Full(60, 200, 10_000), storetest.Full(3, 8, 40)
		if strings.HasPrefix(dsn, "postgres") {
			mails = min(mails, 2000)
		}
		done(t, "lar", "add", "north", "--name", "North Licensing", "--status", "ready", "--database", dsn)
		db := storetest.Behind(t, dsn)
		queued := queueMails(t, db, mails)
		server := newBadServer(t)
		begun := 0
		for ; begun < 400 && unsent(t, db) > 0; begun++ {
			p := begin(t, "serve", "--addr", "127.0.0.1:0", "--database", dsn, "--mail-from", "portal@irm.example", "--smtp", "smtp://"+server.listener.Addr().String()+"?timeout=250ms")
			until := time.Now().Add(20*time.Millisecond + rand.N(400*time.Millisecond)) // the moment is what is random
			for (begun >= kills || time.Now().Before(until)) && unsent(t, db) > 0 {
				// Time passes; and twelve failures in a row, after a day and a half of which a
				// mail is given up, come about here within a second, of so many mails.
				run1(t, db, `UPDATE outbox SET not_before = 0, tries = CASE WHEN tries > 6 THEN 6 ELSE tries END WHERE not_before > 0 AND sent_at IS NULL AND dropped_at IS NULL`)
				time.Sleep(10 * time.Millisecond)
			}
			p.kill()
			run1(t, db, `UPDATE leases SET until = 0`)
		}
		twice, refused := server.check(t, queued)
		listed := done(t, "mail", "unsent", "--database", dsn)
		if n := strings.Count(listed, "given up"); n != refused || strings.Count(listed, `550 "nobody of this name"`) != refused {
			t.Errorf("%d mails were refused for good, %d are listed:\n%.500s", refused, n, listed)
		}
		id := strings.Fields(listed)[0]
		done(t, "mail", "retry", id, "--database", dsn)
		if again := unsent(t, db); again != 1 {
			t.Errorf("%d mails wait after one is to be tried again", again)
		}
		if code, _, _ := said(t, "mail", "retry", id, "--database", dsn); code != statusData {
			t.Errorf("a mail that waits is tried again: status %d", code)
		}
		storetest.Figure(t, "R10", "%s: %d mails in %d conversations, %d kills: 0 lost, %d came twice under the same Message-ID, %d refused for good and listed",
			map[bool]string{true: "PostgreSQL", false: "SQLite"}[strings.HasPrefix(dsn, "postgres")], mails, server.talks, begun, twice, refused)
	})
}

// queueMails puts mails into the outbox; every twentieth is to nobody.
func queueMails(t *testing.T, db *sql.DB, n int) (ids []string) {
	t.Helper()
	for i := range n {
		id, email := fmt.Sprintf("mail_%06d", i), fmt.Sprintf("ann%d@alder.example", i)
		if i%20 == 7 {
			email = "gone" + email
		}
		if _, err := db.Exec(`INSERT INTO outbox (id, member_id, email, subject, body, link, button, about, created_at, not_before) VALUES ($1, '', $2, 'Your claim', 'It was confirmed.', '/claims', 'Open it', '', 1, 0)`, id, email); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// unsent counts the mails that are neither sent nor given up.
func unsent(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	if err := db.QueryRow(`SELECT count(*) FROM outbox WHERE sent_at IS NULL AND dropped_at IS NULL`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func run1(t *testing.T, db *sql.DB, query string) {
	t.Helper()
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
}

// check compares what the server took with what was queued.
func (s *badServer) check(t *testing.T, queued []string) (twice, refused int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, id := range queued {
		n := s.took[id+"@irm.example"]
		if i%20 == 7 {
			refused++
			if n != 0 {
				t.Errorf("%s was refused and taken", id)
			}
			continue
		}
		if n == 0 {
			t.Errorf("%s is lost", id)
		}
		if n > 1 {
			twice++
		}
		delete(s.took, id+"@irm.example")
	}
	for id := range s.took {
		t.Errorf("%s is no mail of ours", id)
	}
	return twice, refused
}
