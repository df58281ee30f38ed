package events

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"sync"
)

// Checkpoints keeps how far each mapping has come in each shard: the sequence number of the last record handled or parked.
type Checkpoints interface {
	Load(mapping string) (byShard map[string]string, err error)
	Save(mapping, shard, sequence string) error
}

// Memory keeps checkpoints for as long as the process lives.
type Memory struct {
	mu sync.Mutex
	at map[string]map[string]string
}

// Load reads a mapping's checkpoints.
func (m *Memory) Load(mapping string) (map[string]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.at[mapping]), nil
}

// Save writes one.
func (m *Memory) Save(mapping, shard, sequence string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.at == nil {
		m.at = map[string]map[string]string{}
	}
	if m.at[mapping] == nil {
		m.at[mapping] = map[string]string{}
	}
	m.at[mapping][shard] = sequence
	return nil
}

// Dir keeps checkpoints as files, so that a restart goes on where the last run stopped instead of delivering the whole stream
// again.
type Dir struct {
	path string
	mu   sync.Mutex
	at   Memory
}

// OpenDir keeps checkpoints under path, which is made if need be.
func OpenDir(path string) (*Dir, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("open checkpoints: %w", err)
	}
	return &Dir{path: path}, nil
}

func (d *Dir) file(mapping string) string {
	return filepath.Join(d.path, "checkpoint-"+regexp.MustCompile(`[^A-Za-z0-9_-]`).ReplaceAllString(mapping, "_")+".json")
}

// Load reads a mapping's checkpoints. A damaged file is an error: starting over silently would deliver a whole stream again.
func (d *Dir) Load(mapping string) (map[string]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	raw, err := os.ReadFile(d.file(mapping))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("load checkpoints of %s: %w", mapping, err)
	}
	var byShard map[string]string
	if err := json.Unmarshal(raw, &byShard); err != nil {
		return nil, fmt.Errorf("load checkpoints of %s: the file is damaged: %w", mapping, err)
	}
	for shard, sequence := range byShard {
		d.at.Save(mapping, shard, sequence)
	}
	return byShard, nil
}

// Save writes one, whole or not at all.
func (d *Dir) Save(mapping, shard, sequence string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at.Save(mapping, shard, sequence)
	byShard, _ := d.at.Load(mapping) // of memory: cannot fail
	raw, err := json.Marshal(byShard)
	if err != nil {
		return fmt.Errorf("save checkpoint of %s: %w", mapping, err)
	}
	name := d.file(mapping)
	if err := errors.Join(os.WriteFile(name+".new", raw, 0o600), os.Rename(name+".new", name)); err != nil {
		return fmt.Errorf("save checkpoint of %s: %w", mapping, err)
	}
	return nil
}
