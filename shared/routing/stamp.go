package routing

import "time"

// Stamp is an instant as answers show it: UTC with Z, with milliseconds where it
// has some. The zero instant is the empty string.
func Stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.UTC().Truncate(time.Millisecond)
	if t.Nanosecond() == 0 {
		return t.Format("2006-01-02T15:04:05Z")
	}
	return t.Format("2006-01-02T15:04:05.000Z")
}
