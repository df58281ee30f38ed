package events

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// plan is when a schedule fires.
type plan interface {
	// after is the first firing later than t; ok is false when there is none.
	after(t time.Time) (time.Time, bool)
}

// parsePlan reads a schedule expression as EventBridge takes it: rate(…) and cron(…), the latter in UTC and without L, W and #.
func parsePlan(expression string, start time.Time) (plan, error) {
	name, rest, _ := strings.Cut(expression, "(")
	inner, closed := strings.CutSuffix(rest, ")")
	fields := strings.Fields(inner)
	switch {
	case !closed:
	case name == "rate" && len(fields) == 2:
		return parseRate(expression, fields[0], fields[1], start)
	case name == "cron" && len(fields) == 6:
		return parseCron(expression, fields)
	}
	return nil, fmt.Errorf("schedule expression %q: want rate(value unit) or cron(six fields)", expression)
}

// rate fires every so often from its start on.
type rate struct {
	start time.Time
	every time.Duration
}

func parseRate(expression, number, unit string, start time.Time) (plan, error) {
	n, err := strconv.Atoi(number)
	of := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}[strings.TrimSuffix(unit, "s")]
	if err != nil || n < 1 || of == 0 || (n == 1) == strings.HasSuffix(unit, "s") { // EventBridge refuses "1 minutes" and "5 minute"
		return nil, fmt.Errorf("schedule expression %q: want a whole number and minute(s), hour(s) or day(s), singular for 1 only", expression)
	}
	return rate{start, time.Duration(n) * of}, nil
}

func (r rate) after(t time.Time) (time.Time, bool) {
	if t.Before(r.start) { // the clock was set back
		n := r.start.Sub(t) / r.every
		first := r.start.Add(-n * r.every)
		if first.After(t) {
			return first, true
		}
		return first.Add(r.every), true
	}
	n := t.Sub(r.start)/r.every + 1
	return r.start.Add(n * r.every), true
}

// cron holds for each field the values it allows.
type cron struct {
	minute, hour, day, month, weekday, year map[int]bool
	anyDay, anyWeekday                      bool
}

func parseCron(expression string, f []string) (plan, error) {
	months := strings.Fields("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")
	weekdays := strings.Fields("SUN MON TUE WED THU FRI SAT")
	var c cron
	for i, field := range []struct {
		to       *map[int]bool
		from, up int
		names    []string
	}{{&c.minute, 0, 59, nil}, {&c.hour, 0, 23, nil}, {&c.day, 1, 31, nil}, {&c.month, 1, 12, months}, {&c.weekday, 1, 7, weekdays}, {&c.year, 1970, 2199, nil}} {
		set, err := parseField(f[i], field.from, field.up, field.names)
		if err != nil {
			return nil, fmt.Errorf("schedule expression %q: %w", expression, err)
		}
		*field.to = set
		if f[i] == "?" && i != 2 && i != 4 {
			return nil, fmt.Errorf("schedule expression %q: ? stands for the day of the month or of the week only", expression)
		}
	}
	c.anyDay, c.anyWeekday = f[2] == "?", f[4] == "?"
	if c.anyDay == c.anyWeekday {
		return nil, fmt.Errorf("schedule expression %q: exactly one of day of month and day of week must be ?", expression)
	}
	return c, nil
}

func parseField(field string, from, to int, names []string) (map[int]bool, error) {
	number := func(s string) (int, error) {
		for i, name := range names {
			if strings.EqualFold(s, name) {
				return from + i, nil
			}
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < from || n > to {
			return 0, fmt.Errorf("%q is not between %d and %d", s, from, to)
		}
		return n, nil
	}
	set := map[int]bool{}
	for part := range strings.SplitSeq(field, ",") {
		span, every, stepped := strings.Cut(part, "/")
		step := 1
		if stepped {
			var err error
			if step, err = strconv.Atoi(every); err != nil || step < 1 {
				return nil, fmt.Errorf("%q is no step", every)
			}
		}
		low, high := from, to
		if span != "*" && span != "?" {
			a, b, ranged := strings.Cut(span, "-")
			var err error
			if low, err = number(a); err != nil {
				return nil, err
			}
			switch {
			case ranged:
				if high, err = number(b); err != nil {
					return nil, err
				}
			case !stepped: // 5/15 is from 5 on
				high = low
			}
			if high < low {
				return nil, fmt.Errorf("%q runs backwards", span)
			}
		}
		for n := low; n <= high; n += step {
			set[n] = true
		}
	}
	return set, nil
}

func (c cron) after(t time.Time) (time.Time, bool) {
	t = t.UTC().Truncate(time.Minute).Add(time.Minute)
	for end := t.AddDate(8, 0, 1); t.Before(end); { // 29 February is eight years away at most
		switch {
		case !c.year[t.Year()] || !c.month[int(t.Month())] || !c.anyDay && !c.day[t.Day()] || !c.anyWeekday && !c.weekday[int(t.Weekday())+1]:
			t = time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, time.UTC)
		case !c.hour[t.Hour()]:
			t = t.Truncate(time.Hour).Add(time.Hour)
		case !c.minute[t.Minute()]:
			t = t.Add(time.Minute)
		default:
			return t, true
		}
	}
	return time.Time{}, false
}
