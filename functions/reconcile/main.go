// Command reconcile takes in what the webhook missed.
package main

import "snout/shared/lambdaio"

func main() { lambdaio.Main(lambdaio.Reconcile) }
