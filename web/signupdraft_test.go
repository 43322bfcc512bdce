package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"irm/store/storetest"
)

// half fills in half of the sign-up page.
func (b *browser) half() *browser {
	b.t.Helper()
	return b.visit("/signup").fill("name", "Ann <b>Birch").fill("email", "ann@birch.example").fill("password", strong).fill("company", "Birch & Söhne").fill("partner_id", "220044").
		fill("level", "certified").fill("state", "VT").fill("phone", "(802) 555-0101")
}

// draft is what the sign-up page has in its form.
func (b *browser) draft() url.Values {
	b.t.Helper()
	b.visit("/signup").sees(200, "Enroll your company")
	form := successful(b.doc.Find("form[action='/signup']:has([name=email])"))
	form.Del("terms")
	for name := range form {
		if form.Get(name) == "" {
			form.Del(name)
		}
	}
	return form
}

// TestSignUpIsKeptForLater: what was typed is there again in the same browser, the
// password never, also half filled in, after a mistake and after sending; nowhere
// else, and nothing of it in the database. It ends when it is discarded, when its
// time is over and when the person is in.
func TestSignUpIsKeptForLater(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		b := p.browser(t)
		if got := b.draft(); len(got) != 0 {
			t.Fatalf("an empty page has %v", got)
		}
		b.visit("/signup").fill("company", "Birch").press("Save for later").sees(200, "kept in this browser until 30 Apr 2007")
		if got := b.draft().Encode(); got != "company=Birch" {
			t.Errorf("of a company alone is kept %s", got)
		}
		b.press("Discard it").sees(200, "Enroll your company")
		if got := b.draft(); len(got) != 0 {
			t.Errorf("discarded, the page has %v", got)
		}
		whole := url.Values{"name": {"Ann <b>Birch"}, "email": {"ann@birch.example"}, "company": {"Birch & Söhne"}, "partner_id": {"220044"}, "level": {"certified"}, "state": {"VT"}, "phone": {"(802) 555-0101"}}
		b.half().fill("password", "short").press("Send application").sees(422, "15 characters")
		if got := b.draft(); got.Encode() != whole.Encode() {
			t.Errorf("after a mistake it has %v", got)
		}
		b.half().press("Send application").sees(200, "Check your mail", "No mail? Look at what you typed")
		if got := b.draft(); got.Encode() != whole.Encode() {
			t.Errorf("after sending it has %v", got)
		}
		if got := p.browser(t).draft(); len(got) != 0 {
			t.Errorf("another browser has %v", got)
		}
		b.visit(p.mailed(t, "ann@birch.example")).press("Confirm my address").sees(200, "Your company is enrolled.")
		b.visit("/").press("Sign out")
		if got := b.draft(); len(got) != 0 {
			t.Errorf("enrolled, the page has %v", got)
		}
	})
}

// TestSignUpDraftEnds: with its time, whatever the browser thinks of it.
func TestSignUpDraftEnds(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t)
	b.half().press("Save for later").sees(200, "kept in this browser")
	p.pass(draftKept - time.Hour)
	if got := b.draft(); got.Get("company") != "Birch & Söhne" {
		t.Errorf("within its time the page has %v", got)
	}
	p.pass(2 * time.Hour)
	if got := b.draft(); len(got) != 0 {
		t.Errorf("after its time the page has %v", got)
	}
}

// TestSignUpDraftIsNotStored: a draft is the browser's; the records are as before.
func TestSignUpDraftIsNotStored(t *testing.T) {
	w := newWorld(t, worlds.SQLite(t))
	before := storetest.Hash(t, w.db, "goose_db_version")
	kind, body := formBody(url.Values{"do": {"save"}, "name": {"Ann Birch"}, "email": {"owner@alder.example"}, "company": {"Birch"}})
	if got := w.ask(t, "", "POST", "/signup", kind, body); got.status != 303 {
		t.Errorf("saving is answered %d", got.status)
	}
	if storetest.Hash(t, w.db, "goose_db_version") != before {
		t.Error("records changed")
	}
}

// TestSignUpTooLongToKeep: it is said, and stays on the page.
func TestSignUpTooLongToKeep(t *testing.T) {
	b := onSQLite(t).browser(t)
	long := strings.Repeat("long ", 700)
	b.visit("/signup").fill("company", long).press("Save for later").sees(422, "too long to be kept")
	if got := successful(b.doc.Find("form[action='/signup']:has([name=email])")).Get("company"); got != strings.TrimSpace(long) && got != long {
		t.Errorf("the page lost what was typed: %.40q", got)
	}
}

// TestSignUpDraftOfAnything: a cookie that is none is as if there were none.
func TestSignUpDraftOfAnything(t *testing.T) {
	w := newWorld(t, worlds.SQLite(t))
	for _, value := range []string{"x", "e30", "bnVsbA", "eyJ1bnRpbCI6OTk5OTk5OTk5OTk5OTl9", strings.Repeat("a", 5000)} {
		resp, text := w.raw(t, bareClient(), "", "GET", "/signup", map[string]string{"Cookie": "draft=" + value}, "", nil)
		if resp.StatusCode != 200 || strings.Contains(text, "kept in this browser") {
			t.Errorf("%.20q: %d", value, resp.StatusCode)
		}
	}
}
