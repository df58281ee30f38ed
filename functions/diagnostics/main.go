// Command diagnostics answers the figures that operators watch.
package main

import "snout/shared/lambdaio"

func main() { lambdaio.Main(lambdaio.Diagnostics) }
