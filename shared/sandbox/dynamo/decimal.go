package dynamo

import (
	"math/big"
	"strconv"
	"strings"
)

// decimal is a Number, exactly: ±0.digits × 10^exp. digits has no leading and no
// trailing zero, so equal numbers are equal values; zero has no digits at all.
type decimal struct {
	neg    bool
	digits string
	exp    int
}

// parseDecimal answers the number or DynamoDB's own sentence about why it is none.
func parseDecimal(s string) (decimal, string) {
	if s == "" {
		return decimal{}, "The parameter cannot be converted to a numeric value"
	}
	notANumber := "The parameter cannot be converted to a numeric value: " + s
	var d decimal
	rest := s
	if rest[0] == '-' || rest[0] == '+' {
		d.neg = rest[0] == '-'
		rest = rest[1:]
	}
	shift := 0
	if i := strings.IndexAny(rest, "eE"); i >= 0 {
		n, err := strconv.Atoi(rest[i+1:])
		if err != nil {
			return decimal{}, notANumber
		}
		shift, rest = n, rest[:i]
	}
	whole, fraction, _ := strings.Cut(rest, ".")
	digits := whole + fraction
	if digits == "" {
		return decimal{}, notANumber
	}
	for i := 0; i < len(digits); i++ {
		if digits[i] < '0' || digits[i] > '9' {
			return decimal{}, notANumber
		}
	}
	significant := strings.TrimLeft(digits, "0")
	d.exp = len(whole) - (len(digits) - len(significant)) + shift
	d.digits = strings.TrimRight(significant, "0")
	if d.digits == "" {
		return decimal{}, ""
	}
	return d, d.tooBig()
}

// tooBig answers which limit of the Number type the value breaks, if any.
func (d decimal) tooBig() string {
	switch {
	case d.digits == "":
		return ""
	case d.exp-1 > 125:
		return "Number overflow. Attempting to store a number with magnitude larger than supported range"
	case d.exp-1 < -130:
		return "Number underflow. Attempting to store a number with magnitude smaller than supported range"
	case len(d.digits) > 38:
		return "Attempting to store more than 38 significant digits in a Number"
	}
	return ""
}

// String is the plain notation, without an exponent, that DynamoDB answers with.
func (d decimal) String() string {
	if d.digits == "" {
		return "0"
	}
	sign := ""
	if d.neg {
		sign = "-"
	}
	switch n := len(d.digits); {
	case d.exp <= 0:
		return sign + "0." + strings.Repeat("0", -d.exp) + d.digits
	case d.exp >= n:
		return sign + d.digits + strings.Repeat("0", d.exp-n)
	default:
		return sign + d.digits[:d.exp] + "." + d.digits[d.exp:]
	}
}

func (d decimal) compare(o decimal) int {
	if d.sign() != o.sign() {
		return d.sign() - o.sign()
	}
	c := d.exp - o.exp
	if c == 0 {
		c = strings.Compare(d.digits, o.digits)
	}
	return c * d.sign()
}

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.neg:
		return -1
	}
	return 1
}

// plus adds exactly; the caller checks tooBig, because only the caller knows which
// error an unstorable sum is.
func (d decimal) plus(o decimal) decimal {
	scale := min(d.exp-len(d.digits), o.exp-len(o.digits))
	sum := d.scaled(scale)
	sum.Add(sum, o.scaled(scale))
	digits := new(big.Int).Abs(sum).String()
	if digits == "0" {
		return decimal{}
	}
	return decimal{neg: sum.Sign() < 0, digits: strings.TrimRight(digits, "0"), exp: len(digits) + scale}
}

func (d decimal) scaled(scale int) *big.Int {
	n := new(big.Int)
	if d.digits == "" {
		return n
	}
	n.SetString(d.digits+strings.Repeat("0", d.exp-len(d.digits)-scale), 10)
	if d.neg {
		n.Neg(n)
	}
	return n
}

func (d decimal) negated() decimal {
	d.neg = !d.neg && d.digits != ""
	return d
}

// size in bytes as DynamoDB bills it, which is not quite as its guide says: a byte for
// each pair of significant digits, begun anew at the decimal point, one more, and one
// for a minus sign.
func (d decimal) size() int {
	whole := max(0, min(d.exp, len(d.digits)))
	size := 1 + (whole+1)/2 + (len(d.digits)-whole+1)/2
	if d.neg {
		size++
	}
	return size
}

// appendSortable writes bytes that order as the numbers do and end themselves.
func (d decimal) appendSortable(dst []byte) []byte {
	const bias = 1 << 12
	switch d.sign() {
	case 0:
		return append(dst, 1)
	case 1:
		dst = append(dst, 2, byte((d.exp+bias)>>8), byte(d.exp+bias))
		dst = append(dst, d.digits...)
		return append(dst, 0)
	}
	dst = append(dst, 0, byte((bias-d.exp)>>8), byte(bias-d.exp))
	for i := 0; i < len(d.digits); i++ {
		dst = append(dst, '0'+'9'-d.digits[i])
	}
	return append(dst, 0xFE)
}
