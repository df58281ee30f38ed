package screening

// Steps is how much work screening a message takes, for tests that hold it linear.
func Steps(m Message) int {
	_, n := rulebook().screen(m)
	return n
}

// StepsPerByte bounds that work: far above what any text takes, and constant.
const StepsPerByte = 400

// Compile compiles the rules as the first text does.
func Compile() { compile() }
