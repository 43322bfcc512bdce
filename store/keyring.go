package store

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"irm/influence"
)

// keyring holds the keys of what is kept sealed. They are in a file of their own,
// so that a copy of the database alone opens nothing. Each line is a key's name
// and 32 bytes; the last seals, all of them open.
type keyring struct {
	path string
	mu   sync.Mutex
	keys []ringKey
}

type ringKey struct {
	name string
	root []byte
}

// UseKeys names the file of the keys. It is made when the first secret is sealed.
// Without a name it lies beside the file of an SQLite database.
func (s *Store) UseKeys(path string) { s.keys = &keyring{path: path} }

// errNoKeys says that secrets can't be sealed.
var errNoKeys = errors.New("no file for keys is named: give --key-file")

// load reads the file, or makes it with a first key. Of two processes at once one
// makes it, and both read it.
func (k *keyring) load() ([]ringKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.keys) > 0 {
		return k.keys, nil
	}
	if k.path == "" {
		return nil, errNoKeys
	}
	text, err := os.ReadFile(k.path) //nolint:gosec // the file that the operator names
	if errors.Is(err, fs.ErrNotExist) {
		if err := k.make(); err != nil {
			return nil, err
		}
		text, err = os.ReadFile(k.path) //nolint:gosec // the same
	}
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	k.keys, err = parseKeys(string(text))
	return k.keys, err
}

// make writes the file beside its place and links it there: whoever is second
// finds it taken, and nobody ever reads half of it.
func (k *keyring) make() error {
	f, err := os.CreateTemp(filepath.Dir(k.path), ".keys-*") // readable by its owner alone
	if err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(newKeyLine())
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Link(f.Name(), k.path)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make keys: %w", err)
	}
	return nil
}

func parseKeys(text string) (all []ringKey, err error) {
	for line := range strings.Lines(text) {
		name, encoded, ok := strings.Cut(strings.TrimSpace(line), " ")
		root, err := base64.StdEncoding.DecodeString(encoded)
		if !ok || err != nil || len(root) != 32 || strings.Contains(name, ".") {
			return nil, errors.New("the file of the keys has a line that is no key")
		}
		all = append(all, ringKey{name, root})
	}
	if len(all) == 0 {
		return nil, errors.New("the file of the keys is empty")
	}
	return all, nil
}

// cipher is for one purpose: a key's bytes are never used for two.
func (k ringKey) cipher(purpose string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, k.root, nil, "irm "+purpose, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// sealed encrypts a secret for one purpose and one row, from which it can't be
// moved to another.
func (s *Store) sealed(purpose, row, secret string) (string, error) {
	keys, err := s.keys.load()
	if err != nil {
		return "", err
	}
	last := keys[len(keys)-1]
	aead, err := last.cipher(purpose)
	if err != nil {
		return "", err
	}
	box := aead.Seal(nil, nil, []byte(secret), []byte(row)) //nolint:gosec // this cipher draws a nonce for each message, and refuses one
	return last.name + "." + base64.RawStdEncoding.EncodeToString(box), nil
}

// unsealed decrypts what sealed made, with whichever key did.
func (s *Store) unsealed(purpose, row, text string) (string, error) {
	keys, err := s.keys.load()
	if err != nil {
		return "", err
	}
	name, encoded, _ := strings.Cut(text, ".")
	named := func(k ringKey) bool { return k.name == name }
	if !slices.ContainsFunc(keys, named) { // made since by another process
		if keys, err = s.keys.again(); err != nil {
			return "", err
		}
	}
	i := slices.IndexFunc(keys, named)
	if i < 0 {
		return "", fmt.Errorf("a secret is sealed with the key %.20q, which is not in the file of the keys", name)
	}
	aead, err := keys[i].cipher(purpose)
	if err != nil {
		return "", err
	}
	raw, err := base64.RawStdEncoding.DecodeString(encoded)
	if err != nil {
		return "", err
	}
	secret, err := aead.Open(nil, nil, raw, []byte(row))
	return string(secret), err
}

// again reads the file anew.
func (k *keyring) again() ([]ringKey, error) {
	k.mu.Lock()
	k.keys = nil
	k.mu.Unlock()
	return k.load()
}

// add puts a new key behind the others: from now on it seals.
func (k *keyring) add() error {
	if _, err := k.again(); err != nil {
		return err
	}
	text, err := os.ReadFile(k.path)
	if err != nil {
		return fmt.Errorf("read keys: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(k.path), ".keys-*")
	if err != nil {
		return fmt.Errorf("add key: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = fmt.Fprintf(f, "%s%s", text, newKeyLine())
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), k.path)
	}
	if err == nil {
		_, err = k.again()
	}
	return err
}

// newKeyLine is a key as the file has it.
func newKeyLine() string {
	root := make([]byte, 32)
	rand.Read(root)
	return "k" + strings.ToLower(rand.Text()[:8]) + " " + base64.StdEncoding.EncodeToString(root) + "\n"
}

// RotateSecrets seals all stored secrets with a new key and returns how many there
// are. Portals that run read the key when they meet it. Without a file of keys there
// are no secrets, and none is made.
func (v Session) RotateSecrets(ctx context.Context) (n int, err error) {
	if !v.actor.May(influence.Operate) {
		return 0, influence.ErrForbidden
	}
	if _, err := os.Stat(v.s.keys.path); err != nil {
		return 0, nil
	}
	if err := v.s.keys.add(); err != nil {
		return 0, err
	}
	err = v.do(ctx, influence.Operate, func(t *tx) (change, error) {
		n, err = t.reseal()
		return change{"secrets", nil, resealRecord{n}}, err
	})
	if err != nil {
		return 0, fmt.Errorf("rotate secrets: %w", err)
	}
	return n, nil
}

// resealRecord is what the ledger keeps of it.
type resealRecord struct {
	Resealed int `json:"secrets_sealed_anew"`
}

// reseal goes through all secrets. One that changed meanwhile has the new key, or
// still opens with its old one, which stays in the file.
func (t *tx) reseal() (n int, err error) {
	rows, err := t.rows(`SELECT member_id, secret FROM authenticators ORDER BY member_id`)
	type kept struct{ member, secret string }
	all, err := collect(rows, err, func(row scanner) (k kept, err error) { return k, row.Scan(&k.member, &k.secret) })
	for _, k := range all {
		secret, err := t.s.unsealed("authenticator", k.member, k.secret)
		if err != nil {
			return 0, err
		}
		fresh, err := t.s.sealed("authenticator", k.member, secret)
		if err != nil {
			return 0, err
		}
		if err := t.later(`UPDATE authenticators SET secret = $2 WHERE member_id = $1 AND secret = $3`, k.member, fresh, k.secret); err != nil {
			return 0, err
		}
	}
	return len(all), err
}
