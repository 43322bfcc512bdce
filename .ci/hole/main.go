// Command hole is a page with an injection of each kind that .ci/attack looks for. A
// tool that finds nothing here would find nothing anywhere.
package main

import (
	"database/sql"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	_ "modernc.org/sqlite"
)

func main() {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE TABLE names (name TEXT); INSERT INTO names VALUES ('Contoso'), ('Fabrikam')`); err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		name := r.FormValue("name")
		var found string
		err := db.QueryRow(`SELECT name FROM names WHERE name = '` + name + `'`).Scan(&found) // the hole
		said := ""
		if err != nil && err != sql.ErrNoRows {
			said = "[SQLITE_ERROR] " + err.Error() // by which wapiti knows it
		}
		fmt.Fprintf(w, `<!doctype html><title>Find</title><form action="/find"><input name="name" value="%s"><button>Find</button></form><p>%s %s</p>`, name, found, said)
	})
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s\n", at.Addr())
	log.Fatal((&http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}).Serve(at))
}
