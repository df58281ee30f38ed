// Command fallback stores what the carrier could not deliver to inbound, and decides nothing.
package main

import "snout/shared/lambdaio"

func main() { lambdaio.Main(lambdaio.Fallback) }
