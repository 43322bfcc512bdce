// Package demo makes a complete program of invented companies: partners, LARs,
// two fiscal years of agreements, and work that waits for each of three people.
package demo

import (
	"context"
	"fmt"
	"time"

	"irm/influence"
	"irm/store"

	"golang.org/x/mod/sumdb/note"
)

// Size says how large a program to make.
type Size struct {
	Partners, Agreements int
	Seed                 uint64
}

// Password is the demo's, for its three sign-ins and everybody else in it.
const Password = "influence-demo-2007"

// SignIn is one of the three people to sign in as.
type SignIn struct{ Email, Name, Role string }

// SignIns are the three.
func SignIns() []SignIn {
	return []SignIn{
		{"partner@demo.example", "Dana Ruiz", "Partner"},
		{"lar@demo.example", "Theo Okafor", "LAR"},
		{"staff@demo.example", "Maya Kim", "Microsoft"},
	}
}

// world is the program while it is made.
type world struct {
	dice
	size     Size
	zone     *time.Location
	now      time.Time
	today    influence.Day
	names    names
	lars     []lar
	partners []partner
	hash     string // of the password

	contested []contested
	manager   string // member of Microsoft who rules
}

// lar and partner are organizations with the member who acts for them.
type lar struct {
	store.LoadedLAR
	weight int
}

type partner struct {
	store.LoadedPartner
	lars []int // connected to
}

// Fill makes a program in an empty database. Its clock says what day it is.
func Fill(ctx context.Context, s *store.Store, key note.Signer, size Size, passwordHash string) error {
	c := s.Clock()
	w := &world{dice: newDice(size.Seed), size: size, zone: c.Zone, now: c.Program(), today: c.Today(), hash: passwordHash,
		names: names{map[string]bool{}}}
	err := s.Load(ctx, key, func(l *store.Loader) error {
		for _, fill := range []func(*store.Loader) error{w.fillLARs, w.fillPartners, w.fillStaff, w.fillAgreements, w.fillIntents} {
			if err := fill(l); err != nil {
				return err
			}
		}
		return nil
	})
	for _, fill := range []func(context.Context, *store.Store) error{w.fillDisputes, w.fillFitting} {
		if err == nil {
			err = fill(ctx, s)
		}
	}
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return nil
}

// at is an instant on a day, during office hours.
func (w *world) at(day influence.Day) time.Time {
	t, _ := time.ParseInLocation(time.DateOnly, string(day), w.zone)
	t = t.Add(9*time.Hour + time.Duration(w.IntN(8*3600))*time.Second)
	if t.After(w.now) {
		t = w.now.Add(-time.Duration(1+w.IntN(1800)) * time.Second)
	}
	return t
}

// fillLARs makes 18 LARs: 13 Ready, one Signed, four Invited.
func (w *world) fillLARs(l *store.Loader) error {
	for i, name := range larNames {
		status, planned := influence.LARReady, influence.Day("")
		switch {
		case i == 13:
			status, planned = influence.LARSigned, "2007-05-14"
		case i > 13:
			status, planned = influence.LARInvited, influence.Day(fmt.Sprintf("2007-%02d-01", 6+i-14))
		}
		p := store.PastLAR{Slug: slug(name), Name: name, Status: status, PlannedOn: planned, At: w.at(influence.Day("2005-05-16").AddDays(i * 3)),
			Member: store.PastMember{Name: w.person(), Email: fmt.Sprintf("desk@%s.example", slug(name)), Rank: influence.RankOwner, Password: w.hash}}
		if i == 0 {
			p.Member = store.PastMember{Name: "Theo Okafor", Email: "lar@demo.example", Rank: influence.RankOwner, Password: w.hash}
		}
		loaded, err := l.LAR(p)
		if err != nil {
			return err
		}
		w.lars = append(w.lars, lar{loaded, 3 + w.IntN(8)})
	}
	w.lars[0].weight, w.lars[ready].weight = 8, 2 // the one that only signed brings little yet
	return nil
}

// ready are how many LARs decide.
const ready = 13

// fillPartners makes partners of all levels; some are known from the roster only.
func (w *world) fillPartners(l *store.Loader) error {
	for i := range w.size.Partners {
		name := w.names.unique(w.partnerName)
		p := store.PastPartner{Name: name, No: fmt.Sprint(1_000_000 + i*2_311 + w.IntN(2_000)), Level: w.level(), State: w.state(), City: pick(w.dice, places),
			Website: "https://www." + slug(name) + ".example", At: w.at(influence.Day("2005-06-01").AddDays(w.IntN(420))), Enrolled: i == 0 || w.in(85),
			Member: store.PastMember{Name: w.person(), Email: fmt.Sprintf("office@%s.example", slug(name)), Rank: influence.RankOwner, Password: w.hash}}
		if i == 0 {
			p.Name, p.Level, p.State, p.City, p.Website = "Granite State Networks", influence.Certified, "NH", "Concord", "https://www.granitestate.example"
			p.Member = store.PastMember{Name: "Dana Ruiz", Email: "partner@demo.example", Rank: influence.RankOwner, Password: w.hash}
			p.At = w.at("2005-06-20")
		}
		loaded, err := l.Partner(p)
		if err != nil {
			return err
		}
		made := partner{LoadedPartner: loaded}
		if p.Enrolled {
			if made.lars, err = w.connect(l, loaded, i == 0); err != nil {
				return err
			}
		}
		w.partners = append(w.partners, made)
	}
	return nil
}

func (w *world) level() influence.Level {
	switch n := w.IntN(100); {
	case n < 14:
		return influence.Gold
	case n < 48:
		return influence.Certified
	}
	return influence.Registered
}

// connect gives a partner one to four LARs, and sometimes a request that waits.
func (w *world) connect(l *store.Loader, p store.LoadedPartner, main bool) (connected []int, err error) {
	n := 1 + w.IntN(4)
	order := w.Perm(ready)
	if main {
		order, n = []int{0, 1, 2, 3, 4}, 3
	}
	for k, i := range order[:n+1] {
		state, at := influence.ConnectionAccepted, w.at(influence.Day("2005-07-05").AddDays(w.IntN(500)))
		if k == n {
			if !main && !w.in(8) {
				break
			}
			waits := 1 + w.IntN(8)
			if !main && w.in(25) { // its LAR and the owners let their time pass
				waits = 17
			}
			state, at = influence.ConnectionAsked, w.at(influence.AddBusinessDays(w.today, -waits))
		}
		if err := l.Connection(p, w.lars[i].LoadedLAR, state, at); err != nil {
			return nil, err
		}
		if state == influence.ConnectionAccepted {
			connected = append(connected, i)
		}
	}
	return connected, nil
}

// fillStaff makes Microsoft's members and applications that wait for them.
func (w *world) fillStaff(l *store.Loader) error {
	err := l.Staff(store.PastMember{Name: "Maya Kim", Email: "staff@demo.example", Rank: influence.RankAdministrator, Password: w.hash}, w.at("2005-05-02"))
	if err == nil {
		err = l.Staff(store.PastMember{Name: managerName, Email: managerEmail, Rank: influence.RankManager, Password: w.hash}, w.at("2005-05-09"))
	}
	if err != nil {
		return err
	}
	for range 7 {
		name := w.names.unique(w.partnerName)
		err := l.Application(store.PastApplication{Company: name, Name: w.person(), Email: "new@" + slug(name) + ".example", PartnerNo: fmt.Sprint(9_000_000 + w.IntN(900_000)),
			Level: influence.Registered, State: w.state(), Why: "Registered partners are looked at by a partner manager.", At: w.at(influence.AddBusinessDays(w.today, -w.IntN(6)-1))})
		if err != nil {
			return err
		}
	}
	return nil
}

func slug(name string) string {
	var b []byte
	for _, r := range name {
		switch {
		case r >= 'A' && r <= 'Z':
			b = append(b, byte(r)+32)
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b = append(b, byte(r))
		}
	}
	return string(b)
}
