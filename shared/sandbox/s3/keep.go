package s3

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// keep is where objects are, by "bucket/key". The store's lock guards it.
type keep interface {
	write(id string, o object, body []byte) error
	read(id string) (object, []byte, error) // errNoKey if there is none
	remove(id string) error                 // no error if there is none
}

type memory map[string]held

type held struct {
	object
	body []byte
}

func (m memory) write(id string, o object, body []byte) error {
	m[id] = held{o, body}
	return nil
}

func (m memory) read(id string) (object, []byte, error) {
	h, ok := m[id]
	if !ok {
		return object{}, nil, errNoKey
	}
	return h.object, h.body, nil
}

func (m memory) remove(id string) error {
	delete(m, id)
	return nil
}

// dir keeps an object in one file, named by a hash so that no key can name a path: a line of JSON, then the bytes.
type dir string

func openDir(path string) (dir, error) { return dir(path), os.MkdirAll(path, 0o700) }

func (d dir) file(id string) string {
	sum := sha256.Sum256([]byte(id))
	return filepath.Join(string(d), hex.EncodeToString(sum[:]))
}

func (d dir) write(id string, o object, body []byte) error {
	head, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("write object: %w", err)
	}
	name := d.file(id)
	raw := append(append(head, '\n'), body...)
	if err := errors.Join(os.WriteFile(name+".new", raw, 0o600), os.Rename(name+".new", name)); err != nil {
		return fmt.Errorf("write object: %w", err)
	}
	return nil
}

func (d dir) read(id string) (object, []byte, error) {
	raw, err := os.ReadFile(d.file(id))
	if errors.Is(err, fs.ErrNotExist) {
		return object{}, nil, errNoKey
	}
	if err != nil {
		return object{}, nil, fmt.Errorf("read object: %w", err)
	}
	head, body, ok := bytes.Cut(raw, []byte("\n"))
	var o object
	if err := json.Unmarshal(head, &o); err != nil || !ok {
		return object{}, nil, errors.New("read object: its file is damaged")
	}
	return o, body, nil
}

func (d dir) remove(id string) error {
	if err := os.Remove(d.file(id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete object: %w", err)
	}
	return nil
}
