// Command probe is a real function for the runtime's tests: what it does is what its event asks for.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct{ Do, URL string }

type answer struct {
	RequestID, ARN, Trace, Function, Memory, Given string
	Environment                                    []string // names of all variables
	Deadline                                       time.Duration
	Pid                                            int
}

func handle(ctx context.Context, e event) (any, error) {
	switch e.Do {
	case "fail":
		return nil, errors.New("as asked")
	case "panic":
		panic("as asked")
	case "exit":
		os.Exit(3)
	case "hang":
		select {}
	case "log":
		fmt.Println("one line")
		fmt.Fprint(os.Stderr, "another\nand one without its end")
	case "big":
		return strings.Repeat("x", 7<<20), nil
	case "meet": // returns once the server lets it
		resp, err := http.Get(e.URL)
		if err != nil {
			return nil, err
		}
		resp.Body.Close()
	}
	lc, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	trace, _ := ctx.Value("x-amzn-trace-id").(string)
	a := answer{
		RequestID: lc.AwsRequestID, ARN: lc.InvokedFunctionArn, Trace: trace, Function: lambdacontext.FunctionName, Given: os.Getenv("GIVEN"),
		Memory: os.Getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), Deadline: time.Until(deadline), Pid: os.Getpid(),
	}
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		a.Environment = append(a.Environment, name)
	}
	return a, nil
}

func main() {
	switch os.Getenv("PROBE_INIT") {
	case "report":
		url := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/init/error"
		resp, err := http.Post(url, "application/json", strings.NewReader(`{"errorMessage":"no table","errorType":"ConfigError"}`))
		if err == nil {
			resp.Body.Close()
		}
		os.Exit(1)
	case "exit":
		os.Exit(2)
	}
	lambda.Start(handle)
}
