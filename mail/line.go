package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
)

// line is the connection of one delivery. The library leaves it open when signing
// in fails, and does not end it with the caller's context.
type line struct {
	server
	mu     sync.Mutex
	conn   net.Conn
	closed bool
}

func (l *line) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var conn net.Conn
	var err error
	if l.implicitTLS {
		conn, err = (&tls.Dialer{Config: l.tls()}).DialContext(ctx, network, address)
	} else {
		conn, err = (&net.Dialer{}).DialContext(ctx, network, address)
	}
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn = conn
	if l.closed {
		return nil, errors.Join(context.Canceled, conn.Close())
	}
	return conn, nil
}

func (l *line) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.conn != nil {
		l.conn.Close()
	}
}
