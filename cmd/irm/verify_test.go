package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"irm/store/storetest"
)

// written makes a file of a text.
func written(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestVerifyAgainstACheckpoint: 0 while the ledger extends what was signed then,
// also after the key was rotated; 1 once an entry was changed, a page was torn out,
// or for the checkpoint of another ledger.
func TestVerifyAgainstACheckpoint(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		db := "--database=" + dsn
		done(t, "lar", "add", "north", "--name", "North", db)
		behind := storetest.Behind(t, dsn)
		held := written(t, "checkpoint.txt", storetest.Texts(t, behind, `SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1`)[0])
		old := strings.TrimSpace(done(t, "keys", db))
		fresh := strings.TrimSpace(done(t, "keys", "rotate", db))
		if keys := strings.Fields(done(t, "keys", db)); len(keys) != 2 || keys[0] != fresh || keys[1] != old {
			t.Errorf("keys %q", keys)
		}
		done(t, "lar", "add", "south", "--name", "South", db)
		if out := done(t, "verify", "--checkpoint", held, db); !strings.Contains(out, "extends") {
			t.Errorf("verify says %q", out)
		}
		other := "--database=sqlite:" + filepath.Join(t.TempDir(), "other.db")
		done(t, "lar", "add", "north", "--name", "North", other)
		if code, out, _ := said(t, "verify", "--checkpoint", held, other); code != statusData || !strings.Contains(out, "signature") {
			t.Errorf("another ledger: status %d, %q", code, out)
		}
		drop := `DROP TRIGGER entries_no_update`
		if strings.HasPrefix(dsn, "postgres") {
			drop = `DROP TRIGGER entries_no_change ON entries`
		}
		for _, query := range []string{drop, `UPDATE entries SET became = replace(became, 'North', 'Forth') WHERE became LIKE '%North%'`} {
			if _, err := behind.Exec(query); err != nil {
				t.Fatal(err)
			}
		}
		if code, out, errs := said(t, "verify", "--checkpoint", held, db); code != statusData || !strings.Contains(out, "checkpoint: the first") {
			t.Errorf("tampered: status %d, %q, %q", code, out, errs)
		}
	})
}

// TestReceiptIsVerifiedWithoutThePortal: with the file and a key alone.
func TestReceiptIsVerifiedWithoutThePortal(t *testing.T) {
	db := "--database=sqlite:" + filepath.Join(t.TempDir(), "irm.db")
	file, key := filepath.Join("testdata", "receipt.json"), filepath.Join("testdata", "receipt.key")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	public, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	good := strings.TrimSpace(string(public))
	if out := done(t, "verify", "--receipt", file, "--key", good, db); !strings.Contains(out, "Genuine: entry ") || !strings.Contains(out, `"confirmed"`) {
		t.Errorf("verify says %q", out)
	}
	forged := written(t, "forged.json", strings.Replace(string(text), `\"confirmed\"`, `\"rejected\"`, 1))
	if code, _, errs := said(t, "verify", "--receipt", forged, "--key", good, db); code != statusData || !strings.Contains(errs, "proof does not hold") {
		t.Errorf("forged: status %d, %q", code, errs)
	}
	if code, _, errs := said(t, "verify", "--receipt", file, db); code != statusUsage || !strings.Contains(errs, "--key") {
		t.Errorf("without a key: status %d, %q", code, errs)
	}
	if code, _, errs := said(t, "verify", "--receipt", file, "--key", "irm-ledger+00+AA", db); code != statusUsage {
		t.Errorf("no key: status %d, %q", code, errs)
	}
}

// TestPersonCommands: one person's data comes as JSON; once erased, nobody has the
// address, and the ledger verifies.
func TestPersonCommands(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		db := "--database=" + dsn
		done(t, "member", "add", "--role", "manager", "--email", "kim@microsoft.example", "--name", "Kim Poe", db)
		var file map[string][]map[string]any
		if err := json.Unmarshal([]byte(done(t, "person", "export", "kim@microsoft.example", db)), &file); err != nil {
			t.Fatal(err)
		}
		if len(file["account"]) != 1 || file["account"][0]["name"] != "Kim Poe" || len(file["ledger"]) != 2 {
			t.Errorf("file %v", file)
		}
		done(t, "lar", "add", "north", "--name", "North, formerly Kim Poe", db)
		out := done(t, "person", "erase", "kim@microsoft.example", db)
		if !strings.Contains(out, "The person was erased.\n") || !strings.Contains(out, "stay as they are:\n") || !strings.Contains(out, ": name\n  ledger entry on LAR-") {
			t.Errorf("erase says %q", out)
		}
		if code, _, _ := said(t, "person", "export", "kim@microsoft.example", db); code != statusData {
			t.Errorf("status %d", code)
		}
		done(t, "verify", db)
	})
}
