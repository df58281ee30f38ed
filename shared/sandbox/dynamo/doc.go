// Package dynamo is the local table engine: an http.Handler that speaks the DynamoDB and
// DynamoDB Streams JSON protocols for one process and any number of tables.
//
// It exists so that the store, the functions and the SDK clients run against a table on
// a machine with nothing but Go. What it speaks, it speaks as AWS does, error sentences
// and consumed capacity included; what it does not speak (legacy parameters, PartiQL,
// local secondary indexes, UpdateTable, backups, tags) it refuses. It must never answer
// a question it has not understood, and it must never be reachable by deployed code.
//
// Differences that remain, on purpose: a table is ACTIVE at once, an index shows a write
// at once, nothing is throttled and no transaction conflicts unless a fault is injected,
// signatures are not verified, and there is one region and one account.
//
// # Held against an independent engine
//
// TestTheIndependentEngineAgrees runs generated operations against this engine and
// against the one named by STORE_TEST_ENDPOINT, and is skipped without it. One that CI
// can have by its package name:
//
//	npm install --no-save @dynoxide/linux-x64@1.2.1
//	node_modules/@dynoxide/linux-x64/dynoxide serve --host 127.0.0.1 --port 8123 &
//	STORE_TEST_ENDPOINT=http://127.0.0.1:8123 go test ./shared/sandbox/dynamo
package dynamo
