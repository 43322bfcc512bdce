package storetest

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"testing"
)

// Making and removing a PostgreSQL database takes a fifth of a second of the
// server's time, emptying one a hundredth. So a copy is used again by the next
// test when it can be brought back to exactly what it was copied from.

// pristine is what a copy is to be again.
type pristine struct {
	schema string            // fingerprint of tables and triggers
	tables []string          // without the migrations' own
	stored map[string]string // table to its columns but those that it works out itself
	rows   map[string]string // table to its rows, as JSON
}

// fewRows is how many rows a database has at most that is emptied and filled
// again; a full one is better copied anew.
const fewRows = 2000

var errNotPristine = errors.New("it can't be brought back")

// free are copies that wait for the next test.
type free struct {
	sync.Mutex
	names []string
}

func (f *free) put(name string) {
	f.Lock()
	defer f.Unlock()
	f.names = append(f.names, name)
}

func (f *free) take() (name string, ok bool) {
	f.Lock()
	defer f.Unlock()
	if len(f.names) == 0 {
		return "", false
	}
	last := len(f.names) - 1
	name, f.names = f.names[last], f.names[:last]
	return name, true
}

// ended puts a copy back for the next test, or removes it.
func (d *Databases) ended(t testing.TB, name string) {
	err := d.restored(name)
	if err == nil {
		d.free.put(name)
		return
	}
	if !errors.Is(err, errNotPristine) { // else all tests would only become slow
		t.Errorf("the database can't be used again: %v", err)
	}
	if err := d.ask("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
		t.Error(err)
	}
}

// restored brings a copy back to what it was. Any error means that it was not
// possible: a test has changed tables, left connections open, or there is too much.
func (d *Databases) restored(name string) error {
	p, err := d.like()
	if err != nil {
		return err
	}
	db, err := sql.Open("pgx", d.at(name))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if err := alone(db); err != nil {
		return err
	}
	if schema, err := fingerprint(db); err != nil || schema != p.schema {
		return errors.Join(err, errNotPristine)
	}
	var b strings.Builder
	b.WriteString("BEGIN; SET LOCAL session_replication_role = replica;\n") // no triggers: facts may go here
	for _, table := range p.tables {
		b.WriteString("DELETE FROM " + table + ";\n")
		if rows := p.rows[table]; rows != "" {
			b.WriteString("INSERT INTO " + table + " (" + p.stored[table] + ") SELECT " + p.stored[table] + " FROM json_populate_recordset(NULL::" + table + ", '" + strings.ReplaceAll(rows, "'", "''") + "');\n")
		}
	}
	b.WriteString("COMMIT")
	_, err = db.ExecContext(context.Background(), b.String())
	return err
}

// alone waits a moment for connections that were closed just now.
func alone(db *sql.DB) error {
	for range 50 {
		var others int
		err := db.QueryRow(`SELECT count(*) FROM pg_stat_activity, pg_sleep(0.002) WHERE datname = current_database() AND pid <> pg_backend_pid()`).Scan(&others)
		if err != nil || others == 0 {
			return err
		}
	}
	return errNotPristine
}

// pristineOf reads what copies of a database are to be again.
func (d *Databases) pristineOf(name string) (p pristine, err error) {
	db, err := sql.Open("pgx", d.at(name))
	if err != nil {
		return p, err
	}
	defer db.Close()
	if p.schema, err = fingerprint(db); err != nil {
		return p, err
	}
	tables, err := db.Query(`SELECT table_name, string_agg(quote_ident(column_name), ', ') FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
		WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER' AND table_name <> 'goose_db_version'
		GROUP BY table_name ORDER BY table_name`)
	if err != nil {
		return p, err
	}
	defer tables.Close()
	p.stored = map[string]string{}
	for tables.Next() {
		var table, columns string
		if err := tables.Scan(&table, &columns); err != nil {
			return p, err
		}
		p.tables, p.stored[table] = append(p.tables, table), columns
	}
	return p, errors.Join(tables.Err(), p.readRows(db))
}

func (p *pristine) readRows(db *sql.DB) error {
	p.rows = map[string]string{}
	all := 0
	for _, table := range p.tables {
		var n int
		var rows sql.NullString
		if err := db.QueryRow(`SELECT count(*), json_agg(x) FROM `+table+` x`).Scan(&n, &rows); err != nil {
			return err
		}
		p.rows[table] = rows.String
		if all += n; all > fewRows {
			return errNotPristine
		}
	}
	return nil
}

// fingerprint tells whether tables, indexes, views and triggers are the same.
func fingerprint(db *sql.DB) (sum string, err error) {
	err = db.QueryRow(`SELECT md5(coalesce((SELECT string_agg(n.nspname || '.' || c.relname || c.relkind::text, ',' ORDER BY n.nspname, c.relname)
			FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'), '') || ';' ||
		coalesce((SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace WHERE nspname NOT LIKE 'pg\_%'), '') || ';' ||
		coalesce((SELECT string_agg(tgrelid::regclass::text || '.' || tgname || tgenabled::text, ',' ORDER BY tgrelid::regclass::text, tgname) FROM pg_trigger WHERE NOT tgisinternal), ''))`).Scan(&sum)
	return sum, err
}
