package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"irm/influence"
	"irm/sheet"
)

// EvidenceFile is a file that shows what a claim says, or a statement without one:
// that has no Kind.
type EvidenceFile struct {
	Ref, Name, Statement, By string
	Kind                     influence.EvidenceKind
	Bytes                    int64
	At                       time.Time
}

// evidenceRecord is what the ledger keeps of a file: what it is, not what it says.
type evidenceRecord struct {
	Ref    string                 `json:"ref"`
	Claim  string                 `json:"claim"`
	Kind   influence.EvidenceKind `json:"kind"`
	Bytes  int64                  `json:"bytes"`
	SHA256 string                 `json:"sha256"`
}

// NewEvidence is a file about to be added, with what it shows; or a statement alone.
type NewEvidence struct {
	Name, Statement string
	Data            []byte // nil for a statement alone
}

// check returns the file's kind, "" for a statement alone, and an Invalid that
// names every wrong field.
func (e *NewEvidence) check() (kind influence.EvidenceKind, err error) {
	wrong := influence.Invalid{}
	e.Name, e.Statement = influence.EvidenceName(e.Name), strings.TrimSpace(e.Statement)
	influence.CheckNote(wrong, "statement", e.Statement)
	if e.Name == "" && e.Data == nil {
		wrong.Check(e.Statement != "", "file", "Choose a file, or write a statement.")
		return "", wrong.OrNil()
	}
	if kind, err = influence.ReadEvidence(e.Name, len(e.Data), func(ending string) bool { return sheet.Holds(ending, e.Data) }); err != nil {
		wrong.Check(false, "file", err.Error())
	}
	return kind, wrong.OrNil()
}

// AddEvidence adds a file or a statement to a claim of the actor's company. It is
// an Invalid for a file that is not taken.
func (v Session) AddEvidence(ctx context.Context, ref string, version int64, e NewEvidence) (file string, err error) {
	err = v.asPartner(ctx, ref, version, influence.AddClaimEvidence, func(t *tx, was claim) (claim, error) {
		kind, err := e.check()
		if err != nil {
			return was, err
		}
		if kind == "" && was.State == influence.ClaimDrafted {
			return was, influence.Invalid{"file": "Choose a file. What you say about it stands in the claim’s form."}
		}
		if err := t.roomForEvidence(was); err != nil {
			return was, err
		}
		if file, err = t.keepEvidence(was, kind, e); err != nil {
			return was, err
		}
		return t.evidenced(was, strings.TrimSuffix(strings.TrimPrefix(e.Name+": "+e.Statement, ": "), ": "))
	})
	if err != nil {
		return "", fmt.Errorf("add evidence to claim %s: %w", ref, err)
	}
	return file, nil
}

// evidenced says in a claim's history that evidence was added; its state, turn
// and clock stay.
func (t *tx) evidenced(was claim, note string) (claim, error) {
	c := was
	c.Version = was.Version + 1
	if err := t.must(`UPDATE claims SET version = version + 1 WHERE id = $1 AND version = $2`, c.ID, was.Version); err != nil {
		return c, err
	}
	if err := t.claimEvent(c, turned{action: influence.AddClaimEvidence, code: was.Code, note: note}); err != nil {
		return c, err
	}
	return c, t.touched(c.AgreementID)
}

// roomForEvidence refuses a file too many of a claim, or of a company in a day.
func (t *tx) roomForEvidence(c claim) error {
	var ofClaim, ofDay int64
	err := t.row(`SELECT (SELECT count(*) FROM evidence_files WHERE claim_id = $1),
		(SELECT count(*) FROM (SELECT 1 FROM evidence_files WHERE partner_id = $2 AND added_at > $3 LIMIT $4) AS x)`,
		c.ID, c.PartnerID, t.at.Add(-24*time.Hour).UnixMicro(), influence.EvidencePerDay).Scan(&ofClaim, &ofDay)
	switch {
	case err != nil:
		return err
	case ofClaim >= influence.EvidencePerClaim:
		return influence.Invalid{"file": fmt.Sprintf("A claim has up to %d pieces of evidence. Put what belongs together into one file.", influence.EvidencePerClaim)}
	case ofDay >= influence.EvidencePerDay:
		return influence.Invalid{"file": fmt.Sprintf("Your company added %d pieces of evidence within a day. Add this one tomorrow.", influence.EvidencePerDay)}
	}
	return nil
}

// keepEvidence writes a file, in pieces, with an entry of its own.
func (t *tx) keepEvidence(c claim, kind influence.EvidenceKind, e NewEvidence) (ref string, err error) {
	sum := sha256.Sum256(e.Data)
	r := evidenceRecord{Claim: c.Ref, Kind: kind, Bytes: int64(len(e.Data)), SHA256: hex.EncodeToString(sum[:])}
	id := newID("fil", t.at)
	ref, err = t.referred("FIL", func(ref string) (int64, error) {
		return t.exec(`INSERT INTO evidence_files (id, ref, claim_id, partner_id, name, kind, bytes, sha256, statement, member_id, added_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (ref) DO NOTHING`,
			id, ref, c.ID, c.PartnerID, e.Name, string(kind), r.Bytes, r.SHA256, e.Statement, t.who.MemberID, t.at.UnixMicro())
	})
	if err != nil {
		return "", err
	}
	r.Ref = ref
	return ref, t.apart(influence.EditClaims, func() (change, error) {
		if kind == "" {
			return change{ref, nil, r}, nil
		}
		return change{ref, nil, r}, t.keepContent(id, e.Data)
	})
}

// keepContent writes what a file holds.
func (t *tx) keepContent(id string, data []byte) error {
	p := &pieces{keep: func(n int64, data []byte) error {
		return t.later(`INSERT INTO evidence_pieces (file_id, n, data) VALUES ($1, $2, $3)`, id, n, data)
	}}
	if _, err := p.Write(data); err != nil {
		return err
	}
	return p.flush()
}

// RemoveEvidence takes a file off a draft, whose version it is, and returns the
// draft's reference.
func (v Session) RemoveEvidence(ctx context.Context, ref string, version int64) (claimRef string, err error) {
	err = v.do(ctx, influence.EditClaims, func(t *tx) (change, error) {
		var id string
		err := t.row(`SELECT f.id, c.ref FROM evidence_files f CROSS JOIN claims c WHERE `+v.visible(influence.EditClaims, "c")+` AND f.ref = $2 AND c.id = f.claim_id`,
			v.actor.OrgID, ref).Scan(&id, &claimRef)
		if err != nil {
			return change{}, err
		}
		was, err := v.claim(t.ctx, t.q, influence.EditClaims, claimRef)
		if err != nil {
			return change{}, err
		}
		if was.State != influence.ClaimDrafted {
			return change{}, influence.Refusal("Evidence of a claim that was submitted stays. Add what corrects it.")
		}
		if was.Version != version {
			return change{}, influence.ErrConflict
		}
		for _, query := range []string{`DELETE FROM evidence_pieces WHERE file_id = $1`, `DELETE FROM evidence_files WHERE id = $1`} {
			if err := t.later(query, id); err != nil {
				return change{}, err
			}
		}
		return change{ref, map[string]string{"claim": claimRef}, nil}, nil
	})
	if err != nil {
		return claimRef, fmt.Errorf("remove evidence %s: %w", ref, err)
	}
	return claimRef, nil
}

// evidenceSeen is the condition under which an actor that sees claim c sees its
// files: a LAR keeps none of a claim that was taken back or ran out before it was
// decided, and drafts are their company's.
func (v Session) evidenceSeen() string {
	switch v.actor.Role {
	case influence.RolePartner:
		return v.visible(influence.ViewClaims, "c")
	case influence.RoleLAR:
		return v.visible(influence.ViewClaims, "c") + ` AND c.state NOT IN ('draft', 'withdrawn', 'expired')`
	}
	return v.visible(influence.ViewClaims, "c") + ` AND c.state <> 'draft'`
}

// evidenceOf lists the files of a claim that the actor sees, the oldest first.
func (v Session) evidenceOf(ctx context.Context, claimID string) ([]EvidenceFile, error) {
	rows, err := v.s.read.QueryContext(ctx, `SELECT f.ref, f.name, f.statement, coalesce(m.name, 'Operator'), f.kind, f.bytes, f.added_at
		FROM claims c CROSS JOIN evidence_files f LEFT JOIN members m ON m.id = f.member_id
		WHERE `+v.evidenceSeen()+` AND c.id = $2 AND f.claim_id = c.id ORDER BY f.id LIMIT 100`, v.actor.OrgID, claimID)
	return collect(rows, err, func(row scanner) (f EvidenceFile, err error) {
		var at int64
		err = row.Scan(&f.Ref, &f.Name, &f.Statement, &f.By, &f.Kind, &f.Bytes, &at)
		f.At = micros(at)
		return f, err
	})
}

// EvidenceContent returns a file of a claim that the actor sees, and its bytes.
func (v Session) EvidenceContent(ctx context.Context, ref string) (f EvidenceFile, data []byte, err error) {
	var id string
	err = v.s.read.QueryRowContext(ctx, `SELECT f.id, f.ref, f.name, f.kind, f.bytes FROM evidence_files f CROSS JOIN claims c
		WHERE `+v.evidenceSeen()+` AND f.ref = $2 AND c.id = f.claim_id AND f.kind <> ''`, v.actor.OrgID, ref).Scan(&id, &f.Ref, &f.Name, &f.Kind, &f.Bytes)
	if err != nil {
		return f, nil, wrap(err)
	}
	var b bytes.Buffer
	if err := v.readEvidence(ctx, id, &b); err != nil {
		return f, nil, wrap(err)
	}
	return f, b.Bytes(), nil
}

func (v Session) readEvidence(ctx context.Context, id string, w io.Writer) error {
	rows, err := v.s.read.QueryContext(ctx, `SELECT data FROM evidence_pieces WHERE file_id = $1 ORDER BY n LIMIT 100`, id)
	return scanEach(rows, err, func(row scanner) error {
		var data []byte
		if err := row.Scan(&data); err != nil {
			return err
		}
		_, err := w.Write(data)
		return err
	})
}
