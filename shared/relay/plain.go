package relay

import (
	"strings"

	"snout/shared/segments"
)

// plain writes a text of the system's own with the letters that cost least: one curly
// quote makes every part of it less than half as long. It is left as it is where that
// would not help, since a name is written as its owner writes it.
func plain(s string) string {
	p := strings.NewReplacer("\u2018", "'", "\u2019", "'", "\u201c", "\"", "\u201d", "\"", "\u2013", "-", "\u2014", "-", "\u2026", "...", "\u00a0", " ", "\u202f", " ", "\t", " ", "`", "'").Replace(s)
	if enc, _, _ := segments.Count(p); enc == segments.GSM7 {
		return p
	}
	return s
}
