// Command assignment applies booking changes that come down the table's stream.
package main

import "snout/shared/lambdaio"

func main() { lambdaio.Main(lambdaio.Assignment) }
