package mail

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ToFolder returns a Sender that writes each mail as ID.eml into dir. Mails hold
// one-time links, so the files can be read by their owner only.
func ToFolder(dir, from string) (*Sender, error) {
	s, err := sender(from)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("mail folder: %w", err)
	}
	s.way = "folder " + dir
	s.send = func(_ context.Context, m Message) error {
		b, err := m.bytes(s.from)
		if err != nil {
			return err
		}
		return writeWhole(filepath.Join(dir, m.ID+".eml"), b)
	}
	return s, nil
}

// writeWhole writes a file that is there as a whole or not at all, also after a
// power cut: to a name beside it, to the disk, then moved.
func writeWhole(name string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".*.part")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncFolder(filepath.Dir(name))
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
