package routing_test

import (
	"strings"
	"testing"

	. "snout/shared/routing"
)

func TestKeywords(t *testing.T) {
	for word, bodies := range map[Keyword][]string{
		KeyStop:  {"STOP", "stop", " Stop\n", "STOPALL", "unsubscribe", "Cancel", "END", "quit", "REVOKE", "OptOut"},
		KeyHelp:  {"HELP", "help", "\tInfo "},
		KeyStart: {"START", "yes", "UNSTOP"},
		NoKeyword: {"", " ", "STOP PLEASE", "please stop", "STOP.", "STOP!", "OPT OUT", "STOPP", "yes please", "help me", "S T O P", "START?", "unsubscribed",
			strings.Repeat("STOP", 400), "\u200bSTOP"},
	} {
		for _, body := range bodies {
			if got := KeywordOf(body); got != word {
				t.Errorf("%.20q is %q, want %q", body, got, word)
			}
		}
	}
}

func TestSitterMay(t *testing.T) {
	for _, c := range []struct {
		name, list string
		on         bool
		id         SitterID
		want       bool
	}{
		{"every sitter", "*", true, "ann", true},
		{"the flag comes first", "*", false, "ann", false},
		{"nobody", "none", true, "ann", false},
		{"empty", "", true, "ann", false},
		{"blank", "  ", true, "ann", false},
		{"named alone", "ann", true, "ann", true},
		{"named among others, with spaces", " bob , ann ,cleo", true, "ann", true},
		{"others are named", "bob,cleo", true, "ann", false},
		{"a name that only begins alike", "anna", true, "ann", false},
		{"a name that only ends alike", "joann", true, "ann", false},
		{"ids are taken letter by letter", "Ann", true, "ann", false},
		{"a star among names is nobody's name", "bob,*", true, "ann", false},
		{"no sitter at all, every sitter allowed", "*", true, "", false},
		{"no sitter at all, an empty name in the list", "bob,,cleo", true, "", false},
	} {
		if got := (Flags{SitterMessages: c.on, Allowlist: c.list}).SitterMay(c.id); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
	if (Flags{}).SitterMay("ann") {
		t.Error("the zero value is everything off")
	}
}

func TestRecurring(t *testing.T) {
	for _, c := range []struct {
		name, recurrence, plan string
		marked, want           bool
	}{
		{"nothing", "", "", false, false},
		{"the booking recurs weekly", "weekly", "", false, true},
		{"the booking recurs by any label", "every other Tuesday", "", false, true},
		{"a label of nothing is none", "  ", "", false, false},
		{"the label that says none", "none", "", false, false},
		{"an active weekly plan", "", "Weekly", false, true},
		{"a plan that is not weekly", "", "prepaid 10 walks", false, false},
		{"marked by the owner", "", "", true, true},
		{"marked, whatever the booking says", "none", "", true, true},
	} {
		if got := Recurring(c.recurrence, c.plan, c.marked); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

func TestClasses(t *testing.T) {
	if Classes != [...]Class{"front_desk", "sitter", "pool"} {
		t.Errorf("diagnostics shows %v", Classes)
	}
	for _, c := range Classes {
		if got, ok := ParseClass(string(c)); got != c || !ok {
			t.Errorf("%s: %s, %t", c, got, ok)
		}
	}
	for _, s := range []string{"", "Pool", "guest", "pool "} {
		if c, ok := ParseClass(s); ok {
			t.Errorf("%q is let through as %q", s, c)
		}
	}
}
