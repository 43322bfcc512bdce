package store

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"irm/influence"
)

// ClaimReceipt is the receipt of a confirmed claim: of the decision's entry, with
// what its page says of it.
type ClaimReceipt struct {
	Receipt
	Claim, Partner, PartnerNo, LAR, Decision string
	DecidedBy                                string
	At                                       time.Time
	Sealed                                   bool // else the entry gets its place within a second, and there is no receipt yet
}

// ClaimReceipt returns the receipt of a confirmed claim. A partner's shows what the
// decision says of that partner and its claim, and proves it without telling who
// else was meant. It is ErrNotFound for a claim that is not confirmed, or that the
// actor does not see.
func (v Session) ClaimReceipt(ctx context.Context, ref string) (x ClaimReceipt, err error) {
	c, err := v.claim(ctx, v.s.read, influence.ViewClaims, ref)
	if err != nil {
		return x, wrap(err)
	}
	if c.State != influence.ClaimConfirmed {
		return x, influence.ErrNotFound
	}
	var entry, lar string
	var at int64
	err = v.s.read.QueryRowContext(ctx, `SELECT d.entry_id, d.lar_id, d.ref, d.recorded_at, p.name, p.partner_no, coalesce(l.name, 'Microsoft'), coalesce(m.name, '')
		FROM decisions d JOIN partners p ON p.id = $2 LEFT JOIN lars l ON l.id = d.lar_id LEFT JOIN members m ON m.id = d.member_id WHERE d.id = $1`, c.DecidedBy, c.PartnerID).
		Scan(&entry, &lar, &x.Decision, &at, &x.Partner, &x.PartnerNo, &x.LAR, &x.DecidedBy)
	if err != nil {
		return x, wrap(err)
	}
	x.Claim, x.At = c.Ref, micros(at)
	may := everyLine
	if v.actor.Role != influence.RoleStaff && lar != v.actor.OrgID {
		may = claimLines(c.Ref, x.PartnerNo)
	}
	x.Receipt, err = v.receipt(ctx, entry, may)
	if errors.Is(err, influence.ErrNotFound) { // not sealed yet
		return x, nil
	}
	x.Sealed = err == nil
	return x, err
}

func everyLine(all []Line) []Line { return all }

// claimLines leaves of a decision what it says of itself, of one claim and of one
// partner's share.
func claimLines(claim, partnerNo string) func([]Line) []Line {
	return func(all []Line) (shown []Line) {
		own := map[string]bool{`became."ref"`: true, `became."from"`: true, `became."basis"`: true, `became."note"`: true, `became."claims".` + quoted(claim): true}
		share := "-" // no path begins so
		for _, l := range all {
			if strings.HasPrefix(l.Path, `became."shares".`) && strings.HasSuffix(l.Path, `."partner_id"`) && l.Value == quoted(partnerNo) {
				share = strings.TrimSuffix(l.Path, `"partner_id"`)
			}
		}
		for _, l := range all {
			if own[l.Path] || strings.HasPrefix(l.Path, share) {
				shown = append(shown, l)
			}
		}
		return shown
	}
}

func quoted(s string) string {
	text, _ := json.Marshal(s) // a text has JSON
	return string(text)
}
