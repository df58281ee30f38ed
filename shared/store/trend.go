package store

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// TrendHours is how many hours the trends go back, the present one included.
const TrendHours = 24

// trendSlots is one more, so that what stood before the first of them is known too.
const trendSlots = TrendHours + 1

// Trended are the figures whose way through the day is kept, and the counters that
// each adds up. They change seldom: a text that goes its usual way costs no write here.
var trended = [...]struct {
	name   string
	counts []string
}{
	{"oper", []string{"oper"}},
	{"inbox", []string{"inbox"}},
	{"blocked", []string{"blocked"}},
	{"failed", []string{"o:failed", "o:undelivered"}},
	{"held", []string{"held"}},
}

// trend is the change of an org's trend row, and whether there is any. The row is a
// ring: each figure's sum, and for each slot (an hour, modulo their number) that hour
// and the sums as it left them. An hour in which nothing happened writes nothing and
// takes nothing away, so nobody has to tidy up: a slot of another hour says so itself.
func trend(f Fold, shard int) (*change, bool) {
	any := false
	hour := f.At.Unix() / 3600
	slot := strconv.FormatInt(hour%trendSlots, 10)
	c := update(trendKey(f.Org, shard)).Set("kind", "trend").Set("h"+slot, hour)
	for _, g := range trended {
		by := 0
		for _, n := range g.counts {
			by += int(f.Add[n])
		}
		any = any || by != 0
		c.AddTo(g.name, by, g.name, g.name+slot)
	}
	return c, any && f.Org != "" && !f.At.IsZero()
}

// Trends are the changes of figures, oldest hour first: oper, inbox, blocked, failed
// and held.
type Trends map[string][]int64

func (ts Trends) add(it item, now time.Time) {
	last := now.Unix() / 3600
	at := func(n string) int64 {
		v, _ := it[n].(*types.AttributeValueMemberN)
		if v == nil {
			return 0
		}
		i, _ := strconv.ParseInt(v.Value, 10, 64) // the table keeps nothing else under these names
		return i
	}
	for _, g := range trended {
		if ts[g.name] == nil {
			ts[g.name] = make([]int64, TrendHours)
		}
		// What stood before the first hour: the sum that the newest older hour left.
		var before, beforeHour int64
		for slot := range int64(trendSlots) {
			s := strconv.FormatInt(slot, 10)
			if h := at("h" + s); h > beforeHour && h <= last-TrendHours {
				beforeHour, before = h, at(g.name+s)
			}
		}
		for i := range int64(TrendHours) {
			h := last - TrendHours + 1 + i
			s := strconv.FormatInt(h%trendSlots, 10)
			if at("h"+s) != h {
				continue
			}
			sum := at(g.name + s)
			ts[g.name][i] += sum - before
			before = sum
		}
	}
}
