package web

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"irm/influence"
	"irm/sheet"
	"irm/store"
)

// Tables are what can be exported, as the command line names them.
func Tables() []string {
	return []string{"partners", "lars", "agreements", "orders", "claims", "decisions", "shares", "customers"}
}

// Formats are the kinds of files.
func Formats() []string { return []string{"csv", "xlsx", "json"} }

// formats make a writer and say what it writes.
var formats = map[string]struct {
	kind string
	make func(io.Writer) *sheet.Writer
}{
	"csv":  {"text/csv; charset=utf-8", sheet.NewCSV},
	"xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", sheet.NewXLSX},
	"json": {"application/json; charset=utf-8", sheet.NewJSON},
}

// Filters narrow an exported table as they narrow its page.
type Filters struct {
	Agreements store.AgreementFilter
	Claims     store.ClaimFilter
	Partners   store.PartnerFilter

	Connections  store.ConnectionFilter
	Disputes     store.DisputeFilter
	Applications store.ApplicationFilter
	Roster       store.RosterFilter
	Members      store.MemberFilter
	Customers    store.CustomerFilter
	Reports      store.ReportFilter
	Ledger       store.AuditFilter
	Statement    store.StatementFilter
	InboxTab     string
	LARs         LARFilter
}

// Export writes all rows of a table that the session sees under its filters.
func Export(ctx context.Context, v store.Session, table, format string, f Filters, out io.Writer) error {
	make, ok := formats[format]
	if !ok {
		return fmt.Errorf("a table is written as csv, xlsx or json, not %q", format)
	}
	w := make.make(out)
	if err := exportTo(ctx, v, table, f, w); err != nil {
		return err
	}
	return w.Close()
}

func exportTo(ctx context.Context, v store.Session, table string, f Filters, w *sheet.Writer) error {
	switch table {
	case "agreements":
		return exportAgreements(ctx, v, f.Agreements, w)
	case "orders":
		return exportOrders(v.EveryOrder(ctx, f.Agreements), w)
	case "decisions":
		return exportDecisions(v.EveryDecision(ctx, f.Agreements), w)
	case "shares":
		return exportShares(v.EveryDecision(ctx, f.Agreements), w)
	case "claims":
		return exportClaims(v.EveryClaim(ctx, f.Claims), w)
	case "partners":
		return exportPartners(v.EveryPartner(ctx, f.Partners), w)
	case "lars":
		return exportLARs(ctx, v, f.LARs, w)
	case "connections":
		return exportConnections(v.EveryConnection(ctx, f.Connections), w)
	case "applications":
		return exportApplications(v.EveryApplication(ctx, f.Applications), w)
	case "roster":
		return exportRoster(v.EveryRosterItem(ctx, f.Roster), w)
	case "customers":
		return exportCustomers(v.EveryCustomer(ctx, f.Customers), w)
	case "members":
		return exportMembers(v.EveryMember(ctx, f.Members), w)
	case "reports":
		return exportReports(v.EveryReport(ctx, f.Reports), w)
	case "audit":
		return exportEntries(v.EveryEntry(ctx, influence.ViewLedger, f.Ledger), w)
	case "team/activity":
		return exportEntries(v.EveryEntry(ctx, influence.ViewActivity, f.Ledger), w)
	case "disputes":
		return exportDisputes(v.EveryDispute(ctx, f.Disputes), w)
	case "statement":
		return exportStatement(v.EveryStatementLine(ctx, f.Statement), w)
	case "record":
		return exportRecord(v.EveryRecordLine(ctx), w)
	case "inbox":
		return exportInbox(v.EveryInboxRow(ctx, f.InboxTab), w)
	}
	return fmt.Errorf("there is no table %q; there are %s", table, strings.Join(Tables(), ", "))
}

func text(name string) sheet.Column { return sheet.Column{Name: name} }
func day(name string) sheet.Column  { return sheet.Column{Name: name, Kind: sheet.DayColumn} }
func whole(name string) sheet.Column {
	return sheet.Column{Name: name, Kind: sheet.IntColumn}
}
func money(name string) sheet.Column {
	return sheet.Column{Name: name, Key: name + "_cents", Kind: sheet.MoneyColumn}
}

// write writes a table row by row.
func write[T any](w *sheet.Writer, columns []sheet.Column, rows iter.Seq2[T, error], values func(T) []any) error {
	if err := w.Head(columns); err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		if err := w.Row(values(row)...); err != nil {
			return err
		}
	}
	return nil
}

func exportAgreements(ctx context.Context, v store.Session, f store.AgreementFilter, w *sheet.Writer) error {
	if v.Actor().Role == influence.RolePartner {
		columns := []sheet.Column{text("ref"), text("agreement_number"), text("program"), text("customer"), text("customer_state"), text("lar"), day("signed_on"), money("own_part"), text("seen_by")}
		return write(w, columns, v.EveryAgreement(ctx, f), func(a store.AgreementRow) []any {
			by := "claim"
			var own any
			if a.As == store.SeenBySharer {
				by, own = "share", a.Own
			}
			return []any{a.Ref, a.Number, string(a.Program), a.Customer, a.State, a.LAR, string(a.SignedOn), own, by}
		})
	}
	columns := []sheet.Column{text("ref"), text("agreement_number"), text("program"), text("customer"), text("customer_state"), text("lar"), day("signed_on"), whole("seats"), whole("orders"),
		money("amount"), money("influenced"), money("unassisted"), money("undecided"), text("decision")}
	return write(w, columns, v.EveryAgreement(ctx, f), func(a store.AgreementRow) []any {
		decision := "undecided"
		if a.Attached {
			decision = "influenced"
		} else if a.Decided {
			decision = "none"
		}
		return []any{a.Ref, a.Number, string(a.Program), a.Customer, a.State, a.LAR, string(a.SignedOn), a.Seats, a.Orders, a.Cents, a.Influenced, a.Unassisted, a.Undecided, decision}
	})
}

func exportOrders(rows iter.Seq2[store.OrderLine, error], w *sheet.Writer) error {
	columns := []sheet.Column{text("ref"), text("agreement_number"), text("order_number"), text("order_kind"), day("ordered_on"), money("amount"), money("influenced"), money("unassisted"), money("undecided"), text("partner_id")}
	return write(w, columns, rows, func(o store.OrderLine) []any {
		return []any{o.AgreementRef, o.AgreementNumber, o.Number, string(o.Kind), string(o.OrderedOn), o.Cents, o.Influenced, o.Unassisted, o.Undecided, o.NamedNo}
	})
}

func exportDecisions(rows iter.Seq2[store.DecisionLine, error], w *sheet.Writer) error {
	columns := []sheet.Column{text("ref"), text("agreement"), text("agreement_number"), whole("seq"), day("effective_on"), text("basis"), text("decided_at"), whole("partners"), text("void"), text("note")}
	return write(w, columns, rows, func(d store.DecisionLine) []any {
		return []any{d.Ref, d.AgreementRef, d.AgreementNumber, d.Seq, string(d.From), string(d.Basis), d.At.UTC().Format("2006-01-02T15:04:05Z"), len(d.Shares), yesNo(d.Void), d.Note}
	})
}

func exportShares(rows iter.Seq2[store.DecisionLine, error], w *sheet.Writer) error {
	columns := []sheet.Column{text("ref"), text("agreement"), text("agreement_number"), text("partner_id"), text("share_percent"), text("kind"), text("primary"), text("void")}
	if err := w.Head(columns); err != nil {
		return err
	}
	for d, err := range rows {
		if err != nil {
			return err
		}
		for _, s := range d.Shares {
			if err := w.Row(d.Ref, d.AgreementRef, d.AgreementNumber, s.PartnerNo, percentTyped(s.Points), string(s.Kind), yesNo(s.Primary), yesNo(d.Void)); err != nil {
				return err
			}
		}
	}
	return nil
}

func exportClaims(rows iter.Seq2[store.ClaimRow, error], w *sheet.Writer) error {
	columns := []sheet.Column{text("ref"), text("partner"), text("partner_id"), text("lar"), text("state"), text("agreement_number"), text("agreement"), text("program"), text("customer"),
		text("customer_state"), whole("seats"), money("amount"), day("expected_on"), text("kind"), day("claimed_on"), day("due"), text("code")}
	return write(w, columns, rows, func(c store.ClaimRow) []any {
		return []any{c.Ref, c.Partner, c.PartnerNo, c.LAR, string(c.State), c.Number, c.AgreementRef, string(c.Program), c.Customer, c.State2, c.Seats, c.Cents,
			string(c.ExpectedOn), string(c.Kind), string(c.DatedOn), string(c.Due), c.Code}
	})
}

// instantOf writes an instant for machines; nothing for none.
func instantOf(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("2006-01-02T15:04:05Z")
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// export answers a list as a file: all rows of its filters.
func (s *server) export(table, format string) func(*request) error {
	return func(r *request) error {
		q, err := r.query()
		if err != nil {
			return err
		}
		if r.actor.Stale && r.takesAll(table, q) {
			return influence.ErrProof
		}
		done, err := r.mayExport()
		if err != nil {
			return err
		}
		defer done()
		f, err := r.exported(q)
		if err != nil {
			return err
		}
		r.attachment(formats[format].kind, path.Base(table)+"."+format)
		err = Export(r.Request().Context(), r.store, table, format, f, r.Response())
		if err != nil && r.Response().Committed {
			s.Log.Error("export broken off", "id", r.Response().Header().Get("X-Request-Id"), "table", table, "err", err)
			panic(http.ErrAbortHandler) // a file cut off must not look like a whole one
		}
		return err
	}
}

// takesAll reports whether a file is to have all of a table of everybody: that needs
// a fresh proof. What everybody may read does not.
func (r *request) takesAll(table string, q *Fields) bool {
	if r.actor.Role != influence.RoleStaff || table == "lars" {
		return false
	}
	return !slices.ContainsFunc(narrowing, func(name string) bool { return q.Get(name) != "" }) // an order narrows nothing
}

// exported are the filters of the address, without the place in the list.
func (r *request) exported(q *Fields) (f Filters, err error) {
	f = Filters{Claims: claimFilter(q), Partners: partnerFilter(q), Connections: connectionFilter(q), Disputes: disputeFilter(q), Applications: applicationFilter(q), Roster: rosterFilter(q), Members: memberFilter(q),
		Customers: customerFilter(q), Reports: reportFilter(q), InboxTab: inboxTab(q), LARs: larFilter(q)}
	if f.Agreements, _, err = r.agreementFilter(q); err != nil {
		return f, err
	}
	if strings.HasPrefix(r.Request().URL.Path, "/statement.") {
		if f.Statement, _, err = r.statementFilter(q); err != nil {
			return f, err
		}
	}
	if a, ok := auditingAt(r.Request().URL.Path); ok {
		if f.Ledger, _, err = r.auditFilter(a, q); err != nil {
			return f, err
		}
	}
	if q.Get("state") == "" { // the page shows what waits; without a query a file has all
		f.Applications.State = ""
	}
	f.Agreements.After, f.Claims.After, f.Partners.After, f.Connections.After, f.Applications.After, f.Roster.After, f.Disputes.After = "", "", "", "", "", "", ""
	f.Customers.After, f.Ledger.After, f.Members.After = "", "", ""
	return f, nil
}

func exportReports(rows iter.Seq2[store.ReportRow, error], w *sheet.Writer) error {
	columns := []sheet.Column{text("ref"), text("lar"), text("file"), text("state"), text("uploaded_at"), text("uploaded_by"), text("imported_at"), whole("rows"), money("amount"), whole("refused_rows"), whole("held_rows")}
	return write(w, columns, rows, func(r store.ReportRow) []any {
		return []any{r.Ref, r.LAR, r.FileName, string(r.State), instantOf(r.CreatedAt), r.By, instantOf(r.CommittedAt), r.Summary.Rows(), r.Summary.Cents(), r.Summary.Refused.Rows, r.Summary.Held.Rows}
	})
}

func exportInbox(rows iter.Seq2[store.InboxRow, error], w *sheet.Writer) error {
	columns := []sheet.Column{text("ref"), text("agreement_number"), text("program"), text("customer"), text("customer_state"), day("signed_on"), day("due"), money("amount"), whole("claims"), whole("questions"), text("best_candidate")}
	return write(w, columns, rows, func(r store.InboxRow) []any {
		best := ""
		if r.Score > 0 {
			best = fmt.Sprintf("%d.%02d", r.Score/100, r.Score%100)
		}
		return []any{r.Ref, r.Number, string(r.Program), r.Customer, r.State, string(r.SignedOn), string(r.DueOn()), r.Cents, r.Claims, r.Items, best}
	})
}
