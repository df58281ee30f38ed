package routing

// Code names a refusal, the same in answers, logs, tests and docs.
type Code string

const (
	CodeMessagingDisabled Code = "MESSAGING_DISABLED"
	CodeSitterDisabled    Code = "SITTER_MESSAGES_DISABLED"
	CodeThreadNotFound    Code = "THREAD_NOT_FOUND"
	CodeNotFound          Code = "NOT_FOUND"
	CodeNoActiveWindow    Code = "NO_ACTIVE_WINDOW"
	CodeAntiPoaching      Code = "ANTI_POACHING_BLOCKED"
	CodeSitterLocked      Code = "SITTER_LOCKED"
	CodeForbidden         Code = "FORBIDDEN"
	CodeOptedOut          Code = "RECIPIENT_OPTED_OUT"
	CodeKeyReused         Code = "IDEMPOTENCY_KEY_REUSED"
	CodePoolExhausted     Code = "POOL_EXHAUSTED"
	CodeInvalid           Code = "INVALID_REQUEST"
	CodeSignature         Code = "SIGNATURE_INVALID"
	CodeConflict          Code = "CONFLICT"            // what was to be changed has changed, or its state forbids it
	CodePrecondition      Code = "PRECONDITION_FAILED" // If-Match names an older version
	CodeTooMany           Code = "RATE_LIMITED"
	CodeUnavailable       Code = "TEMPORARILY_UNAVAILABLE" // try again: nothing was done
)

// Refusal is an answer of no: a code from the closed list, and a sentence that
// anybody may read. What happened inside goes to the log by another way.
type Refusal struct {
	Code     Code
	Sentence string
	Field    string // the field at fault, of an invalid request
	// Next is the next window of a refusal for want of one; HasNext tells a null from
	// an answer that does not speak of windows.
	Next    *Window
	HasNext bool
}

func (r *Refusal) Error() string {
	if r.Field != "" {
		return string(r.Code) + ": " + r.Field + ": " + r.Sentence
	}
	return string(r.Code) + ": " + r.Sentence
}

// Refuse makes a refusal.
func Refuse(code Code, sentence string) *Refusal { return &Refusal{Code: code, Sentence: sentence} }

// Invalid refuses a request for one of its fields.
func Invalid(field, sentence string) *Refusal {
	return &Refusal{Code: CodeInvalid, Sentence: sentence, Field: field}
}

// Principal is who asks, from the claims of a token that was checked before.
type Principal struct {
	Role    Role
	Org     OrgID
	Sitter  SitterID
	Subject string
	Name    string
	Ops     bool // may also act as operator
}

// Who names the principal in audit rows and idempotency keys.
func (p Principal) Who() string { return string(p.Role) + ":" + p.Subject }
