package web

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"irm/influence"
	"irm/store"
	"irm/store/storetest"

	"github.com/PuerkitoBio/goquery"
)

// databases are what every journey has a fresh copy of.
var databases = storetest.New(func(ctx context.Context, dsn string) error {
	_, err := store.Migrate(ctx, dsn, false)
	return err
})

func TestMain(m *testing.M) { os.Exit(storetest.Run(m, databases, worlds)) }

// portal is the real handler on a fresh database, at 09:00 on 16 April 2007: a
// Ready LAR, an enrolled partner connected to it, another that only the roster
// knows, and a partner manager with the rights of an administrator.
type portal struct {
	store    *store.Store
	url      string
	passed   *atomic.Int64 // since 09:00, in nanoseconds, beside what the clock itself goes on
	lar      store.LoadedLAR
	partner  store.LoadedPartner
	known    store.LoadedPartner // Certified on the roster, not enrolled: Birch Systems, 220044, birch.example
	staff    string              // id of the member
	password string              // of the partner's and the LAR's member
}

// each runs test on a portal of each database.
func each(t *testing.T, test func(t *testing.T, p *portal)) {
	t.Helper()
	databases.Each(t, func(t *testing.T, dsn string) { test(t, newPortal(t, dsn, Config{})) })
}

// onSQLite is a portal for what does not depend on the database.
func onSQLite(t *testing.T) *portal {
	t.Helper()
	return newPortal(t, databases.SQLite(t), Config{})
}

func newPortal(t *testing.T, dsn string, c Config) *portal {
	t.Helper()
	p := bare(t, dsn, c)
	p.begin(t)
	return p
}

// bare is a portal on a database as it is.
func bare(t *testing.T, dsn string, c Config) *portal {
	t.Helper()
	p := &portal{passed: &atomic.Int64{}, password: "seven green kettles sing"}
	tick := storetest.Clock()
	now := func() time.Time { return tick().Add(time.Duration(p.passed.Load())) }
	s, err := store.Open(t.Context(), dsn, store.Clock{Now: now, Zone: storetest.Zone()})
	if err != nil {
		t.Fatal(err)
	}
	p.store, c.Store = s, s
	s.UseKeys(filepath.Join(t.TempDir(), "keys"))
	srv := httptest.NewUnstartedServer(nil)
	if c.BaseURL == "" {
		c.BaseURL = "http://" + srv.Listener.Addr().String()
	}
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if srv.Config.Handler, err = New(c); err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(c.BaseURL, "https") {
		srv.StartTLS()
	} else {
		srv.Start()
	}
	p.url = srv.URL
	t.Cleanup(func() {
		srv.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// pass has the clock go on.
func (p *portal) pass(d time.Duration) { p.passed.Add(int64(d)) }

func (p *portal) begin(t *testing.T) {
	t.Helper()
	key, _, err := p.store.Signer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	hash, err := newHashing().hash(t.Context(), p.password)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.store.Load(t.Context(), key, func(l *store.Loader) error { return p.load(l, hash) }); err != nil {
		t.Fatal(err)
	}
	link, err := p.store.As(influence.Operator()).AddMember(t.Context(), store.NewMember{Kind: "administrator", Email: "maya@microsoft.example", Name: "Maya Kim"})
	if err != nil {
		t.Fatal(err)
	}
	if p.staff, err = p.store.As(influence.Actor{}).ChoosePassword(t.Context(), "invite", link, hash); err != nil {
		t.Fatal(err)
	}
}

func (p *portal) load(l *store.Loader, hash string) (err error) {
	at := storetest.Start().AddDate(0, -6, 0)
	if p.lar, err = l.LAR(store.PastLAR{Slug: "northgate", Name: "Northgate Licensing", Status: influence.LARReady, At: at,
		Member: store.PastMember{Name: "Theo Okafor", Email: "theo@northgate.example", Password: hash, Rank: influence.RankOwner}}); err != nil {
		return err
	}
	if p.partner, err = l.Partner(store.PastPartner{Name: "Alder Networks", No: "110022", State: "NH", City: "Concord", Website: "https://www.alder.example", Level: influence.Gold, At: at,
		Enrolled: true, Member: store.PastMember{Name: "Dana Ruiz", Email: "dana@alder.example", Password: hash, Rank: influence.RankOwner}}); err != nil {
		return err
	}
	if p.known, err = l.Partner(store.PastPartner{Name: "Birch Systems", No: "220044", State: "VT", City: "Barre", Website: "https://www.birch.example", Level: influence.Certified, At: at,
		Member: store.PastMember{Name: "Ann Birch", Email: "ann@birch.example"}}); err != nil {
		return err
	}
	return l.Connection(p.partner, p.lar, influence.ConnectionAccepted, at)
}

// browser is one person's: it keeps cookies, and says of its requests what
// browsers say.
type browser struct {
	t      testing.TB
	p      *portal
	http   *http.Client
	typed  url.Values
	status int
	header http.Header
	at     string // path and query of the page
	doc    *goquery.Document
}

// browser opens one in which nobody is signed in.
func (p *portal) browser(t testing.TB) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, p: p, http: &http.Client{Jar: jar, Transport: asBrowser{&http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}}, //nolint:gosec // the test's own server
		typed: url.Values{}}
}

// asBrowser adds the headers of a browser that stays on the site.
type asBrowser struct{ next http.RoundTripper }

func (a asBrowser) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	r.Header.Set("User-Agent", "Mozilla/5.0 (Windows NT 5.1) Firefox/2.0")
	if r.Method == http.MethodPost {
		r.Header.Set("Origin", r.URL.Scheme+"://"+r.URL.Host)
	}
	return a.next.RoundTrip(r)
}

// as opens a browser in which a member is signed in.
func (p *portal) as(t testing.TB, memberID string) *browser {
	t.Helper()
	return p.asBy(t, memberID, influence.ByPassword)
}

// asBy opens one for who proved in a certain way who it is.
func (p *portal) asBy(t testing.TB, memberID string, by influence.Method) *browser {
	t.Helper()
	cookie, err := p.store.StartSession(context.Background(), memberID, store.Client{Address: "127.0.0.1", Agent: "Mozilla/5.0 (Windows NT 5.1) Firefox/2.0", By: by})
	if err != nil {
		t.Fatal(err)
	}
	b := p.browser(t)
	at, err := url.Parse(p.url)
	if err != nil {
		t.Fatal(err)
	}
	b.http.Jar.SetCookies(at, []*http.Cookie{{Name: cookieName(at.Scheme == "https"), Value: cookie, Path: "/", Secure: at.Scheme == "https"}})
	return b
}

// visit opens a page, given its path or its whole address.
func (b *browser) visit(path string) *browser {
	b.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, b.p.url+strings.TrimPrefix(path, b.p.url), nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.send(r)
}

func (b *browser) send(r *http.Request) *browser {
	b.t.Helper()
	resp, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	if b.doc, err = goquery.NewDocumentFromReader(resp.Body); err != nil {
		b.t.Fatal(err)
	}
	b.status, b.header, b.at, b.typed = resp.StatusCode, resp.Header, resp.Request.URL.RequestURI(), url.Values{}
	b.sound()
	return b
}

// sound holds every page that a journey meets against what all have in common:
// the content policy allows it as it is, each id is there once, each control has
// a label, and a server's fault is nobody's page.
func (b *browser) sound() {
	b.t.Helper()
	if b.status >= 500 {
		b.t.Errorf("%s: status %d", b.at, b.status)
	}
	if !strings.HasPrefix(b.header.Get("Content-Type"), "text/html") || b.status == http.StatusSeeOther {
		return
	}
	if inline := b.doc.Find("[style], style, script:not([src]), [onclick], [onchange], [onsubmit]"); inline.Length() > 0 {
		b.t.Errorf("%s: the content policy forbids %s", b.at, outer(inline))
	}
	ids := map[string]int{}
	b.doc.Find("[id]").Each(func(_ int, s *goquery.Selection) { ids[s.AttrOr("id", "")]++ })
	for id, n := range ids {
		if n > 1 {
			b.t.Errorf("%s: the id %s is there %d times", b.at, id, n)
		}
	}
	b.doc.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, s *goquery.Selection) {
		if s.Closest("label").Length() == 0 && b.doc.Find(`label[for="`+s.AttrOr("id", "")+`"]`).Length() == 0 && s.AttrOr("aria-label", "") == "" {
			b.t.Errorf("%s: no label for %s", b.at, outer(s))
		}
	})
}

func outer(s *goquery.Selection) string {
	html, err := goquery.OuterHtml(s.First())
	if err != nil {
		return err.Error()
	}
	return html
}

// fill types into a field of the page; press sends it.
func (b *browser) fill(name, value string) *browser {
	b.typed.Set(name, value)
	return b
}

// press sends the form that has a button with the words, as it was rendered and
// filled in. It fails if there is no such button, or no such field in its form.
func (b *browser) press(words string) *browser {
	b.t.Helper()
	button := b.doc.Find("form button").FilterFunction(func(_ int, s *goquery.Selection) bool { return said(s) == words }).First()
	if button.Length() == 0 {
		b.t.Fatalf("%s (%d) has no button %q: %s", b.at, b.status, words, b.text())
	}
	form := button.Closest("form")
	values := successful(form)
	if name, ok := button.Attr("name"); ok {
		values.Set(name, button.AttrOr("value", ""))
	}
	for name, typed := range b.typed {
		if form.Find(`[name="`+name+`"]`).Length() == 0 {
			b.t.Fatalf("the form at %s has no field %s", b.at, name)
		}
		values[name] = typed
	}
	return b.post(form.AttrOr("action", b.at), values)
}

// post sends a form that need not stand on a page.
func (b *browser) post(path string, values url.Values) *browser {
	b.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, b.p.url+path, strings.NewReader(values.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(r)
}

// successful are the fields that a browser sends of a form as it stands.
func successful(form *goquery.Selection) url.Values {
	values := url.Values{}
	form.Find("input[name], select[name], textarea[name]").Each(func(_ int, f *goquery.Selection) {
		name := f.AttrOr("name", "")
		switch kind := f.AttrOr("type", ""); {
		case goquery.NodeName(f) == "select":
			chosen := f.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = f.Find("option").First()
			}
			values.Add(name, chosen.AttrOr("value", chosen.Text()))
		case goquery.NodeName(f) == "textarea":
			values.Add(name, f.Text())
		case (kind == "checkbox" || kind == "radio") && f.Is("[checked]"):
			values.Add(name, f.AttrOr("value", "on"))
		case kind != "checkbox" && kind != "radio" && kind != "file":
			values.Add(name, f.AttrOr("value", ""))
		}
	})
	return values
}

// said are the words of a part of a page.
func said(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

func (b *browser) text() string { return said(b.doc.Find("main")) }

// sees fails unless the page answers with a status and says all the words.
func (b *browser) sees(status int, words ...string) *browser {
	b.t.Helper()
	if b.status != status {
		b.t.Errorf("%s: status %d, want %d: %s", b.at, b.status, status, b.text())
	}
	for _, w := range words {
		if !strings.Contains(said(b.doc.Selection), w) {
			b.t.Errorf("%s does not say %q: %s", b.at, w, b.text())
		}
	}
	return b
}

// wrong is what the page says at each field, and that the summary links to it.
func (b *browser) wrong() map[string]string {
	all := map[string]string{}
	b.doc.Find("[aria-invalid=true]").Each(func(_ int, f *goquery.Selection) {
		name := f.AttrOr("name", "")
		all[name] = said(b.doc.Find("#" + name + "-e"))
		if b.doc.Find(`[role=alert] a[href="#`+f.AttrOr("id", name)+`"]`).Length() == 0 && b.doc.Find("[role=alert]").Length() > 0 {
			b.t.Errorf("%s: the summary does not lead to %s", b.at, name)
		}
	})
	return all
}

// mails are those to an address, the newest first.
func (p *portal) mails(t testing.TB, email string) []store.Mail {
	t.Helper()
	all, err := p.store.DemoMail(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(m store.Mail) bool { return m.Email != email })
}

// mailed is the link of the newest mail to an address.
func (p *portal) mailed(t testing.TB, email string) string {
	t.Helper()
	all := p.mails(t, email)
	if len(all) == 0 {
		t.Fatalf("no mail to %s", email)
	}
	return all[0].Link
}
