// Command bookings keeps the office's records: bookings, people, numbers, settings, flags.
package main

import "snout/shared/lambdaio"

func main() { lambdaio.Main(lambdaio.Bookings) }
