package lambdaio

import "snout/shared/routing"

// redactError words an error for the log. Errors of ours hold no numbers; those of
// the SDK and the carrier may quote a key or a request, so every run of digits that
// could be a number is masked.
func redactError(err error) string {
	s := routing.RedactText(err.Error())
	if len(s) > 600 {
		s = s[:600]
	}
	return s
}
