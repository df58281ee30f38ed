// Package lambdaio stands between Lambda's events and what the system does: it
// turns an event into a request, a refusal into problem+json, an outcome into one
// log line, and wires each function once per process. It must never decide
// anything about a message, and never log a body, a path or a whole number.
package lambdaio
