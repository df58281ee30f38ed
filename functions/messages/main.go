// Command messages shows lists and conversations, and does what owners and sitters ask of them.
package main

import "snout/shared/lambdaio"

func main() { lambdaio.Main(lambdaio.Messages) }
