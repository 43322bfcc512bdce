package web

import (
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"irm/influence"
	"irm/store/storetest"
)

// permission is one line of docs/permissions.csv: what each role is answered.
type permission struct {
	method, path, action string
	thing, inside        string // what stands in the address, and what of another's in the form
	changes              string // whose accepted request changes records: yes for everybody's, or some roles
	status               map[string]int
	role                 string // who asks
}

// roles are who asks: the columns of the file, by their member's address.
func roles() map[string]string {
	return map[string]string{
		"nobody": "", "removed": "removed@alder.example", "suspended": "suspended@alder.example", "elm": "owner@elm.example", "applicant": "owner@fir.example",
		"alder": "owner@alder.example", "alder_member": "member@alder.example", "birch": "owner@birch.example", "cedar": "owner@cedar.example",
		"north": "owner@north.example", "north_member": "member@north.example", "south": "owner@south.example",
		"alder_stale": "owner@alder.example", "no_second": "owner@north.example", // proved long ago, and never by a second factor
		"manager": "manager@microsoft.example", "administrator": "administrator@microsoft.example",
		"view_alder": "administrator@microsoft.example", "view_north": "manager@microsoft.example",
	}
}

// permissions reads the file. It is written by hand, from what the program is to
// allow, never from the code.
func permissions(t testing.TB) (all []permission) {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "docs", "permissions.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		p := permission{method: row[0], path: row[1], action: row[2], changes: row[4], status: map[string]int{}}
		p.thing, p.inside, _ = strings.Cut(row[3], " + ")
		for i, role := range rows[0][5:] {
			if p.status[role], err = strconv.Atoi(row[5+i]); err != nil {
				t.Fatalf("%v: %v", row, err)
			}
		}
		all = append(all, p)
	}
	return all
}

// TestASVS_8_1_1_EveryRouteHasItsPermissions: the file names every route, and no other, and
// says of each role what it is answered.
func TestASVS_8_1_1_EveryRouteHasItsPermissions(t *testing.T) {
	written := map[string]bool{}
	for _, p := range permissions(t) {
		written[p.method+" "+p.path] = true
		for role := range roles() {
			if p.status[role] == 0 {
				t.Errorf("%s %s says nothing of %s", p.method, p.path, role)
			}
		}
	}
	for _, r := range new(server).routes() {
		if !written[r.method+" "+r.path] {
			t.Errorf("docs/permissions.csv lacks %s %s", r.method, r.path)
		}
		delete(written, r.method+" "+r.path)
	}
	for at := range written {
		t.Errorf("docs/permissions.csv has %s, which is no route", at)
	}
}

// TestEachRouteHasTheWrittenAction: the site map alone refuses what the file says,
// also where the store would refuse it too.
func TestEachRouteHasTheWrittenAction(t *testing.T) {
	action := map[string]string{}
	for _, r := range new(server).routes() {
		action[r.method+" "+r.path] = string(r.action)
	}
	for _, p := range permissions(t) {
		if at := p.method + " " + p.path; action[at] != p.action {
			t.Errorf("%s asks for %q, and docs/permissions.csv says %q", at, action[at], p.action)
		}
	}
}

// TestASVS_3_5_3_8_2_1_8_2_2_8_4_1_Matrix asks for everything as everybody, for what is one's own, what is
// another's of the same role, and what is not there: each gets the status that
// is written, and records change only where the file says so. What is refused
// is the same request that is accepted from who may.
func TestASVS_3_5_3_8_2_1_8_2_2_8_4_1_Matrix(t *testing.T) {
	all := permissions(t)
	var n cells
	for kind, fresh := range map[string]func(testing.TB) string{"sqlite": worlds.SQLite, "postgres": worlds.Postgres} {
		t.Run(kind, func(t *testing.T) {
			for role := range roles() {
				t.Run(role, func(t *testing.T) {
					t.Parallel()
					asked(t, all, matrixRole{role: role, fresh: fresh, cells: &n})
				})
			}
		})
	}
	storetest.Figure(t, "S1", "%d cells on two databases, %d unexpected", n.asked.Load(), n.unexpected.Load())
}

// cells counts what was asked for, and how often the answer was not the written one.
type cells struct{ asked, unexpected atomic.Int64 }

// matrixRole is who asks for everything, where it finds its worlds, and where the
// answers are counted.
type matrixRole struct {
	role  string
	fresh func(testing.TB) string
	*cells
}

// asked asks for everything as one role, in a copy of the world for what changes
// nothing, and in another one for each thing that does.
func asked(t *testing.T, all []permission, m matrixRole) {
	t.Helper()
	var looks, refused, done []permission
	for _, p := range all {
		switch {
		case p.method == "GET":
			looks = append(looks, p)
		case p.accepts(m.role): // it may change what the next one is asked about
			done = append(done, p)
		default:
			refused = append(refused, p)
		}
	}
	w := m.world(t)
	cookie := w.signedIn(t, m.role)
	w.unchangedBy(t, looks, m.role, cookie)
	w.unchangedBy(t, refused, m.role, cookie)
	for _, p := range done {
		t.Run(p.path+" "+p.thing, func(t *testing.T) { accepted(t, m.world(t), p, m.role) })
	}
}

// unchangedBy sends requests that are to change no record. All are sent before the
// records are looked at, and again one by one only when something has changed.
func (w *world) unchangedBy(t *testing.T, all []permission, role, cookie string) {
	t.Helper()
	before := w.facts(t)
	for _, p := range all {
		w.expect(t, p, role, cookie)
	}
	if w.facts(t) == before {
		return
	}
	t.Errorf("%s: what is only looked at or refused changed records", role)
	w.cells = nil // they were counted
	for _, p := range all {
		before = w.facts(t)
		if w.expect(t, p, role, cookie); w.facts(t) != before {
			t.Errorf("%s %s (%s) was answered %d and changed records", p.method, p.path, p.thing, p.status[role])
		}
	}
}

// world is a new one that counts.
func (m matrixRole) world(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, m.fresh(t))
	w.cells = m.cells
	return w
}

// accepts reports whether a role's request is done.
func (p permission) accepts(role string) bool { return p.status[role] < 400 }

// accepted sends a request in a world of its own and checks whether it changed records.
func accepted(t *testing.T, w *world, p permission, role string) {
	t.Helper()
	cookie := w.signedIn(t, role)
	before := w.facts(t)
	w.expect(t, p, role, cookie)
	if changed := w.facts(t) != before; changed != p.changesFor(role) {
		t.Errorf("%s %s (%s) changed records: %v, want %v", p.method, p.path, p.thing, changed, p.changesFor(role))
	}
}

// changesFor reports whether a role's accepted request changes records.
func (p permission) changesFor(role string) bool {
	return p.changes == "yes" || slices.Contains(strings.Fields(p.changes), role)
}

// signedIn returns the cookie of a role. Who was removed or suspended was signed
// in before.
func (w *world) signedIn(t testing.TB, role string) string {
	t.Helper()
	email := roles()[role]
	w.asking = email
	if email == "" {
		return ""
	}
	by := influence.ByPasskey
	if role == "no_second" {
		by = influence.ByPassword
	}
	cookie := w.cookieBy(t, w.who[email], by)
	if role == "alder_stale" {
		if _, err := w.db.Exec(`UPDATE sessions SET proved_at = 0`); err != nil {
			t.Fatal(err)
		}
	}
	w.block(t)
	v := w.store.As(influence.Actor{MemberID: w.who[email], OrgID: influence.Staff, Role: influence.RoleStaff, Rank: influence.RankAdministrator})
	var err error
	switch role {
	case "view_alder":
		err = v.ViewAsPartner(t.Context(), w.things["partner alder"], cookie)
	case "view_north":
		err = v.ViewAsLAR(t.Context(), w.things["lar north"], cookie)
	}
	if err != nil {
		t.Fatal(err)
	}
	return cookie
}

// block removes a member and suspends a partner.
func (w *world) block(t testing.TB) {
	t.Helper()
	for _, query := range []string{`UPDATE members SET active = FALSE WHERE email = 'removed@alder.example'`,
		`UPDATE members SET suspended_at = 1176728400000000 WHERE email = 'suspended@alder.example'`,
		`UPDATE partners SET suspended_at = 1176728400000000 WHERE name = 'elm'`} {
		if _, err := w.db.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
}

// facts is a fingerprint of all records; sessions, counted tries, sign-ins and who
// has looked at a claim are none.
func (w *world) facts(t testing.TB) string {
	t.Helper()
	return storetest.Hash(t, w.db, "sessions", "attempts", "sign_ins", "ceremonies", "openings", "goose_db_version")
}

// expect asks as a role and compares the status.
func (w *world) expect(t testing.TB, p permission, role, cookie string) {
	t.Helper()
	path := w.address(t, p)
	p.role = role
	kind, body := "", io.Reader(nil)
	if p.method != "GET" {
		kind, body = w.body(t, p)
	}
	got := w.ask(t, cookie, p.method, path, kind, body)
	if w.cells != nil {
		w.cells.asked.Add(1)
	}
	if got.status != p.status[role] {
		if w.cells != nil {
			w.cells.unexpected.Add(1)
		}
		t.Errorf("%s %s (%s): %d, want %d", p.method, p.path, p.thing, got.status, p.status[role])
	}
}

// address names the thing in the path.
func (w *world) address(t testing.TB, p permission) string {
	t.Helper()
	if p.thing == "" {
		return p.path
	}
	ref, ok := w.things[p.thing]
	if p.thing == "start" {
		ref, ok = "start", true
	}
	if !ok {
		t.Fatalf("there is no %s", p.thing)
	}
	i := strings.Index(p.path, ":")
	end := strings.Index(p.path[i:], "/")
	if end < 0 {
		return p.path[:i] + ref
	}
	return p.path[:i] + ref + p.path[i+end:]
}
