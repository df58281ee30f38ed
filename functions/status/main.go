// Command status takes in the carrier's delivery reports.
package main

import "snout/shared/lambdaio"

func main() { lambdaio.Main(lambdaio.Status) }
