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
	var r querier = q
	if p, ok := s.read.(*prepared); ok {
		r = pinned{q, q, p}
	}
	return fn(reader{ctx, r})
}

// pinned runs the statements of prepared inside a transaction.
type pinned struct {
	querier
	tx *sql.Tx
	p  *prepared
}

func (p pinned) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := p.p.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return p.tx.StmtContext(ctx, s).QueryContext(ctx, args...) //nolint:sqlclosecheck // the transaction closes it
}

func (p pinned) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := p.p.stmt(ctx, query)
	if err != nil {
		return p.querier.QueryRowContext(ctx, query, args...) // will say the same
	}
	return p.tx.StmtContext(ctx, s).QueryRowContext(ctx, args...) //nolint:sqlclosecheck // the transaction closes it
}
