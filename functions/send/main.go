// Command send sends an owner's or a sitter's message, and starts conversations.
package main

import "snout/shared/lambdaio"

func main() { lambdaio.Main(lambdaio.Send) }
