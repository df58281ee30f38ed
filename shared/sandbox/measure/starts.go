package measure

import (
	"archive/zip"
	"compress/flate"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"snout/shared/sandbox"
	"snout/shared/sandbox/runtime"
)

// Size is what is deployed of one function.
type Size struct {
	Function    string
	Bytes, Zips int64 // of the bootstrap, and of the zip that is uploaded
}

// slack is by how much a function may grow unnoticed: a few fixes, no new dependency.
const slack = 1.03

// Above says where a size is above its record, or above what the house allows.
func (s Size) Above(record []Size) error {
	const most, mostZips = 12 << 20, 4608 << 10
	if s.Bytes > most || s.Zips > mostZips {
		return fmt.Errorf("%s has %d bytes, %d zipped; a function may have %d and %d", s.Function, s.Bytes, s.Zips, most, mostZips)
	}
	i := slices.IndexFunc(record, func(r Size) bool { return r.Function == s.Function })
	if i < 0 {
		return fmt.Errorf("%s is not on record: snout bench sizes DIR --update", s.Function)
	}
	if was := record[i]; float64(s.Bytes) > slack*float64(was.Bytes) {
		return fmt.Errorf("%s has grown from %d to %d bytes; if that is right: snout bench sizes DIR --update", s.Function, was.Bytes, s.Bytes)
	}
	return nil
}

// Sizes measures the functions compiled below a folder.
func Sizes(dir string) ([]Size, error) {
	var out []Size
	for _, name := range slices.Sorted(maps.Keys(sandbox.Functions)) {
		path := filepath.Join(dir, name, "bootstrap")
		i, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("sizes: %w", err)
		}
		n, err := zipped(path)
		if err != nil {
			return nil, fmt.Errorf("sizes: %w", err)
		}
		out = append(out, Size{name, i.Size(), n})
	}
	return out, nil
}

type counter int64

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

// zipped is how large the deployment's zip of a file is, at the best compression.
func zipped(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var n counter
	z := zip.NewWriter(&n)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	w, err := z.Create("bootstrap")
	if err != nil {
		return 0, err
	}
	if _, err := io.Copy(w, f); err != nil {
		return 0, err
	}
	if err := z.Close(); err != nil {
		return 0, err
	}
	return int64(n), nil
}

// Started is how a function starts and answers with the processor share of a memory size.
type Started struct {
	Function string
	MemoryMB int           // whose share of a processor it had
	First    time.Duration // from the start of the process to its first answer: the median
	Best     time.Duration // the quickest of them, which others on the machine disturb least
	Warm     time.Duration // to a later answer: the median
	Work     time.Duration // of processors until the first answer: the median, which no neighbour changes much; 0 where the machine does not tell
	PeakKB   int           // of memory, the most of any
	Starts   int
}

// Starts starts every function compiled below a folder, as often as asked with the
// processor share of each memory size, and has it answer its event file. How says
// where the share comes from.
func Starts(ctx context.Context, dir string, times int, sizes ...int) (started []Started, how string, err error) {
	for _, mb := range sizes {
		some, by, err := startsOf(ctx, dir, times, mb)
		if err != nil {
			return nil, "", err
		}
		how, started = by, append(started, some...)
	}
	return started, how, nil
}

// warmCalls follow each first one.
const warmCalls = 3

func startsOf(ctx context.Context, dir string, times, mb int) (started []Started, how string, err error) {
	share, err := newShare(mb)
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, share.close()) }()
	// On the machine's clock: as deployed, a function knows no other. A world for each
	// size, since a business may only send so much in a minute.
	w, err := sandbox.Start(ctx, sandbox.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	programs, err := w.Programs(dir)
	if err != nil {
		return nil, "", err
	}
	serial := 0
	for _, p := range programs {
		one := Started{Function: filepath.Base(filepath.Dir(p.Path)), MemoryMB: mb, Starts: times}
		event, err := os.ReadFile(filepath.Join("functions", one.Function, "event.json"))
		if err != nil {
			return nil, "", fmt.Errorf("starts: run this from the project's folder: %w", err)
		}
		p.Concurrency, p.MemoryMB = 1, mb
		var first, warm, work []time.Duration
		for range times {
			run, err := runtime.StartProcesses(runtime.ProcessOptions{Region: "us-east-1", Start: share.start}, p)
			if err != nil {
				return nil, "", err
			}
			for call := range 1 + warmCalls {
				serial++
				payload, err := anew(event, w.URL, serial)
				if err != nil {
					return nil, "", errors.Join(err, run.Close())
				}
				answer, err := run.Invoke(ctx, p.Name, payload)
				var status struct{ StatusCode int }
				if err == nil && json.Unmarshal(answer, &status) == nil && status.StatusCode >= 400 {
					err = fmt.Errorf("status %d: %.200s", status.StatusCode, answer)
				}
				if err != nil {
					return nil, "", errors.Join(fmt.Errorf("%s: %w", one.Function, err), run.Close())
				}
				for _, pid := range run.Processes() {
					if call == 0 {
						work = append(work, worked(pid))
					}
				}
			}
			for _, pid := range run.Processes() {
				one.PeakKB = max(one.PeakKB, peak(pid))
			}
			s := run.Stats(p.Name)
			first, warm = append(first, s.Cold...), append(warm, s.Warm...)
			if err := run.Close(); err != nil {
				return nil, "", err
			}
		}
		one.First, one.Best, one.Warm, one.Work = middle(first), slices.Min(first), middle(warm), middle(work)
		started = append(started, one)
	}
	return started, share.how, nil
}

func middle(ds []time.Duration) time.Duration {
	ds = slices.Sorted(slices.Values(ds))
	return ds[len(ds)/2]
}

// peak is the most memory a process has held, in kB; 0 where the machine does not tell.
func peak(pid int) (kb int) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for l := range strings.SplitSeq(string(status), "\n") {
		if rest, ok := strings.CutPrefix(l, "VmHWM:"); ok {
			_, _ = fmt.Sscan(rest, &kb)
		}
	}
	return kb
}

// worked is the time that a process has had a processor; 0 where the machine does not tell.
func worked(pid int) (sum time.Duration) {
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil {
		return 0
	}
	for _, t := range tasks {
		b, err := os.ReadFile(t)
		if err != nil {
			continue // the thread has ended
		}
		var ns int64
		if _, err := fmt.Sscan(string(b), &ns); err == nil {
			sum += time.Duration(ns)
		}
	}
	return sum
}

// anew is an event file as of a new request: nothing that the function has seen before,
// and signed by the carrier for this world's address.
func anew(raw []byte, base string, serial int) ([]byte, error) {
	var e map[string]any
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, err
	}
	headers, _ := e["headers"].(map[string]any)
	if headers["idempotency-key"] != nil {
		headers["idempotency-key"] = fmt.Sprintf("measure-%d", serial)
	}
	// To one person only so much may go at once: after eight the next is written to.
	if said := map[string]any{}; headers["idempotency-key"] != nil && json.Unmarshal(fmt.Append(nil, e["body"]), &said) == nil && said["phone"] != nil {
		said["phone"] = fmt.Sprintf("+12025550%d", 100+serial/8%100)
		b, err := json.Marshal(said)
		if err != nil {
			return nil, err
		}
		e["body"] = string(b)
	}
	if headers["x-twilio-signature"] == nil {
		return json.Marshal(e)
	}
	body, _ := e["body"].(string)
	form, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return nil, err
	}
	v, err := url.ParseQuery(string(form))
	if err != nil {
		return nil, err
	}
	if v.Get("Body") != "" {
		v.Set("MessageSid", fmt.Sprintf("SM%032x", serial))
	}
	address, _ := e["rawPath"].(string)
	if q, _ := e["rawQueryString"].(string); q != "" {
		address += "?" + q
	}
	e["body"] = base64.StdEncoding.EncodeToString([]byte(v.Encode()))
	headers["x-twilio-signature"] = signature(base+address, v)
	return json.Marshal(e)
}

// localToken is the local carrier's auth token, which opens nothing but it.
const localToken = "0123456789abcdef0123456789abcdef"

func signature(address string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(localToken))
	mac.Write([]byte(address))
	for _, n := range slices.Sorted(maps.Keys(form)) {
		mac.Write([]byte(n + form.Get(n)))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
