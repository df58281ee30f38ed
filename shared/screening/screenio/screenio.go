// Package screenio is the command line around screening: JSON lines in,
// verdicts out. It must never print a text's body, not even in an error.
package screenio

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"snout/shared/screening"
)

// maxLine is far above the longest thread that can be asked about (20 texts of 1,600 characters).
const maxLine = 4 << 20

type line struct {
	ID    json.RawMessage `json:"id"`
	Texts []text          `json:"texts"`
	Own   *struct {
		Numbers []string `json:"numbers"`
		Links   []string `json:"links"`
	} `json:"own"`
}

type text struct {
	Author string `json:"author"`
	Text   string `json:"text"`
}

type answer struct {
	ID        json.RawMessage    `json:"id"`
	Swap      bool               `json:"swap"`
	Families  []screening.Family `json:"families"`
	Emergency bool               `json:"emergency"`
}

// Run answers each line of in with a line of out, in order. A line that cannot
// be read is reported to errs with its number and skipped; the exit status is
// then 1 at the end.
func Run(in io.Reader, out, errs io.Writer) (exit int) {
	r := bufio.NewReaderSize(in, 64<<10)
	w := bufio.NewWriter(out)
	defer func() {
		if err := w.Flush(); err != nil {
			fmt.Fprintf(errs, "writing: %v\n", err)
			exit = 1
		}
	}()
	for n := 1; ; n++ {
		raw, tooLong, err := readLine(r)
		if len(bytes.TrimSpace(raw)) > 0 || tooLong {
			if a, bad := judge(raw, tooLong); bad != "" {
				fmt.Fprintf(errs, "line %d: %s\n", n, bad)
				exit = 1
			} else if b, err := json.Marshal(a); err != nil {
				fmt.Fprintf(errs, "line %d: the answer cannot be written\n", n)
				exit = 1
			} else {
				w.Write(b)
				w.WriteByte('\n')
			}
			if r.Buffered() == 0 {
				// Someone may be typing: answer before waiting for more.
				w.Flush()
			}
		}
		if err == io.EOF {
			return exit
		}
		if err != nil {
			fmt.Fprintf(errs, "line %d: reading: %v\n", n, err)
			return 1
		}
	}
}

// readLine reads to the next newline, and past it without keeping anything of a line that is too long.
func readLine(r *bufio.Reader) (raw []byte, tooLong bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(raw)+len(part) > maxLine {
			tooLong, raw = true, nil
		} else if !tooLong {
			raw = append(raw, part...)
		}
		if err != bufio.ErrBufferFull {
			return raw, tooLong, err
		}
	}
}

// judge reads one line and screens its last text. The fault it returns names no content.
func judge(raw []byte, tooLong bool) (answer, string) {
	if tooLong {
		return answer{}, "longer than 4 MiB"
	}
	var l line
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(&l); err != nil {
		return answer{}, "not a JSON object of the agreed shape"
	}
	if d.More() {
		return answer{}, "more than one JSON value"
	}
	if len(l.ID) == 0 {
		return answer{}, "no id"
	}
	if len(l.Texts) == 0 {
		return answer{}, "no texts"
	}
	var m screening.Message
	for i, t := range l.Texts {
		if t.Author != string(screening.Sitter) && t.Author != string(screening.Client) {
			return answer{}, fmt.Sprintf("texts[%d]: author must be sitter or client", i)
		}
		m.Context = append(m.Context, screening.Text{Author: screening.Author(t.Author), Body: t.Text})
	}
	last := len(m.Context) - 1
	m.Text, m.Context = m.Context[last], m.Context[:last]
	if l.Own != nil {
		m.Own = screening.Own{Numbers: l.Own.Numbers, Links: l.Own.Links}
	}
	v := screening.Screen(m)
	families := v.Families
	if families == nil {
		families = []screening.Family{}
	}
	return answer{ID: l.ID, Swap: v.Swap, Families: families, Emergency: v.Emergency}, ""
}
