package screening

import (
	"fmt"
	"os"
	"testing"
)

func TestDump(t *testing.T) {
	s := os.Getenv("T")
	if s == "" {
		t.Skip()
	}
	r := read(Text{Author: Sitter, Body: s}, rulebook())
	for _, m := range r.marks {
		fmt.Println(markNames[m.mark], m.weight, s[r.toks[r.words[m.from].tok].start:r.toks[r.words[m.to-1].tok].end], "sentence", m.sentence)
	}
	for _, a := range r.atoms {
		fmt.Printf("%+v\n", a)
	}
}
