package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ownedTable finds queries on tables whose rows belong to organizations.
var ownedTable = regexp.MustCompile(`(?i)\b(FROM|JOIN|UPDATE)\s+(agreements|aliases|answers|application_questions|applications|authenticators|bookings|ceremonies|claim_events|claims|connections|customers|decisions|dispute_answers|disputes|` +
	`entries|fresh|held_lines|inbox|inbox_now|items|jobs|mappings|members|movements|order_versions|orders|outbox|passkeys|partner_levels|partners|personal_links|proposed_rulings|recovery_codes|replacements|report_files|` +
	`report_lines|reports|roster|roster_imports|sessions|shares|sight|sign_ins|standing|suggestions|tokens|totals|viewings|voids)\b`)

// source parses the store's own files.
func source(t *testing.T) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		if files[name], err = parser.ParseFile(token.NewFileSet(), name, nil, 0); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// receiver names the type that a function is a method of.
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return ""
	}
	x := fn.Recv.List[0].Type
	if p, ok := x.(*ast.StarExpr); ok {
		x = p.X
	}
	if id, ok := x.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// gates are the methods of a session that read one thing under visible. Who
// begins with one goes on with what it has found.
func gates() []string {
	return []string{"agreement", "claim", "dispute", "report", "reportByID", "application", "changeMember"}
}

// asked counts a function's queries on owned tables, and how often it narrows
// one or comes through a gate, which lets all of its queries pass.
func asked(fn *ast.FuncDecl) (queries, scopes int) {
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING && ownedTable.MatchString(text) {
				queries++
			}
		case *ast.SelectorExpr:
			if n.Sel.Name == "visible" {
				scopes++
			}
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "v" && slices.Contains(gates(), n.Sel.Name) {
				scopes += 100
			}
		}
		return true
	})
	return queries, scopes
}

// followed are methods of a session that read or change what their caller has
// found under visible, or what is the actor's by the query's own condition.
func followed() map[string]string {
	return map[string]string{
		"narrow":                    "adds conditions to a list that Agreements has narrowed",
		"decisionViews":             "of an agreement read under visible; each view takes what its kind of sight gives",
		"customerViews":             "Microsoft alone; of an agreement read under visible",
		"Claims":                    "the second names a partner by its reference, as a condition on claims under visible",
		"claimEvents":               "of a claim read under visible",
		"AnswerConnection":          "the second changes the connection read under visible",
		"AskConnection":             "the actor's own company is in the condition",
		"Customers":                 "the second looks among spellings, as a condition on customers under visible",
		"LARs":                      "every member sees every LAR; the connection is the actor's own",
		"receipt":                   "of an entry that Microsoft asks for, or of the decision on a claim read under visible",
		"Genuine":                   "everybody; of an entry its day alone is told, to who holds its hash",
		"Mails":                     "to the actor alone",
		"partnerAgreements":         "the second looks among the actor's own claims, as a condition on what it has sight of",
		"partnersByMoney":           "orders what Partners has narrowed with visible by the rollup that is the actor's business",
		"larStatuses":               "every member sees every LAR; who changed its status is kept for Microsoft",
		"knows":                     "the actor's own company or its connections are in the condition",
		"contacts":                  "of a partner read under visible, for connected LARs",
		"levels":                    "of a partner read under visible",
		"InboxCounts":               "rollups of the actor's own LAR",
		"keepReading":               "of a report read under visible or just uploaded",
		"remembered":                "headings of the actor's own LAR",
		"LastRosterImport":          "Microsoft alone",
		"Account":                   "the actor's own row",
		"OwnSessions":               "the actor's own",
		"EndOwnSessions":            "the actor's own",
		"ApplyAgain":                "the actor's own",
		"OwnApplication":            "the actor's own",
		"AskApplicant":              "of an application that decideApplication reads under visible",
		"OwnPassword":               "the actor's own",
		"AskEmail":                  "the actor's own row",
		"ConfirmEmail":              "nobody need be signed in; the link names the member",
		"SecondFactor":              "the actor's own",
		"NewApp":                    "the actor's own",
		"ConfirmApp":                "the actor's own",
		"RemoveApp":                 "the actor's own",
		"NamePasskey":               "the actor's own",
		"RemovePasskey":             "the actor's own",
		"SignIns":                   "the actor's own",
		"UnsentMails":               "the operator alone",
		"RetryMail":                 "the operator alone",
		"AskReset":                  "nobody is signed in; the answer is a mail to the address",
		"EnrollByLink":              "nobody is signed in; the link names the partner",
		"ConfirmSignUp":             "nobody is signed in; the link names the application",
		"takeReportBack":            "of a report read under visible",
		"takeBack":                  "of a report read under visible",
		"dropReport":                "of a report just uploaded by the actor",
		"readPieces":                "of a report read under visible",
		"still":                     "the actor's own row",
		"sameDays":                  "what is the actor's own business, by the query's own condition",
		"standing":                  "of a member read under visible, or the actor itself",
		"invite":                    "an address is one member's; what was found is told to its mailbox alone",
		"ViewAsPartner":             "Microsoft alone",
		"viewAs":                    "Microsoft alone; the session's own cookie names it",
		"Notices":                   "the actor's own, of which seesNotice takes with visible those about what it sees",
		"OpenNotice":                "the actor's own, of which seesNotice takes with visible those about what it sees",
		"ReadNotices":               "the actor's own",
		"Profile":                   "the actor's own company",
		"EditProfile":               "the actor's own company",
		"StayAlone":                 "the actor's own company",
		"AnswerApplicationQuestion": "the actor's own",
		"EndConnection":             "the second changes the connection read under visible",
		"AskAboutClaim":             "of the claim that asLAR reads under visible",
		"ExtendClaim":               "of the claim that asPartner reads under visible",
		"ReopenClaim":               "of the claim that asPartner reads under visible",
		"DetachClaim":               "of the claim that asLAR reads under visible",
		"evidenceOf":                "narrowed by evidenceSeen, which begins with visible",
		"EvidenceContent":           "narrowed by evidenceSeen, which begins with visible",
		"docket":                    "of a dispute read under visible",
		"disputeAnswers":            "of a dispute read under visible",
		"disputeRowColumns":         "columns of disputes that the caller narrows with visible; what they say of the agreement is the actor's kind of sight's",
		"Disputes":                  "the others name an agreement or a claim by its reference, as conditions on disputes under visible",
		"ruled":                     "of a dispute that ruling reads under visible",
		"ruledShare":                "of a dispute read under visible; the actor's own share",
		"proposed":                  "of a dispute that ruling reads under visible",
		"upheld":                    "of the agreement of a dispute read under visible",
	}
}

// portals are what the store itself exports beside sessions: signing in, and
// the workers that act for nobody.
func portals() map[string]string {
	return map[string]string{
		"Credential":    "signing in",
		"Actor":         "finds out who asks",
		"EndSession":    "signing out",
		"RenewSession":  "the session's own cookie names it",
		"NewEmail":      "a one-time link",
		"Begun":         "the browser's own cookie names it",
		"Take":          "the browser's own cookie names it",
		"PasskeysOf":    "signing in: for who gave the password, or a passkey's own id",
		"EnterByCode":   "signing in",
		"SetFlash":      "the session's own cookie names it",
		"PendingSignUp": "a one-time link",
		"TokenOwner":    "a one-time link",
		"DueMail":       "the worker that sends mail",
		"MailFailed":    "the worker that sends mail",
		"MailSent":      "the worker that sends mail",
		"DemoMail":      "the demo's invented companies",
	}
}

// TestASVS_8_3_1_EveryQueryIsScoped: a session narrows each query on a table of owned rows
// with visible, and nothing else is exported that reads one. The methods of a
// transaction or a reader are not exported; they take what a session has found.
func TestASVS_8_3_1_EveryQueryIsScoped(t *testing.T) {
	follows, ports := followed(), portals()
	for name, file := range source(t) {
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			queries, scopes := asked(fn)
			if queries <= scopes {
				continue
			}
			switch who := receiver(fn); {
			case who == "Session" && follows[fn.Name.Name] != "":
				delete(follows, fn.Name.Name)
			case who == "Store" && ports[fn.Name.Name] != "":
				delete(ports, fn.Name.Name)
			case who == "Session":
				t.Errorf("%s: %s has %d queries on owned tables and narrows %d with visible", name, fn.Name.Name, queries, scopes)
			case fn.Name.IsExported() && who != "Loader":
				t.Errorf("%s: %s.%s is exported and reads owned tables for anybody", name, who, fn.Name.Name)
			}
		}
	}
	for _, list := range []map[string]string{follows, ports} {
		for fn := range list {
			t.Errorf("%s is on the list and has no need to be", fn)
		}
	}
}

// TestOnlySessionsWrite: what inserts, updates or deletes takes a transaction,
// and only do and the store's own workers make one.
func TestOnlySessionsWrite(t *testing.T) {
	writes := regexp.MustCompile(`(?i)^\s*(INSERT INTO|UPDATE|DELETE FROM)\b`)
	for name, file := range source(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			on, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || on.Sel.Name != "QueryContext" && on.Sel.Name != "QueryRowContext" && on.Sel.Name != "ExecContext" {
				return true
			}
			if holder, ok := on.X.(*ast.SelectorExpr); !ok || holder.Sel.Name != "db" && holder.Sel.Name != "read" {
				return true
			}
			for _, arg := range call.Args {
				if lit, ok := arg.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					if text, err := strconv.Unquote(lit.Value); err == nil && writes.MatchString(text) {
						t.Errorf("%s writes past the transactions: %.60s", name, text)
					}
				}
			}
			return true
		})
	}
}
