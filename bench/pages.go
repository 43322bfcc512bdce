package main

import (
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"irm/store"
	"irm/web"
)

// pages measures G1: the inbox of a LAR against its bytes rendered from memory.
func (b *bench) pages() error {
	v, err := newVisitors()
	if err != nil {
		return err
	}
	defer v.close()
	for i, size := range b.agreements {
		p, err := b.program(size)
		if err != nil {
			return err
		}
		if err := b.pagesOf(p, v, i == 0); err != nil {
			return err
		}
	}
	return nil
}

// listed is the inbox with nothing opened beside the list; opened is what a LAR
// sees when it comes in.
const (
	listed = "/inbox?list=1"
	opened = "/inbox"
)

func (b *bench) pagesOf(p *program, v *visitors, first bool) error {
	s, err := openStore(b.ctx, p.File)
	if err != nil {
		return err
	}
	defer s.Close()
	app, err := b.portal(s, p)
	if err != nil {
		return err
	}
	defer app.close()
	body, err := app.page(listed)
	if err != nil {
		return err
	}
	floors, err := newFloors(body)
	if err != nil {
		return err
	}
	mem, err := serve(floors.handler())
	if err != nil {
		return err
	}
	defer mem.close()
	ask := func(at *site, path string) contender {
		return contender{path, func() (cost, error) {
			took, _, err := v.send(errand{at.address, path, at.cookie, b.requests, 2})
			return took, err
		}}
	}
	all := []contender{ask(mem, "/hello"), ask(mem, "/f0"), ask(mem, "/f1"), ask(mem, "/f2"), ask(app, listed), ask(app, opened),
		{"select 1", func() (cost, error) { return selects(p.File, b.requests) }}}
	if _, err := interleave(1, all); err != nil { // warm
		return err
	}
	t, err := interleave(b.rounds, all)
	if err != nil {
		return err
	}
	b.tellPages(t, p, len(body))
	return nil
}

// selects asks a database the smallest question there is, n times, prepared.
func selects(file string, n int) (cost, error) {
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		return cost{}, err
	}
	defer db.Close()
	one, err := db.Prepare(`SELECT 1`)
	if err != nil {
		return cost{}, err
	}
	defer one.Close()
	return measure(func() (int, error) { return n, asked(one, n) })
}

func asked(question *sql.Stmt, n int) error {
	for range n {
		var x int
		if err := question.QueryRow().Scan(&x); err != nil {
			return err
		}
	}
	return nil
}

// site is a handler served on a port of its own.
type site struct {
	address, cookie string
	srv             *http.Server
}

func serve(h http.Handler) (*site, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &site{address: l.Addr().String(), srv: &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}}
	go s.srv.Serve(l) //nolint:errcheck // ends when it is closed
	return s, nil
}

func (s *site) close() { s.srv.Close() }

// portal serves the whole program, with the owner of the first LAR signed in.
func (b *bench) portal(s *store.Store, p *program) (*site, error) {
	h, err := web.New(web.Config{Store: s, Log: slog.New(slog.DiscardHandler), BaseURL: "http://127.0.0.1"})
	if err != nil {
		return nil, err
	}
	at, err := serve(h)
	if err != nil {
		return nil, err
	}
	cookie, err := s.StartSession(b.ctx, p.LARs[0].MemberID, store.Client{Address: "127.0.0.1", Agent: "bench"})
	at.cookie = "sid=" + cookie
	return at, err
}

// page reads a page as the one who is signed in.
func (s *site) page(path string) ([]byte, error) {
	req, err := http.NewRequest(http.MethodGet, "http://"+s.address+path, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Cookie", s.cookie)
	req.Header.Set("Accept-Encoding", "identity")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s: %s", path, res.Status, strings.TrimSpace(string(body[:min(len(body), 300)])))
	}
	return body, err
}

func (b *bench) tellPages(t *contest, p *program, bytes int) {
	share := t.ratio("/f1", listed, byCPU)
	name := thousands(p.Size) + " agreements"
	b.doc.verdict(verdict{"G1", "inbox of 50 rows at " + name + ", ÷ its bytes by templ from memory", "≥ 60 %, then ≥ 100 %", "≥ 60 %", percent(share), share >= 0.6})
	line := func(name, key string) []string {
		return []string{name, short(seconds(t.median(key, byCPU))), percent(t.ratio("/f1", key, byCPU)), fmt.Sprintf("%.0f", t.median(key, byRate)), percent(t.ratio(key, "/f1", byRate))}
	}
	b.doc.section("G1: the inbox at "+name,
		fmt.Sprintf("A LAR's page of 50 agreements that wait (%s bytes), signed in, with all middleware, the session and its rights read anew,", thousands(bytes)),
		"and SQLite. F1 is the same page written as plain templ from a model in memory; F2 its rows appended by hand; F0 its bytes.",
		"Two connections ask for one page after the other. The goal is F1's CPU ÷ the page's.",
		fmt.Sprintf("The database (%.1f GB) was made in %s.", float64(fileSize(p.File))/1e9, short(p.Took)), "",
		rows([]string{"", "CPU a request", "F1 ÷ it", "requests per second", "÷ F1"},
			line("hello", "/hello"), line("F0, bytes from memory", "/f0"), line("F1, templ from memory", "/f1"), line("F2, appended by hand", "/f2"),
			line("inbox, the list", listed), line("inbox with an agreement opened", opened)), "",
		fmt.Sprintf("`select 1`, prepared, through the same driver: %s CPU.", short(seconds(t.median("select 1", byCPU)))))
}
