// Command web serves the page and signs people in.
package main

import "snout/shared/lambdaio"

func main() { lambdaio.Main(lambdaio.Web) }
