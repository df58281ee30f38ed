package lambdaio

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/config"
)

// TestFunctionAWS holds the small configuration against the SDK's own, for what
// Lambda and the template set.
func TestFunctionAWS(t *testing.T) {
	env := map[string]string{
		"AWS_REGION": "us-west-2", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token",
		"AWS_SDK_UA_APP_ID": "MessagesFunction", "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
	}
	for k, v := range env {
		t.Setenv(k, v)
	}
	t.Setenv("AWS_CONFIG_FILE", "none")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "none")
	want, err := config.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got, err := functionAWS(func(k string) string { return env[k] })
	if err != nil {
		t.Fatal(err)
	}
	wantKeys, _ := want.Credentials.Retrieve(t.Context())
	gotKeys, err := got.Credentials.Retrieve(t.Context())
	if err != nil || gotKeys.AccessKeyID != wantKeys.AccessKeyID || gotKeys.SecretAccessKey != wantKeys.SecretAccessKey || gotKeys.SessionToken != wantKeys.SessionToken {
		t.Errorf("credentials %+v, %v; the SDK finds %+v", gotKeys, err, wantKeys)
	}
	if got.Region != want.Region || *got.BaseEndpoint != *want.BaseEndpoint || got.AppID != want.AppID {
		t.Errorf("region %q, endpoint %q, app %q; the SDK finds %q, %q, %q", got.Region, *got.BaseEndpoint, got.AppID, want.Region, *want.BaseEndpoint, want.AppID)
	}
	if len(got.APIOptions) != len(want.APIOptions) || got.RetryMode != want.RetryMode || got.RetryMaxAttempts != want.RetryMaxAttempts {
		t.Errorf("options %d, retries %q %d; the SDK finds %d, %q, %d", len(got.APIOptions), got.RetryMode, got.RetryMaxAttempts, len(want.APIOptions), want.RetryMode, want.RetryMaxAttempts)
	}
	delete(env, "AWS_REGION")
	delete(env, "AWS_SECRET_ACCESS_KEY")
	_, err = functionAWS(func(k string) string { return env[k] })
	if err == nil || !strings.Contains(err.Error(), "AWS_REGION") || !strings.Contains(err.Error(), "AWS_SECRET_ACCESS_KEY") {
		t.Errorf("without a region and a key: %v", err)
	}
}
