// Package routing holds the words of masked messaging and every decision about
// them: where an inbound text goes, which number carries a conversation, what a
// booking change does to windows, what a header says, which status follows which.
//
// It is pure. It imports the standard library's value packages only: no context,
// no os, no net, no log, and it never asks for the time; instants come in with
// the facts. A decision made here can therefore be made again by the dry run, by
// the operator's tool and by a test, and comes out the same.
package routing
