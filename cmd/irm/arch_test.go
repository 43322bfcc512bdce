package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// room is what a package may reach: packages of ours, modules of others, and
// which of the standard library it must not use.
type room struct {
	ours, others string
	never        string
	only         string // of the standard library, if not all
}

// rooms is the house: docs/architecture.md draws it.
func rooms() map[string]room {
	return map[string]room{
		"influence":       {only: "cmp errors fmt maps math math/bits regexp slices strconv strings time unicode unicode/utf8"},
		"sheet":           {others: "github.com/xuri/excelize golang.org/x/text", never: "net/http database/sql"},
		"mail":            {others: "github.com/wneessen/go-mail", never: "database/sql net/http"},
		"static":          {others: "github.com/klauspost/compress", never: "database/sql"},
		"store":           {ours: "influence sheet", others: "github.com/jackc/pgx github.com/pressly/goose modernc.org/sqlite golang.org/x/mod/sumdb", never: "net/http"},
		"store/storetest": {others: "github.com/jackc/pgx modernc.org/sqlite", never: "net/http"},
		"views/ui":        {others: "github.com/a-h/templ", never: "database/sql net/http os"},
		"views":           {ours: "influence static views/ui", others: "github.com/a-h/templ", never: "database/sql net/http os"},
		"web":             {ours: "influence sheet static store views views/ui", others: "*", never: "database/sql"},
		"demo":            {ours: "influence store", others: "golang.org/x/mod/sumdb", never: "database/sql net/http"},
		"bench":           {ours: "*", others: "*"},
		"e2e":             {ours: "*", others: "*"},
		"cmd/proofs":      {ours: "influence", never: "net/http database/sql"},
		"cmd/irm":         {ours: "demo influence mail sheet store web", others: "*", never: "database/sql"},
	}
}

// drivers and templates stay in the rooms that are for them.
func keepers() map[string]string {
	return map[string]string{
		"database/sql": "store store/storetest bench", "github.com/jackc/pgx": "store store/storetest bench", "modernc.org/sqlite": "store store/storetest bench",
		"github.com/labstack/echo": "web bench", "github.com/gorilla/sessions": "web", "github.com/xuri/excelize": "sheet", "github.com/wneessen/go-mail": "mail",
		"github.com/spf13/cobra": "cmd/irm", "github.com/pressly/goose": "store",
	}
}

// sources parses every package of the module, without tests.
func sources(t *testing.T) map[string][]*ast.File {
	t.Helper()
	all := map[string][]*ast.File{}
	err := filepath.WalkDir("../..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "../.." && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil || f.Name.Name == "main" && !strings.Contains(filepath.ToSlash(name), "/cmd/") && ignored(f) {
			return err
		}
		dir, err := filepath.Rel("../..", filepath.Dir(name))
		all[filepath.ToSlash(dir)] = append(all[filepath.ToSlash(dir)], f)
		return err
	})
	if err != nil || len(all) < 8 {
		t.Fatalf("%d packages, %v", len(all), err)
	}
	return all
}

// ignored reports whether a file is a generator, run by hand and never built in.
func ignored(f *ast.File) bool {
	return len(f.Comments) > 0 && strings.HasPrefix(f.Comments[0].List[0].Text, "//go:build ignore")
}

// TestImportsPointInward: every package of the module has a room, and imports
// only what its room may reach.
func TestImportsPointInward(t *testing.T) {
	for dir, files := range sources(t) {
		r, ok := rooms()[dir]
		if !ok {
			t.Errorf("%s has no place in the house: give it one in this test and in docs/architecture.md", dir)
			continue
		}
		for _, f := range files {
			for _, imp := range f.Imports {
				path, err := strconv.Unquote(imp.Path.Value)
				if err != nil {
					t.Fatal(err)
				}
				if why := r.refuses(path); why != "" {
					t.Errorf("%s must not import %s: %s", dir, path, why)
				}
				for kept, by := range keepers() {
					if within(path, kept) && !slices.Contains(strings.Fields(by), dir) {
						t.Errorf("%s must not import %s: that is the business of %s", dir, path, by)
					}
				}
			}
		}
	}
}

func (r room) refuses(path string) string {
	first, rest, _ := strings.Cut(path, "/")
	switch {
	case first == "irm":
		if r.ours != "*" && !slices.Contains(strings.Fields(r.ours), rest) {
			return "of ours it has " + orNothing(r.ours)
		}
	case strings.Contains(first, "."):
		for _, o := range strings.Fields(r.others) {
			if o == "*" || within(path, o) {
				return ""
			}
		}
		return "of others it has " + orNothing(r.others)
	case r.only != "" && !slices.Contains(strings.Fields(r.only), path):
		return "of the standard library it has " + r.only
	case slices.Contains(strings.Fields(r.never), path):
		return "it does without"
	}
	return ""
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

func within(path, module string) bool { return path == module || strings.HasPrefix(path, module+"/") }

// TestOnlyTheStoreSaysSQL: no other package that runs holds a statement.
func TestOnlyTheStoreSaysSQL(t *testing.T) {
	statement := regexp.MustCompile(`\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)\b`)
	for dir, files := range sources(t) {
		if slices.Contains([]string{"store", "store/storetest", "bench"}, dir) {
			continue
		}
		for _, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				lit, ok := n.(*ast.BasicLit)
				if ok && lit.Kind == token.STRING && statement.MatchString(lit.Value) {
					t.Errorf("%s says SQL: %.80s", dir, lit.Value)
				}
				return true
			})
		}
	}
}

// TestNothingHappensAtStart: packages have no init, and no function changes a
// package's variable.
func TestNothingHappensAtStart(t *testing.T) {
	for dir, files := range sources(t) {
		vars := map[string]bool{}
		for _, f := range files {
			for _, d := range f.Decls {
				if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
					for _, spec := range g.Specs {
						for _, name := range spec.(*ast.ValueSpec).Names {
							vars[name.Name] = name.Name != "_"
						}
					}
				}
			}
		}
		for _, f := range files {
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || fn.Body == nil {
					continue
				}
				if fn.Name.Name == "init" && fn.Recv == nil {
					t.Errorf("%s has an init", dir)
				}
				ast.Inspect(fn.Body, func(n ast.Node) bool {
					for _, name := range changed(n) {
						if vars[name.Name] && !local(name, fn) {
							t.Errorf("%s: %s changes the package's variable %s", dir, fn.Name.Name, name.Name)
						}
					}
					return true
				})
			}
		}
	}
}

// changed names the variables that a statement assigns to, or into.
func changed(n ast.Node) (names []*ast.Ident) {
	var to []ast.Expr
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			to = n.Lhs
		}
	case *ast.IncDecStmt:
		to = []ast.Expr{n.X}
	}
	for _, x := range to {
		for x != nil {
			switch y := x.(type) {
			case *ast.Ident:
				names, x = append(names, y), nil
			case *ast.IndexExpr:
				x = y.X
			case *ast.SelectorExpr:
				x = y.X
			case *ast.StarExpr:
				x = y.X
			case *ast.ParenExpr:
				x = y.X
			default:
				x = nil
			}
		}
	}
	return names
}

// local reports whether a name was declared inside a function.
func local(name *ast.Ident, fn *ast.FuncDecl) bool {
	if name.Obj == nil {
		return false
	}
	return name.Obj.Pos() >= fn.Pos() && name.Obj.Pos() < fn.End()
}
