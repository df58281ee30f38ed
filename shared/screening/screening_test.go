package screening_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"snout/shared/screening"
	"snout/shared/screening/openset"
	"snout/shared/screening/screenio"
)

// The goals of the test part. The rounds written with the rules in mind reach
// them. The fresh rounds, t and later, do not yet: they are held to what was
// reached, so that it only gets better.
const (
	goalRecall      = 0.97
	goalFamily      = 0.90
	goalFalseAlarms = 0.005

	freshRecall      = 0.91
	freshFamily      = 0.75
	freshFalseAlarms = 0.03
	freshHeld        = 1
)

func TestTheTestPartOfTheOpenSetReachesTheGoals(t *testing.T) {
	held(t, "rounds a to s", false, goalRecall, goalFamily, goalFalseAlarms, 0)
}

func TestTheFreshRoundsDoNotFallBehindWhatWasReached(t *testing.T) {
	held(t, "rounds t and later", true, freshRecall, freshFamily, freshFalseAlarms, freshHeld)
}

func held(t *testing.T, title string, fresh bool, recall, family, alarms float64, emergencies int) {
	t.Helper()
	all, err := openset.All()
	if err != nil {
		t.Fatal(err)
	}
	var cases []openset.Case
	for _, c := range all {
		if c.Part() == openset.Test && c.Fresh() == fresh {
			cases = append(cases, c)
		}
	}
	f := openset.Measure(cases, screening.Screen)
	var table strings.Builder
	if err := screenio.Print(&table, "test part, "+title, f); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + table.String())
	if r, _, _ := f.Recall.Rate(); r < recall {
		t.Errorf("recall %.1f %%, at least %.1f %% is due", 100*r, 100*recall)
	}
	for _, g := range f.Families {
		if r, _, _ := g.Rate(); r < family && g.Total >= 10 {
			t.Errorf("recall in %s %.1f %%, at least %.0f %% is due", g.Name, 100*r, 100*family)
		}
	}
	if r, _, _ := f.FalseAlarms.Rate(); r > alarms {
		t.Errorf("false alarms %.2f %%, at most %.1f %% may be", 100*r, 100*alarms)
	}
	if f.Held.Right > emergencies {
		t.Errorf("%d emergencies held", f.Held.Right)
	}
}

func TestTheOpenSetIsWhatItsGuideSays(t *testing.T) {
	all, err := openset.All()
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	known := map[string]bool{"emergency_swap": true}
	for _, f := range screening.Families() {
		known[string(f)] = true
	}
	innocent, generated := 0, 0
	for _, c := range all {
		if ids[c.ID] {
			t.Errorf("id %s comes twice", c.ID)
		}
		ids[c.ID] = true
		if c.Swap && !known[c.Family] {
			t.Errorf("%s: %q is no family", c.ID, c.Family)
		}
		if !c.Swap {
			innocent++
		}
		if c.Made != "" {
			generated++
		}
	}
	if len(all) < 1500 {
		t.Errorf("%d cases, at least 1500 are due", len(all))
	}
	if innocent*100 < 45*len(all) {
		t.Errorf("%d of %d cases are innocent, less than 45 %%", innocent, len(all))
	}
	if generated*4 > len(all) {
		t.Errorf("%d of %d cases are generated: too many", generated, len(all))
	}
}

func TestVerdicts(t *testing.T) {
	type want struct {
		Swap, Emergency bool
		Families        []screening.Family
		Hidden          string // what the other side sees
		Preview         string // what the owner's alert shows
	}
	tests := []struct {
		name string
		m    screening.Message
		want want
	}{
		{
			"a plain number is masked for the owner and gone for the other side",
			screening.Message{Text: screening.Text{Author: screening.Sitter, Body: "Call me on (202) 555-0123 tonight"}},
			want{true, false, []screening.Family{screening.PlainPhone}, "Call me on ((contact details removed) tonight", "Call me on (+1202****0123 tonight"},
		},
		{
			"a spelled number is masked as the number it means",
			screening.Message{Text: screening.Text{Author: screening.Client, Body: "I'm at two oh two five five five oh one two three"}},
			want{true, false, []screening.Family{screening.SpelledPhone}, "I'm at (contact details removed)", "I'm at +1202****0123"},
		},
		{
			"an address keeps its first letters",
			screening.Message{Text: screening.Text{Author: screening.Sitter, Body: "write to dana@gmail.com"}},
			want{true, false, []screening.Family{screening.Email}, "write to (contact details removed)", "write to d***@g***"},
		},
		{
			"the end of a number is hidden when an earlier text began it",
			screening.Message{
				Text:    screening.Text{Author: screening.Sitter, Body: "0123"},
				Context: []screening.Text{{Author: screening.Sitter, Body: "202"}, {Author: screening.Client, Body: "ok"}, {Author: screening.Sitter, Body: "555"}},
			},
			want{true, false, []screening.Family{screening.SplitPhone}, "(contact details removed)", "[REDACTED]"},
		},
		{
			"the vet's number that a client gives passes",
			screening.Message{Text: screening.Text{Author: screening.Client, Body: "Our vet is Dr. Kim, 202-555-0142"}},
			want{Hidden: "Our vet is Dr. Kim, 202-555-0142", Preview: "Our vet is Dr. Kim, 202-555-0142"},
		},
		{
			"the same number from a sitter does not",
			screening.Message{Text: screening.Text{Author: screening.Sitter, Body: "my vet friend is at 202-555-0142"}},
			want{true, false, []screening.Family{screening.PlainPhone}, "my vet friend is at (contact details removed)", "my vet friend is at +1202****0142"},
		},
		{
			"an emergency with the clinic's number is delivered whole",
			screening.Message{Text: screening.Text{Author: screening.Sitter, Body: "Max collapsed, we are at Oak Animal Hospital, 202-555-0142"}},
			want{Emergency: true, Hidden: "Max collapsed, we are at Oak Animal Hospital, 202-555-0142", Preview: "Max collapsed, we are at Oak Animal Hospital, 202-555-0142"},
		},
		{
			"emergency words are no free pass for the writer's own number",
			screening.Message{Text: screening.Text{Author: screening.Sitter, Body: "Bella is bleeding! my cell is 202-555-0123"}},
			want{true, true, []screening.Family{screening.PlainPhone}, "Bella is bleeding! my cell is (contact details removed)", "Bella is bleeding! my cell is +1202****0123"},
		},
		{
			"the business's own number passes however it is written",
			screening.Message{Text: screening.Text{Author: screening.Sitter, Body: "the office is two oh two 555 0100"}, Own: screening.Own{Numbers: []string{"+12025550100"}}},
			want{Hidden: "the office is two oh two 555 0100", Preview: "the office is two oh two 555 0100"},
		},
		{
			"what the owner allowed in this thread passes",
			screening.Message{Text: screening.Text{Author: screening.Sitter, Body: "call 202.555.0123"}, Exceptions: []string{screening.Normalise("+1 (202) 555-0123")}},
			want{Hidden: "call 202.555.0123", Preview: "call 202.555.0123"},
		},
		{
			"a name with a dot after its @ is a name and no address",
			screening.Message{Text: screening.Text{Author: screening.Sitter, Body: "I'm @sam.walks on insta"}},
			want{true, false, []screening.Family{screening.Handle}, "(contact details removed)", "I***"},
		},
		{
			"a payment tag is a tag and a price is a price",
			screening.Message{Text: screening.Text{Author: screening.Sitter, Body: "$45 goes to $danawalks"}},
			want{true, false, []screening.Family{screening.Payment}, "$45 goes to (contact details removed)", "$45 goes to $***"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := screening.Screen(tt.m)
			got := want{v.Swap, v.Emergency, v.Families, screening.Hide(tt.m.Text.Body, v.Spans), v.Preview(tt.m.Text.Body)}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("verdict (-want +got):\n%s", d)
			}
			if v.Swap != (v.Explanation != "" && v.Confidence > 0) && !v.Emergency {
				t.Errorf("explanation %q with confidence %v for swap %v", v.Explanation, v.Confidence, v.Swap)
			}
		})
	}
}

// One row for each kind of name, address, tag and link that writers who had not seen the rules
// came up with, and for each innocent text that looks like it.
func TestNamesAddressesTagsAndLinks(t *testing.T) {
	for _, tt := range []struct {
		name   string
		before []string // by the other one; with a "+" before it, by the writer
		text   string
		want   screening.Family // "" where nothing is swapped
	}{
		{"figures stand for letters within words", nil, "d1rect p4ym3nt is n0 pr0blem, sk1p the 0ffice", screening.Bypass},
		{"an address with figures for letters", nil, "rufus88 at gma1l d0t c0m", screening.DisguisedEmail},
		{"times, doses and ordinals are no words in disguise", nil, "5am walk, 2nd pill at 9pm, 10mg", ""},
		{"words spaced letter by letter, told apart by wider gaps", nil, "b o o k  m e  d i r e c t  and skip the office", screening.Bypass},
		{"initials of a service", nil, "i.g. = the.muddy.paw", screening.Handle},
		{"the signs of an address named in another language, in brackets", nil, "rex.mueller[at]waldpost[punkt]de", screening.DisguisedEmail},
		{"an address with spaces about its signs", nil, "it's tom + pip @ barnpost . example", screening.DisguisedEmail},
		{"any sign may stand for the dot after a marked at", nil, "tom.pip - at - barnpost - net", screening.DisguisedEmail},
		{"the provider comes a text after the name", []string{"+rex.walks", "and the rest?"}, "yahoo", screening.DisguisedEmail},
		{"the other's own address, which a third one's place is named with", nil, "client: is your mail from the shelter days still tom@barnpost.example?", screening.Email},
		{"a service led up to by an arrow", nil, "V.E.N.M.O → rovertrots", screening.Payment},
		{"the address of somebody else that a client passes on", nil, "client: my vet's email is desk@barnpost.example, she wants a photo", ""},
		{"letters told one by one", []string{"do you have insta?"}, "waggytrots with two g's", screening.Handle},
		{"a service known by its picture", nil, "👻 me, its waggytrots", screening.Handle},
		{"a tag with its sign in words", nil, "dollar sign then rover then 12", screening.Payment},
		{"a tag with a pound sign", nil, "£rovertrots is easiest", screening.Payment},
		{"a pound sign before an amount", nil, "the groomer took £40, worth it", ""},
		{"a bank account by its form", nil, "GB94 BARC 1020 1530 0934 59 thanks!", screening.Payment},
		{"a wallet by its form", nil, "bc1qrovertrotsxyz0000000 works for me", screening.Payment},
		{"a chip of as many figures is no account", nil, "her chip is 985112003456789, it's in the vet's file", ""},
		{"a host with spaces about its dots", nil, "waggytrots . co . uk has my dates", screening.Link},
		{"the end of a link by itself", []string{"+it starts with sit ly", "ok?", "+then dot co"}, "slash rover-trots", screening.Link},
		{"letters of scripts that only look like ours", nil, "ᗯᕼᗩTᔕᗩᑭᑭ me instead", screening.Platform},
		{"small capitals", nil, "ᴠᴇɴᴍᴏ me please", screening.Payment},
		{"letters below the line, and a currency's sign for one", nil, "v€nₘo me please", screening.Payment},
		{"a name before the service that it is on", nil, "google rovertrots, first one up", screening.Handle},
		{"where a thing was bought", nil, "her harness is from trailhound.example, size S", ""},
		{"a rare word beside a service's name", nil, "client: the breed group on facebook swears by psyllium, and glucosamine", ""},
		{"a rare word that is two, beside one", nil, "im on insta mostly, pupswithrufus", screening.Handle},
		{"words typed in a hurry", nil, "nxt time jus book me direct, dnt go thru da ofis", screening.Bypass},
		{"a service in three pieces", nil, "you can ven m o me for it", screening.Payment},
		{"a service is the answer to where", []string{"on which app?"}, "vnmo", screening.Payment},
		{"who says yes to it", []string{"wanna skip the office and book me directly?"}, "sounds good, I'm in", screening.Bypass},
		{"who says yes and takes it back", []string{"wanna skip the office and book me directly?"}, "sounds good but I have to ask the office", ""},
		{"who names a price for it", []string{"how much would you charge off the books, paid in cash to you directly?"}, "about 30 a night", screening.Payment},
		{"who says yes with a picture", []string{"wanna skip the office and book me directly?"}, "🤝", screening.Bypass},
		{"who takes the price", []string{"off the books, paid in cash to me directly, twenty a walk, ok?"}, "twenty it is", screening.Payment},
		{"who says yes once the other went along", []string{"+skip the office and book me directly?", "I could"}, "brilliant", screening.Bypass},
		{"who says yes to what a word meant", []string{"+skip the office and book me directly?", "the vet's office?"}, "yes the vet's", ""},
		{"who goes over to the service", []string{"add me on whatsapp", "+sure"}, "cool, messaging you there", screening.Handle},
		{"who asks for the name on it", []string{"do you have messenger? we could chat on it", "+yes"}, "under what name", screening.Handle},
		{"who tells the picture to look for", []string{"are you on facebook? what's the name"}, "Clem Hart, the profile with the goose", screening.Handle},
		{"who will be where a service was only spoken of", []string{"my sister is on whatsapp all day. park at 5?"}, "see you there", ""},
		{"a service's own prefix alone", []string{"give me your skype"}, "live:rovertrots", screening.Handle},
		{"who declines it", []string{"wanna skip the office and book me directly?"}, "sorry, we're not allowed to take private jobs", ""},
		{"animals named after services", nil, "client: Venmo is the orange tabby, PayPal the hamster. My kids named them", ""},
		{"a service that is down", nil, "client: I think venmo is down today, weird", ""},
		{"somebody who tried", nil, "client: our old walker kept asking us for cash on zelle, glad that's over", ""},
		{"a page that nobody has for himself", nil, "the chew is on the list at recalls.gov/pets/chews", ""},
		{"a full stop with spaces about it", nil, "she ate . me too lol", ""},
		{"what a service is or has", nil, "Viber's easier for me, its rovertrots", screening.Handle},
		{"a service's own prefix", nil, "skype: live:rover.trots", screening.Handle},
		{"the sign for a name is asked for", nil, "client: so what's your @ then", screening.Bypass},
		{"a sign in one word", nil, "dollarsign rovertrots, it's the fastest", screening.Payment},
		{"a list of services and one name for all", nil, "Zelle or PayPal. Both under rovertrots", screening.Payment},
		{"a bank's number led up to by its kind", nil, "routing is 011000015", screening.Payment},
		{"a picture for the sign of an address", nil, "rovertrots📧gmail", screening.DisguisedEmail},
		{"signs of an address between pluses", nil, "rover + at + barnpost + dot + example", screening.DisguisedEmail},
		{"names that sound a little like a service", nil, "Paula and Polly peel the pole", ""},
		{"two plain words that make a service's name", nil, "client: the man next door may help, 202-555-0164, should you go pay now or later", ""},
		{"places and things with a service's name", nil, "client: take the messenger bag up Signal Street, past the telegram pole", ""},
		{"a service that did something to the writer", nil, "client: facebook told me it's her birthday", ""},
		{"a loose @ before a place that ends a sentence", nil, "one pill @ 7, one @ noon. Sleepy boy", ""},
		{"a page that the client cannot open", nil, "client: is barnpost.example down, it keeps spinning", ""},
		{"a page that fails, and the writer's own instead", nil, "client: the app is down, see my page barnpost.example", screening.Link},
		{"somebody else's attempt, told of", nil, "client: our previous minder insisted we pay her on venmo, never again", ""},
		{"a rule read out", nil, "section 2 says never book sitters directly", ""},
		{"who will not be paid past it", nil, "please never pay me outside of the app", ""},
		{"a tag is asked for by another word", nil, "client: text me your payment tag", screening.Payment},
		{"a gift card in the bill's place", nil, "client: a bookshop gift card instead of the invoice?", screening.Payment},
		{"paid to oneself, in Spanish", nil, "págueme directo, la cuenta la cancelo", screening.Payment},
		{"even between the two", nil, "just hand me 70 and we're square", screening.Payment},
		{"nothing more to pay", nil, "you don't need to pay me anything extra, it's on the bill", ""},
		{"a shop paid with a service", nil, "I bought her treats with apple pay", ""},
		{"a service named by a slip", nil, "client: autocorrect, I meant Zelda and typed zelle", ""},
		{"what lies under a table", nil, "client: there's a toy under the table", ""},
		{"a tag's sign and then the tag", []string{"what's the tag", "+$", "+rover"}, "and trots", screening.Payment},
		{"a name led up to by its sign in a text", []string{"where do I find you", "+rover", "+underscore"}, "trots", screening.Handle},
		{"a name with hyphens, asked for", []string{"what's your venmo"}, "rover-b-trots", screening.Payment},
		{"a turn of speech with hyphens", []string{"what's your venmo"}, "day-to-day", ""},
		{"nothing but a name with dots", nil, "rover.and.the.trots", screening.Handle},
		{"a name after a picture", nil, "📸 rover.the.trots", screening.Handle},
		{"how things are, said like of a name", nil, "oats on the rug, all one big mess", ""},
		{"who stays with the business", []string{"shall we do it without the agency?"}, "client: I'd rather stay with the agency", ""},
		{"who gives no number out", nil, "I can't give my number out, write here", ""},
		{"who works for himself at home", nil, "client: I freelance from the attic, ignore my music", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text, client := strings.CutPrefix(tt.text, "client: ")
			author := screening.Sitter
			if client {
				author = screening.Client
			}
			v := screening.Screen(answer(author, tt.before, text))
			if got := len(v.Families) > 0; got != (tt.want != "") || got && v.Families[0] != tt.want {
				t.Errorf("families %v, want %q", v.Families, tt.want)
			}
		})
	}
}

// Emergencies in words the rules do not list are known by somebody being told to act.
func TestEmergenciesThatAreHappening(t *testing.T) {
	for _, tt := range []struct {
		name      string
		before    []string
		text      string
		emergency bool
	}{
		{"a doctor who wants them at once", nil, "the clinic says come at once, they're on 202-555-0171", true},
		{"somebody to be called this second", nil, "call the vet this second, 202-555-0171, he found the bait", true},
		{"a person who does not answer any more", nil, "my aunt stopped answering me, please go in and look", true},
		{"an alarm that reports itself", nil, "the smoke detector just triggered on my phone, dont go inside", true},
		{"a helper's number in two texts", []string{"Rex isn't using his back legs and is screaming", "+call Dr Wu 202"}, "555 0171 hurry", true},
		{"an eye that is out", nil, "his left eye is out of its socket", true},
		{"a belly that is hard", nil, "belly is tight as a drum and he paces", true},
		{"one pulled out who does not move", nil, "he fell in the pool, I got him out and he's not moving", true},
		{"a siren", nil, "tornado sirens on now, take them to the cellar", true},
		{"somebody to be taken at once, in Spanish", nil, "llévalo ya a la clínica, 202-555-0171", true},
		{"what to do in case of one", nil, "in an emergency our vet is Dr Wu 202-555-0171", false},
		{"one long past", nil, "he had a seizure two years ago, none since", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := screening.Screen(answer(screening.Client, tt.before, tt.text))
			if v.Emergency != tt.emergency || v.Swap {
				t.Errorf("emergency %v, swap %v %v", v.Emergency, v.Swap, v.Families)
			}
		})
	}
}

// answer is a text after others: by the other one, or with a "+" before it by the same.
func answer(author screening.Author, before []string, text string) screening.Message {
	other := screening.Sitter
	if author == screening.Sitter {
		other = screening.Client
	}
	m := screening.Message{Text: screening.Text{Author: author, Body: text}}
	for _, b := range before {
		own, ok := strings.CutPrefix(b, "+")
		who := other
		if ok {
			who = author
		}
		m.Context = append(m.Context, screening.Text{Author: who, Body: own})
	}
	return m
}

func TestNoExplanationOrPreviewRevealsAWholeNumber(t *testing.T) {
	all, err := openset.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		m := c.Message()
		v := screening.Screen(m)
		for _, s := range v.Spans {
			switch s.Family {
			case screening.PlainPhone, screening.Email, screening.Payment, screening.Handle, screening.Link:
			default:
				continue
			}
			match := m.Text.Body[s.Start:s.End]
			if strings.Contains(v.Explanation, match) || len(match) > 3 && strings.Contains(v.Preview(m.Text.Body), match) && strings.Count(m.Text.Body, match) == 1 {
				t.Errorf("%s: %q shows the match in %q", c.ID, v.Preview(m.Text.Body), match)
			}
		}
	}
}

// The first text of a process waits for this.
func BenchmarkRulebook(b *testing.B) {
	for b.Loop() {
		screening.Compile()
	}
}

func BenchmarkScreen(b *testing.B) {
	full := message(longText())
	for i := 0; i < screening.MaxContext; i++ {
		full.Context = append(full.Context, screening.Text{Author: screening.Client, Body: "ok, 202 then 555 it is, he ate at 7:30"})
	}
	worst := full
	worst.Context = nil
	for i := 0; i < screening.MaxContext; i++ {
		worst.Context = append(worst.Context, screening.Text{Author: screening.Client, Body: longText()})
	}
	for _, bb := range []struct {
		name string
		m    screening.Message
	}{
		{"short text", message("he ate at 7:30, all good, see you tomorrow")},
		{"1600 characters, 20 short texts before", full},
		{"1600 characters, 20 texts of 1600 before", worst},
		{"1600 digits", message(strings.Repeat("5", 1600))},
		{"800 single digits", message(strings.Repeat("5 ", 800))},
		{"1600 characters of digit words", message(strings.Repeat("five two ", 178))},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				screening.Screen(bb.m)
			}
		})
	}
}

func message(body string) screening.Message {
	return screening.Message{Text: screening.Text{Author: screening.Sitter, Body: body}}
}

func longText() string {
	s := strings.Repeat("Fed him at 7:30, 2 cups and 1 pill. We skipped the park and I told the office. He pays me in kisses! ", 20)
	return s[:1600]
}

func FuzzScreen(f *testing.F) {
	for _, s := range []string{"", "call 202-555-0123", "ｄａｎａ＠ｇｍａｉｌ．ｃｏｍ", "2\u200b0\u200b2", "🇻 🇪", "\xff\xfe5", "(((((5", "$", "@", ".com", "five\nfive", "h t t p : / / a . c o m", "www", "at gmail dot", "7️⃣3️⃣2️⃣"} {
		f.Add(s, "202", true)
	}
	f.Fuzz(func(t *testing.T, body, before string, sitter bool) {
		m := message(body)
		if !sitter {
			m.Text.Author = screening.Client
		}
		m.Context = []screening.Text{{Author: screening.Sitter, Body: before}, {Author: screening.Client, Body: before}}
		v := screening.Screen(m)
		end := 0
		for _, s := range v.Spans {
			if s.Start < end || s.End <= s.Start || s.End > len(body) {
				t.Fatalf("spans %v of %d bytes", v.Spans, len(body))
			}
			if utf8.ValidString(body) && (!utf8.ValidString(body[s.Start:s.End]) || !utf8.ValidString(body[:s.Start])) {
				t.Fatalf("span %v cuts a character", s)
			}
			end = s.End
		}
		if v.Swap != (len(v.Spans) > 0) || v.Swap != (len(v.Families) > 0) {
			t.Fatalf("swap %v with spans %v of families %v", v.Swap, v.Spans, v.Families)
		}
		screening.Hide(body, v.Spans)
		v.Preview(body)
		screening.Normalise(body)
		if steps := screening.Steps(m); steps > screening.StepsPerByte*(len(body)+2*len(before))+2000 {
			t.Fatalf("%d steps for %d bytes", steps, len(body)+2*len(before))
		}
	})
}
