package routing_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	. "snout/shared/routing"
)

// office does what the shell does with a plan, for one client, in memory: it reads
// the facts, applies the plan and keeps threads, windows and who's-coming messages.
type office struct {
	now       time.Time
	proactive bool
	marked    bool // the owner has marked the client as recurring
	numbers   []NumberChoice
	threads   []*talk
	done      map[BookingID]Assignment
	messages  []*coming
	links     map[string]bool
}

type talk struct {
	id      ThreadID
	number  NumberID
	windows []Window
	last    Window // the last to end of all that ever stood here
	touched time.Time
	used    time.Time
}

type coming struct {
	id                   EventID
	booking              BookingID
	thread               ThreadID
	sitter               SitterID
	queued, sent, undone bool
}

const cooldown = 30 * day

func newOffice(numbers ...NumberChoice) *office {
	return &office{now: noon, proactive: true, marked: true, numbers: numbers, done: map[BookingID]Assignment{}, links: map[string]bool{}}
}

func (o *office) number(id NumberID) *NumberChoice {
	i := slices.IndexFunc(o.numbers, func(n NumberChoice) bool { return n.ID == id })
	return &o.numbers[i]
}

func (o *office) talk(id ThreadID) *talk {
	i := slices.IndexFunc(o.threads, func(t *talk) bool { return t.id == id })
	return o.threads[i]
}

func (o *office) until(t *talk) time.Time {
	if o.number(t.number).Class != Pool {
		return time.Time{}
	}
	end := t.touched
	for _, w := range t.windows {
		if w.End.After(end) {
			end = w.End
		}
	}
	return end.Add(cooldown)
}

func (o *office) facts(b Booking, open bool) AssignFacts {
	f := AssignFacts{
		At: o.now, Booking: b, Was: o.done[b.ID], Recurring: Recurring(b.Recurrence, "", o.marked), Proactive: o.proactive, Open: open,
		Buffer: DefaultBuffer(b.Service),
	}
	for _, n := range o.numbers {
		for _, t := range o.threads {
			if t.number == n.ID && t.used.After(n.LastUsed) {
				n.LastUsed = t.used
			}
		}
		f.Numbers = append(f.Numbers, n)
	}
	for _, t := range o.threads {
		ws := t.windows
		if len(ws) == 0 && t.last.Sitter != "" {
			ws = []Window{t.last}
		}
		f.Holdings = append(f.Holdings, Holding{Thread: t.id, Number: *o.number(t.number), Serves: Serves(ws, o.now), OpenUntil: o.until(t), LastUsed: t.used})
	}
	for _, m := range o.messages {
		if m.id == f.Was.ToldEvent && m.id != "" {
			f.ToldQueued = m.queued
		}
	}
	return f
}

func (o *office) change(b Booking) AssignPlan { return o.apply(o.facts(b, false)) }
func (o *office) open(b Booking) AssignPlan   { return o.apply(o.facts(b, true)) }

func (o *office) apply(f AssignFacts) AssignPlan {
	was := f.Was
	p := PlanAssignment(f)
	if p.Stale {
		return p
	}
	next := p.Next
	if p.Make != nil {
		next.Thread = ThreadID("t-o-" + strconv.Itoa(len(o.threads)+1))
		o.threads = append(o.threads, &talk{id: next.Thread, number: p.Make.ID})
	}
	if len(p.Shut) > 0 {
		from := o.talk(was.Thread)
		for _, w := range p.Shut {
			// What is shut ends now, if it had not ended already: a closed thread must
			// not come back to life, for its number may be another thread's by now.
			if end := earlier(o.now, w.End); end.After(from.touched) {
				from.touched = end
			}
			i := slices.Index(from.windows, w)
			if i < 0 {
				panic(fmt.Sprint("shuts a window that does not stand: ", w))
			}
			from.windows = slices.Delete(from.windows, i, i+1)
			from.last = w
		}
	}
	if len(p.Stand) > 0 || p.Make != nil {
		to := o.talk(next.Thread)
		to.windows = append(to.windows, p.Stand...)
		if next.Sitter != "" {
			to.touched, to.used = o.now, o.now
		}
	}
	if p.Untell {
		for _, m := range o.messages {
			if m.id == was.ToldEvent {
				if !m.queued {
					panic("withdraws what has gone out")
				}
				m.queued, m.undone = false, true
			}
		}
	}
	if p.Tell {
		next.ToldEvent = EventID("e-" + strconv.Itoa(len(o.messages)+1))
		o.messages = append(o.messages, &coming{id: next.ToldEvent, booking: next.Booking, thread: next.Thread, sitter: next.Sitter, queued: true})
	}
	if p.Linked {
		o.links[string(next.Before)+"="+string(next.Thread)] = true
	}
	if p.Handed {
		next.History = append(slices.Clone(was.History), Handed{At: o.now, From: was.Sitter, To: next.Sitter})
	}
	o.done[next.Booking] = next
	return p
}

func (o *office) send() {
	for _, m := range o.messages {
		if m.queued {
			m.queued, m.sent = false, true
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// told is whom the client has heard of, in order, and in brackets what is queued.
func (o *office) told() string {
	var s []string
	for _, m := range o.messages {
		switch {
		case m.sent:
			s = append(s, string(m.sitter))
		case m.queued:
			s = append(s, "("+string(m.sitter)+")")
		}
	}
	return strings.Join(s, " ")
}

// walk is a booking of one visit tomorrow.
func walk(id BookingID, version int64, sitter SitterID) Booking {
	from := noon.Add(day)
	return Booking{
		ID: id, Client: "carla", Sitter: sitter, Service: "Dog Walking", Status: "confirmed", Version: version,
		Visits: []Visit{{ID: "v1", Start: from, End: from.Add(time.Hour)}},
	}
}

func but(b Booking, change func(*Booking)) Booking {
	b.Visits = slices.Clone(b.Visits)
	change(&b)
	return b
}

func cancelled(b *Booking) { b.Status = "cancelled" }
func later(b *Booking) {
	b.Visits[0].Start, b.Visits[0].End = b.Visits[0].Start.Add(2*time.Hour), b.Visits[0].End.Add(2*time.Hour)
}

// effect is a plan in short, with the thread by the number it stands on.
type effect struct {
	On          NumberID // the number of the thread its windows stand in; made new: "new:"+number
	Stand, Shut string   // visit, sitter, day and hours of each
	Tell        bool
	Untell      bool
	Linked      bool
	Handed      bool
	Suggested   bool
	NoNumber    bool
	Stale       bool
}

func (o *office) effect(p AssignPlan) effect {
	words := func(ws []Window) string {
		var s []string
		for _, w := range ws {
			end := w.End.Format("15")
			if !w.End.Equal(w.End.Truncate(time.Hour)) {
				end = w.End.Format("15:04:05.000")
			}
			s = append(s, fmt.Sprintf("%s:%s@%s-%s", w.Visit, w.Sitter, w.Start.Format("2T15"), end))
		}
		return strings.Join(s, " ")
	}
	e := effect{Stand: words(p.Stand), Shut: words(p.Shut), Tell: p.Tell, Untell: p.Untell, Linked: p.Linked, Handed: p.Handed, Suggested: p.Next.Suggested, NoNumber: p.Next.NoNumber, Stale: p.Stale}
	switch {
	case p.Make != nil:
		e.On = "new:" + p.Make.ID
	case p.Next.Thread != "":
		e.On = o.talk(p.Next.Thread).number
	}
	return e
}

// The assignments table of domain.md, row by row, and the edges of each.
func TestAssignments(t *testing.T) {
	p1, p2 := pool("p1", time.Time{}), pool("p2", time.Time{})
	recurring := func() *office { return newOffice(annsNumber, bobsNumber, p1) }
	flagOff := func() *office { o := recurring(); o.proactive = false; return o }
	oneTime := func() *office { o := newOffice(annsNumber, bobsNumber, p1, p2); o.marked = false; return o }
	ann, bob := walk("b1", 1, "ann"), walk("b1", 2, "bob")
	const annTomorrow, bobTomorrow = "v1:ann@8T11-14", "v1:bob@8T11-14"
	for _, c := range []struct {
		name   string
		office func() *office
		do     func(*office) AssignPlan
		want   effect
	}{
		{"sitter set, recurring, flag on: thread, window, who's coming", recurring, func(o *office) AssignPlan { return o.change(ann) },
			effect{On: "new:n-ann", Stand: annTomorrow, Tell: true, Handed: true}},
		{"recurring by the booking alone", oneTime, func(o *office) AssignPlan {
			return o.change(but(ann, func(b *Booking) { b.Recurrence = "weekly" }))
		}, effect{On: "new:n-ann", Stand: annTomorrow, Tell: true, Handed: true}},
		{"sitter set, recurring, the thread is there: reused", recurring, func(o *office) AssignPlan { o.change(ann); return o.change(walk("b2", 1, "ann")) },
			effect{On: "n-ann", Stand: annTomorrow, Tell: true, Handed: true}},
		{"sitter without a number: a pool number", recurring, func(o *office) AssignPlan { return o.change(walk("b1", 1, "dan")) },
			effect{On: "new:p1", Stand: "v1:dan@8T11-14", Tell: true, Handed: true}},
		{"several visits have a window each", recurring, func(o *office) AssignPlan {
			return o.change(but(ann, func(b *Booking) {
				b.Visits = append(b.Visits, Visit{ID: "v2", Start: noon.Add(3 * day), End: noon.Add(3*day + time.Hour)})
			}))
		}, effect{On: "new:n-ann", Stand: annTomorrow + " v2:ann@10T11-14", Tell: true, Handed: true}},
		{"house-sitting has its wider window", recurring, func(o *office) AssignPlan {
			return o.change(but(ann, func(b *Booking) { b.Service = "Housesitting" }))
		}, effect{On: "new:n-ann", Stand: "v1:ann@8T10-15", Tell: true, Handed: true}},
		{"no sitter: nothing", recurring, func(o *office) AssignPlan { return o.change(walk("b1", 1, "")) }, effect{}},
		{"a meet-and-greet waits for the owner", recurring, func(o *office) AssignPlan {
			return o.change(but(ann, func(b *Booking) { b.MeetAndGreet = "pending" }))
		}, effect{}},
		{"and goes on once approved", recurring, func(o *office) AssignPlan {
			o.change(but(ann, func(b *Booking) { b.MeetAndGreet = "pending" }))
			return o.change(but(walk("b1", 2, "ann"), func(b *Booking) { b.MeetAndGreet = "approved" }))
		}, effect{On: "new:n-ann", Stand: annTomorrow, Tell: true, Handed: true}},
		{"a visit that is over: the window stands, nobody is told", recurring, func(o *office) AssignPlan {
			o.now = noon.Add(9 * day)
			return o.change(ann)
		}, effect{On: "new:n-ann", Stand: annTomorrow, Handed: true}},

		{"flag off, the thread is there: window, who's coming", flagOff, func(o *office) AssignPlan {
			o.proactive = true
			o.change(walk("b0", 1, "ann"))
			o.proactive = false
			return o.change(ann)
		}, effect{On: "n-ann", Stand: annTomorrow, Tell: true, Handed: true}},
		{"flag off, no thread: suggested", flagOff, func(o *office) AssignPlan { return o.change(ann) }, effect{Suggested: true, Handed: true}},
		{"flag off, another sitter's thread: suggested", flagOff, func(o *office) AssignPlan {
			o.proactive = true
			o.change(walk("b0", 1, "bob"))
			o.proactive = false
			return o.change(ann)
		}, effect{Suggested: true, Handed: true}},
		{"the owner's first message makes the thread, with its window", flagOff, func(o *office) AssignPlan { o.change(ann); return o.open(ann) },
			effect{On: "new:n-ann", Stand: annTomorrow, Tell: true}},
		{"asked again, it makes nothing", flagOff, func(o *office) AssignPlan { o.change(ann); o.open(ann); return o.open(ann) }, effect{On: "n-ann"}},
		{"a suggestion that changes is suggested still", flagOff, func(o *office) AssignPlan {
			o.change(ann)
			return o.change(but(walk("b1", 2, "ann"), later))
		}, effect{Suggested: true}},
		{"a flip of the flag does nothing to the past", flagOff, func(o *office) AssignPlan { o.change(ann); o.proactive = true; return o.change(ann) }, effect{Suggested: true, Stale: true}},
		{"a backfill does", flagOff, func(o *office) AssignPlan { o.change(ann); o.proactive = true; return o.open(ann) },
			effect{On: "new:n-ann", Stand: annTomorrow, Tell: true}},

		{"one-time, no pool thread: suggested, flag or no flag", oneTime, func(o *office) AssignPlan { return o.change(ann) }, effect{Suggested: true, Handed: true}},
		{"the owner's first message makes the pool thread", oneTime, func(o *office) AssignPlan { o.change(ann); return o.open(ann) },
			effect{On: "new:p1", Stand: annTomorrow, Tell: true}},
		{"one-time, a pool thread is open: its window is written there", oneTime, func(o *office) AssignPlan {
			o.change(walk("b0", 1, "bob"))
			o.open(walk("b0", 1, "bob"))
			return o.change(ann)
		}, effect{On: "p1", Stand: annTomorrow, Tell: true, Handed: true}},
		{"one-time, still open on day 30 after the last window", oneTime, func(o *office) AssignPlan {
			o.open(walk("b0", 1, "bob"))
			o.now = noon.Add(day + 2*time.Hour + cooldown)
			return o.change(but(ann, func(b *Booking) {
				b.Visits = []Visit{{ID: "v1", Start: o.now.Add(day), End: o.now.Add(day)}}
			}))
		}, effect{On: "p1", Stand: "v1:ann@8T13-15", Tell: true, Handed: true}},
		{"one-time, back on day 31: suggested", oneTime, func(o *office) AssignPlan {
			o.open(walk("b0", 1, "bob"))
			o.now = noon.Add(day + 2*time.Hour + cooldown + time.Millisecond)
			return o.change(but(ann, func(b *Booking) { b.Visits[0].Start, b.Visits[0].End = o.now, o.now.Add(time.Hour) }))
		}, effect{Suggested: true, Handed: true}},
		{"and opened on the number never used", oneTime, func(o *office) AssignPlan {
			o.open(walk("b0", 1, "bob"))
			o.now = noon.Add(40 * day)
			return o.open(but(ann, func(b *Booking) { b.Visits[0].Start, b.Visits[0].End = o.now, o.now.Add(time.Hour) }))
		}, effect{On: "new:p2", Stand: "v1:ann@16T11-14", Tell: true, Handed: true}},

		{"sitter changed: the window moves, the threads are linked", recurring, func(o *office) AssignPlan { o.change(ann); o.send(); return o.change(bob) },
			effect{On: "new:n-bob", Shut: annTomorrow, Stand: bobTomorrow, Tell: true, Linked: true, Handed: true}},
		{"sitter changed while the first message waits: it is replaced", recurring, func(o *office) AssignPlan { o.change(ann); return o.change(bob) },
			effect{On: "new:n-bob", Shut: annTomorrow, Stand: bobTomorrow, Tell: true, Untell: true, Linked: true, Handed: true}},
		{"sitter changed on a pool number: the same thread", oneTime, func(o *office) AssignPlan { o.open(ann); o.send(); return o.change(bob) },
			effect{On: "p1", Shut: annTomorrow, Stand: bobTomorrow, Tell: true, Handed: true}},
		{"a recurring client's too, if the new sitter has no number", recurring, func(o *office) AssignPlan {
			o.change(walk("b1", 1, "dan"))
			o.send()
			return o.change(walk("b1", 2, "eve"))
		}, effect{On: "p1", Shut: "v1:dan@8T11-14", Stand: "v1:eve@8T11-14", Tell: true, Handed: true}},
		{"sitter changed, flag off: suggested, the old window shut, nobody told", flagOff, func(o *office) AssignPlan {
			o.open(ann)
			o.send()
			return o.change(bob)
		}, effect{Shut: annTomorrow, Suggested: true, Handed: true}},
		{"what waits for the old sitter is withdrawn then", flagOff, func(o *office) AssignPlan { o.open(ann); return o.change(bob) },
			effect{Shut: annTomorrow, Suggested: true, Handed: true, Untell: true}},
		{"and the thread it leads to is linked all the same", flagOff, func(o *office) AssignPlan {
			o.open(ann)
			o.send()
			o.change(bob)
			return o.open(bob)
		}, effect{On: "new:n-bob", Stand: bobTomorrow, Tell: true, Linked: true}},
		{"back to the first sitter's thread: the same one, with nothing to say", flagOff, func(o *office) AssignPlan {
			o.open(ann)
			o.send()
			o.change(bob)
			return o.change(walk("b1", 3, "ann"))
		}, effect{On: "n-ann", Stand: annTomorrow, Handed: true}},
		{"sitter changed when all is over: what waits is withdrawn, nobody told", recurring, func(o *office) AssignPlan {
			o.change(ann)
			o.now = noon.Add(9 * day)
			return o.change(bob)
		}, effect{On: "new:n-bob", Shut: annTomorrow, Stand: bobTomorrow, Untell: true, Linked: true, Handed: true}},

		{"sitter cleared: the window shut, the thread kept, nothing said", recurring, func(o *office) AssignPlan { o.change(ann); o.send(); return o.change(walk("b1", 2, "")) },
			effect{On: "n-ann", Shut: annTomorrow, Handed: true}},
		{"sitter cleared while the message waits: withdrawn", recurring, func(o *office) AssignPlan { o.change(ann); return o.change(walk("b1", 2, "")) },
			effect{On: "n-ann", Shut: annTomorrow, Handed: true, Untell: true}},
		{"the same sitter set again says nothing new", recurring, func(o *office) AssignPlan {
			o.change(ann)
			o.send()
			o.change(walk("b1", 2, ""))
			return o.change(walk("b1", 3, "ann"))
		}, effect{On: "n-ann", Stand: annTomorrow, Handed: true}},
		{"unless what it said had been withdrawn", recurring, func(o *office) AssignPlan {
			o.change(ann)
			o.change(walk("b1", 2, ""))
			return o.change(walk("b1", 3, "ann"))
		}, effect{On: "n-ann", Stand: annTomorrow, Handed: true, Tell: true}},
		{"another sitter set after clearing: told and linked", recurring, func(o *office) AssignPlan {
			o.change(ann)
			o.send()
			o.change(walk("b1", 2, ""))
			return o.change(walk("b1", 3, "bob"))
		}, effect{On: "new:n-bob", Stand: bobTomorrow, Handed: true, Tell: true, Linked: true}},
		{"cancelled", recurring, func(o *office) AssignPlan {
			o.change(ann)
			o.send()
			return o.change(but(walk("b1", 2, "ann"), cancelled))
		}, effect{On: "n-ann", Shut: annTomorrow, Handed: true}},
		{"completed", recurring, func(o *office) AssignPlan {
			o.change(ann)
			o.send()
			return o.change(but(walk("b1", 2, "ann"), func(b *Booking) { b.Status = "completed" }))
		}, effect{On: "n-ann", Shut: annTomorrow, Handed: true}},
		{"cancelled while the window is on: it ended the millisecond before, for the record", recurring, func(o *office) AssignPlan {
			o.change(ann)
			o.send()
			o.now = noon.Add(day)
			return o.change(but(walk("b1", 2, "ann"), cancelled))
		}, effect{On: "n-ann", Shut: annTomorrow, Stand: "v1:ann@8T11-11:59:59.999", Handed: true}},
		{"completed when it is over: it stays on record", recurring, func(o *office) AssignPlan {
			o.change(ann)
			o.send()
			o.now = noon.Add(2 * day)
			return o.change(but(walk("b1", 2, "ann"), func(b *Booking) { b.Status = "completed" }))
		}, effect{On: "n-ann", Handed: true}},
		{"completed, and once more: nothing", recurring, func(o *office) AssignPlan {
			o.change(ann)
			o.send()
			o.now = noon.Add(day)
			o.change(but(walk("b1", 2, "ann"), func(b *Booking) { b.Status = "completed" }))
			o.now = noon.Add(3 * day)
			return o.change(but(walk("b1", 3, "ann"), func(b *Booking) { b.Status = "completed" }))
		}, effect{On: "n-ann"}},
		{"cancelled, then on again: the whole window, in place", recurring, func(o *office) AssignPlan {
			o.change(ann)
			o.send()
			o.now = noon.Add(day)
			o.change(but(walk("b1", 2, "ann"), cancelled))
			return o.change(walk("b1", 3, "ann"))
		}, effect{On: "n-ann", Shut: "v1:ann@8T11-11:59:59.999", Stand: annTomorrow, Handed: true}},
		{"unassigned while the window is on: the sight is gone at once", recurring, func(o *office) AssignPlan {
			o.change(ann)
			o.send()
			o.now = noon.Add(day)
			return o.change(walk("b1", 2, ""))
		}, effect{On: "n-ann", Shut: annTomorrow, Handed: true}},
		{"cancelled while only suggested", flagOff, func(o *office) AssignPlan {
			o.change(ann)
			return o.change(but(walk("b1", 2, "ann"), cancelled))
		}, effect{Handed: true}},
		{"and it cannot be opened then", flagOff, func(o *office) AssignPlan {
			o.change(ann)
			gone := but(walk("b1", 2, "ann"), cancelled)
			o.change(gone)
			return o.open(gone)
		}, effect{}},

		{"times changed: the window in place, nothing said again", recurring, func(o *office) AssignPlan {
			o.change(ann)
			o.send()
			return o.change(but(walk("b1", 2, "ann"), later))
		}, effect{On: "n-ann", Shut: annTomorrow, Stand: "v1:ann@8T13-16"}},
		{"times changed while the message waits: it names the new time", recurring, func(o *office) AssignPlan {
			o.change(ann)
			return o.change(but(walk("b1", 2, "ann"), later))
		}, effect{On: "n-ann", Shut: annTomorrow, Stand: "v1:ann@8T13-16", Untell: true, Tell: true}},
		{"times changed to the past while it waits: withdrawn", recurring, func(o *office) AssignPlan {
			o.change(ann)
			return o.change(but(walk("b1", 2, "ann"), func(b *Booking) { b.Visits[0].Start, b.Visits[0].End = noon.Add(-day), noon.Add(-day) }))
		}, effect{On: "n-ann", Shut: annTomorrow, Stand: "v1:ann@6T11-13", Untell: true}},
		{"service changed", recurring, func(o *office) AssignPlan {
			o.change(ann)
			o.send()
			return o.change(but(walk("b1", 2, "ann"), func(b *Booking) { b.Service = "24/7 Care" }))
		}, effect{On: "n-ann", Shut: annTomorrow, Stand: "v1:ann@8T10-15"}},
		{"one visit of two moved: the other is not touched", recurring, func(o *office) AssignPlan {
			two := but(ann, func(b *Booking) {
				b.Visits = append(b.Visits, Visit{ID: "v2", Start: noon.Add(3 * day), End: noon.Add(3 * day)})
			})
			o.change(two)
			o.send()
			return o.change(but(two, func(b *Booking) { b.Version = 2; later(b) }))
		}, effect{On: "n-ann", Shut: annTomorrow, Stand: "v1:ann@8T13-16"}},
		{"a visit taken out", recurring, func(o *office) AssignPlan {
			two := but(ann, func(b *Booking) {
				b.Visits = append(b.Visits, Visit{ID: "v2", Start: noon.Add(3 * day), End: noon.Add(3 * day)})
			})
			o.change(two)
			o.send()
			return o.change(walk("b1", 2, "ann"))
		}, effect{On: "n-ann", Shut: "v2:ann@10T11-13"}},
		{"nothing that matters changed: nothing", recurring, func(o *office) AssignPlan {
			o.change(ann)
			return o.change(but(walk("b1", 2, "ann"), func(b *Booking) { b.Pets = []string{"Rex"} }))
		}, effect{On: "n-ann"}},
		{"the mark taken from the client: what stands, stands", recurring, func(o *office) AssignPlan {
			o.change(ann)
			o.send()
			o.marked = false
			return o.change(but(walk("b1", 2, "ann"), later))
		}, effect{On: "n-ann", Shut: annTomorrow, Stand: "v1:ann@8T13-16"}},
		{"the sitter's number rests meanwhile: a pool number, linked, and the waiting message with it", recurring, func(o *office) AssignPlan {
			o.change(ann)
			o.number("n-ann").Active = false
			return o.change(but(walk("b1", 2, "ann"), later))
		}, effect{On: "new:p1", Shut: annTomorrow, Stand: "v1:ann@8T13-16", Linked: true, Untell: true, Tell: true}},

		{"no pool number free: suggested, and marked so", func() *office { return newOffice() }, func(o *office) AssignPlan { return o.change(walk("b1", 1, "dan")) },
			effect{Suggested: true, NoNumber: true, Handed: true}},
		{"a thread by itself once one is free", func() *office { return newOffice() }, func(o *office) AssignPlan {
			o.change(walk("b1", 1, "dan"))
			o.numbers = append(o.numbers, p1)
			return o.open(walk("b1", 1, "dan"))
		}, effect{On: "new:p1", Stand: "v1:dan@8T11-14", Tell: true}},
		{"no pool number free for the owner who writes", func() *office { o := newOffice(annsNumber); o.marked = false; return o }, func(o *office) AssignPlan { o.change(ann); return o.open(ann) },
			effect{Suggested: true, NoNumber: true}},
		{"none free, but nobody asked for a thread", func() *office { o := newOffice(); o.proactive = false; return o }, func(o *office) AssignPlan { return o.change(walk("b1", 1, "dan")) },
			effect{Suggested: true, Handed: true}},
		{"the only pool number is this client's other thread's", recurring, func(o *office) AssignPlan {
			o.change(walk("b1", 1, "dan"))
			return o.change(walk("b2", 1, "eve"))
		}, effect{Suggested: true, NoNumber: true, Handed: true}},

		{"the same record twice", recurring, func(o *office) AssignPlan { o.change(ann); return o.change(ann) }, effect{On: "n-ann", Stale: true}},
		{"an older record", recurring, func(o *office) AssignPlan { o.change(bob); return o.change(ann) }, effect{On: "n-bob", Stale: true}},
		{"an older record does not open what has been changed since", flagOff, func(o *office) AssignPlan { o.change(bob); return o.open(ann) }, effect{Suggested: true, Stale: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := c.office()
			if d := cmp.Diff(c.want, o.effect(c.do(o))); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			o.check(t)
		})
	}
}

// "Who's coming" goes out once for each change to another sitter.
func TestWhoIsComing(t *testing.T) {
	for _, c := range []struct {
		name    string
		sitters []SitterID // of versions 1, 2, …
		sent    bool       // each message goes out before the next change
		want    string
	}{
		{"set once", []SitterID{"ann"}, true, "ann"},
		{"A to B to A, each sent: three things", []SitterID{"ann", "bob", "ann"}, true, "ann bob ann"},
		{"A to B to A, none sent: the last", []SitterID{"ann", "bob", "ann"}, false, "(ann)"},
		{"cleared and the same set again, sent: once", []SitterID{"ann", "", "ann"}, true, "ann"},
		{"cleared and the same set again, not sent: once", []SitterID{"ann", "", "ann"}, false, "(ann)"},
		{"cleared, then another: both", []SitterID{"ann", "", "bob"}, true, "ann bob"},
		{"cleared for good, not sent: nothing", []SitterID{"ann", ""}, false, ""},
		{"the same version after version: once", []SitterID{"ann", "ann", "ann"}, true, "ann"},
		{"nobody to a sitter", []SitterID{"", "", "ann"}, true, "ann"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, numbers := range [][]NumberChoice{{annsNumber, bobsNumber}, {pool("p1", time.Time{}), pool("p2", time.Time{})}} {
				o := newOffice(numbers...)
				for i, s := range c.sitters {
					for range 2 { // each record comes twice
						o.change(walk("b1", int64(i+1), s))
					}
					if c.sent {
						o.send()
					}
				}
				if got := o.told(); got != c.want {
					t.Errorf("told %q, want %q", got, c.want)
				}
				o.check(t)
			}
		})
	}
}

func TestAssignmentHistory(t *testing.T) {
	o := newOffice(annsNumber, bobsNumber)
	for i, b := range []Booking{walk("b1", 1, ""), walk("b1", 2, "ann"), but(walk("b1", 3, "ann"), later), walk("b1", 4, "bob"), walk("b1", 5, ""), but(walk("b1", 6, "ann"), cancelled)} {
		o.now = noon.Add(time.Duration(i) * time.Hour)
		o.change(b)
		o.change(b)
	}
	want := []Handed{{At: noon.Add(time.Hour), To: "ann"}, {At: noon.Add(3 * time.Hour), From: "ann", To: "bob"}, {At: noon.Add(4 * time.Hour), From: "bob"}}
	if d := cmp.Diff(want, o.done["b1"].History); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// An extension belongs to the visit and the sitter: it outlives a change of times and
// goes with the sitter.
func TestExtendedWindows(t *testing.T) {
	o := newOffice(annsNumber, bobsNumber)
	o.change(walk("b1", 1, "ann"))
	o.send()
	a := o.done["b1"]
	a.Extended = map[VisitID]time.Duration{"v1": 30 * time.Minute}
	o.done["b1"] = a
	end := func() time.Time { return o.done["b1"].Windows[0].End }

	// Extending is the booking's own version planned again.
	p := o.open(walk("b1", 1, "ann"))
	if got, want := end(), noon.Add(day+2*time.Hour+30*time.Minute); !got.Equal(want) || len(p.Shut) != 1 || len(p.Stand) != 1 || p.Tell || p.Handed {
		t.Errorf("extended: ends %v, want %v: %+v", got, want, p)
	}
	o.check(t)
	o.change(but(walk("b1", 2, "ann"), later))
	if got, want := end(), noon.Add(day+4*time.Hour+30*time.Minute); !got.Equal(want) {
		t.Errorf("moved: ends %v, want %v", got, want)
	}
	o.change(but(walk("b1", 3, "bob"), later))
	if got, want := end(), noon.Add(day+4*time.Hour); !got.Equal(want) || o.done["b1"].Extended != nil {
		t.Errorf("handed over: ends %v, want %v", got, want)
	}
	o.check(t)
}

// check holds the office against what must always be so.
func (o *office) check(t interface{ Fatalf(string, ...any) }) {
	standing := map[BookingID][]Window{}
	where := map[BookingID]ThreadID{}
	onNumber := map[NumberID]ThreadID{}
	for _, th := range o.threads {
		if until := o.until(th); until.IsZero() || !o.now.After(until) {
			if other, ok := onNumber[th.number]; ok {
				t.Fatalf("threads %s and %s are open on number %s", other, th.id, th.number)
			}
			onNumber[th.number] = th.id
		}
		for _, w := range th.windows {
			if in, ok := where[w.Booking]; ok && in != th.id {
				t.Fatalf("windows of %s stand in %s and in %s", w.Booking, in, th.id)
			}
			where[w.Booking] = th.id
			standing[w.Booking] = append(standing[w.Booking], w)
		}
	}
	for id, a := range o.done {
		ws := standing[id]
		SortWindows(ws)
		want := a.Windows
		if a.Suggested {
			want = nil
		}
		if d := cmp.Diff(want, ws, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("windows of %s (-due +standing):\n%s", id, d)
		}
		if len(ws) > 0 && where[id] != a.Thread {
			t.Fatalf("%s says %s, its windows stand in %s", id, a.Thread, where[id])
		}
		if a.Suggested && (a.Thread != "" || a.Sitter == "") || a.NoNumber && !a.Suggested || a.Before != "" && a.Before == a.Thread {
			t.Fatalf("%s contradicts itself: %+v", id, a)
		}
		for _, w := range a.Windows {
			if a.Sitter != "" && w.Sitter != a.Sitter || a.Sitter == "" && !w.Ended(o.now) || w.Booking != id {
				t.Fatalf("%s of %q has the window %+v", id, a.Sitter, w)
			}
		}
		var heard SitterID
		for _, m := range o.messages {
			if m.booking != id || m.undone {
				continue
			}
			if heard = m.sitter; m.queued && (m.sitter != a.Sitter || m.thread != a.Thread) {
				t.Fatalf("a message about %s waits in %s; %s is now with %q in %s", m.sitter, m.thread, id, a.Sitter, a.Thread)
			}
		}
		if a.Told != "" && heard != a.Told {
			t.Fatalf("%s says the client was told of %q, and it was %q", id, a.Told, heard)
		}
		if a.Sitter != "" && !a.Suggested && heard != a.Sitter && slices.ContainsFunc(a.Windows, func(w Window) bool { return !w.Ended(o.now) }) && a.Told != a.Sitter {
			t.Fatalf("nobody told the client of %s: the last was %q", a.Sitter, heard)
		}
	}
}

// Random histories of one client's bookings, with sitters set, changed and cleared,
// times moved, visits added, bookings cancelled and revived, flags flipped, numbers
// rested and freed, messages sent or not, conversations opened by the owner. After
// each step, what stands is exactly what a plain reading of the bookings says; the
// record once more, and any older one, change nothing; and the whole history
// replayed changes nothing.
func TestHistoriesOfAClient(t *testing.T) {
	var made, moved, exhausted int
	rapid.Check(quiet{t}, func(t *rapid.T) {
		o := newOffice(annsNumber, bobsNumber)
		for i := range rapid.IntRange(0, 3).Draw(t, "pool") {
			o.numbers = append(o.numbers, pool(NumberID("p"+strconv.Itoa(i)), time.Time{}))
		}
		bookings := map[BookingID]Booking{}
		due := map[BookingID]map[VisitID]Window{}
		var history []Booking
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			o.now = o.now.Add(time.Duration(rapid.IntRange(0, 20*24).Draw(t, "hours pass")) * time.Hour / 4)
			o.proactive, o.marked = rapid.Bool().Draw(t, "proactive"), rapid.Bool().Draw(t, "marked")
			if rapid.IntRange(0, 3).Draw(t, "sends") == 0 {
				o.send()
			}
			if i := rapid.IntRange(-12, len(o.numbers)-1).Draw(t, "number rests or returns"); i >= 0 {
				o.numbers[i].Active = !o.numbers[i].Active
			}
			id := BookingID("b" + strconv.Itoa(rapid.IntRange(1, 3).Draw(t, "booking")))
			b, known := bookings[id]
			open := known && rapid.IntRange(0, 2).Draw(t, "opened") == 0
			if !open {
				b = Booking{
					ID: id, Client: "carla", Version: b.Version + 1, Service: rapid.SampledFrom([]string{"Dog Walking", "Housesitting"}).Draw(t, "service"),
					Sitter: rapid.SampledFrom([]SitterID{"", "ann", "bob", "dan", "eve"}).Draw(t, "sitter"), Recurrence: rapid.SampledFrom([]string{"", "weekly"}).Draw(t, "recurrence"),
					Status:       rapid.SampledFrom([]string{"pending", "confirmed", "confirmed", "confirmed", "cancelled", "completed"}).Draw(t, "status"),
					MeetAndGreet: rapid.SampledFrom([]string{"", "", "", "pending", "approved"}).Draw(t, "meet and greet"),
				}
				for v := range rapid.IntRange(1, 3).Draw(t, "visits") {
					from := o.now.Add(time.Duration(rapid.IntRange(-24, 96).Draw(t, "from")) * time.Hour)
					b.Visits = append(b.Visits, Visit{ID: VisitID("v" + strconv.Itoa(v+1)), Start: from, End: from.Add(time.Hour)})
				}
				bookings[id] = b
			}
			history = append(history, b)
			stood := o.done[id].Thread != ""
			before := len(o.threads)
			f := o.facts(b, open)
			p := o.apply(f)
			if d := cmp.Diff(PlanAssignment(f), p); d != "" {
				t.Fatalf("the same facts plan otherwise:\n%s", d)
			}
			made += len(o.threads) - before
			if p.Linked {
				moved++
			}
			if p.Next.NoNumber {
				exhausted++
			}
			o.check(t)

			// A plain reading of the booking: a live one has its windows; one that came to
			// its end keeps what has begun, up to now; any other has none.
			live := b.Sitter != "" && (b.Status == "pending" || b.Status == "confirmed") && b.MeetAndGreet != "pending"
			want := map[VisitID]Window{}
			buffer := map[string]time.Duration{"Dog Walking": time.Hour, "Housesitting": 2 * time.Hour}[b.Service]
			switch {
			case live:
				for _, v := range b.Visits {
					want[v.ID] = Window{id, v.ID, b.Sitter, v.Start.Add(-buffer), v.End.Add(buffer)}
				}
			case stood && (b.Status == "completed" || b.Status == "cancelled"):
				for v, w := range due[id] {
					if w.Start.Before(o.now) {
						w.End = earlier(w.End, o.now.Add(-time.Millisecond))
						want[v] = w
					}
				}
			}
			due[id] = want
			for id, want := range due {
				a := o.done[id]
				got := map[VisitID]Window{}
				for _, w := range a.Windows {
					got[w.Visit] = w
				}
				if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" || len(got) != len(a.Windows) {
					t.Fatalf("windows due to %s (-want +got):\n%s", id, d)
				}
			}
			a := o.done[id]
			if live != (a.Sitter != "") || live && a.Sitter != b.Sitter || a.Version != b.Version {
				t.Fatalf("%s is with %q at version %d: %+v", id, b.Sitter, b.Version, a)
			}
			// Again, and what came before: nothing.
			calm := effect{On: o.effect(AssignPlan{Next: o.done[id]}).On, Suggested: p.Next.Suggested, NoNumber: p.Next.NoNumber}
			if open {
				if d := cmp.Diff(calm, o.effect(o.apply(o.facts(b, true)))); d != "" {
					t.Fatalf("opened again (-want +got):\n%s", d)
				}
			}
			state := fmt.Sprint(o.done, o.told(), len(o.threads))
			for _, old := range history {
				if p := o.change(old); !p.Stale {
					t.Fatalf("version %d of %s is applied twice", old.Version, old.ID)
				}
			}
			if again := fmt.Sprint(o.done, o.told(), len(o.threads)); again != state {
				t.Fatalf("replayed: %s\nwas: %s", again, state)
			}
		}
	})
	if made == 0 || moved == 0 || exhausted == 0 {
		t.Errorf("the histories made %d threads, moved %d times, ran out of numbers %d times: they say too little", made, moved, exhausted)
	}
}

func TestCarryHistory(t *testing.T) {
	line := func(b BookingID, day int, reason string) HandedOver {
		return HandedOver{b, Handed{At: noon.Add(time.Duration(day) * 24 * time.Hour), To: "ann", By: "owner:o", Reason: reason}}
	}
	long := strings.Repeat("r", 200)
	for _, r := range []struct {
		name  string
		had   []HandedOver
		older int // day; 0: none
		b     BookingID
		hs    []HandedOver
		want  []HandedOver
		out   int
	}{
		{name: "nothing", b: "b1", want: []HandedOver{}},
		{name: "a booking's lines take the place of what the row had of it", had: []HandedOver{line("b1", 1, "old"), line("b2", 2, "")}, b: "b1", hs: []HandedOver{line("b1", 1, "new"), line("b1", 3, "")},
			want: []HandedOver{line("b1", 1, "new"), line("b2", 2, ""), line("b1", 3, "")}},
		{name: "what is over thirty days old goes", had: []HandedOver{line("b2", -1, "")}, b: "b1", hs: []HandedOver{line("b1", 0, "")}, want: []HandedOver{line("b1", 0, "")}},
		{name: "what does not fit is known to be missing", had: []HandedOver{line("b2", 1, long), line("b3", 2, "")}, b: "b1", hs: []HandedOver{line("b1", 3, long)},
			want: []HandedOver{line("b3", 2, ""), line("b1", 3, long)}, out: 1},
		{name: "the newest that is missing stays known", had: nil, older: 5, b: "b1", hs: []HandedOver{line("b1", 3, long), line("b1", 4, long)}, want: []HandedOver{line("b1", 4, long)}, out: 5},
		{name: "a reason of two lines cannot stand on the row", b: "b1", hs: []HandedOver{line("b1", 3, ""), line("b1", 4, "a\nb")}, want: []HandedOver{}, out: 4},
	} {
		t.Run(r.name, func(t *testing.T) {
			day := func(n int) time.Time {
				if n == 0 {
					return time.Time{}
				}
				return line("", n, "").At
			}
			var hs []Handed
			for _, h := range r.hs {
				hs = append(hs, h.Handed)
			}
			got, older := CarryHistory(r.had, day(r.older), r.b, hs, noon.Add(30*24*time.Hour))
			if d := cmp.Diff(r.want, got); d != "" {
				t.Errorf("lines (-want +got):\n%s", d)
			}
			if !older.Equal(day(r.out)) {
				t.Errorf("the newest that is missing is of %v, want %v", older, day(r.out))
			}
		})
	}
}
