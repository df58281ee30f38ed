//go:build e2e

package webtest

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed testdata/axe-core/axe.min.js
var axe string

// patience is how long anything on screen may take to appear; nothing waits that
// long unless it is broken.
const patience = time.Minute

// browser is one process for all tests; every tab has cookies and storage of its own.
var browser struct {
	sync.Once
	ctx  context.Context
	stop func()
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if browser.stop != nil {
		browser.stop()
	}
	os.Exit(code)
}

func launch() {
	var path string
	for _, name := range []string{"chromium-headless-shell", "headless-shell", "chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		browser.err = fmt.Errorf("no browser: install Debian's chromium-headless-shell and fonts-noto-color-emoji")
		return
	}
	profile, err := os.MkdirTemp("", "snout-e2e-")
	if err != nil {
		browser.err = err
		return
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.DisableGPU, chromedp.UserDataDir(profile),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("lang", "en-US"),
		// A mouse: a machine of CI has none, and a desktop without one is no desktop.
		chromedp.Flag("blink-settings", "primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4"),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(alloc)
	browser.ctx = ctx
	browser.stop = func() {
		chromedp.Cancel(ctx)
		stop()
		stopAlloc()
		os.RemoveAll(profile)
	}
	browser.err = chromedp.Do(ctx)
}

// device is what the person holds.
type device struct {
	name          string
	width, height int64
	phone         bool
}

var (
	desktop = device{name: "desktop", width: 1440, height: 900}
	handy   = device{name: "phone", width: 390, height: 844, phone: true}
)

// tab is one browser window of one person, and what went wrong in it.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu     sync.Mutex
	faults []string
	asked  []string // every address that was requested
}

func open(t *testing.T, d device) *tab {
	t.Helper()
	browser.Do(launch)
	if browser.err != nil {
		if os.Getenv("E2E") == "require" {
			t.Fatal(browser.err)
		}
		t.Skip(browser.err)
	}
	ctx, cancel := chromedp.NewContext(browser.ctx, chromedp.WithNewBrowserContext())
	b := &tab{t: t, ctx: ctx}
	t.Cleanup(func() {
		chromedp.Cancel(ctx)
		cancel()
	})
	if err := chromedp.Do(ctx); err != nil { // the tab lives as long as the context it is opened with
		t.Fatal(err)
	}
	// Every tab believes that it is the one in front: the keyboard of each works.
	b.do(chromedp.EmulateViewport(d.width, d.height), call(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}))
	if d.phone {
		b.do(call(emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true}))
	}
	b.watch()
	return b
}

func call[P any](command cdp.Command[P, cdp.Empty], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, command, params)
		return err
	})
}

// keys types as a keyboard does: one event for key and letter, so that a page that
// takes the key for itself does not get the letter too.
func keys(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, r := range text {
			for _, e := range kb.Encode(r) {
				switch e.Type {
				case kb.KeyChar:
					continue
				case kb.KeyDown:
					if k, ok := kb.Keys[r]; ok && k.Print {
						e.Text, e.UnmodifiedText = k.Text, k.Unmodified
					} else if !ok {
						e.Text, e.UnmodifiedText = string(r), string(r)
					}
				}
				if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, *e); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// press presses what a selector finds, as a finger does, once it holds still and nothing
// lies over it: a list that is just being filled would move under the finger, and the
// next row would get the press.
func press(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		place := chromedp.Evaluate[[]float64](`(async () => {
			const frame = () => new Promise(requestAnimationFrame);
			for (let was = "", still = 0;;) {
				await frame();
				const e = document.querySelector(`+quote(selector)+`);
				if (!e || e.disabled || !e.getClientRects().length) { still = 0; continue }
				if (!still) e.scrollIntoView({block: "nearest"});
				const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;
				const there = document.elementFromPoint(x, y);
				const now = [x, y].join(" ");
				still = now === was && there && (e.contains(there) || there.contains(e) && there.closest("label")) ? still + 1 : 0;
				was = now;
				if (still === 3) return [x, y];
			}
		})()`, chromedp.EvalAwaitPromise)
		at, err := chromedp.Run(ctx, place)
		for err != nil && ctx.Err() == nil { // the page was just being left
			at, err = chromedp.Run(ctx, place)
		}
		if err != nil {
			return fmt.Errorf("pressing %s: %w", selector, err)
		}
		return chromedp.Do(ctx, chromedp.MouseClickXY(at[0], at[1]))
	})
}

// watch notes everything that a page of ours must never cause: errors on the
// console, exceptions, breaches of its own policy.
func (b *tab) watch() {
	b.do(call(network.Enable, network.EnableParams{}), call(log.Enable, cdp.Empty{}))
	err := chromedp.Listen(b.ctx, func(event any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			if e.Type == "error" || e.Type == "warning" || e.Type == "assert" {
				var words []string
				for _, a := range e.Args {
					words = append(words, string(a.Value)+a.Description)
				}
				b.faults = append(b.faults, "console "+string(e.Type)+": "+strings.Join(words, " "))
			}
		case *runtime.EventExceptionThrown:
			text := e.ExceptionDetails.Text
			if e.ExceptionDetails.Exception != nil {
				text += " " + e.ExceptionDetails.Exception.Description
			}
			b.faults = append(b.faults, "exception: "+text)
		case *log.EventEntryAdded:
			// The network's own lines (a refused or failed request) are the tests' doing.
			if e.Entry.Source != "network" && (e.Entry.Level == "error" || e.Entry.Level == "warning") {
				b.faults = append(b.faults, "log: "+string(e.Entry.Source)+": "+e.Entry.Text)
			}
		case *page.EventJavascriptDialogOpening:
			// "Leave the page?", asked while a message is unsent: the tests always leave.
			go chromedp.Do(b.ctx, call(page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true}))
		case *network.EventRequestWillBeSent:
			b.asked = append(b.asked, e.Request.Method+" "+e.Request.URL)
		}
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// healthy fails the test for everything that was noted since the last look.
func (b *tab) healthy() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.faults {
		b.t.Error(f)
	}
	b.faults = nil
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("browser: %v", err)
	}
}

func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("evaluating: %v", err)
	}
	return v
}

// until waits for something to be true on the page, asking at every frame. A page
// that is just being left cannot answer; then the next one is asked.
func (b *tab) until(what, expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	ask := chromedp.Poll[bool](`(() => { try { return !!(`+expression+`) } catch { return false } })()`, chromedp.WithPollingTimeout(patience))
	_, err := chromedp.Run(ctx, ask)
	for err != nil && ctx.Err() == nil {
		_, err = chromedp.Run(ctx, ask)
	}
	if err != nil {
		shown, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`location.pathname + location.search + "\n" + document.body.innerText`))
		b.t.Fatalf("%s did not come: %v\non screen:\n%s", what, err, shown)
	}
}

func (b *tab) dark(on bool) {
	b.t.Helper()
	scheme := "light"
	if on {
		scheme = "dark"
	}
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}
	b.do(call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}))
}

// shot keeps a picture if somebody asked for pictures.
func (b *tab) shot(name string) {
	b.t.Helper()
	dir := os.Getenv("E2E_SHOTS")
	if dir == "" {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

type finding struct {
	ID    string   `json:"id"`
	Help  string   `json:"help"`
	Nodes []string `json:"nodes"`
}

// accessible fails for everything that axe-core finds by these rules or tags.
func (b *tab) accessible(rules string) {
	b.t.Helper()
	if !eval[bool](b, `typeof axe === "object"`) {
		b.do(chromedp.Evaluate[chromedp.Void](axe))
	}
	found := eval[[]finding](b, `axe.run(document, {runOnly: [`+rules+`]}).then(
		r => r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => n.html.slice(0, 160) + " :: " + n.failureSummary.split("\n").slice(1).join(" ").slice(0, 300))})))`)
	for _, f := range found {
		b.t.Errorf("accessibility: %s (%s):\n  %s", f.ID, f.Help, strings.Join(f.Nodes, "\n  "))
	}
}

// fits fails if the page is wider than the window.
func (b *tab) fits() {
	b.t.Helper()
	if wide := eval[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
		b.t.Errorf("the page is %d px wider than the window", wide)
	}
}

// inside fails if something that can be pressed lies beyond the window's side, unless
// what holds it scrolls.
func (b *tab) inside() {
	b.t.Helper()
	out := eval[[]string](b, `(() => {
		const scrolls = e => { for (let p = e.parentElement; p; p = p.parentElement) if (/auto|scroll/.test(getComputedStyle(p).overflowX)) return true; return false };
		return [...document.querySelectorAll("button, a, input, select, textarea, summary")].filter(e => {
			const r = e.getBoundingClientRect();
			return r.width > 1 && r.height > 1 && e.checkVisibility() && (r.right > innerWidth + 1 || r.left < -1) && !scrolls(e);
		}).map(e => e.outerHTML.slice(0, 120))
	})()`)
	over := eval[[]string](b, `(() => {
		const parts = [...document.querySelectorAll(".top > *")].map(e => [e, e.getBoundingClientRect()]).filter(([, r]) => r.width > 0);
		return parts.flatMap(([e, r], i) => parts.slice(i + 1).filter(([, o]) => r.left < o.right - 1 && o.left < r.right - 1 && r.top < o.bottom - 1 && o.top < r.bottom - 1).map(([o]) => e.textContent + " / " + o.textContent));
	})()`)
	for _, o := range over {
		b.t.Errorf("one over the other: %s", o)
	}
	for _, o := range out {
		b.t.Errorf("beyond the side of the window: %s", o)
	}
}
