package web

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/alexedwards/argon2id"
	"golang.org/x/crypto/argon2"
)

var errBusy = errors.New("busy")

// hashing keeps password hashes from taking the machine: each needs 19 MiB and
// tens of milliseconds, so as many run at once as there are processors, a few
// wait, and the rest are told to come back.
type hashing struct {
	run, wait chan struct{}
	params    *argon2id.Params
	dummy     string // checked when there is no such member, so that it takes as long
}

// The parameters are OWASP's minimum for argon2id: 19 MiB, two passes, one lane
// (Password Storage Cheat Sheet).
func newHashing() *hashing {
	h := &hashing{run: make(chan struct{}, runtime.GOMAXPROCS(0)), wait: make(chan struct{}, 32),
		params: &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}}
	h.dummy = nobodys(h.params)
	return h
}

// nobodys is the hash of no password: a key drawn by chance. Working one out would
// take as long as the rest of the start, several times over.
func nobodys(p *argon2id.Params) string {
	chance := make([]byte, p.SaltLength+p.KeyLength)
	rand.Read(chance)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.Memory, p.Iterations, p.Parallelism,
		b64.EncodeToString(chance[:p.SaltLength]), b64.EncodeToString(chance[p.SaltLength:]))
}

// within runs fn when there is room, or answers errBusy.
func (h *hashing) within(ctx context.Context, fn func() error) error {
	select {
	case h.wait <- struct{}{}:
		defer func() { <-h.wait }()
	default:
		return errBusy
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	select {
	case h.run <- struct{}{}:
		defer func() { <-h.run }()
		return fn()
	case <-ctx.Done():
		return errBusy
	}
}

func (h *hashing) hash(ctx context.Context, password string) (hash string, err error) {
	err = h.within(ctx, func() (err error) {
		hash, err = argon2id.CreateHash(password, h.params)
		return err
	})
	return hash, err
}

// check compares in the same time whether there is a hash or not.
func (h *hashing) check(ctx context.Context, password, hash string) (ok bool, err error) {
	against := hash
	if against == "" {
		against = h.dummy
	}
	err = h.within(ctx, func() (err error) {
		ok, err = argon2id.ComparePasswordAndHash(password, against)
		return err
	})
	return ok && hash != "", err
}
