// Package webtest holds the tests that need a real browser. They are behind the build
// tag e2e: without a browser they skip and say so, and with E2E=require in the
// environment they fail instead. E2E_SHOTS=<folder> keeps a picture of every
// state of every screen for a person to look at:
//
//	E2E_SHOTS=/tmp/shots go test -tags e2e ./shared/web/webtest -run Stories
//
// It must never be imported: it is tests alone.
package webtest
