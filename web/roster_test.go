package web

import (
	"encoding/csv"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRosterIsImported: with the data's refused rows and their reasons on the page
// and as a file; the same roster again changes nothing.
func TestRosterIsImported(t *testing.T) {
	dir := os.Getenv("IRM_TEST_DATA")
	if dir == "" {
		dir = "../../shared/data"
	}
	content, err := os.ReadFile(filepath.Join(dir, "reports", "roster.csv"))
	if err != nil {
		if os.Getenv("IRM_TEST_ALL") == "1" {
			t.Fatal(err)
		}
		t.Skipf("skipped: there is no test data at %s; IRM_TEST_DATA says where it is", dir)
	}
	each(t, func(t *testing.T, p *portal) {
		staff := p.as(t, p.staff)
		staff.visit("/roster").sees(200, "None yet.")
		staff.upload("/roster", "roster.csv", content).sees(200, "The roster was imported: 2,997 partners, 4 rows refused.", "4 rows were refused", "no such state", "used by an earlier row, row 9.")
		_, refused := staff.file("/roster/refused.csv")
		if rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(refused, "\uFEFF"))).ReadAll(); err != nil || len(rows) != 5 || rows[0][0] != "row" || rows[0][1] != "reason" || rows[0][2] != "partner_id" {
			t.Errorf("refused rows: %v\n%s", err, refused)
		}
		staff.upload("/roster", "roster.csv", content).sees(200, "Unchanged2,997")
		staff.upload("/roster", "roster.pdf", []byte("%PDF-1.4 …")).sees(422, "This is a PDF document.")
		staff.upload("/roster", "", nil).sees(422, "Choose a file.")
		staff.visit("/roster?level=gold&state=AL").sees(200, "GLOBAL TEL*LINK CORPORATION", "6 rows")
		p.as(t, p.lar.MemberID).upload("/roster", "roster.csv", content).sees(403)
	})
}

// TestLARLooksUpAPartner: by its whole ID, thirty times a minute.
func TestLARLooksUpAPartner(t *testing.T) {
	p := onSQLite(t)
	desk := p.as(t, p.lar.MemberID)
	desk.visit("/partners").fill("partner_id", "220044").press("Look up").sees(200, "Birch Systems", "Certified", "Not yet.")
	desk.fill("partner_id", "220045").press("Look up").sees(200, "Nobody has the partner ID 220045.")
	desk.fill("partner_id", "Birch").press("Look up").sees(422, "A partner ID has 4 to 10 digits.")
	for range 27 {
		desk.visit("/partners").fill("partner_id", "220044").press("Look up").sees(200)
	}
	desk.visit("/partners").fill("partner_id", "220044").press("Look up").sees(429)
	p.as(t, p.partner.MemberID).post("/roster/lookup", url.Values{"partner_id": {"220044"}}).sees(403)
}
