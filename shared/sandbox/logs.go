package sandbox

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"sync"
)

// keptLines bounds what a world remembers of its functions' log lines.
const keptLines = 20000

// kept passes log lines on and remembers the last of them, so that a checker can look
// for errors and whole numbers in them as it would in the cloud's log groups.
type kept struct {
	out io.Writer

	mu    sync.Mutex
	lines []string
	n     int64 // lines ever written
	part  []byte
}

func (k *kept) Write(b []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.part = append(k.part, b...)
	for {
		line, rest, whole := bytes.Cut(k.part, []byte("\n"))
		if !whole {
			break
		}
		k.lines = append(k.lines, string(line))
		k.n++
		k.part = rest
	}
	if over := len(k.lines) - keptLines; over > 0 {
		k.lines = append([]string(nil), k.lines[over:]...)
	}
	return k.out.Write(b)
}

// since are the lines after the nth ever written, and the number of the last.
func (k *kept) since(after int64) ([]string, int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	first := k.n - int64(len(k.lines)) // the number of the line before the first kept
	from := min(max(after-first, 0), int64(len(k.lines)))
	return append([]string{}, k.lines[from:]...), k.n
}

func (w *World) logLines(rw http.ResponseWriter, r *http.Request) {
	after := int64(0)
	if s := r.URL.Query().Get("after"); s != "" {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			fault(rw, http.StatusBadRequest, "after must be the number of a line")
			return
		}
		after = n
	}
	lines, next := w.logs.since(after)
	reply(rw, http.StatusOK, map[string]any{"lines": lines, "next": next})
}
