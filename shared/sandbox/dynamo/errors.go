package dynamo

import "net/http"

// fault is an error as the wire carries it.
type fault struct {
	status  int
	kind    string // the whole __type
	message string
	early   bool                // within a transaction too, the whole request is refused
	item    item                // ConditionalCheckFailedException with ALL_OLD
	reasons []cancellationCause // TransactionCanceledException
}

func (f *fault) Error() string { return f.kind + ": " + f.message }

const model = "com.amazonaws.dynamodb.v20120810#"

func refuse(kind, message string) *fault {
	return &fault{status: http.StatusBadRequest, kind: model + kind, message: message}
}

func invalid(message string) *fault {
	return &fault{status: http.StatusBadRequest, kind: "com.amazon.coral.validate#ValidationException", message: message}
}

// emptyKey is a key attribute without a value. Unlike all else about keys, it refuses a
// transaction before that begins.
func emptyKey(k keyAttribute) *fault {
	f := invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty " + k.kind.emptyName() + " value. Key: " + k.name)
	f.early = true
	return f
}

func invalidParameters(message string) *fault {
	return invalid("One or more parameter values were invalid: " + message)
}

func serialization(message string) *fault {
	return &fault{status: http.StatusBadRequest, kind: "com.amazon.coral.service#SerializationException", message: message}
}

func internal(message string) *fault {
	return &fault{status: http.StatusInternalServerError, kind: model + "InternalServerError", message: message}
}

func conditionFailed(old item) *fault {
	f := refuse("ConditionalCheckFailedException", "The conditional request failed")
	f.item = old
	return f
}

func (f *fault) body() []byte {
	var w writer
	w.open('{')
	w.key("__type").string(f.kind)
	switch {
	case f.reasons != nil:
		w.key("Message").string(f.message)
		w.key("CancellationReasons").open('[')
		for _, r := range f.reasons {
			r.write(&w)
		}
		w.close(']')
	default:
		w.key("message").string(f.message)
	}
	if f.item != nil {
		w.key("Item").item(f.item)
	}
	w.close('}')
	return w.buf
}
