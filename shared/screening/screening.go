// Package screening decides whether a text tries to swap contact details: to
// move a client and a sitter off the business's numbers. It reads one message
// with the last few texts of its thread and answers with a verdict.
//
// It is pure. It must never read a clock, the network, a file or the
// environment, never log, never keep anything that a text said between two
// calls, and never put a whole contact detail into an explanation or a preview.
// (What the net makes of a single word of its table is worked out once in a
// process and kept: that is arithmetic on the table, the same for everybody.)
// The time it takes depends on the length and the words of what it reads and not
// on what it finds, because a sitter who could time the answers would learn
// which trick was seen.
package screening

// Author says who wrote a text. The owner's texts are never screened.
type Author string

// The two authors whose texts are screened.
const (
	Sitter Author = "sitter"
	Client Author = "client"
)

// Text is one text of a thread.
type Text struct {
	Author Author
	Body   string
}

// Own is what belongs to the business itself and so is never a swap.
type Own struct {
	// Numbers are the business's own numbers in E.164.
	Numbers []string
	// Links are the hosts of the business's own pages; a host covers its subdomains.
	Links []string
}

// Message is what Screen looks at.
type Message struct {
	// Text is the text to be decided about.
	Text Text
	// Context is the thread's last few texts before it, oldest first. Only the
	// newest MaxContext are used.
	Context []Text
	// Own is never a swap.
	Own Own
	// Exceptions are strings the owner allowed in this one thread, as Normalise
	// gives them.
	Exceptions []string
}

// Limits of what is read. A longer body or context is still decided about, by
// its first MaxBody bytes and its newest MaxContext texts; SMS ends at 1,600
// characters, so nothing that can be delivered is cut.
const (
	MaxBody    = 16 * 1024
	MaxContext = 20
)

// Family names the kind of trick. The list is closed: Families gives all of it.
type Family string

// The families.
const (
	PlainPhone     Family = "plain_phone"     // digits in any country's usual format
	SpelledPhone   Family = "spelled_phone"   // digits as words, in any language mix
	DisguisedPhone Family = "disguised_phone" // odd digits, interleaved, reversed, sums, vanity letters, dressed as times or prices
	SplitPhone     Family = "split_phone"     // a number over several texts, by one author or both
	Email          Family = "email"           // an address as it is
	DisguisedEmail Family = "disguised_email" // an address in words or in parts
	Handle         Family = "handle"          // a name to be found by on another service
	Platform       Family = "platform"        // an invitation to another service, with or without a name
	Payment        Family = "payment"         // a payment tag, or paying past the business
	Link           Family = "link"            // an address on the web that is not the business's
	Bypass         Family = "bypass"          // going round the business without any data
)

// Families lists every family, in the order in which a verdict lists them.
func Families() []Family {
	return []Family{PlainPhone, SpelledPhone, DisguisedPhone, SplitPhone, Email, DisguisedEmail, Handle, Platform, Payment, Link, Bypass}
}

// Span is a part of the text's body that gives something away: byte offsets,
// End exclusive, always on character boundaries.
type Span struct {
	Start, End int
	Family     Family
}

// Verdict is the decision about one text.
type Verdict struct {
	// Swap: the text contains or completes an attempt to swap contact details.
	Swap bool
	// Emergency: the text reports an emergency that is happening. It must be
	// delivered and flagged whatever Swap says; if Swap is also true the Spans
	// are hidden from the other side.
	Emergency bool
	// Families of the Spans, each once, in the order of Families.
	Families []Family
	// Spans of what was matched, ordered, not overlapping. Never empty when Swap is true.
	Spans []Span
	// Confidence in Swap being right, 0 to 1; for the owner's eyes, not a probability that was calibrated.
	Confidence float64
	// Explanation for the owner, in a sentence or two, without the detail itself.
	Explanation string
}
