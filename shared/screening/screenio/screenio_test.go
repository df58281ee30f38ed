package screenio_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snout/shared/screening/screenio"
)

func TestRun(t *testing.T) {
	type want struct {
		Out, Errs string
		Exit      int
	}
	tests := []struct {
		name string
		in   string
		want want
	}{
		{
			"a swap and an innocent text are answered in order",
			`{"id":"a","texts":[{"author":"sitter","text":"call 202-555-0123"}]}` + "\n" +
				`{"id":"b","texts":[{"author":"client","text":"the gate code is 4521"}]}` + "\n",
			want{Out: `{"id":"a","swap":true,"families":["plain_phone"],"emergency":false}` + "\n" +
				`{"id":"b","swap":false,"families":[],"emergency":false}` + "\n"},
		},
		{
			"a malformed line is named by its number, the rest goes on, and the exit status is 1",
			"\n{oops 202-555-0123\n" + `{"id":7,"texts":[{"author":"sitter","text":"hi"}]}`,
			want{
				Out:  `{"id":7,"swap":false,"families":[],"emergency":false}` + "\n",
				Errs: "line 2: not a JSON object of the agreed shape\n",
				Exit: 1,
			},
		},
		{
			"what is missing or wrong in a line is said without its content",
			`{"texts":[{"author":"sitter","text":"202-555-0123"}]}` + "\n" +
				`{"id":"a","texts":[]}` + "\n" +
				`{"id":"a","texts":[{"author":"owner","text":"202-555-0123"}]}` + "\n" +
				`{"id":"a","texts":[{"author":"sitter","text":5}]}` + "\n" +
				`{"id":"a","texts":[{"author":"sitter","text":"x"}]} {}` + "\n" +
				`["a"]` + "\n",
			want{
				Errs: "line 1: no id\nline 2: no texts\nline 3: texts[0]: author must be sitter or client\n" +
					"line 4: not a JSON object of the agreed shape\nline 5: more than one JSON value\nline 6: not a JSON object of the agreed shape\n",
				Exit: 1,
			},
		},
		{
			"the verdict is about the last text, given the earlier ones",
			`{"id":"s","texts":[{"author":"sitter","text":"202"},{"author":"sitter","text":"555"},{"author":"sitter","text":"0123"}]}` + "\n" +
				`{"id":"t","texts":[{"author":"sitter","text":"call 202-555-0123"},{"author":"client","text":"thanks, see you at 5"}]}`,
			want{Out: `{"id":"s","swap":true,"families":["split_phone"],"emergency":false}` + "\n" +
				`{"id":"t","swap":false,"families":[],"emergency":false}` + "\n"},
		},
		{
			"the business's own number and link are no swap",
			`{"id":"o","texts":[{"author":"sitter","text":"office 202-555-0100 or www.pawhaus.example"}],"own":{"numbers":["+12025550100"],"links":["pawhaus.example"]}}`,
			want{Out: `{"id":"o","swap":false,"families":[],"emergency":false}` + "\n"},
		},
		{
			"an emergency is flagged whether or not a swap is in it",
			`{"id":"e","texts":[{"author":"sitter","text":"Bella is bleeding, my cell is 202-555-0123"}]}`,
			want{Out: `{"id":"e","swap":true,"families":["plain_phone"],"emergency":true}` + "\n"},
		},
		{"nothing in, nothing out", "", want{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out, errs strings.Builder
			exit := screenio.Run(strings.NewReader(tt.in), &out, &errs)
			if d := cmp.Diff(tt.want, want{out.String(), errs.String(), exit}); d != "" {
				t.Errorf("run (-want +got):\n%s", d)
			}
			if strings.Contains(errs.String(), "555") {
				t.Error("a text's content is in an error")
			}
		})
	}
}

func TestALineBeyondTheLimitIsReportedAndTheNextOneAnswered(t *testing.T) {
	in := `{"id":"` + strings.Repeat("x", 5<<20) + "\"}\n" + `{"id":"b","texts":[{"author":"client","text":"hi"}]}`
	var out, errs strings.Builder
	if exit := screenio.Run(strings.NewReader(in), &out, &errs); exit != 1 {
		t.Errorf("exit %d", exit)
	}
	if d := cmp.Diff("line 1: longer than 4 MiB\n", errs.String()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(`{"id":"b","swap":false,"families":[],"emergency":false}`+"\n", out.String()); d != "" {
		t.Error(d)
	}
}

// broken is a writer whose other end has gone.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("gone") }

func TestAWriterThatFailsIsAnExitStatusAndAnError(t *testing.T) {
	var errs strings.Builder
	if exit := screenio.Run(strings.NewReader(`{"id":"b","texts":[{"author":"client","text":"hi"}]}`), broken{}, &errs); exit != 1 {
		t.Errorf("exit %d", exit)
	}
	if err := screenio.Report(broken{}); err == nil {
		t.Error("report said nothing")
	}
}

func TestReportShowsEveryFamilyOfBothPartsWithItsInterval(t *testing.T) {
	var out strings.Builder
	if err := screenio.Report(&out); err != nil {
		t.Fatal(err)
	}
	for _, w := range []string{"test part:", "dev part:", "plain_phone", "split_phone", "bypass", "false alarms", "emergencies held", "95 % interval"} {
		if !strings.Contains(out.String(), w) {
			t.Errorf("report lacks %q:\n%s", w, out.String())
		}
	}
}
