package simulation

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"snout/shared/flags"
)

// Scenario is a short story of which every effect is struck in turn.
type Scenario struct {
	Name     string
	tell     func(*Sim)
	bookings []int // that stand before it begins
}

// told makes the story's steps readable: each ends when nothing is left to be done.
func (s *Sim) told(what func()) {
	what()
	s.settle(turns)
}

func (s *Sim) wait(d time.Duration) {
	s.clock.Advance(d)
	s.settle(turns)
}

func (s *Sim) phoneTexts(n int, from, to, body string) {
	s.figures.Steps++
	s.text(from, to, body, "SM"+"0000000000000000000000000000000"+string(rune('0'+n)), 0)
}

func (s *Sim) says(who string, n int, text string) *task {
	s.figures.Steps++
	if id, ok := pick(s.threads(), 0); ok {
		return s.ask(who, http.MethodPost, "/api/messages/send", map[string]any{"threadId": id, "text": text}, n)
	}
	return nil
}

// Scenarios are the stories.
func Scenarios() []Scenario {
	return []Scenario{
		{"three bookings stand, and their clients are told who is coming", func(s *Sim) {
			s.told(func() { s.do(1, Step{Do: "assign", A: 0, B: 1}) })
			s.told(func() { s.do(2, Step{Do: "book", A: 1, B: 5}) })
			s.told(func() { s.do(3, Step{Do: "book", A: 2, B: 2}) })
		}, nil},
		{"a client texts the sitter's number and the sitter answers", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q is he fine") })
			s.told(func() { s.says("sitter-1", 2, "m2q he is, see you soon") })
		}, []int{0}},
		{"two phones of a household write first, at once", func(s *Sim) {
			s.told(func() {
				s.phoneTexts(1, phones[2], frontDesk, "m1q hello")
				s.phoneTexts(2, phones[3], frontDesk, "m2q hello")
			})
			s.told(func() { s.says("owner", 3, "m3q hello both") })
		}, nil},
		{"a stranger writes to a pool number and is answered once", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, stranger, poolOne, "m1q who is this") })
			s.told(func() { s.phoneTexts(2, stranger, poolOne, "m2q hello?") })
		}, nil},
		{"texts held while messaging is off come out in order, a new one behind them", func(s *Sim) {
			s.told(func() { s.setFlags(map[string]string{flags.Messaging: "false"}) })
			s.wait(10 * time.Second)
			for i, body := range []string{"m1q one", "m2q two", "m3q three"} {
				s.told(func() { s.phoneTexts(i+1, phones[0], samNumber, body) })
				s.wait(2 * time.Second)
			}
			s.setFlags(map[string]string{flags.Messaging: "true"})
			s.clock.Advance(10 * time.Second)
			s.told(func() { s.phoneTexts(4, phones[0], samNumber, "m4q four") })
		}, []int{0}},
		{"texts held are released by a schedule that comes twice", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			s.told(func() { s.setFlags(map[string]string{flags.Messaging: "false"}) })
			s.wait(10 * time.Second)
			for i, body := range []string{"m2q one", "m3q two", "m4q three"} {
				s.told(func() { s.phoneTexts(i+2, phones[0], samNumber, body) })
				s.wait(2 * time.Second)
			}
			s.setFlags(map[string]string{flags.Messaging: "true"})
			s.twice = true
			s.wait(61 * time.Second)
			s.twice = false
		}, []int{0}},
		{"STOP on one number stops what goes out on another, START lets it go again", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			s.told(func() { s.phoneTexts(2, phones[0], frontDesk, "STOP") })
			s.told(func() { s.says("owner", 3, "m3q are you there") })
			s.told(func() { s.phoneTexts(4, phones[0], frontDesk, "START") })
			s.told(func() { s.says("owner", 5, "m5q are you there") })
		}, []int{0}},
		{"STOP while a message waits for its retry", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			s.told(func() {
				_ = s.carrier.Inject("429")
				s.says("owner", 2, "m2q see you soon")
			})
			s.told(func() { s.phoneTexts(3, phones[0], frontDesk, "STOP") })
			s.wait(2 * time.Minute)
		}, []int{0}},
		{"the carrier refuses, twice, for now", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			s.told(func() {
				_ = s.carrier.Inject("429", "503")
				s.says("owner", 2, "m2q see you soon")
			})
			s.wait(2 * time.Minute)
			s.wait(6 * time.Minute)
		}, []int{0}},
		{"the carrier refuses until nobody tries any more", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			s.told(func() {
				_ = s.carrier.Inject("429", "429", "429", "429", "429", "429")
				s.says("owner", 2, "m2q see you soon")
			})
			for range 4 {
				s.wait(16 * time.Minute)
			}
		}, []int{0}},
		{"the carrier takes a message and its answer is lost, and every report with it", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			s.told(func() {
				_ = s.carrier.Inject("timeout-after-accept", "reports-lost")
				s.says("owner", 2, "m2q see you soon")
			})
			s.wait(2 * time.Minute)
		}, []int{0}},
		{"nobody can tell, the carrier never had it, and the owner sends it again", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			s.told(func() {
				_ = s.carrier.Inject("timeout-before-accept")
				s.says("owner", 2, "m2q see you soon")
			})
			for range 18 {
				s.wait(time.Minute)
			}
			s.told(func() { s.do(8, Step{Do: "retry"}) })
		}, []int{0}},
		{"reports come twice and last first", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			s.told(func() {
				_ = s.carrier.Inject("reports-reordered", "report-twice", "report-twice")
				s.says("owner", 2, "m2q see you soon")
			})
		}, []int{0}},
		{"reports come while the table is down", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			s.mute = true
			s.told(func() { s.says("owner", 2, "m2q see you soon") })
			down := slices.Repeat([]string{"500:UpdateItem", "500:GetItem", "500:BatchGetItem"}, 30)
			_ = s.engine.Inject(down...)
			s.mute = false
			s.settle(turns)
			_ = s.engine.Inject()
			s.wait(2 * time.Minute)
		}, []int{0}},
		{"a text while the table is down goes by the fallback's queue", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			_ = s.engine.Inject("500:BatchGetItem", "500:BatchGetItem", "500:BatchGetItem", "500:BatchGetItem", "500:BatchGetItem", "500:BatchGetItem", "500:BatchGetItem", "500:BatchGetItem", "500:BatchGetItem")
			s.told(func() { s.phoneTexts(2, phones[0], samNumber, "m2q are you there") })
			_ = s.engine.Inject()
			s.wait(7 * time.Minute)
		}, []int{0}},
		{"the table is still down when the fallback's queue is drained", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			_ = s.engine.Inject(slices.Repeat([]string{"500:BatchGetItem"}, 40)...)
			s.told(func() { s.phoneTexts(2, phones[0], samNumber, "m2q are you there") })
			s.wait(30 * time.Second)
			_ = s.engine.Inject()
			s.wait(7 * time.Minute)
		}, []int{0}},
		{"neither a text's webhook nor its fallback comes, and the carrier's list has it", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			s.told(func() {
				_ = s.carrier.Inject("webhook-lost")
				s.phoneTexts(2, phones[0], samNumber, "m2q are you there")
			})
			s.wait(time.Minute)
			s.told(func() { s.phoneTexts(3, phones[0], samNumber, "m3q hello?") })
			s.wait(7 * time.Minute)
		}, []int{0}},
		{"STOP comes at the moment of a retry", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			s.told(func() {
				_ = s.carrier.Inject("429")
				s.says("owner", 2, "m2q see you soon")
			})
			s.clock.Advance(61 * time.Second)
			s.told(func() { s.phoneTexts(3, phones[0], frontDesk, "STOP") })
		}, []int{0}},
		{"the outbox looks around while messages are on their way", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			for n, before := range []string{"carrier POST", "UpdateItem"} {
				next := s.clock.Now().Truncate(time.Minute).Add(time.Minute)
				s.wait(next.Sub(s.clock.Now()) - 3*time.Second)
				t := s.says("owner", 2+n, fmt.Sprintf("m%dq see you soon", 2+n))
				for range turns {
					if t == nil || t.done || strings.HasPrefix(t.before, before) || !s.step() {
						break
					}
				}
				s.held = t
				s.wait(4 * time.Second)
				s.held = nil
				s.settle(turns)
			}
		}, []int{0}},
		{"a booking goes from one sitter to the other and back", func(s *Sim) {
			s.settle(turns)
			for _, b := range []int{1, 2, 1} {
				s.told(func() { s.do(1, Step{Do: "assign", A: 0, B: b}) })
				s.wait(time.Minute)
			}
		}, []int{0}},
		{"the owner's first message opens a one-time client's thread, and the booking is cancelled", func(s *Sim) {
			s.settle(turns)
			s.told(func() { s.do(1, Step{Do: "start", A: 1, B: 0}) })
			s.told(func() { s.phoneTexts(2, phones[1], poolOne, "m2q great") })
			s.told(func() { s.do(3, Step{Do: "cancel", A: 1, B: 0}) })
			s.told(func() { s.phoneTexts(4, phones[1], poolOne, "m4q what happened") })
		}, []int{1}},
		{"a sitter's contact swap is stopped, and released", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			s.told(func() { s.says("sitter-1", 2, "m2q call me at 415 555 0147") })
			s.told(func() { s.do(3, Step{Do: "release"}) })
			s.wait(time.Minute)
		}, []int{0}},
		{"a message waits while messaging is off, and is too old when it is back", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			s.told(func() {
				_ = s.carrier.Inject("429")
				s.says("owner", 2, "m2q see you soon")
			})
			s.setFlags(map[string]string{flags.Messaging: "false"})
			for range 4 {
				s.wait(20 * time.Minute)
			}
		}, []int{0}},
		{"a sitter's own phone is told in the evening, while the carrier is busy", func(s *Sim) {
			s.told(func() { s.clock.Advance(10*time.Hour + 40*time.Minute); s.do(1, Step{Do: "move", A: 0, B: 2}) })
			s.wait(10 * time.Minute)
			s.told(func() {
				_ = s.carrier.Inject("429", "429")
				s.phoneTexts(2, phones[0], samNumber, "m2q hello")
			})
			for range 3 {
				s.wait(7 * time.Minute)
			}
			s.told(func() { s.do(3, Step{Do: "seen", B: 0}) })
			s.told(func() { s.phoneTexts(4, phones[0], samNumber, "m4q one more thing") })
			s.wait(12 * time.Hour)
		}, []int{0}},
		{"a client waits for the sitter's answer, and the owner is told", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			s.wait(4 * time.Minute)
			s.told(func() { s.phoneTexts(2, phones[0], samNumber, "m2q are you there") })
			s.wait(3 * time.Minute)
			s.told(func() { s.do(3, Step{Do: "seen", B: 0}) })
			s.told(func() { s.phoneTexts(4, phones[0], samNumber, "m4q please stop texting me") })
			for range 3 {
				s.wait(3 * time.Minute)
			}
			s.told(func() { s.says("sitter-1", 5, "m5q on my way") })
		}, []int{0}},
		{"pictures are texted, good and bad", func(s *Sim) {
			s.told(func() { s.do(1, Step{Do: "picture", A: 0, B: 9}) })
			s.told(func() { s.do(2, Step{Do: "picture", A: 0, B: 1}) })
			s.told(func() { s.do(3, Step{Do: "picture", A: 0, B: 5}) })
			s.wait(2 * time.Minute)
		}, []int{0}},
		{"a picture cannot be had at first", func(s *Sim) {
			s.noPictures = true
			s.told(func() { s.do(1, Step{Do: "picture", A: 0, B: 9}) })
			s.wait(2 * time.Minute)
			s.noPictures = false
			s.wait(6 * time.Minute)
		}, []int{0}},
		{"a third contact swap locks the sitter, and the owner's own phone is told", func(s *Sim) {
			s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
			for n := range 3 {
				s.told(func() { s.says("sitter-1", 2+n, fmt.Sprintf("m%dq call me at 415 555 0147", 2+n)) })
			}
		}, []int{0}},
		{"somebody writes to the front desk in the evening, twice, and a machine does", func(s *Sim) {
			s.told(func() { s.clock.Advance(9 * time.Hour) })
			s.told(func() { s.phoneTexts(1, phones[1], frontDesk, "m1q do you do cats") })
			s.told(func() { s.phoneTexts(2, phones[1], frontDesk, "m2q and dogs") })
			s.told(func() { s.phoneTexts(3, phones[2], frontDesk, "m3q "+machine) })
			s.wait(25 * time.Hour)
			s.told(func() { s.phoneTexts(4, phones[1], frontDesk, "m4q hello again") })
		}, []int{0}},
	}
}

// Tell runs a scenario with at most one fault, and answers how many effects it had.
func Tell(o *Origin, sc Scenario, strike *Strike, trace io.Writer) (Figures, []string, error) {
	s, err := New(o, 1, trace, true, sc.bookings...) // how bookings come to stand is a story of its own
	if err != nil {
		return Figures{}, nil, err
	}
	defer s.close()
	s.strike = strike
	sc.tell(s)
	s.rest()
	s.figures.Histories = 1
	if strike != nil && strike.Hit {
		s.figures.Faults++
		if strike.Kind == "crash" {
			s.figures.CrashPoints++
			s.figures.Faults--
		}
	}
	return s.figures, s.faults, nil
}
