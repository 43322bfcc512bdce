package store

import (
	"context"
	"database/sql"
)

// reader reads what belongs to a row that was read under visible before.
type reader struct {
	ctx context.Context
	q   querier
}

func (r reader) row(query string, args ...any) *sql.Row {
	return r.q.QueryRowContext(r.ctx, query, args...)
}

func (r reader) rows(query string, args ...any) (*sql.Rows, error) {
	return r.q.QueryContext(r.ctx, query, args...)
}

// reader reads inside the transaction, after what was given to later.
func (t *tx) reader() reader {
	t.sent()
	return reader{t.ctx, t.q}
}

func (v Session) reader(ctx context.Context) reader { return reader{ctx, v.s.read} }
