package web

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"irm/influence"
)

// TestEveryListIsAFile: at its own address as CSV, Excel and JSON, its first
// column the reference, for those who may see the page.
func TestEveryListIsAFile(t *testing.T) {
	p := onSQLite(t)
	p.applies(t, "=Elm", "330055", "erin@elm.example")
	p.as(t, p.partner.MemberID).claimTo("northgate", "=1+1")
	members := map[influence.Role]string{influence.RolePartner: p.partner.MemberID, influence.RoleLAR: p.lar.MemberID, influence.RoleStaff: p.staff}
	lists := map[string][]influence.Role{
		"agreements": {influence.RolePartner, influence.RoleLAR, influence.RoleStaff}, "claims": {influence.RolePartner, influence.RoleLAR, influence.RoleStaff},
		"partners": {influence.RolePartner, influence.RoleLAR, influence.RoleStaff}, "lars": {influence.RolePartner, influence.RoleLAR, influence.RoleStaff},
		"connections": {influence.RolePartner, influence.RoleLAR, influence.RoleStaff}, "applications": {influence.RoleStaff}, "roster": {influence.RoleStaff},
		"reports": {influence.RoleLAR, influence.RoleStaff}, "customers": {influence.RoleStaff}, "inbox": {influence.RoleLAR},
	}
	for list, roles := range lists {
		for role, member := range members {
			b := p.as(t, member)
			may := false
			for _, r := range roles {
				may = may || r == role
			}
			if !may {
				b.visit("/" + list + ".csv").sees(403)
				continue
			}
			b.fileOf("/" + list)
		}
	}
	if _, text := p.as(t, p.partner.MemberID).file("/claims.csv"); !strings.Contains(text, "'=1+1") {
		t.Errorf("a formula is written as one:\n%s", text)
	}
	if _, text := p.as(t, p.staff).file("/partners.csv?enrolled=no"); strings.Contains(text, "Alder") || !strings.Contains(text, "Birch") {
		t.Errorf("the filter of the page does not hold in the file:\n%s", text)
	}
}

// fileOf fetches a list in every format and compares how many rows they have.
func (b *browser) fileOf(path string) {
	b.t.Helper()
	kind, text := b.file(path + ".csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF"))).ReadAll()
	if err != nil || !strings.HasPrefix(kind, "text/csv") || len(rows) == 0 || rows[0][0] != "ref" {
		b.t.Errorf("%s.csv: %s, %v\n%.200s", path, kind, err, text)
		return
	}
	kind, text = b.file(path + ".json")
	var objects []map[string]any
	if err := json.Unmarshal([]byte(text), &objects); err != nil || len(objects) != len(rows)-1 || !strings.HasPrefix(kind, "application/json") {
		b.t.Errorf("%s.json: %s, %d objects for %d rows, %v", path, kind, len(objects), len(rows)-1, err)
	}
	for i, o := range objects {
		if fmt.Sprint(o["ref"]) != rows[i+1][0] {
			b.t.Errorf("%s: row %d is %s in one file and %v in the other", path, i+1, rows[i+1][0], o["ref"])
		}
	}
	if _, text = b.file(path + ".xlsx"); !strings.HasPrefix(text, "PK") {
		b.t.Errorf("%s.xlsx is no workbook", path)
	}
}

// TestFilesAreLimited: 120 an hour for each member.
func TestFilesAreLimited(t *testing.T) {
	p := onSQLite(t)
	b := p.as(t, p.staff)
	for range 120 {
		b.file("/lars.json")
	}
	b.visit("/lars.json").sees(429, "Too many tries in a short time")
	p.as(t, p.lar.MemberID).file("/lars.json")
	p.pass(31 * time.Second)
	b.file("/lars.json")
}
