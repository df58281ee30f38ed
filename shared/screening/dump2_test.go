package screening

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestFrag(t *testing.T) {
	for _, x := range strings.Split(os.Getenv("T"), "|") {
		r := read(Text{Author: Sitter, Body: x}, rulebook())
		f, ok := r.fragment(nil)
		fmt.Printf("%q %+v %v\n", x, f, ok)
	}
}
