package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// claimReceipt shows the receipt of a confirmed claim.
func (s *server) claimReceipt(r *request) error {
	x, err := r.store.ClaimReceipt(r.Request().Context(), r.Param("ref"))
	if err != nil {
		return err
	}
	m := views.ReceiptModel{Claim: x.Claim, Facts: []ui.Fact{{Label: "Claim", Value: x.Claim, Href: "/claims/" + x.Claim}, {Label: "Partner", Value: x.Partner},
		{Label: "Confirmed by", Value: x.LAR}, {Label: "Recorded", Value: instantText(x.At, r.zone())}, {Label: "Decision", Value: x.Decision}}}
	if x.Sealed {
		m.File, m.Hash, m.Number, m.Checkpoint = "/claims/"+x.Claim+"/receipt.json", x.Hash, number(x.Seq), x.Checkpoint
		m.Keys, m.Whole = []string{x.Key}, len(x.Shown) == len(x.Entry.Lines)
		m.Shown = shownFacts(x.Receipt)
	}
	return r.html(http.StatusOK, views.Receipt(r.page("Receipt of "+x.Claim), m))
}

// shownFacts are what a receipt shows of its entry, in words.
func shownFacts(x store.Receipt) (all []ui.Fact) {
	for _, c := range x.Says() {
		label := changeLabel(c.Keys)
		if c.Was != "" {
			all = append(all, ui.Fact{Label: label + ", before", Value: changeValue(c.Keys, c.Was)})
		}
		if c.Became != "" {
			all = append(all, ui.Fact{Label: label, Value: changeValue(c.Keys, c.Became)})
		}
	}
	return all
}

// claimReceiptFile is the same as a file that can be checked without the portal.
func (s *server) claimReceiptFile(r *request) error {
	x, err := r.store.ClaimReceipt(r.Request().Context(), r.Param("ref"))
	if err != nil {
		return err
	}
	if !x.Sealed {
		return influence.ErrNotFound
	}
	r.attachment("application/json; charset=utf-8", x.Claim+"-receipt.json")
	out := json.NewEncoder(r.Response())
	out.SetIndent("", "  ")
	return out.Encode(x.Receipt)
}

// receiptCheck tells anybody whether a receipt is genuine.
func (s *server) receiptCheck(r *request) error {
	g, err := r.store.Genuine(r.Request().Context(), strings.TrimSpace(r.Param("hash")))
	if errors.Is(err, influence.ErrNotFound) {
		return r.html(http.StatusNotFound, views.ReceiptCheck(r.page("Not a receipt"), views.GenuineModel{}))
	}
	if err != nil {
		return err
	}
	m := views.GenuineModel{Genuine: true, Number: number(g.Seq), Day: influence.FormatDay(g.On), Checkpoint: g.Checkpoint, Keys: g.Keys}
	return r.html(http.StatusOK, views.ReceiptCheck(r.page("Genuine receipt"), m))
}

// checkpointFile is the newest checkpoint, to keep elsewhere.
func (s *server) checkpointFile(r *request) error {
	msg, _, _, err := r.store.Head(r.Request().Context())
	if err != nil {
		return err
	}
	if msg == "" {
		return influence.ErrNotFound
	}
	r.attachment("text/plain; charset=utf-8", "checkpoint.txt")
	_, err = r.Response().Write([]byte(msg))
	return err
}
