package sqs

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// journal is the queues on disk: one line for each change, appended before the change is acknowledged, rewritten without the
// past when it is opened. Lines go to the system at once and survive the process; they are not synced, so a power cut may cost
// the last of them. A nil journal keeps nothing.
type journal struct{ file *os.File }

// line is one change: a message as it is now, or (Gone) that it is no more.
type line struct {
	Queue   string
	Gone    string   `json:",omitempty"` // id of the message that left this queue
	Message *message `json:",omitempty"`
}

func openJournal(dir string, queues map[string]*queue) (*journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "queues.jsonl")
	if err := replay(path, queues); err != nil {
		return nil, err
	}
	fresh, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	j := &journal{fresh}
	for _, q := range queues {
		for _, m := range q.messages {
			if err := j.add(q.Name, m); err != nil {
				return nil, errors.Join(err, fresh.Close())
			}
		}
	}
	if err := errors.Join(fresh.Sync(), os.Rename(path+".new", path)); err != nil {
		return nil, errors.Join(err, fresh.Close())
	}
	return j, nil
}

// replay reads the log back. Its last line may be cut off where the process died: such a change was not acknowledged. A broken
// line anywhere else means the file is not ours to rewrite.
func replay(path string, queues map[string]*queue) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	r := bufio.NewReader(f)
	for n := 1; ; n++ {
		raw, err := r.ReadBytes('\n')
		if err == io.EOF {
			return nil // what came without its newline is the cut-off line
		}
		if err != nil {
			return err
		}
		var l line
		if err := json.Unmarshal(raw, &l); err != nil || (l.Message == nil) == (l.Gone == "") {
			return fmt.Errorf("%s: line %d is damaged", filepath.Base(path), n)
		}
		q := queues[l.Queue]
		switch {
		case q == nil: // dropping it silently would lose messages over a renamed queue
			return fmt.Errorf("%s: line %d is of queue %q, which does not exist any more", filepath.Base(path), n, l.Queue)
		case l.Message != nil:
			q.messages[l.Message.ID] = l.Message
			q.order = max(q.order, l.Message.Order)
		default:
			delete(q.messages, l.Gone)
		}
	}
}

func (j *journal) append(lines ...line) error {
	if j == nil {
		return nil
	}
	var all []byte
	for _, l := range lines {
		raw, err := json.Marshal(l)
		if err != nil {
			return fmt.Errorf("write queue log: %w", err)
		}
		all = append(append(all, raw...), '\n')
	}
	if _, err := j.file.Write(all); err != nil {
		return fmt.Errorf("write queue log: %w", err)
	}
	return nil
}

func (j *journal) add(queue string, m *message) error {
	return j.append(line{Queue: queue, Message: m})
}

func (j *journal) change(queue string, m *message) error { return j.add(queue, m) }

func (j *journal) remove(queue, id string) error { return j.append(line{Queue: queue, Gone: id}) }

// move writes the arrival first: cut off between its lines, the message is in both queues rather than in none.
func (j *journal) move(from, to string, m *message) error {
	return j.append(line{Queue: to, Message: m}, line{Queue: from, Gone: m.ID})
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	return j.file.Close()
}
