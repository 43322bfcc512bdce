package web

import (
	"os"

	"irm/influence"
	"irm/store"
)

// reports of north: one to look at, one whose columns nobody knows, and one that
// was imported. South has one to look at.
func (m *making) reports() error {
	for _, r := range []struct {
		lar        store.LoadedLAR
		name, text string
	}{
		{m.north, "preview.csv", reportText("amount", "R1")}, {m.north, "mapping.csv", reportText("what it costs", "R2")},
		{m.north, "imported.csv", reportText("amount", "R3")}, {m.south, "south.csv", reportText("amount", "R4")},
	} {
		var ref string
		err := spooled(r.text, func(path string) (err error) {
			ref, err = m.lar(r.lar).UploadReport(m.ctx, r.name, path, nil)
			return err
		})
		if err != nil {
			return err
		}
		if r.name != "imported.csv" {
			continue
		}
		p, err := m.lar(r.lar).Report(m.ctx, ref)
		if err != nil {
			return err
		}
		job, err := m.lar(r.lar).CommitReport(m.ctx, ref, p.Version)
		if err != nil {
			return err
		}
		if err := m.s.RunJob(m.ctx, job, nil); err != nil {
			return err
		}
	}
	return nil
}

func reportText(amount, number string) string {
	return "agreement_number,program,customer,customer_state,seats,signed_on,order_number,order_kind,ordered_on," + amount + "\n" +
		number + ",Enterprise,Customer of " + number + ",NH,300,2007-03-01," + number + "-1,initial,2007-03-02,1000\n" +
		number + ",Enterprise,Customer of " + number + ",NH,300,2007-03-01," + number + "-2,initial,someday,1000\n"
}

const rosterText = "partner_id,name,level,state,city,website,contact_name,contact_email\n10007,gum,Gold,NH,Concord,www.gum.example,Gia Gum,gia@gum.example\n10008,hazel,Gold,XX,,,,\n"

// roster is one with a refused row.
func (m *making) roster() error {
	return spooled(rosterText, func(path string) error {
		_, err := m.s.As(influence.Operator()).ImportRosterFile(m.ctx, "roster.csv", path, false)
		return err
	})
}

// seal gives everything its place in the ledger.
func (m *making) seal() error {
	key, _, err := m.s.Signer(m.ctx)
	if err != nil {
		return err
	}
	return m.s.SealAll(m.ctx, key)
}

// spooled has fn read a file with a text.
func spooled(text string, fn func(path string) error) error {
	f, err := os.CreateTemp("", "irm-test-*.csv")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.WriteString(text); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return fn(f.Name())
}
