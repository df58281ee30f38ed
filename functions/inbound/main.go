// Command inbound receives the carrier's webhook for texts: verified, decided, committed once, answered with TwiML.
package main

import "snout/shared/lambdaio"

func main() { lambdaio.Main(lambdaio.Inbound) }
