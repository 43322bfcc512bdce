package store

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"irm/influence"
)

// confirmedClaim has Alder's and Birch's claims on one agreement answered: Alder's
// is confirmed, Birch's rejected.
func confirmedClaim(t testing.TB, s *Store) (p program, claim, other string) {
	t.Helper()
	p = begun(t, s)
	agreement := booked(t, s, p, "E1")
	claim, other = claimed(t, s, p, p.alder, "E1"), claimed(t, s, p, p.birch, "E1")
	draft := wholly(p.alder, versionOf(t, s, agreement))
	draft.Code, draft.Note = "influence_not_shown", "Seen at the launch."
	_, err := s.As(larActor(p.north)).Decide(t.Context(), agreement, draft)
	must(t, err)
	key, _ := ownSigner(t, s)
	sealAll(t, s, key)
	return p, claim, other
}

// TestReceiptShowsItsHoldersPartAlone: the receipt of a confirmed claim proves the
// decision with the portal's key alone; the partner's shows its own claim and
// share, and nothing of a rival; the LAR's and Microsoft's show all.
func TestReceiptShowsItsHoldersPartAlone(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p, claim, other := confirmedClaim(t, s)
		_, public := ownSigner(t, s)
		for _, c := range []struct {
			who influence.Actor
			all bool
		}{{partnerActor(p.alder), false}, {larActor(p.north), true}, {staffActor(), true}} {
			r, err := s.As(c.who).ClaimReceipt(t.Context(), claim)
			must(t, err)
			if !r.Sealed || r.Claim != claim || r.Partner != p.alder.Name || r.LAR != "north Licensing" {
				t.Errorf("%s: %+v", c.who.OrgName, r)
			}
			file, err := json.Marshal(r.Receipt)
			must(t, err)
			read, err := ReadReceipt(file)
			must(t, err)
			must(t, read.Check(public))
			shows := func(path, value string) bool {
				return slices.ContainsFunc(read.Shown, func(l Line) bool { return l.Path == path && l.Value == value })
			}
			if !shows(`became."claims"."`+claim+`"`, `"confirmed"`) || !shows(`became."shares".0."points"`, `10000`) || !shows(`became."note"`, `"Seen at the launch."`) {
				t.Errorf("%s: shown %v", c.who.OrgName, read.Shown)
			}
			if got := strings.Contains(string(file), other); got != c.all {
				t.Errorf("%s: the rival's claim is shown: %v", c.who.OrgName, got)
			}
		}
	})
}

// TestReceiptsAreTheirOwners: others have no receipt, nor has a claim that is not
// confirmed, or not any more.
func TestReceiptsAreTheirOwners(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p, claim, other := confirmedClaim(t, s)
		for _, c := range []struct {
			who   influence.Actor
			claim string
		}{{partnerActor(p.birch), claim}, {partnerActor(p.cedar), claim}, {larActor(p.south), claim}, {partnerActor(p.birch), other}, {staffActor(), other}, {staffActor(), "CLM-000000"}} {
			if _, err := s.As(c.who).ClaimReceipt(t.Context(), c.claim); !errors.Is(err, influence.ErrNotFound) {
				t.Errorf("%s: %v", c.who.OrgName, err)
			}
		}
		agreement := texts(t, s, `SELECT ref FROM agreements WHERE number = 'E1'`)[0]
		decision := texts(t, s, `SELECT ref FROM decisions`)[0]
		must(t, s.As(larActor(p.north)).UndoDecision(t.Context(), agreement, decision, versionOf(t, s, agreement)))
		if _, err := s.As(partnerActor(p.alder)).ClaimReceipt(t.Context(), claim); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("undone: %v", err)
		}
	})
}

// TestForgedReceiptIsRefused: nothing of a receipt can be another.
func TestForgedReceiptIsRefused(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p, claim, _ := confirmedClaim(t, s)
		_, public := ownSigner(t, s)
		for what, forge := range map[string]func(*Receipt){
			"claim":     func(r *Receipt) { r.Shown[0].Value = `"forged"` },
			"path":      func(r *Receipt) { r.Shown[0].Path += "x" },
			"salt":      func(r *Receipt) { r.Shown[0].Salt += "x" },
			"line":      func(r *Receipt) { r.Shown[0].N = 1000 },
			"other":     func(r *Receipt) { r.Shown[0].N++ },
			"hidden":    func(r *Receipt) { r.Entry.Lines[len(r.Entry.Lines)-1] += "x" },
			"member":    func(r *Receipt) { r.Entry.MemberID += "x" },
			"day":       func(r *Receipt) { r.Entry.At++ },
			"nonce":     func(r *Receipt) { r.Entry.Nonce += "x" },
			"number":    func(r *Receipt) { r.Seq-- },
			"name":      func(r *Receipt) { r.Hash = strings.Replace(r.Hash, "-", "-0", 1) },
			"proof":     func(r *Receipt) { r.Proof[0][0] ^= 1 },
			"root":      func(r *Receipt) { r.Checkpoint = strings.Replace(r.Checkpoint, "\n", "\n1", 1) },
			"signature": func(r *Receipt) { r.Checkpoint = r.Checkpoint[:len(r.Checkpoint)-8] + "AAAAAAA\n" },
			"old entry": func(r *Receipt) { r.Entry.Version = 0 },
		} {
			r, err := s.As(partnerActor(p.alder)).ClaimReceipt(t.Context(), claim)
			must(t, err)
			must(t, r.Check(public))
			forge(&r.Receipt)
			if err := r.Check(public); !errors.Is(err, ErrProof) {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

// TestAnybodyLearnsWhetherAReceiptIsGenuine: its name tells the number, the day and
// a checkpoint; a name that is not an entry's tells nothing.
func TestAnybodyLearnsWhetherAReceiptIsGenuine(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p, claim, _ := confirmedClaim(t, s)
		r, err := s.As(partnerActor(p.alder)).ClaimReceipt(t.Context(), claim)
		must(t, err)
		_, public := ownSigner(t, s)
		g, err := nobody(s).Genuine(t.Context(), r.Hash)
		if err != nil || g.Seq != r.Seq || g.On != "2007-04-16" || len(g.Keys) != 1 {
			t.Errorf("%+v, %v", g, err)
		}
		if _, err := openCheckpoint(g.Checkpoint, public); err != nil {
			t.Error(err)
		}
		_, hash, _ := strings.Cut(r.Hash, "-")
		for _, name := range []string{"", "-", "x", hash, "1-" + hash, "0" + r.Hash, "+" + r.Hash, r.Hash + "0", strings.ToUpper(r.Hash), "-1-" + hash, "99999999999999999999-" + hash} {
			if _, err := nobody(s).Genuine(t.Context(), name); !errors.Is(err, influence.ErrNotFound) {
				t.Errorf("%q: %v", name, err)
			}
		}
	})
}
