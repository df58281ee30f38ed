package carrier

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTwiMLIsExactlyThis(t *testing.T) {
	const head = `<?xml version="1.0" encoding="UTF-8"?>`
	tests := []struct{ name, got, want string }{
		{"nothing to say", EmptyTwiML, head + `<Response/>`},
		{"a plain text", MessageTwiML("We will be there."), head + `<Response><Message>We will be there.</Message></Response>`},
		{"markup is text", MessageTwiML(`</Message><Redirect>https://x</Redirect> "a" & 'b'`), head + `<Response><Message>&lt;/Message&gt;&lt;Redirect&gt;https://x&lt;/Redirect&gt; &#34;a&#34; &amp; &#39;b&#39;</Message></Response>`},
		{"emoji and line breaks", MessageTwiML("🐕\r\n\tok"), head + "<Response><Message>🐕&#13;\n\tok</Message></Response>"},
		{"characters XML cannot hold", MessageTwiML("a\x00b\x1bc\uFFFEd\xffe"), head + "<Response><Message>a\uFFFDb\uFFFDc\uFFFDd\uFFFDe</Message></Response>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got  %s\nwant %s", tt.got, tt.want)
			}
		})
	}
}

// An independent parser reads back what was written, whatever it was.
func TestTwiMLIsReadBackByAnXMLParser(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.String().Draw(t, "body")
		decoder := xml.NewDecoder(strings.NewReader(MessageTwiML(body)))
		var text strings.Builder
		for {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if chars, ok := token.(xml.CharData); ok {
				text.Write(chars)
			}
		}
		want := strings.Map(func(r rune) rune {
			if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
				return 0xFFFD
			}
			return r
		}, body)
		if text.String() != want {
			t.Fatalf("%q came back as %q", want, text.String())
		}
	})
}
