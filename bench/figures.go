package main

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"irm/influence"
	"irm/store"
)

// figures measures G7: what the dashboard costs in the store, and the same asked
// of the rows.
func (b *bench) figures() error {
	for _, size := range b.agreements {
		p, err := b.program(size)
		if err != nil {
			return err
		}
		if err := b.figuresOf(p); err != nil {
			return err
		}
	}
	return nil
}

// selections are what people look at, the whole fiscal year first.
func selections(p *program) []selection {
	fy := influence.Period{FY: 2007}
	return []selection{
		{"fiscal year", store.Selection{Period: fy}},
		{"fiscal year, one program", store.Selection{Period: fy, Program: influence.Enterprise}},
		{"fiscal year, one LAR", store.Selection{Period: fy, LAR: p.LARs[0].Ref}},
		{"fiscal year, one state", store.Selection{Period: fy, State: "CA"}},
		{"quarter", store.Selection{Period: influence.Period{FY: 2007, Quarter: 3}}},
	}
}

type selection struct {
	name string
	store.Selection
}

func (b *bench) figuresOf(p *program) error {
	s, err := openStore(b.ctx, p.File)
	if err != nil {
		return err
	}
	defer s.Close()
	staff := s.As(influence.Actor{MemberID: "bench", OrgID: influence.Staff, Role: influence.RoleStaff, Rank: influence.RankManager})
	var all []contender
	for _, sel := range selections(p) {
		all = append(all, contender{sel.name, func() (cost, error) {
			return measure(func() (int, error) {
				for range dashboards {
					if _, err := staff.Dashboard(b.ctx, sel.Selection); err != nil {
						return 0, err
					}
				}
				return dashboards, nil
			})
		}})
	}
	if _, err := interleave(1, all); err != nil { // warm
		return err
	}
	t, err := interleave(b.rounds, all)
	if err != nil {
		return err
	}
	raw, err := b.raw(p.File)
	if err != nil {
		return err
	}
	b.tellFigures(t, p, raw)
	return nil
}

// dashboards is how many are read in a round.
const dashboards = 40

// rawQueries ask of rows what the widgets of a fiscal year show; standing holds
// each agreement's orders already divided by day and partner.
func rawQueries() []string {
	const year = ` on_day BETWEEN '2006-07-01' AND '2007-06-30' `
	return []string{
		`SELECT substr(on_day, 1, 7), sum(influenced), sum(unassisted), sum(undecided) FROM standing WHERE` + year + `GROUP BY 1`,
		`SELECT a.state, sum(k.influenced), sum(k.unassisted + k.undecided) FROM standing k JOIN agreements a ON a.id = k.agreement_id WHERE` + year + `GROUP BY 1`,
		`SELECT a.lar_id, sum(k.influenced), sum(k.agreements), sum(k.decided) FROM standing k JOIN agreements a ON a.id = k.agreement_id WHERE` + year + `GROUP BY 1`,
		`SELECT partner_id, sum(influenced) FROM standing WHERE partner_id <> '' AND` + year + `GROUP BY 1 ORDER BY 2 DESC LIMIT 20`,
		`SELECT count(DISTINCT partner_id) FROM standing WHERE partner_id <> '' AND orders > 0 AND` + year,
		`SELECT sum(agreements), sum(decided), sum(attached) FROM standing WHERE` + year,
		`SELECT lar_id, tab, count(*) FROM inbox GROUP BY 1, 2`,
		`SELECT count(*), sum(cents) FROM claims WHERE state IN ('waiting', 'intent', 'attached', 'action_required')`,
	}
}

// raw runs them once each and returns what they cost together.
func (b *bench) raw(file string) (cost, error) {
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro&_pragma=mmap_size(1073741824)")
	if err != nil {
		return cost{}, err
	}
	defer db.Close()
	return measure(func() (int, error) {
		for _, query := range rawQueries() {
			if err := drain(b.ctx, db, query); err != nil {
				return 0, err
			}
		}
		return 1, nil
	})
}

// drain reads the rows of query to the end: counting is the database's work.
func drain(ctx context.Context, db *sql.DB, query string) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}

func (b *bench) tellFigures(t *contest, p *program, raw cost) {
	name := thousands(p.Size) + " agreements"
	worst, of := time.Duration(0), ""
	table := [][]string{{"selection", "CPU each", "raw GROUP BYs ÷ it"}}
	for _, n := range t.names {
		each := seconds(t.median(n, byCPU))
		if each > worst {
			worst, of = each, n
		}
		table = append(table, []string{n, short(each), fmt.Sprintf("%.0f ×", raw.cpu.Seconds()/each.Seconds())})
	}
	b.doc.verdict(verdict{"G7", "dashboard in the store at " + name, "≤ 2 ms CPU, 1000 × cheaper than raw", "≤ 5 ms CPU", short(worst) + " (" + of + ")", worst <= 5*time.Millisecond})
	b.doc.section("G7: the dashboard at "+name,
		"All widgets of one dashboard, read at one moment as Microsoft sees them; what is not added up yet is in them.",
		fmt.Sprintf("The same widgets asked of the rows by GROUP BY, once: %s CPU.", short(raw.cpu)), "", rows(table...))
}
