// Command outbox sends what is queued, looks after what was left behind, and keeps the counters.
package main

import "snout/shared/lambdaio"

func main() { lambdaio.Main(lambdaio.Outbox) }
