package lambdaio

import (
	"snout/shared/flags"
	"snout/shared/routing"
)

// shownFlags are all flags by name, a missing one shown as what it is taken for.
func shownFlags(v map[string]string) map[string]string {
	out := map[string]string{}
	for _, n := range flags.Names {
		out[n] = v[n]
		if out[n] == "" && n != flags.Allowlist {
			out[n] = "false"
		}
		if out[n] == "" {
			out[n] = "none"
		}
	}
	return out
}

// askedFlags are the flags as they are, with those changed that a dry run asks for.
func askedFlags(f routing.Flags, asked map[string]string) (routing.Flags, error) {
	for n, v := range asked {
		switch n {
		case flags.Messaging:
			f.Messaging = v == "true"
		case flags.Proactive:
			f.Proactive = v == "true"
		case flags.SitterMessages:
			f.SitterMessages = v == "true"
		case flags.Allowlist:
			f.Allowlist = v
		default:
			return f, routing.Invalid("flags."+n, "There is no such flag.")
		}
	}
	return f, nil
}
