package store

import (
	"context"
	"database/sql"
)

// snapshot has fn read the database as it stands at one moment: what is added
// up and what is not yet are told apart by the same commit.
func (s *Store) snapshot(ctx context.Context, fn func(reader) error) error {
	q, err := s.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return err
	}
	defer q.Rollback() // nothing was changed
	p, ok := s.read.(*prepared)
	if !ok {
		return fn(reader{ctx, q})
	}
	at := &pinned{querier: q, tx: q, p: p}
	err = fn(reader{ctx, at})
	if len(at.fresh) > 0 {
		q.Rollback() //nolint:errcheck // nothing was changed
		at.compile(ctx)
	}
	return err
}

// pinned runs the statements of prepared inside a transaction. One that is not
// compiled yet runs as it is: compiling it takes another connection, and who waits
// for one while holding one may wait for ever.
type pinned struct {
	querier
	tx    *sql.Tx
	p     *prepared
	fresh []string // statements to compile once the transaction's connection is free
}

func (p *pinned) known(query string) (*sql.Stmt, bool) {
	s, ok := p.p.stmts.Load(query)
	if !ok {
		p.fresh = append(p.fresh, query)
		return nil, false
	}
	return s.(*sql.Stmt), true
}

// compile has the statements ready for the next time. One that fails is tried
// again then.
func (p *pinned) compile(ctx context.Context) {
	for _, query := range p.fresh {
		if _, err := p.p.stmt(ctx, query); err != nil { //nolint:sqlclosecheck // kept for the next call, until close
			return
		}
	}
}

func (p *pinned) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, ok := p.known(query)
	if !ok {
		return p.querier.QueryContext(ctx, query, args...)
	}
	return p.tx.StmtContext(ctx, s).QueryContext(ctx, args...) //nolint:sqlclosecheck // the transaction closes it
}

func (p *pinned) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, ok := p.known(query)
	if !ok {
		return p.querier.QueryRowContext(ctx, query, args...)
	}
	return p.tx.StmtContext(ctx, s).QueryRowContext(ctx, args...) //nolint:sqlclosecheck // the transaction closes it
}
