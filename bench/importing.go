package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"irm/influence"
	"irm/store"
)

// imports measures G6: a LAR's report taken in, against inserting exactly the
// rows that it left in all tables.
func (b *bench) imports() error {
	t, small, err := b.importRounds()
	if err != nil {
		return err
	}
	big, err := b.importOnce(b.sizes.orders, 0)
	if err != nil {
		return err
	}
	floor, rows, err := b.copyRows(big.file)
	if err != nil {
		return err
	}
	if err := os.Remove(big.file); err != nil {
		return err
	}
	live, err := b.importLive()
	if err != nil {
		return err
	}
	b.tellImports(t, imported{small, big, floor, rows, live})
	return nil
}

// imported is what was seen.
type imported struct {
	small, big taken
	floor      cost
	rows       []tableRows
	live       lived
}

// importRounds imports and copies in turn, each time into a fresh database.
func (b *bench) importRounds() (t *contest, last taken, err error) {
	t = &contest{names: []string{"import", "rows"}, costs: map[string][]cost{}}
	for range b.rounds {
		if last, err = b.importOnce(b.part, 0); err != nil {
			return nil, last, err
		}
		floor, _, err := b.copyRows(last.file)
		if err != nil {
			return nil, last, err
		}
		floor.ops = last.cost.ops
		t.costs["import"], t.costs["rows"] = append(t.costs["import"], last.cost), append(t.costs["rows"], floor)
		if err := os.Remove(last.file); err != nil {
			return nil, last, err
		}
	}
	return t, last, nil
}

// taken is a finished import.
type taken struct {
	cost
	file           string
	upload, commit time.Duration // on the wall
}

// importOnce takes a report of n orders into a new database.
func (b *bench) importOnce(n, from int) (in taken, err error) {
	p := &program{File: b.path(fmt.Sprintf("import-%d.db", time.Now().UnixNano()))}
	if err := p.generate(b.ctx); err != nil { // people only
		return in, err
	}
	s, err := openStore(b.ctx, p.File)
	if err != nil {
		return in, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	report, err := b.writeOrders(n, from, p.Partners)
	if err != nil {
		return in, err
	}
	defer os.Remove(report)
	if in, err = b.take(s, p, report, n); err != nil {
		return in, err
	}
	b.say("%s orders imported in %s, %s of it reading and judging, %s CPU", thousands(n), short(in.wall), short(in.upload), short(in.cpu))
	return in, nil
}

// take uploads a report, commits it, and seals what it did, as the portal does it
// with its workers.
func (b *bench) take(s *store.Store, p *program, report string, n int) (in taken, err error) {
	r := p.LARs[0]
	v := s.As(influence.Actor{MemberID: r.MemberID, OrgID: r.ID, Role: influence.RoleLAR, Rank: influence.RankOwner})
	in.file = p.File
	in.cost, err = measure(func() (int, error) {
		return n, b.sealing(s, func() error {
			begun := time.Now()
			ref, err := v.UploadReport(b.ctx, "orders.csv", report, nil)
			if err != nil {
				return err
			}
			in.upload = time.Since(begun)
			err = b.commit(s, v, ref, n)
			in.commit = time.Since(begun) - in.upload
			return err
		})
	})
	return in, err
}

func (b *bench) commit(s *store.Store, v store.Session, ref string, n int) error {
	page, err := v.Report(b.ctx, ref)
	if err != nil {
		return err
	}
	if got := page.Summary.New.Rows; got != int64(n) {
		return fmt.Errorf("%d of %d orders are new", got, n)
	}
	job, err := v.CommitReport(b.ctx, ref, page.Version)
	if err != nil {
		return err
	}
	return s.RunJob(b.ctx, job, nil)
}
