package office

import (
	"time"

	"snout/shared/routing"
)

// when reads an instant of RFC 3339, or a local date and time that the org's zone
// resolves: a time that does not exist there moves forward by the gap, one that comes
// twice is the first. Instants are kept to the millisecond.
func when(field, s string, zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return sane(field, t)
	}
	for _, layout := range [...]string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return sane(field, routing.LocalTime(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone))
		}
	}
	return time.Time{}, routing.Invalid(field, "This must be a time such as 2026-03-08T09:00:00Z, or without the Z in the business's own time zone.")
}

func sane(field string, t time.Time) (time.Time, error) {
	t = t.UTC().Truncate(time.Millisecond)
	// Before 2000 and after 2100 a date is a slip of the hand, and a window for ever.
	if t.Year() < 2000 || t.Year() > 2100 {
		return time.Time{}, routing.Invalid(field, "This year cannot be right.")
	}
	return t, nil
}
