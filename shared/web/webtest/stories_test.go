//go:build e2e

package webtest

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"snout/shared/web/localpage"
)

// Every state of every screen, on a desk and on a phone, by day and by night: no
// finding of axe-core, no error, nothing that does not fit.
func TestStories(t *testing.T) {
	server := httptest.NewServer(localpage.Handler())
	t.Cleanup(server.Close)
	index := open(t, desktop)
	index.do(chromedp.Navigate(server.URL + "/local/stories"))
	names := eval[[]string](index, `window.snoutStories`)
	if len(names) < 50 {
		t.Fatalf("only %d stories", len(names))
	}
	only := os.Getenv("E2E_STORY")
	// Side by side: each has a tab of its own.
	for _, d := range []device{desktop, handy} {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			b := open(t, d)
			for _, name := range names {
				if only != "" && only != name {
					continue
				}
				t.Run(name, func(t *testing.T) {
					b.t = t
					b.tell(server.URL, name, d)
				})
			}
			b.t = t
		})
	}
}

// everywhere are the stories looked at on a desk and on a phone, by day and by night;
// of the others the night is looked at where they are mostly seen.
var everywhere = []string{"owner-list", "owner-thread", "owner-inbox", "diagnostics", "sitter-list", "sitter-active", "sitter-stopped", "sitter-upcoming"}

// tell shows one story and looks at it from all sides.
func (b *tab) tell(server, name string, d device) {
	b.t.Helper()
	b.dark(false)
	b.do(chromedp.Navigate(server + "/local/stories?s=" + name))
	b.until("the story", `document.documentElement.dataset.story === "ready"`)
	for _, night := range []bool{false, true} {
		b.dark(night)
		switch {
		case name == "owner-many": // five hundred rows like those of the other lists
		case !night:
			b.accessible(`"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"`)
		case slices.Contains(everywhere, name) || strings.HasPrefix(name, "sitter") == d.phone:
			b.accessible(`"color-contrast"`) // the rest does not change with the light
		}
		b.shot(name + "-" + d.name + map[bool]string{false: "", true: "-dark"}[night])
	}
	b.fits()
	// The narrowest and the widest that are promised, and a tablet.
	for _, edge := range map[string][]int64{desktop.name: {800, 2560}, handy.name: {320}}[d.name] {
		b.do(chromedp.EmulateViewport(edge, d.height))
		b.fits()
		b.inside()
		b.shot(fmt.Sprintf("%s-%d", name, edge))
	}
	b.do(chromedp.EmulateViewport(d.width, d.height))
	b.healthy()
}

// The page counts segments exactly as the server does.
func TestSegmentsAreCountedAsOnTheServer(t *testing.T) {
	server := httptest.NewServer(localpage.Handler())
	t.Cleanup(server.Close)
	raw, err := os.ReadFile("../../segments/testdata/segments.json")
	if err != nil {
		t.Fatal(err)
	}
	type vector struct {
		Name     string `json:"name"`
		Text     string `json:"text"`
		Encoding string `json:"encoding"`
		Units    int    `json:"units"`
		Parts    int    `json:"parts"`
	}
	var want []vector
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	b := open(t, desktop)
	b.do(chromedp.Navigate(server.URL + "/local/stories"))
	got := eval[[]vector](b, string(raw)+`.map(v => { const c = snoutCountSegments(v.text); return {name: v.name, text: v.text, encoding: c.encoding, units: c.units, parts: c.parts} })`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-server +page):\n%s", diff)
	}
	b.healthy()
}
