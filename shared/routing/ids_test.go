package routing_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	. "snout/shared/routing"
)

// kinds are all the ids, so that what holds for one is asked of every one.
type kind struct {
	name  string
	parse func(string) (string, error)
}

func parser[T ~string](f func(string) (T, error)) func(string) (string, error) {
	return func(s string) (string, error) {
		id, err := f(s)
		return string(id), err
	}
}

func kinds() []kind {
	return []kind{
		{"org", parser(ParseOrgID)}, {"client", parser(ParseClientID)}, {"sitter", parser(ParseSitterID)}, {"booking", parser(ParseBookingID)},
		{"number", parser(ParseNumberID)}, {"visit", parser(ParseVisitID)}, {"thread", parser(ParseThreadID)}, {"event", parser(ParseEventID)}, {"alert", parser(ParseAlertID)},
	}
}

func TestIDs(t *testing.T) {
	long := strings.Repeat("a", 64)
	accepted := map[string][]string{
		"org":     {"a", "org1", "0", strings.Repeat("a", 24)},
		"client":  {"c-1", "Client_2.x", long},
		"thread":  {"t-org1-x9", "t-" + strings.Repeat("o", 24) + "-" + long},
		"event":   {"e-org1-x9-0abc", "e-" + strings.Repeat("o", 24) + "-" + long + "-" + long},
		"alert":   {"a-org1-0abc"},
		"booking": {"b1"},
	}
	refused := map[string][]string{
		"org":     {"", "Org", "org-1", "org_1", "o#1", strings.Repeat("a", 25), "ö"},
		"client":  {"", "a#b", "a b", "a/b", "a\x00", "ä", long + "a", "a\n", "a|b", "a:b", "a%23b"},
		"thread":  {"", "t", "t-", "t-org1", "t-org1-", "t--x", "t-org1-x-y", "e-org1-x", "T-org1-x", "t-Org1-x", "t-org1-X", "t-org1-x#y", "t-" + strings.Repeat("o", 25) + "-x", "t-o-" + long + "a"},
		"event":   {"", "e-org1-x", "e-org1-x-y-z", "t-org1-x-y", "e-org1--y", "e-org1-x-", "e-org1-x-y#"},
		"alert":   {"", "a-org1", "a-org1-x-y", "t-org1-x", "a-org1-"},
		"booking": {"", "#", "b1#v1", "b1 "},
	}
	for _, k := range kinds() {
		for _, s := range accepted[k.name] {
			if got, err := k.parse(s); err != nil || got != s {
				t.Errorf("%s id %q: %q, %v", k.name, s, got, err)
			}
		}
		for _, s := range refused[k.name] {
			if got, err := k.parse(s); !errors.Is(err, ErrID) || got != "" {
				t.Errorf("%s id %q is let through as %q, %v", k.name, s, got, err)
			}
		}
	}
}

func TestIDsRoundTrip(t *testing.T) {
	rapid.Check(quiet{t}, func(t *rapid.T) {
		word := func(name string, n int) string {
			return rapid.StringMatching(`[a-z0-9]{1,`+map[int]string{24: "24", 64: "64"}[n]+`}`).Draw(t, name)
		}
		org, err := ParseOrgID(word("org", 24))
		if err != nil {
			t.Fatal(err)
		}
		local, order := word("local", 64), word("order", 64)
		th, err := ParseThreadID(string(NewThreadID(org, local)))
		if err != nil || th.Org() != org || th.Local() != local {
			t.Fatalf("thread %q: %q, %q, %v", th, th.Org(), th.Local(), err)
		}
		e, err := ParseEventID(string(NewEventID(th, order)))
		if err != nil || e.Org() != org || e.Thread() != th || e.Order() != order {
			t.Fatalf("event %q: %q, %q, %q, %v", e, e.Org(), e.Thread(), e.Order(), err)
		}
		a, err := ParseAlertID(string(NewAlertID(org, order)))
		if err != nil || a.Org() != org || a.Order() != order {
			t.Fatalf("alert %q: %q, %q, %v", a, a.Org(), a.Order(), err)
		}
		// No id is an id of another kind that carries its org.
		for _, s := range []string{string(th), string(e), string(a)} {
			n := 0
			for _, k := range kinds()[6:] {
				if _, err := k.parse(s); err == nil {
					n++
				}
			}
			if n != 1 {
				t.Fatalf("%q is an id of %d kinds", s, n)
			}
		}
	})
}

func TestPartsOfNoID(t *testing.T) {
	if (ThreadID("")).Org() != "" || (ThreadID("t")).Local() != "" || (EventID("e-o")).Order() != "" || (AlertID("")).Order() != "" {
		t.Error("the parts of what is no id are empty")
	}
}

// Ids sort as their instants do, which is what reading a thread newest first needs.
func TestOrderSortsByTime(t *testing.T) {
	rapid.Check(quiet{t}, func(t *rapid.T) {
		micro := rapid.SliceOfN(rapid.Int64Range(0, time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()), 2, 8).Draw(t, "micro")
		slices.Sort(micro)
		var ids []string
		for _, m := range micro {
			ids = append(ids, Order(m, "zz"))
		}
		if !slices.IsSorted(ids) {
			t.Fatalf("%v became %v", micro, ids)
		}
		for i, id := range ids {
			if len(id) != 13 {
				t.Fatalf("%q", id)
			}
			if i > 0 && (micro[i] == micro[i-1]) != (id == ids[i-1]) {
				t.Fatalf("%v became %v", micro, ids)
			}
			if _, err := ParseAlertID(string(NewAlertID("o", id))); err != nil {
				t.Fatalf("%q is no part of an id", id)
			}
		}
	})
	if a, b := Order(7, "a"), Order(7, "b"); a >= b {
		t.Errorf("two of one microsecond: %s, %s", a, b)
	}
}

// Whatever text comes as an id, what is let through is made of letters, digits, dots,
// hyphens and underscores, unchanged: no separator of the table's keys gets in.
func FuzzIDs(f *testing.F) {
	for _, s := range []string{"", "a", "a#b", "t-org1-x9", "e-org1-x9-0abc", "a-org1-0abc", "t-o-#", "\x00", "ä", "t-o-x\n", strings.Repeat("a-", 99)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, k := range kinds() {
			got, err := k.parse(s)
			if err != nil {
				if got != "" {
					t.Fatalf("refused, and yet %q", got)
				}
				continue
			}
			if got != s || s == "" || len(s) > 2+24+1+64+1+64 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != "" {
				t.Fatalf("%s id %q is let through as %q", k.name, s, got)
			}
			if strings.ContainsAny(s, "#") {
				t.Fatalf("%s id %q holds a separator", k.name, s)
			}
		}
	})
}
