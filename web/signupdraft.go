package web

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"irm/influence"
)

// draftKept is how long a browser keeps what was typed into the sign-up page. It
// is kept there alone, in a cookie: the portal stores nothing of somebody who has
// not sent anything, and its answers don't depend on who is known.
const draftKept = 14 * 24 * time.Hour

// mostDraft bounds the cookie, in bytes; browsers take 4,096.
const mostDraft = 3000

// signUpDraft is what was typed, without the password.
type signUpDraft struct {
	Name      string `json:"name,omitempty"`
	Email     string `json:"email,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Company   string `json:"company,omitempty"`
	PartnerNo string `json:"partner_id,omitempty"`
	Level     string `json:"level,omitempty"`
	State     string `json:"state,omitempty"`
	Until     int64  `json:"until"` // seconds since 1970; a browser may keep it longer than it should
}

func (s *server) draftCookie() string {
	if s.secure() {
		return "__Host-draft"
	}
	return "draft"
}

// keepDraft has the browser keep what was typed, and reports whether it is little
// enough. Nothing typed is nothing kept.
func (r *request) keepDraft(u influence.SignUp) bool {
	d := signUpDraft{Name: u.Name, Email: u.Email, Phone: u.Phone, Company: u.Company, PartnerNo: u.PartnerNo, Level: u.Level, State: u.State}
	if d == (signUpDraft{}) {
		return true
	}
	d.Until = r.s.store.Clock().System().Add(draftKept).Unix()
	text, err := json.Marshal(d)
	value := base64.RawURLEncoding.EncodeToString(text)
	if err != nil || len(value) > mostDraft {
		return false
	}
	r.setDraft(value, int(draftKept/time.Second))
	return true
}

// dropDraft has the browser forget it.
func (r *request) dropDraft() {
	if _, err := r.Cookie(r.s.draftCookie()); err == nil {
		r.setDraft("", -1)
	}
}

func (r *request) setDraft(value string, seconds int) {
	//nolint:gosec // Secure but at a base address of http, where a browser would drop it
	r.SetCookie(&http.Cookie{Name: r.s.draftCookie(), Value: value, Path: "/", HttpOnly: true, Secure: r.s.secure(), SameSite: http.SameSiteLaxMode, MaxAge: seconds})
}

// draft is what the browser keeps, and until when; ok is false for nothing, and for
// what is none or too old.
func (r *request) draft() (u influence.SignUp, until time.Time, ok bool) {
	c, err := r.Cookie(r.s.draftCookie())
	if err != nil || len(c.Value) > mostDraft {
		return u, until, false
	}
	text, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return u, until, false
	}
	var d signUpDraft
	if json.Unmarshal(text, &d) != nil {
		return u, until, false
	}
	until = time.Unix(d.Until, 0)
	left := until.Sub(r.s.store.Clock().System())
	return influence.SignUp{Name: d.Name, Email: d.Email, Phone: d.Phone, Company: d.Company, PartnerNo: d.PartnerNo, Level: d.Level, State: d.State}, until, left > 0 && left <= draftKept
}

// draftUntil says until when the draft is kept, by the program's clock; "" when
// there is none.
func (r *request) draftUntil() string {
	_, until, ok := r.draft()
	if !ok {
		return ""
	}
	return dayText(r.now().Add(until.Sub(r.s.store.Clock().System())), r.zone())
}
