//go:build e2e

package webtest

import (
	"context"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"snout/shared/web/localpage"
)

func (b *tab) throttle(cpu float64, latency float64, bytesPerSecond float64) {
	b.t.Helper()
	b.do(call(emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: cpu}))
	if bytesPerSecond == 0 {
		return
	}
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{URLPattern: "", Latency: latency, DownloadThroughput: bytesPerSecond, UploadThroughput: bytesPerSecond}},
		})
		return err
	}))
}

func (b *tab) atStart(script string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}))
}

const longTasks = `window.long = []; new PerformanceObserver(l => { for (const e of l.getEntries()) long.push(Math.round(e.duration)) }).observe({type: "longtask", buffered: true});`

// Five hundred conversations at once are ten times what the page asks for. What is
// asserted does not hang on this machine's mood: how much is in the page, and that what
// is not in view is not drawn. The figures are printed for a person.
func TestFiveHundredConversations(t *testing.T) {
	server := httptest.NewServer(localpage.Handler())
	t.Cleanup(server.Close)
	b := open(t, desktop)
	b.atStart(longTasks)
	b.throttle(4, 0, 0)
	b.do(chromedp.Navigate(server.URL + "/local/stories?s=owner-many"))
	b.until("five hundred rows", `document.querySelectorAll(".row").length === 500`)
	b.until("the story", `document.documentElement.dataset.story === "ready"`)
	type figures struct {
		Nodes, Rows, Drawn int
		Long               []int
	}
	look := `({nodes: document.querySelectorAll("*").length, rows: document.querySelectorAll(".row").length,
		drawn: [...document.querySelectorAll(".row")].filter(r => r.checkVisibility({contentVisibilityAuto: true})).length, long: window.long.splice(0)})`
	first := eval[figures](b, look)
	t.Logf("first paint of 500 rows, CPU slowed 4 times: %+v", first)
	if first.Nodes > 10_000 {
		t.Errorf("%d nodes for 500 rows", first.Nodes)
	}
	if first.Drawn == 0 || first.Drawn > 60 {
		t.Errorf("%d of 500 rows are drawn", first.Drawn)
	}
	typed := eval[[]int](b, `(async () => {
		const input = document.querySelector("[type=search]"), took = [];
		for (const text of ["c", "cl", "cli", "client 0", "client 04", "client 049"]) {
			const from = performance.now();
			input.value = text;
			input.dispatchEvent(new Event("input", {bubbles: true}));
			await new Promise(r => requestAnimationFrame(() => setTimeout(r)));
			took.push(Math.round(performance.now() - from));
		}
		return took;
	})()`)
	t.Logf("letters typed into the search, ms to the next frame: %v; long tasks %v", typed, eval[[]int](b, `window.long.splice(0)`))
	scrolled := eval[[]int](b, `(async () => {
		const pane = document.querySelector(".list-pane"), took = [];
		for (let i = 1; i <= 20; i++) {
			const from = performance.now();
			pane.scrollTop = i * 400;
			await new Promise(r => requestAnimationFrame(() => setTimeout(r)));
			took.push(Math.round(performance.now() - from));
		}
		return took;
	})()`)
	t.Logf("twenty steps of scrolling, ms each: %v; long tasks %v", scrolled, eval[[]int](b, `window.long.splice(0)`))
	b.healthy()
}

// From a cold start to something that can be pressed, on a slow phone: the printed
// figure is for a person, the rest is how little it takes.
func TestASlowPhoneStartsWithOneSmallRequest(t *testing.T) {
	w := begin(t)
	w.sittersOn()
	w.clock(inWindow)
	for _, who := range []struct{ sub, path string }{{"sitter-1", "/messages"}, {"owner-1", "/messages"}} {
		b := open(t, handy)
		b.atStart(longTasks + `
			window.ready = new Promise(r => { const look = () => document.querySelector(".row") ? r(Math.round(performance.now())) : setTimeout(look, 10); look() });`)
		w.signIn(b, who.sub, who.path)
		b.throttle(4, 150, 1_600_000/8) // slow 4G: 1.6 Mbit/s, 150 ms to the server
		b.do(chromedp.Reload())
		b.until("the list", `document.querySelectorAll(".row").length > 0`)
		type figures struct {
			Ready, Paint, Transferred int
			Long                      []int
		}
		got := eval[figures](b, `window.ready.then(ready => ({ready, paint: Math.round(performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0),
			transferred: performance.getEntriesByType("navigation")[0].transferSize, long: window.long}))`)
		t.Logf("%s on a slow phone: %+v (ms; bytes of the document)", who.sub, got)
		if got.Transferred == 0 || got.Transferred > 60<<10 {
			t.Errorf("the document takes %d bytes", got.Transferred)
		}
		b.throttle(1, 0, 1e9)
		b.healthy()
	}
}
