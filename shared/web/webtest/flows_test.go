//go:build e2e

package webtest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

func TestAnOwnerSignsInOnceAndTheFirstPaintIsOneRequest(t *testing.T) {
	t.Parallel()
	w := begin(t)
	b := open(t, desktop)
	w.signIn(b, "owner-1", "/messages")
	b.mu.Lock()
	if n := slices.Index(b.asked, "GET "+w.URL+"/auth/login?return=%2Fmessages"); n < 0 || slices.Contains(b.asked[:n], "POST "+w.URL+"/auth/token") {
		t.Errorf("before signing in: %q", b.asked)
	}
	b.asked = nil
	b.mu.Unlock()
	b.do(chromedp.Reload())
	b.until("the list", `document.querySelectorAll(".row").length > 0`)
	b.mu.Lock()
	var other []string
	for _, a := range b.asked {
		if !strings.Contains(a, "/api/") && a != "POST "+w.URL+"/auth/token" && !strings.HasPrefix(a, "GET data:") {
			other = append(other, a)
		}
	}
	b.mu.Unlock()
	if diff := cmp.Diff([]string{"GET " + w.URL + "/messages"}, other); diff != "" {
		t.Errorf("requests for the page (-want +got):\n%s", diff)
	}
	stored := eval[string](b, `JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])`)
	if strings.Contains(stored, "eyJ") || strings.Contains(stored, "snout-session") {
		t.Errorf("a token lies where scripts can read it: %s", stored)
	}
	b.healthy()
}

func TestAClientsTextComesByItselfAndTheAnswerGoesBack(t *testing.T) {
	t.Parallel()
	w := begin(t)
	b := open(t, desktop)
	w.signIn(b, "owner-1", "/messages")
	b.do(chromedp.Evaluate[chromedp.Void](`window.sameLoad = true`))
	w.text(dana, samsDesk, "Could you come at one?")
	b.says("Could you come at one?")
	b.do(press(`a[href="/messages/inbox"]`))
	b.until("the group", `[...document.querySelectorAll(".group h2")].some(h => h.textContent === "No active assignment window")`)
	b.do(press(`.rows a.row`))
	b.says("Routed to Owner Inbox — No active assignment window")
	b.do(press(`.sys .link`))
	b.until("the rules", `document.querySelector("dialog .trace .fired")?.textContent.startsWith("9")`)
	b.do(keys(kb.Escape))
	b.until("the dialog to close", `!document.querySelector("dialog")`)
	b.write("Yes, one is fine.")
	b.send()
	b.taken("Yes, one is fine.")
	w.settle()
	b.until("the delivery", `[...document.querySelectorAll(".bubble.out .meta")].some(m => /Delivered|Sent/.test(m.textContent))`)
	if n := w.times(dana, "Yes, one is fine."); n != 1 {
		t.Errorf("the client got the answer %d times", n)
	}
	if !eval[bool](b, `window.sameLoad === true`) {
		t.Error("the page was loaded again")
	}
	b.until("the inbox to be done", `!document.querySelector(".list-pane a.row")`)
	b.healthy()
}

func TestBackForwardAndReloadKeepThePlace(t *testing.T) {
	t.Parallel()
	w := begin(t)
	b := open(t, handy)
	w.text(dana, frontDesk, "Hello front desk")
	w.signIn(b, "owner-1", "/messages?f=reply")
	b.until("the row", `document.querySelectorAll(".row").length === 1`)
	b.do(press(".row"))
	b.until("the message", `document.querySelector(".log")?.textContent.includes("Hello front desk")`)
	at := eval[string](b, `location.pathname + location.search`)
	b.do(chromedp.Reload())
	b.until("the message again", `document.querySelector(".log")?.textContent.includes("Hello front desk")`)
	b.do(chromedp.NavigateBack())
	b.until("the list", `location.search === "?f=reply" && location.pathname === "/messages" && document.querySelectorAll(".row").length === 1`)
	b.do(chromedp.NavigateForward())
	b.until("the conversation", `location.pathname + location.search === `+quote(at)+` && document.querySelector(".log")?.textContent.includes("Hello front desk")`)
	b.healthy()
}

// intercept answers every send as the network would on a bad day.
func (b *tab) intercept(stage fetch.RequestStage) {
	b.t.Helper()
	b.do(call(fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: "*/api/messages/send", RequestStage: stage}}}))
	err := chromedp.Listen(b.ctx, func(event any) {
		if e, ok := event.(*fetch.EventRequestPaused); ok {
			go chromedp.Do(b.ctx, call(fetch.FailRequest, fetch.FailRequestParams{RequestID: e.RequestID, ErrorReason: network.ErrorReasonConnectionReset}))
		}
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

func TestASendThatFailsAndIsTriedAgainIsOneText(t *testing.T) {
	t.Parallel()
	for name, stage := range map[string]fetch.RequestStage{
		"before it reached the server":         fetch.RequestStageRequest,
		"after it did, and the answer is lost": fetch.RequestStageResponse,
	} {
		t.Run(name, func(t *testing.T) {
			w := begin(t)
			b := open(t, desktop)
			id := w.thread("Dana Whitfield")
			w.signIn(b, "owner-1", "/messages/t/"+id)
			b.intercept(stage)
			b.write("On its way?")
			b.send()
			if stage == fetch.RequestStageRequest {
				b.says("Not sent")
				b.do(call(fetch.Disable, cdp.Empty{}))
				b.do(press(".bubble.failed .link"))
			} // else the thread itself tells that it was taken
			b.taken("On its way?")
			b.until("one bubble", `[...document.querySelectorAll(".bubble .words")].filter(p => p.textContent === "On its way?").length === 1`)
			if n := w.times(dana, "On its way?"); n != 1 {
				t.Errorf("the client got it %d times", n)
			}
			b.healthy()
		})
	}
}

func TestOfflineIsSaidAndWhatWasSentGoesOutOnceTheNetIsBack(t *testing.T) {
	t.Parallel()
	w := begin(t)
	b := open(t, handy)
	w.signIn(b, "owner-1", "/messages/t/"+w.thread("Dana Whitfield"))
	offline := func(on bool) {
		b.do(call(network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: on, Latency: 0, DownloadThroughput: -1, UploadThroughput: -1}))
		b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
				MatchedNetworkConditions: []*network.Conditions{{URLPattern: "", Offline: on, Latency: 0, DownloadThroughput: -1, UploadThroughput: -1}},
			})
			return err
		}))
	}
	offline(true)
	b.until("the browser to know", `!navigator.onLine`)
	b.write("Written in a tunnel")
	b.do(keys(kb.Enter))
	b.send()
	b.says("Not sent")
	offline(false)
	b.taken("Written in a tunnel")
	if n := w.times(dana, "Written in a tunnel"); n != 1 {
		t.Errorf("the client got it %d times: %q", n, w.got(dana))
	}
	b.healthy()
}

// eavesdrop keeps every body that the page is answered with.
func (b *tab) eavesdrop() {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
			window.heard = [];
			const real = window.fetch;
			window.fetch = async (...a) => { const r = await real(...a); r.clone().text().then(t => heard.push(a[0] + " " + t + " " + [...r.headers].join(" "))); return r }`})
		return err
	}))
}

func TestASittersPageHoldsNoNumberAndNothingOfTheOffice(t *testing.T) {
	t.Parallel()
	for _, d := range []device{desktop, handy} {
		t.Run(d.name, func(t *testing.T) {
			w := begin(t)
			w.sittersOn()
			w.text(dana, samsDesk, "Before the visit, for the office only")
			w.clock(inWindow)
			w.text(dana, samsDesk, "Skip the app next time and text me directly at 310 555 0177")
			b := open(t, d)
			b.eavesdrop()
			w.signIn(b, "sitter-1", "/messages")
			b.until("the group", `[...document.querySelectorAll(".group h2")].some(h => h.textContent === "Active now")`)
			b.shot("flow-sitter-list-" + d.name)
			b.do(press(".row"))
			b.says("Active Window: 11:00 AM – 2:00 PM")
			b.until("the text", `document.querySelector(".log")?.textContent.includes("(contact details removed)")`)
			b.write("Arrived, all well")
			b.send()
			b.taken("Arrived, all well")
			w.settle()
			b.until("the delivery", `[...document.querySelectorAll(".bubble.out .meta")].some(m => /Delivered|Sent/.test(m.textContent))`)
			b.shot("flow-sitter-thread-" + d.name)
			b.accessible(`"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"`)
			b.fits()

			seen := []string{eval[string](b, `document.documentElement.outerHTML`), eval[string](b, `JSON.stringify([{...localStorage}, {...sessionStorage}])`)}
			heard := eval[[]string](b, `window.heard`)
			if len(heard) < 4 {
				t.Fatalf("only %d answers were heard", len(heard))
			}
			for _, h := range heard {
				seen = append(seen, h)
				for _, part := range regexp.MustCompile(`eyJ[\w-]+`).FindAllString(h, -1) {
					raw, err := base64.RawURLEncoding.DecodeString(part)
					if err == nil {
						seen = append(seen, string(raw))
					}
				}
			}
			var world struct {
				Clients []struct{ Phones []string }
				Sitters []struct{ Phone, Number string }
				Numbers []struct{ E164 string }
			}
			w.call("", http.MethodGet, "/local/world", nil, &world)
			private := []string{"Owner Inbox", "owner_inbox", "Billing", "Diagnostics", "for the office only", "Whitfield", `"routing`, `"visibility"`, `"number`, "3105550177"}
			add := func(n string) {
				if n != "" {
					private = append(private, strings.TrimPrefix(n, "+1"), n[len(n)-4:]+`"`)
				}
			}
			for _, c := range world.Clients {
				for _, p := range c.Phones {
					add(p)
				}
			}
			for _, s := range world.Sitters {
				add(s.Phone)
				add(s.Number)
			}
			for _, n := range world.Numbers {
				add(n.E164)
			}
			if len(private) < 30 {
				t.Fatalf("only %d things to look for", len(private))
			}
			for _, s := range seen {
				squeezed := regexp.MustCompile(`[\s().+-]`).ReplaceAllString(s, "")
				for _, p := range private {
					if strings.Contains(s, p) || strings.Contains(squeezed, p) {
						t.Errorf("the sitter's browser holds %q: …%s…", p, s[:min(len(s), 200)])
					}
				}
			}
			b.healthy()
		})
	}
}

func TestAContactSwapGetsAFriendlyWordAndNothingElse(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.sittersOn()
	w.clock(inWindow)
	b := open(t, handy)
	b.eavesdrop()
	w.signIn(b, "sitter-1", "/messages/t/"+w.thread("Dana Whitfield"))
	const swap = "You can text me at 310 555 0199 any time"
	b.write(swap)
	b.send()
	b.says("To keep everyone safe, please leave out phone numbers")
	b.shot("flow-sitter-stopped")
	b.until("the text to be there still", `document.querySelector(".composer textarea").value === `+quote(swap))
	if n := b.bubbles(swap); n != 0 {
		t.Errorf("%d bubbles of it", n)
	}
	if n := w.times(dana, swap); n != 0 {
		t.Errorf("the client got it %d times", n)
	}
	for _, h := range eval[[]string](b, `window.heard.filter(h => h.startsWith("/api/messages/send"))`) {
		for _, word := range []string{"plain_phone", "famil", "match", "3105550199", "310 555 0199", "Dana"} {
			if strings.Contains(h, word) {
				t.Errorf("the answer tells %q: %s", word, h)
			}
		}
	}
	b.healthy()

	// The owner is told, and sends it after all.
	o := open(t, desktop)
	w.signIn(o, "owner-1", "/messages/inbox")
	o.until("the alert", `!!document.querySelector(".alert-row")`)
	o.do(press(".alert-row a"))
	o.says("Send after all")
	o.shot("flow-owner-stopped")
	o.do(press(".sys.loud .link"))
	o.do(chromedp.WaitVisible(chromedp.CSS("dialog input[name=reason]")), keys("It is the vet's number")) // it has the focus
	o.do(press("dialog .danger"))
	o.until("the dialog to close", `!document.querySelector("dialog")`)
	if n := w.times(dana, swap); n != 1 {
		t.Errorf("after the release the client got it %d times", n)
	}

	// And lets it be said there from now on.
	const allow = `[...document.querySelectorAll(".sys .link")].find((x) => x.textContent === "Allow this here")`
	o.until("the offer", `!!`+allow)
	eval[bool](o, allow+`.click() || true`)
	o.do(chromedp.WaitVisible(chromedp.CSS("dialog input[name=reason]")), keys("It is the vet's number"))
	o.do(chromedp.Click(chromedp.CSS("dialog .primary")))
	o.until("the dialog to close", `!document.querySelector("dialog")`)
	o.says("3105550199")
	b.send()
	b.until("the text to go", `document.querySelector(".composer textarea").value === ""`)
	w.settle()
	if n := w.times(dana, swap); n != 2 {
		t.Errorf("once it is allowed the client got it %d times", n)
	}
	eval[bool](o, `[...document.querySelectorAll(".link")].find((x) => x.textContent === "No longer allowed").click() || true`)
	o.until("that it ended", `!document.body.innerText.includes("3105550199")`)
	o.healthy()
}

func TestTheComposerClosesAndOpensByItselfAndKeepsTheDraft(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.sittersOn()
	w.clock(closes.Add(-20 * time.Minute))
	b := open(t, handy)
	w.signIn(b, "sitter-1", "/messages/t/"+w.thread("Dana Whitfield"))
	b.says("Active Window: 11:00 AM – 2:00 PM")
	b.write("Just leaving n")
	w.clock(closes.Add(time.Second))
	b.until("the composer to close", `document.querySelector(".composer textarea").disabled`)
	b.says("Next window: Fri, Jan 9 – 11:00 AM")
	b.says("Messaging opens Fri, Jan 9 at 11:00 AM")
	if got := eval[string](b, `document.querySelector(".composer textarea").value`); got != "Just leaving n" {
		t.Errorf("the draft is %q", got)
	}
	described := eval[string](b, `(document.querySelector(".composer textarea").getAttribute("aria-describedby") || "").split(" ").map(i => document.getElementById(i)?.textContent).join(" ")`)
	if !strings.Contains(described, "Messaging opens") {
		t.Errorf("the closed composer is described by %q", described)
	}
	b.shot("flow-sitter-closed")
	w.clock(eight.Add(51*time.Hour + time.Second)) // Friday, 11:00 AM
	b.until("the composer to open", `!document.querySelector(".composer textarea").disabled`)
	if got := eval[string](b, `document.querySelector(".composer textarea").value`); got != "Just leaving n" {
		t.Errorf("the draft is %q", got)
	}
	b.healthy()
}

func TestAConversationThatIsTakenAwayLeavesTheScreen(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.sittersOn()
	b := open(t, handy)
	w.signIn(b, "sitter-1", "/messages/t/"+w.thread("Dana Whitfield"))
	b.says("Next window: Wed, Jan 7 – 11:00 AM")
	for _, id := range []string{"booking-1", "booking-2"} {
		w.call("owner-1", http.MethodPatch, "/api/bookings/"+id, map[string]string{"sitterId": "sitter-2"}, nil)
	}
	w.settle()
	b.says("This conversation is now with the office.")
	if at := eval[string](b, `location.pathname`); at != "/messages" {
		t.Errorf("at %s", at)
	}
	if html := eval[string](b, `document.documentElement.outerHTML`); strings.Contains(html, "Dana") {
		t.Error("the client is still in the page")
	}
	b.healthy()
}

func TestASignInThatEndsKeepsTheDraftAndThePlace(t *testing.T) {
	t.Parallel()
	w := begin(t)
	b := open(t, desktop)
	path := "/messages/t/" + w.thread("Dana Whitfield")
	w.signIn(b, "owner-1", path)
	b.write("Half a sentence")
	b.do(call(network.ClearBrowserCookies, cdp.Empty{}))
	w.clock(eight.Add(26 * time.Hour)) // the token in memory has ended too
	b.until("the issuer's page", `location.pathname.startsWith("/issuer/")`)
	b.do(press("button[value='owner-1']"))
	b.until("the same conversation", `location.pathname === `+quote(path)+` && !!document.querySelector(".composer textarea")`)
	if got := eval[string](b, `document.querySelector(".composer textarea").value`); got != "Half a sentence" {
		t.Errorf("the draft is %q", got)
	}
	// Signing out takes the drafts along.
	b.do(press(".top .menu summary"), press(".top .menu-panel > button:last-child"))
	b.says("You’re signed out")
	if stored := eval[string](b, `JSON.stringify({...sessionStorage})`); strings.Contains(stored, "Half") {
		t.Errorf("left behind: %s", stored)
	}
	b.healthy()
}

func TestTheOwnerCanDoItAllWithTheKeyboard(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.text(dana, samsDesk, "First of the list")
	b := open(t, desktop)
	w.signIn(b, "owner-1", "/messages")
	b.until("the list", `document.querySelectorAll(".row").length > 0`)
	typed := func(text string) { b.do(keys(text)) }
	typed("j")
	b.until("the first conversation", `document.querySelector(".log")?.textContent.includes("First of the list")`)
	typed("r")
	b.until("the composer to have the focus", `document.activeElement.matches(".composer textarea")`)
	typed("Answer with j k e g inside")
	typed(kb.Enter)
	b.taken("Answer with j k e g inside")
	b.until("the focus to stay", `document.activeElement.matches(".composer textarea")`)
	typed(kb.Escape)
	typed(kb.Escape)
	b.until("the row to have the focus", `document.activeElement.matches(".row") && location.pathname === "/messages"`)
	typed("g")
	typed("o")
	b.until("the Owner Inbox", `location.pathname === "/messages/inbox"`)
	typed("g")
	typed("d")
	b.until("the diagnostics", `location.pathname === "/messages/diagnostics" && !!document.querySelector(".tiles")`)
	typed("g")
	typed("c")
	typed("/")
	b.until("the search to have the focus", `document.activeElement.matches("[type=search]")`)
	typed("marcus")
	b.until("the search", `document.querySelectorAll(".row").length === 1 && document.querySelector(".row").textContent.includes("Marcus")`)
	typed(kb.Escape)
	typed("?")
	b.until("the help", `!!document.querySelector("dialog[open]")`)
	typed(kb.Escape)
	b.until("the help to close", `!document.querySelector("dialog")`)
	if n := w.times(dana, "Answer with j k e g inside"); n != 1 {
		t.Errorf("the client got it %d times", n)
	}
	b.healthy()
}

func TestTextsAreShownAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	w := begin(t)
	texts := []string{
		`<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2"><svg onload="window.hacked = 3">`,
		"שלום, האם ביסקוויט אכל היום?",
		"👨‍👩‍👧‍👦🐕‍🦺🏳️‍🌈",
		strings.Repeat("word ", 319) + "end.!",
		"line one\n\n   indented",
	}
	for _, text := range texts {
		w.text(dana, frontDesk, text)
	}
	b := open(t, handy)
	w.signIn(b, "owner-1", "/messages")
	b.until("the row", `!!document.querySelector(".row.unread")`)
	b.do(press(".row.unread"))
	b.until("the messages", `document.querySelectorAll(".log .bubble").length >= 5`)
	for _, text := range texts {
		if n := b.bubbles(text); n != 1 {
			t.Errorf("%d bubbles say %.40q", n, text)
		}
	}
	if eval[bool](b, `"hacked" in window || !!document.querySelector(".log img, .log script, .log svg:not(.icon)")`) {
		t.Error("a text became markup")
	}
	b.fits()
	b.healthy()
}

func TestASuggestedConversationAndASwitchedOffDay(t *testing.T) {
	t.Parallel()
	w := begin(t)
	b := open(t, desktop)
	w.signIn(b, "owner-1", "/messages")
	b.until("a suggestion", `[...document.querySelectorAll(".suggested")].some(s => s.textContent.includes("Priya Nair"))`)
	b.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll(".suggested")].find(s => s.textContent.includes("Priya Nair")).click()`))
	b.until("its booking", `document.querySelector(".thread-head")?.textContent.includes("Pet Taxi")`)
	b.write("Hi Priya, we have you down for tomorrow.")
	b.send()
	b.until("the conversation", `location.pathname.startsWith("/messages/t/") && !!document.querySelector(".log .bubble")`)
	b.says("Next window: Thu, Jan 8 – 2:00 PM")
	b.until("the suggestion to go", `![...document.querySelectorAll(".suggested")].some(s => s.textContent.includes("Priya Nair"))`)

	// A page that gets the focus asks at once: nobody waits here for its usual pace.
	look := chromedp.Evaluate[chromedp.Void](`dispatchEvent(new Event("focus"))`)
	w.flags(map[string]string{"ENABLE_MESSAGING_V1": "false"})
	b.do(look)
	b.says("Messaging is switched off")
	b.do(press(`a[href="/messages/diagnostics"]`))
	b.until("the diagnostics", `!!document.querySelector(".tiles")`)
	w.flags(map[string]string{"ENABLE_MESSAGING_V1": "true"})
	b.do(look, press(`a[href="/messages"]`))
	b.until("the list", `document.querySelectorAll(".row").length > 0`)
	b.healthy()
}

func TestOperatorsFlipFlagsAndAskTheOfficeComesBack(t *testing.T) {
	t.Parallel()
	w := begin(t)
	ops := open(t, desktop)
	w.signIn(ops, "ops-1", "/messages")
	ops.until("the switches", `document.querySelectorAll("[role=switch]").length === 3`)
	if eval[bool](ops, `/Conversations|Billing/.test(document.querySelector("nav").textContent)`) {
		t.Error("an operator is offered the owners' boxes")
	}
	ops.do(press(`[role=switch][aria-labelledby=ENABLE_SITTER_MESSAGES_V1]`), press("dialog .danger"))
	ops.until("the flip", `document.querySelector("[aria-labelledby=ENABLE_SITTER_MESSAGES_V1]").getAttribute("aria-checked") === "true"`)
	var flags map[string]string
	w.call("", http.MethodGet, "/local/flags", nil, &flags)
	if flags["ENABLE_SITTER_MESSAGES_V1"] != "true" {
		t.Errorf("flags %v", flags)
	}
	ops.healthy()

	w.clock(inWindow)
	path := "/messages/t/" + w.thread("Dana Whitfield")
	s := open(t, handy)
	w.signIn(s, "sitter-1", path)
	s.do(press(".thread-head button"), chromedp.WaitVisible(chromedp.CSS("dialog textarea")), keys("Is the back door open?"), press("dialog .primary"))
	s.says("The office has your question.")

	o := open(t, desktop)
	w.signIn(o, "owner-1", "/messages/inbox")
	o.until("the alert", `document.querySelector(".alert-row")?.textContent.includes("Is the back door open?")`)
	o.do(press(".alert-row a"))
	o.do(press(".modes button:nth-child(2)"))
	o.write("Yes, the key is under the mat")
	o.send()
	o.says("Shown to Sam Patel")
	s.says("Yes, the key is under the mat")
	for _, text := range w.got(dana) {
		if strings.Contains(text, "door") || strings.Contains(text, "mat") {
			t.Errorf("the client got %q", text)
		}
	}
	s.shot("flow-sitter-asked")
	s.healthy()
	o.healthy()
}

func TestTheLocalPageShowsADay(t *testing.T) {
	t.Parallel()
	w := begin(t)
	b := open(t, device{name: "wide", width: 2200, height: 1200})
	b.do(chromedp.Navigate(w.URL + "/local/"))
	b.until("phones and the inbox", `document.querySelectorAll(".phone").length >= 8 && document.querySelectorAll(".desk .row").length > 0`)
	b.do(press(`.phone [name=body]`), keys("Hello from a phone on screen"), press(".phone button"))
	b.until("it to land", `document.querySelector(".desk").textContent.includes("Hello from a phone on screen")`)
	b.shot("local")
	// A newcomer presses one button, again and again, and looks.
	for i, step := range []struct{ says, seen string }{
		{"in the Owner Inbox", `/Routed to Owner Inbox — No active assignment window/.test(document.querySelector(".desk").textContent)`},
		{"the inbox is done", `document.querySelector(".phone.lit").textContent.includes("Yes, one is fine. See you then!")`},
		{"Active now", `document.querySelector(".hand .group h2")?.textContent === "Active now"`},
		{"Now it went to Sam", `document.querySelector(".phone.lit").textContent.includes("All is well, we are on our way to the park")`},
		{"It was stopped", `/please leave out phone numbers/.test(document.querySelector(".hand .banner")?.textContent) && document.querySelector(".hand textarea").value.includes("0199") && !!document.querySelector(".desk .alert-row")`},
		{"was told who is coming", `/Ivy Chen/.test(document.querySelector(".phone.lit").textContent)`},
		{"That was a day", `document.querySelector(".desk .log")?.textContent.includes("Did you find the leash?")`},
	} {
		b.until("the button", `!document.querySelector(".day-bar button").disabled`)
		b.do(press(".day-bar button"))
		b.until("what to look at: "+step.says, `document.querySelector(".day-now").textContent.includes(`+quote(step.says)+`)`)
		b.until("it: "+step.says, step.seen)
		b.shot(fmt.Sprintf("local-day-%d", i+1))
	}
	if eval[bool](b, `document.querySelector(".phone.lit").textContent.includes("0199")`) {
		t.Error("the number came through")
	}
	b.do(chromedp.EmulateViewport(1366, 768))
	b.until("phones beside the inbox", `document.querySelector(".phones").getBoundingClientRect().right <= document.querySelector(".desk").getBoundingClientRect().left`)
	b.shot("local-laptop")
	b.fits()
	b.do(chromedp.EmulateViewport(800, 900))
	b.shot("local-tablet")
	b.fits()
	b.do(chromedp.EmulateViewport(390, 800))
	b.shot("local-phone")
	b.fits()
	b.accessible(`"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"`)
	b.healthy()
}

// Everything that is served to a browser that is not signed in.
func TestTheExplanationIsForEverybody(t *testing.T) {
	t.Parallel()
	w := begin(t)
	b := open(t, handy)
	b.do(chromedp.Navigate(w.URL + "/messages/about"))
	b.says("Clients will always text Snout, not a sitter’s personal number.")
	b.accessible(`"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"`)
	b.shot("flow-about")
	b.fits()
	b.healthy()
	var doc map[string]any
	w.call("", http.MethodGet, "/api/openapi.json", nil, &doc)
	if v, _ := json.Marshal(doc["openapi"]); !strings.HasPrefix(string(v), `"3.1`) {
		t.Errorf("openapi %s", v)
	}
}
