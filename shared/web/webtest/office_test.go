//go:build e2e

package webtest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"context"
)

// photo is a picture as a phone sends it.
func photo(t *testing.T) string {
	t.Helper()
	im := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for i := range 320 * 240 {
		im.Set(i%320, i/320, color.RGBA{uint8(i), uint8(i / 320), 90, 255})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, im, nil); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// paste puts a picture into the composer, as from the clipboard.
func (b *tab) paste(data string) {
	b.t.Helper()
	b.until("a composer", `!document.querySelector(".composer textarea").disabled`)
	b.do(chromedp.Evaluate[chromedp.Void](`(() => {
		const bytes = Uint8Array.from(atob(` + quote(data) + `), c => c.charCodeAt(0));
		const clipboardData = new DataTransfer();
		clipboardData.items.add(new File([bytes], "photo.jpg", {type: "image/jpeg"}));
		document.querySelector(".composer textarea").dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
	})()`))
	b.until("the picture in the composer", `!!document.querySelector(".attached-one img")?.complete`)
}

func TestPicturesGoBothWays(t *testing.T) {
	t.Parallel()
	w := begin(t)
	data := photo(t)
	w.call("", http.MethodPost, "/local/phones/"+url.PathEscape(dana)+"/texts", map[string]any{"to": frontDesk, "body": "Look at him", "media": []string{"data:image/jpeg;base64," + data}}, nil)
	w.settle()
	b := open(t, handy)
	var l struct {
		Threads []struct{ ID, LastMessage string }
	}
	w.call("owner-1", http.MethodGet, "/api/messages/threads", nil, &l)
	w.signIn(b, "owner-1", "/messages/t/"+l.Threads[0].ID)
	b.until("the client's picture", `document.querySelector(".bubble.in img.photo")?.naturalWidth === 320`)

	b.paste(data)
	b.do(press(".attached-one button"))
	b.until("it to be taken out", `!document.querySelector(".attached-one")`)
	b.paste(data)
	b.write("So proud of him")
	b.send()
	b.taken("So proud of him")
	b.until("our picture in the conversation", `document.querySelector(".bubble.out:not(.pending) img.photo")?.naturalWidth === 320`)
	if eval[bool](b, `!!document.querySelector(".attached-one")`) {
		t.Error("the picture is still in the composer")
	}
	w.settle()
	var got struct {
		Texts []struct {
			Body  string
			Media []string
		}
	}
	w.call("", http.MethodGet, "/local/phones/"+url.PathEscape(dana)+"/texts", nil, &got)
	last := got.Texts[len(got.Texts)-1]
	if last.Body != "So proud of him" || len(last.Media) != 1 {
		t.Errorf("the client got %+v", last)
	}
	b.accessible(`"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"`)
	b.healthy()
}

func TestAWishForNoMoreTextsIsOneTapAndTheCarriersBlockIsSaid(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.text(dana, samsDesk, "Please stop texting me")
	b := open(t, desktop)
	w.signIn(b, "owner-1", "/messages/inbox")
	b.until("the wish", `document.querySelector(".alert-row")?.textContent.includes("no more texts")`)
	b.do(press(".alert-row button.small"))
	b.until("the alert to go", `!document.querySelector(".alert-row")`)
	b.do(press(".rows a.row"))
	b.says("Opted out of texts")
	b.healthy()

	// Another client texts STOP, and START to another number only: the carrier goes on blocking this one.
	const marcus, ivys = "+13105550112", "+12135550102"
	id := w.thread("Marcus Lee")
	w.text(marcus, ivys, "STOP")
	w.text(marcus, frontDesk, "START")
	o := open(t, desktop)
	w.signIn(o, "owner-1", "/messages/t/"+id)
	o.write("See you tomorrow")
	o.send()
	o.says("The carrier has blocked texts from " + ivys + " to this phone")
	o.healthy()
}

func TestAConversationIsMarkedUnreadAndDoneFromTheList(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.text(dana, samsDesk, "Could you come at one?")
	b := open(t, desktop)
	w.signIn(b, "owner-1", "/messages/inbox")
	b.until("the row", `!!document.querySelector(".row.unread")`)
	b.do(press(".rows a.row"))
	b.until("it to be read", `!!document.querySelector(".log .bubble") && !document.querySelector(".row.unread")`)
	b.do(keys("u"))
	b.until("it to be unread again", `location.pathname === "/messages/inbox" && !!document.querySelector(".row.unread")`)
	b.do(press(".row-actions [aria-label^=Done]"))
	b.until("the inbox to be empty", `!document.querySelector(".rows a.row")`)
	b.says("Nothing waits for you")
	b.healthy()
}

func TestWhoHadTheBookingIsSaidByName(t *testing.T) {
	t.Parallel()
	w := begin(t)
	id := w.thread("Dana Whitfield")
	w.call("owner-1", http.MethodPost, "/api/messages/threads/"+id+"/assign", map[string]any{"sitterId": "sitter-2", "bookingId": "booking-1", "reason": "Sam is ill"}, nil)
	w.settle()
	b := open(t, desktop)
	w.signIn(b, "owner-1", "/messages/t/"+id)
	b.until("the history", `/Nobody → Sam Patel/.test(document.querySelector(".side-pane").textContent) && /Sam Patel → Ivy Chen · Sam is ill/.test(document.querySelector(".side-pane").textContent)`)
	b.healthy()
}

// hide makes the page believe that it is behind another one.
func (b *tab) hide(hidden bool) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`Object.defineProperty(document, "hidden", {value: ` + map[bool]string{true: "true", false: "false"}[hidden] + `, configurable: true}); document.dispatchEvent(new Event("visibilitychange"))`))
}

func TestNotificationsAreAskedForAndTellNoWord(t *testing.T) {
	t.Parallel()
	w := begin(t)
	b := open(t, desktop)
	// The device's part of it, which a test must not show on anybody's screen, and the
	// page's own clock, so that nobody waits for a page that is hidden.
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
			window.shown = [];
			window.Notification = class { static permission = "default"; static async requestPermission() { return this.permission = "granted" } constructor(title, o) { shown.push(title + ": " + o.body) } close() {} };
			window.tones = 0;
			window.AudioContext = class {
				currentTime = 0; destination = {};
				async resume() {}
				createOscillator() { return {frequency: {}, connect: x => x, start() { tones++ }, stop() {}} }
				createGain() { return {gain: {setValueAtTime() {}, exponentialRampToValueAtTime() {}}, connect: x => x} }
			};
			window.ahead = 0;
			const real = performance.now.bind(performance);
			performance.now = () => real() + ahead;`})
		return err
	}))
	w.signIn(b, "owner-1", "/messages")
	b.until("the list", `document.querySelectorAll(".row").length > 0`)
	b.hide(true)
	w.text(dana, frontDesk, "Not to be shown to a device that did not ask")
	b.hide(false)
	b.says("Not to be shown to a device that did not ask")
	if n := eval[int](b, `shown.length`); n != 0 {
		t.Errorf("%d notifications that nobody asked for", n)
	}
	b.do(press(".top .menu summary"), press(".top .menu-panel input[type=checkbox]"))
	b.until("the permission", `Notification.permission === "granted" && document.querySelector(".top .menu-panel input[type=checkbox]").checked`)
	b.do(keys(kb.Escape))
	b.hide(true)
	w.text(dana, frontDesk, "The key is under the mat")
	b.do(chromedp.Evaluate[chromedp.Void](`ahead += 31000; document.dispatchEvent(new Event("visibilitychange"))`))
	b.until("the notification", `shown.length > 0`)
	if diff := cmp.Diff([]string{"Messages: New message for Biscuit’s booking"}, eval[[]string](b, `shown`)); diff != "" {
		t.Errorf("notifications (-want +got):\n%s", diff)
	}
	b.until("the count in the title", `/^\([1-9]\d*\) Messages$/.test(document.title)`)
	b.hide(false)

	// A sound is another wish of the same kind: heard once when it is switched on, then with each text.
	if n := eval[int](b, `tones`); n != 0 {
		t.Errorf("%d tones that nobody asked for", n)
	}
	b.do(press(".top .menu summary"), chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll(".top .menu-panel input[type=checkbox]")][1].click()`))
	b.until("the sound to be heard", `tones === 2`)
	b.do(keys(kb.Escape))
	w.text(dana, frontDesk, "Did you find the key?")
	b.until("the sound of a text", `tones === 4`)
	b.healthy()
}

func TestASitterAsksForATextOnTheirOwnPhone(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.sittersOn()
	w.clock(inWindow)
	w.call("owner-1", http.MethodPatch, "/api/sitters/sitter-1", map[string]any{"phone": "+13105550131", "notify": false}, nil)
	b := open(t, handy)
	w.signIn(b, "sitter-1", "/messages")
	box := `[...document.querySelectorAll(".top .menu label")].find(l => l.textContent.includes("my own phone"))?.querySelector("input")`
	b.until("the account's menu", `!!document.querySelector(".top .menu summary")`)
	b.do(press(".top .menu summary"))
	for _, on := range []bool{true, false} {
		b.until("the choice to be as it was", fmt.Sprintf(`%s?.checked === %t && !%s.disabled`, box, !on, box))
		b.do(chromedp.Evaluate[chromedp.Void](box + ".click()"))
		b.until("the choice to be made", fmt.Sprintf(`%s?.checked === %t && !%s.disabled`, box, on, box))
		var me struct{ Notify *bool }
		w.call("sitter-1", http.MethodGet, "/api/messages/me", nil, &me)
		if me.Notify == nil || *me.Notify != on {
			t.Errorf("pressed to be %t, and it is %v", on, me.Notify)
		}
	}
	b.healthy()
}

func TestTheFiguresMoveByTheHourAndSayHowThingsAre(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.text(dana, samsDesk, "First, outside the window")
	w.clock(eight.Add(time.Hour))
	w.text(dana, samsDesk, "Second, an hour later")
	b := open(t, desktop)
	w.signIn(b, "owner-1", "/messages/diagnostics")
	b.until("the signal", `document.querySelector(".tile.signal .value")?.textContent.trim() === "2"`)
	b.until("two columns of it", `document.querySelectorAll(".tile.signal .spark rect").length === 2`)
	b.says("Counted up to the message of Wed, Jan 7")
	b.do(press("[aria-expanded=false].quiet"))
	rows := eval[[]string](b, `[...document.querySelectorAll(".card .table-wrap tbody tr")].slice(-2).map(r => [...r.children].slice(0, 2).map(c => c.textContent).join(" "))`)
	if diff := cmp.Diff([]string{"8:00 AM 1", "9:00 AM 1"}, rows); diff != "" {
		t.Errorf("the last hours (-want +got):\n%s", diff)
	}
	b.healthy()
}
