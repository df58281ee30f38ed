package carrier

import (
	"strings"
	"unicode/utf8"
)

// TwiMLType is the Content-Type of an answer to an inbound webhook. Any other
// makes the carrier report error 12300 and turn to the fallback URL.
const TwiMLType = "text/xml"

const twimlHead = `<?xml version="1.0" encoding="UTF-8"?>`

// EmptyTwiML answers a webhook with nothing to say.
const EmptyTwiML = twimlHead + `<Response/>`

// MessageTwiML answers a webhook with one text to its sender. The carrier sends
// it without a status callback we could match to an event, so this is only for
// answers whose fate nobody needs to know.
func MessageTwiML(body string) string {
	var out strings.Builder
	out.Grow(len(twimlHead) + len(body) + 64)
	out.WriteString(twimlHead)
	out.WriteString("<Response><Message>")
	escapeXML(&out, body)
	out.WriteString("</Message></Response>")
	return out.String()
}

// escapeXML writes s as character data. Characters that XML 1.0 cannot hold in
// any spelling become U+FFFD: one of them would make the whole answer
// unreadable for the carrier.
func escapeXML(out *strings.Builder, s string) {
	for _, r := range s {
		switch {
		case r == '&':
			out.WriteString("&amp;")
		case r == '<':
			out.WriteString("&lt;")
		case r == '>':
			out.WriteString("&gt;")
		case r == '"':
			out.WriteString("&#34;")
		case r == '\'':
			out.WriteString("&#39;")
		case r == '\r': // as it stands, a parser would read it as a line feed
			out.WriteString("&#13;")
		case r == '\t', r == '\n', r >= 0x20 && r <= 0xD7FF, r >= 0xE000 && r <= 0xFFFD, r >= 0x10000:
			out.WriteRune(r)
		default:
			out.WriteRune(utf8.RuneError)
		}
	}
}
