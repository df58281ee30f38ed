// Package carrier speaks Twilio's dialect: it checks that a webhook really
// comes from the carrier, reads what it says, sends messages, and reads back
// what the carrier knows about them.
//
// It must never decide anything (that is routing's work), never repeat a
// request that creates a message (the carrier has no idempotency key, so a
// repeat is a second text on somebody's phone), and never put a phone number,
// a message body or a credential into an error.
package carrier

import "context"

// DefaultBaseURL is where the carrier's REST API lives. Only local runs and
// tests point anywhere else.
const DefaultBaseURL = "https://api.twilio.com"

// Credentials open the carrier's REST API.
type Credentials struct {
	AccountSid string // the account that owns the numbers, AC…
	KeySid     string // API key, SK…; empty: the account itself signs in
	Secret     string // the key's secret, or the account's auth token
}

// user is the name of the Basic authentication pair.
func (c Credentials) user() string {
	if c.KeySid != "" {
		return c.KeySid
	}
	return c.AccountSid
}

// StaticCredentials is for credentials that are already known. Deployed code
// passes a function that fetches them when they are first needed.
func StaticCredentials(c Credentials) func(context.Context) (Credentials, error) {
	return func(context.Context) (Credentials, error) { return c, nil }
}

// StaticTokens is for auth tokens that are already known; two during a
// rotation, the one in use first.
func StaticTokens(tokens ...string) func(context.Context) ([]string, error) {
	return func(context.Context) ([]string, error) { return tokens, nil }
}
