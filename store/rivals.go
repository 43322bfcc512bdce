package store

// tellRivals tells the partners of claims that compete with one just attached, and
// its own, that another claim does: no more, and of nobody.
func (t *tx) tellRivals(c claim) error {
	rows, err := t.rows(`SELECT `+claimColumns+` FROM claims c WHERE c.agreement_id = $1 AND c.partner_id <> $2 AND c.state IN ('attached', 'action_required')
		ORDER BY c.id LIMIT 50`, c.AgreementID, c.PartnerID)
	rivals, err := collect(rows, err, scanClaim)
	if err != nil || len(rivals) == 0 {
		return err
	}
	for _, x := range append(rivals, c) {
		if err := t.mailOrg(x.PartnerID, mail{subject: "Another claim competes with " + x.Ref, link: "/claims/" + x.Ref, button: "Open the claim",
			body: "Another claim competes with your claim on " + claimName(x) + ". The LAR decides on both together. Evidence can be added until then."}); err != nil {
			return err
		}
	}
	return nil
}
