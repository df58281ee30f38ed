//go:build e2e

package webtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"snout/shared/web/localpage"
)

// cutOff lets nothing through but documents.
func (b *tab) cutOff() {
	b.t.Helper()
	b.do(call(fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: "*/api/*"}, {URLPattern: "*/auth/token"}}}))
	err := chromedp.Listen(b.ctx, func(event any) {
		if e, ok := event.(*fetch.EventRequestPaused); ok {
			go chromedp.Do(b.ctx, call(fetch.FailRequest, fetch.FailRequestParams{RequestID: e.RequestID, ErrorReason: network.ErrorReasonConnectionReset}))
		}
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// Everything that is asked for besides the document fails, and the list is there all the
// same; so is the conversation that an address names.
func TestTheFirstListIsInTheDocument(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.sittersOn()
	w.clock(inWindow)
	w.text(dana, samsDesk, "Is he awake?")
	id := w.thread("Dana Whitfield")
	for _, row := range []struct {
		sub, path, shown string
		d                device
	}{
		{"owner-1", "/messages", ".row", desktop},
		{"owner-1", "/messages/t/" + id, ".log .bubble", desktop},
		{"sitter-1", "/messages", ".row", handy},
		{"sitter-1", "/messages/t/" + id, ".log .bubble", handy},
	} {
		b := open(t, row.d)
		w.signIn(b, row.sub, row.path)
		b.cutOff()
		var there bool
		for range 5 { // a server under load may let a document go without: that is said by the page, and no fault of it
			b.do(chromedp.Reload())
			b.until("an answer or none", `document.querySelector(`+quote(row.shown)+`) || document.querySelector(".empty[role=alert]")`)
			if there = eval[bool](b, `!!document.querySelector(`+quote(row.shown)+`)`); there {
				break
			}
			w.call("", http.MethodPost, "/local/clock", map[string]string{"advance": "61s"}, nil)
		}
		if !there {
			t.Errorf("%s at %s: nothing is shown without a second request", row.sub, row.path)
		}
		if eval[bool](b, `!!document.getElementById("first")`) {
			t.Error("what the document brought along stays in the page")
		}
		b.until("the trouble to be said", `document.querySelector(".fresh.stale") || document.querySelector(".has-thread")`)
		b.do(call(fetch.Disable, cdp.Empty{}), chromedp.Evaluate[chromedp.Void](`dispatchEvent(new Event("online"))`))
		b.until("an answer", `!document.querySelector(".fresh.stale")`)
		b.healthy()
	}
}

// Rows do not move under a pointer, and messages not under somebody's eyes.
func TestWhatIsLookedAtHoldsStill(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.text(dana, frontDesk, "Mine is the newest")
	const marcus = "+13105550112"
	w.text(marcus, frontDesk, "Hello from Marcus")
	b := open(t, desktop)
	w.signIn(b, "owner-1", "/messages")
	order := `[...document.querySelectorAll(".rows a.row .row-name")].slice(0, 2).map(r => r.textContent.split(" ")[0]).join(" ")`
	b.until("Marcus on top", order+` === "Marcus Dana"`)
	at := eval[[2]float64](b, `(() => { const r = document.querySelectorAll(".rows a.row")[1].getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()`)
	b.do(chromedp.MouseEvent("mouseMoved", at[0], at[1]))
	w.text(dana, frontDesk, "I write again")
	b.until("the button", `document.querySelector(".updates")?.textContent.trim() === "1 update: show"`)
	if got := eval[string](b, order); got != "Marcus Dana" {
		t.Errorf("under the pointer the rows moved: %s", got)
	}
	b.do(press(".updates"))
	b.until("Dana on top", order+` === "Dana Marcus"`)

	for i := range 60 {
		w.call("", http.MethodPost, "/local/phones/"+strings.Replace(dana, "+", "%2B", 1)+"/texts", map[string]string{"to": frontDesk, "body": fmt.Sprintf("Walk number %d was a long one, and he liked it.", i)}, nil)
	}
	w.settle()
	b.do(press(".rows a.row"))
	b.until("the newest", `document.querySelector(".log")?.textContent.includes("Walk number 59 was")`)
	// Older ones come in above, and what was on top of the screen stays there.
	eval[bool](b, `(async () => {
		const frame = () => new Promise(requestAnimationFrame), log = document.querySelector(".log");
		await frame(); await frame();
		log.scrollTop = 60;
		await new Promise(r => log.addEventListener("scroll", r, {once: true}));
		return true;
	})()`)
	place := `(() => { const t = document.querySelector(".log").getBoundingClientRect().top; return [...document.querySelectorAll(".log .words")].map(e => [e.textContent, Math.round(e.getBoundingClientRect().top - t)]).find(([, y]) => y >= 0) })()`
	before := eval[[2]any](b, place)
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector(".log .older").click()`))
	b.until("the oldest", `[...document.querySelectorAll(".log .words")].some(p => p.textContent === "Mine is the newest")`)
	if diff := cmp.Diff(before, eval[[2]any](b, place)); diff != "" {
		t.Errorf("on top of the screen (-before +after older ones came):\n%s", diff)
	}
	// One that comes in below is said, and does not take the eyes along.
	w.text(dana, frontDesk, "Far below")
	b.until("the pill", `document.querySelector(".jump")?.textContent.trim() === "1 new"`)
	if diff := cmp.Diff(before, eval[[2]any](b, place)); diff != "" {
		t.Errorf("on top of the screen (-before +after a new one came):\n%s", diff)
	}
	b.do(press(".jump"))
	b.until("the end", `!document.querySelector(".jump") && (l => l.scrollHeight - l.scrollTop - l.clientHeight < 2)(document.querySelector(".log"))`)
	b.healthy()
}

func TestASitterSeesWhoWroteLastAndMarksUnread(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.sittersOn()
	w.clock(inWindow)
	w.text(dana, samsDesk, "How is he?")
	b := open(t, handy)
	w.signIn(b, "sitter-1", "/messages")
	b.until("the client's text", `document.querySelector(".row.unread .preview")?.textContent === "How is he?"`)
	b.do(press(".row.unread"))
	b.until("the heading to have the focus", `document.activeElement.matches("h1")`)
	b.do(press(".thread-head .menu summary"), press(".thread-head [data-key=u]"))
	b.until("it to be unread again", `location.pathname === "/messages" && !!document.querySelector(".row.unread")`)
	b.until("the row to have the focus", `document.activeElement.matches(".row.unread")`)
	b.do(press(".row.unread"))
	b.write("All is well")
	b.send()
	b.taken("All is well")
	b.do(chromedp.NavigateBack())
	b.until("their own text", `[...document.querySelectorAll(".row:not(.unread) .preview")].some(p => p.textContent === "You: All is well")`)
	b.until("the row to have the focus", `document.activeElement.matches(".row")`)
	w.call("owner-1", http.MethodPost, "/api/messages/threads/"+w.thread("Dana Whitfield")+"/notes", map[string]string{"text": "For the office only"}, nil)
	w.text(dana, samsDesk, "Thank you")
	b.until("the client's answer", `document.querySelector(".row.unread .preview")?.textContent === "Thank you"`)
	b.healthy()
}

func TestASitterIsGivenABookingFromTheInboxRow(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.text(dana, samsDesk, "Who comes today?")
	b := open(t, desktop)
	w.signIn(b, "owner-1", "/messages/inbox")
	b.until("the row", `document.querySelector(".row-actions")?.textContent.includes("Reassign")`)
	b.do(press(".row-actions button:not(:disabled)"))
	b.until("the sitters, with the focus", `document.querySelectorAll("dialog select[name=sitter] option").length > 3 && document.activeElement.name === "sitter"`)
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("dialog select[name=sitter]").value = "sitter-2"`), press("dialog .primary"))
	b.until("the dialog to close", `!document.querySelector("dialog")`)
	w.settle()
	if got := w.got(dana); len(got) == 0 || !strings.Contains(got[len(got)-1], "Ivy") {
		t.Errorf("the client was not told who is coming: %q", got)
	}
	b.healthy()
}

// The tab counts what it can see, and says when that is not all.
func TestTheInboxTabSaysThatThereIsMore(t *testing.T) {
	server := httptest.NewServer(localpage.Handler())
	t.Cleanup(server.Close)
	b := open(t, desktop)
	b.do(chromedp.Navigate(server.URL + "/local/stories?s=owner-inbox-full"))
	b.until("the count", `document.querySelector(".tab[aria-current] .pill [aria-hidden]")?.textContent === "50+"`)
	if got := eval[string](b, `document.querySelector(".tab[aria-current] .pill .sr").textContent`); got != "50+ waiting" {
		t.Errorf("said: %q", got)
	}
	b.healthy()
}

// Figures that the list is ahead of say so themselves.
func TestAStreamThatFallsBehindIsSaid(t *testing.T) {
	server := httptest.NewServer(localpage.Handler())
	t.Cleanup(server.Close)
	b := open(t, desktop)
	for story, want := range map[string]string{"diagnostics": "Good Counted up to the message of Tue, Jan 7, 9:41:00 AM.", "diagnostics-behind": "Look Behind: the text of Tue, Jan 7, 9:41:00 AM is not in these figures yet."} {
		b.do(chromedp.Navigate(server.URL + "/local/stories?s=" + story))
		b.until("the story", `document.documentElement.dataset.story === "ready"`)
		if got := strings.TrimSpace(eval[string](b, `document.querySelectorAll(".health dd")[1].textContent`)); got != want {
			t.Errorf("%s: %q", story, got)
		}
	}
	b.healthy()
}

// A refusal, a lost net and an edit: nothing that was typed is ever gone.
func TestAnUnsentMessageCanBeEditedOrDropped(t *testing.T) {
	t.Parallel()
	w := begin(t)
	b := open(t, desktop)
	w.signIn(b, "owner-1", "/messages/t/"+w.thread("Dana Whitfield"))
	b.intercept(fetch.RequestStageRequest)
	for i, step := range []struct{ button, left string }{{"Edit", "First try"}, {"Discard", ""}} {
		if i > 0 {
			b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector(".composer textarea").select()`))
		}
		b.write("First try")
		b.send()
		b.says("Not sent")
		b.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll(".bubble.failed .link")].find(l => l.textContent === ` + quote(step.button) + `).click()`))
		b.until("the bubble to go", `!document.querySelector(".bubble.failed") && document.querySelector(".composer textarea").value === `+quote(step.left))
	}
	b.do(call(fetch.Disable, cdp.Empty{}))
	if n := w.times(dana, "First try"); n != 0 {
		t.Errorf("the client got it %d times", n)
	}
	b.healthy()
}
