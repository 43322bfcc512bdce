package store

import (
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
	"strings"
	"sync"
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
	text, err := os.ReadFile(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := k.make(); err != nil {
			return nil, err
		}
		text, err = os.ReadFile(k.path)
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
	root := make([]byte, 32)
	rand.Read(root)
	f, err := os.CreateTemp(filepath.Dir(k.path), ".keys-*") // readable by its owner alone
	if err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = fmt.Fprintf(f, "k%s %s\n", strings.ToLower(rand.Text()[:8]), base64.StdEncoding.EncodeToString(root))
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
	return last.name + "." + base64.RawStdEncoding.EncodeToString(aead.Seal(nil, nil, []byte(secret), []byte(row))), nil
}

// unsealed decrypts what sealed made, with whichever key did.
func (s *Store) unsealed(purpose, row, text string) (string, error) {
	keys, err := s.keys.load()
	if err != nil {
		return "", err
	}
	name, encoded, _ := strings.Cut(text, ".")
	for _, k := range keys {
		if k.name != name {
			continue
		}
		aead, err := k.cipher(purpose)
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
	return "", fmt.Errorf("a secret is sealed with the key %.20q, which is not in the file of the keys", name)
}
