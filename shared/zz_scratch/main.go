package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strings"

	"snout/shared/screening"
)

func main() {
	type st struct{ n, ok int }
	fam := map[string]*st{}
	quiet := os.Getenv("Q") != ""
	for _, f := range os.Args[1:] {
		h, err := os.Open(f)
		if err != nil {
			panic(err)
		}
		sc := bufio.NewScanner(h)
		for n := 1; sc.Scan(); n++ {
			l := strings.TrimSpace(sc.Text())
			if l == "" || l[0] == '#' {
				continue
			}
			tag, rest, _ := strings.Cut(l, " ")
			var m screening.Message
			if strings.HasPrefix(rest, "own=") {
				var o string
				o, rest, _ = strings.Cut(rest[4:], " ")
				for _, x := range strings.Split(o, ",") {
					if x[0] == '+' {
						m.Own.Numbers = append(m.Own.Numbers, x)
					} else {
						m.Own.Links = append(m.Own.Links, x)
					}
				}
			}
			for _, t := range strings.Split(rest, " || ") {
				a := screening.Sitter
				switch {
				case strings.HasPrefix(t, "c:"):
					a = screening.Client
				case strings.HasPrefix(t, "s:"):
				default:
					fmt.Println("BAD", f, n, l)
				}
				b := strings.TrimPrefix(t[2:], " ")
				b = strings.ReplaceAll(b, `\n`, "\n")
				m.Context = append(m.Context, screening.Text{Author: a, Body: b})
			}
			k := len(m.Context) - 1
			m.Text, m.Context = m.Context[k], m.Context[:k]
			v := screening.Screen(m)
			want := tag[0] == '+'
			em := strings.HasSuffix(tag, "!")
			name := strings.TrimSuffix(tag, "!")
			if fam[name] == nil {
				fam[name] = &st{}
			}
			fam[name].n++
			if v.Swap == want {
				fam[name].ok++
			} else if !quiet {
				hit := ""
				for _, s := range v.Spans {
					hit += fmt.Sprintf(" [%s %q]", s.Family, m.Text.Body[s.Start:s.End])
				}
				fmt.Printf("%s:%d %s%s\n", f[strings.LastIndexByte(f, '/')+1:], n, l, hit)
			}
			if em != v.Emergency {
				k := "~emergency missed"
				if !em {
					k = "~emergency false"
				}
				if fam[k] == nil {
					fam[k] = &st{}
				}
				fam[k].n++
				if !quiet {
					fmt.Printf("   EMERG want %v: %s\n", em, l)
				}
			}
		}
	}
	var names []string
	for n := range fam {
		names = append(names, n)
	}
	sort.Strings(names)
	tp, pn, tn, nn := 0, 0, 0, 0
	for _, n := range names {
		s := fam[n]
		fmt.Printf("%-22s %4d/%4d %.1f%%\n", n, s.ok, s.n, 100*float64(s.ok)/float64(s.n))
		if n[0] == '+' {
			tp += s.ok
			pn += s.n
		} else if n[0] == '-' {
			tn += s.ok
			nn += s.n
		}
	}
	fmt.Printf("recall %d/%d  false alarms %d/%d\n", tp, pn, nn-tn, nn)
}
