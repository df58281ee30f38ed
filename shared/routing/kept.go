package routing

import (
	"encoding/json"
	"time"
)

// keptFacts is the part of the facts that decided, small enough to lie in every
// event: the whole trace is told from it again whenever somebody asks why.
type keptFacts struct {
	Class   Class        `json:"c,omitempty"`
	Status  NumberStatus `json:"s,omitempty"`
	Number  SitterID     `json:"n,omitempty"`
	Kind    Kind         `json:"k,omitempty"`
	Closed  bool         `json:"x,omitempty"`
	Client  bool         `json:"cl,omitempty"`
	Word    Keyword      `json:"w,omitempty"`
	Out     bool         `json:"o,omitempty"`
	Off     bool         `json:"off,omitempty"`
	May     bool         `json:"may,omitempty"`
	Waiting bool         `json:"wait,omitempty"`
	Let     int64        `json:"let,omitempty"` // a held text's release
	Windows []keptWindow `json:"win,omitempty"`
}

type keptWindow struct {
	Sitter SitterID `json:"s"`
	From   int64    `json:"f"`
	To     int64    `json:"t"`
}

// Keep packs the facts that decided: the windows on at the instant and the next one.
func (f Facts) Keep() string {
	k := keptFacts{Word: f.Word, Out: f.OptedOut, Off: !f.Flags.Messaging, Waiting: f.Waiting, Client: f.Client != ""}
	if f.Number != nil {
		k.Class, k.Status, k.Number = f.Number.Class, f.Number.Status, f.Number.Sitter
	}
	if t := f.theirs(); t != nil {
		k.Kind, k.Closed = t.Kind, !t.Open(f.At)
	}
	if !f.Released.IsZero() {
		k.Let = f.Released.UnixMilli()
	}
	ws := Current(f.Windows, f.At)
	if w, sitters := f.on(); sitters == 1 {
		k.May = f.Flags.SitterMay(w.Sitter)
	}
	if next, ok := Next(f.Windows, f.At); ok {
		ws = append(ws, next)
	}
	for _, w := range ws {
		k.Windows = append(k.Windows, keptWindow{w.Sitter, w.Start.UnixMilli(), w.End.UnixMilli()})
	}
	b, err := json.Marshal(k)
	if err != nil {
		panic("routing: " + err.Error()) // plain strings and numbers
	}
	return string(b)
}

// Trace tells every rule that was looked at from kept facts.
func Trace(kept string, at time.Time) []Step {
	var k keptFacts
	if json.Unmarshal([]byte(kept), &k) != nil {
		return nil
	}
	f := Facts{At: at, Word: k.Word, OptedOut: k.Out, Waiting: k.Waiting}
	f.Flags.Messaging = !k.Off
	if k.May {
		f.Flags.SitterMessages, f.Flags.Allowlist = true, "*"
	}
	if k.Let != 0 {
		f.Released = time.UnixMilli(k.Let).UTC()
	}
	if k.Class != "" {
		f.Number = &NumberFacts{Class: k.Class, Status: k.Status, Sitter: k.Number}
	}
	if k.Client {
		f.Client = "client"
	}
	if k.Kind != "" {
		f.Thread = &ThreadFacts{Kind: k.Kind}
		if k.Closed {
			f.Thread.OpenUntil = at.Add(-time.Millisecond) // instants are compared by the millisecond
		}
	}
	for _, w := range k.Windows {
		f.Windows = append(f.Windows, Window{Sitter: w.Sitter, Start: time.UnixMilli(w.From).UTC(), End: time.UnixMilli(w.To).UTC()})
	}
	_, steps := Explain(f)
	return steps
}
