package dynamo

import (
	"slices"
	"strings"
)

// ordered is a sorted map from keys to rows: a list of short sorted runs, so that an
// insertion moves at most one run's worth of memory however many rows there are.
type ordered struct {
	runs [][]entry // none empty
	size int
}

type entry struct {
	key string
	row *row
}

const runLength = 512

// seek answers where the key is, or where it would be inserted.
func (o *ordered) seek(key string) (run, pos int, found bool) {
	run, _ = slices.BinarySearchFunc(o.runs, key, func(r []entry, key string) int {
		return strings.Compare(r[len(r)-1].key, key)
	})
	if run == len(o.runs) {
		return run, 0, false
	}
	pos, found = slices.BinarySearchFunc(o.runs[run], key, func(e entry, key string) int {
		return strings.Compare(e.key, key)
	})
	return run, pos, found
}

func (o *ordered) get(key string) *row {
	run, pos, found := o.seek(key)
	if !found {
		return nil
	}
	return o.runs[run][pos].row
}

func (o *ordered) set(key string, r *row) {
	run, pos, found := o.seek(key)
	if found {
		o.runs[run][pos].row = r
		return
	}
	o.size++
	if run == len(o.runs) { // after everything: lengthen the last run
		if run == 0 {
			o.runs = append(o.runs, nil)
		} else {
			run--
		}
		pos = len(o.runs[run])
	}
	o.runs[run] = slices.Insert(o.runs[run], pos, entry{key, r})
	if full := o.runs[run]; len(full) > runLength {
		// Keys that only grow leave full runs behind; others split in the middle.
		cut := len(full) / 2
		if run == len(o.runs)-1 && pos == len(full)-1 {
			cut = len(full) - 1
		}
		o.runs[run] = slices.Clone(full[:cut])
		o.runs = slices.Insert(o.runs, run+1, slices.Clone(full[cut:]))
	}
}

func (o *ordered) remove(key string) {
	run, pos, found := o.seek(key)
	if !found {
		return
	}
	o.size--
	if o.runs[run] = slices.Delete(o.runs[run], pos, pos+1); len(o.runs[run]) == 0 {
		o.runs = slices.Delete(o.runs, run, run+1)
	}
}

// walk visits low <= key < high, upwards or downwards, until visit answers false.
func (o *ordered) walk(low, high string, down bool, visit func(string, *row) bool) {
	if down {
		run, pos, _ := o.seek(high)
		for {
			if pos--; pos < 0 {
				if run--; run < 0 {
					return
				}
				pos = len(o.runs[run]) - 1
			}
			if e := o.runs[run][pos]; e.key < low || !visit(e.key, e.row) {
				return
			}
		}
	}
	for run, pos, _ := o.seek(low); run < len(o.runs); run, pos = run+1, 0 {
		for ; pos < len(o.runs[run]); pos++ {
			if e := o.runs[run][pos]; e.key >= high || !visit(e.key, e.row) {
				return
			}
		}
	}
}

// after is the least string greater than every string that begins with prefix.
func after(prefix string) string {
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i] != 0xFF {
			return prefix[:i] + string([]byte{prefix[i] + 1})
		}
	}
	return "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF" // nothing but 0xFF: the hash prefix of every key sorts below
}
