package web

import (
	"net/http"

	"irm/store"

	"github.com/gorilla/sessions"
)

// sessionStore keeps sessions as rows of our own behind gorilla's interface: the
// cookie is 256 random bits, the database has only their hash, and rights are
// read anew at each request.
type sessionStore struct {
	store  *store.Store
	secure bool
}

// cookieName is the session's: browsers give __Host- cookies to this host alone.
func cookieName(secure bool) string {
	if secure {
		return "__Host-sid"
	}
	return "sid"
}

// Get returns the session of a request.
func (s *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New returns the session that a cookie names, an empty one if it names none.
func (s *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	ses := sessions.NewSession(s, name)
	ses.Options = &sessions.Options{Path: "/", HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode, MaxAge: maxSession}
	ses.IsNew = true
	if c, err := r.Cookie(name); err == nil && len(c.Value) <= 128 {
		ses.ID, ses.IsNew = c.Value, false
	}
	return ses, nil
}

// maxSession is how long a browser keeps the cookie, in seconds; the row ends
// the session earlier.
const maxSession = 30 * 24 * 3600

// Save sets the cookie of a session that has been started, or removes it.
func (s *sessionStore) Save(_ *http.Request, w http.ResponseWriter, ses *sessions.Session) error {
	value := ses.ID
	if ses.Options.MaxAge < 0 {
		value = ""
	}
	http.SetCookie(w, sessions.NewCookie(ses.Name(), value, ses.Options))
	return nil
}
