package lambdaio

import (
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/logging"
)

// functionAWS is the configuration of a function's AWS clients: Lambda gives a
// process its region and its credentials in the environment, and replaces the
// process before they expire. The SDK's LoadDefaultConfig finds the same, but it
// also looks for profiles, single sign-on, instance roles and web identities:
// five more clients in every function, a tenth of its size, that none can use.
func functionAWS(env func(string) string) (aws.Config, error) {
	var faults []error
	need := func(name string) string {
		v := env(name)
		if v == "" {
			faults = append(faults, fmt.Errorf("environment variable %s is missing", name))
		}
		return v
	}
	cfg := aws.Config{
		Region:      need("AWS_REGION"),
		Credentials: credentials.NewStaticCredentialsProvider(need("AWS_ACCESS_KEY_ID"), need("AWS_SECRET_ACCESS_KEY"), env("AWS_SESSION_TOKEN")),
		AppID:       env("AWS_SDK_UA_APP_ID"),
		Logger:      logging.NewStandardLogger(os.Stderr),
	}
	if e := env("AWS_ENDPOINT_URL"); e != "" {
		cfg.BaseEndpoint = &e
	}
	return cfg, errors.Join(faults...)
}
