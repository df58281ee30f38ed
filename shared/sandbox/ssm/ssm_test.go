package ssm_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	client "github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"snout/shared/sandbox/clock"
	"snout/shared/sandbox/ssm"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 8, 12, 0, 0, 250_000_000, time.UTC)

type world struct {
	*client.Client
	store *ssm.Store
	clock *clock.Clock
}

func start(t *testing.T) world {
	t.Helper()
	c := clock.New(func() time.Time { return noon })
	store := ssm.New(c, "us-east-1", "000000000000")
	srv := httptest.NewServer(store)
	t.Cleanup(srv.Close)
	return world{client.New(client.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(srv.URL), HTTPClient: srv.Client(),
		// Faults must be seen, so only what the loopback loses is tried again.
		Retryer: retry.NewStandard(func(o *retry.StandardOptions) {
			o.Retryables = []retry.IsErrorRetryable{retry.RetryableConnectionError{}}
		}),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	}), store, c}
}

func (w world) put(t *testing.T, in client.PutParameterInput) *client.PutParameterOutput {
	t.Helper()
	out, err := w.PutParameter(t.Context(), &in)
	if err != nil {
		t.Fatalf("put %s: %v", *in.Name, err)
	}
	return out
}

func text(name, value string) client.PutParameterInput {
	return client.PutParameterInput{Name: &name, Value: &value, Type: types.ParameterTypeString}
}

var plain = cmpopts.IgnoreUnexported(types.Parameter{}, types.ParameterHistory{})

func TestAParameterIsReadAsItWasWritten(t *testing.T) {
	w := start(t)
	put := w.put(t, text("/snout/dev/flags/ENABLE_MESSAGING_V1", "true"))
	if put.Version != 1 || put.Tier != types.ParameterTierStandard {
		t.Errorf("put answered version %d, tier %s", put.Version, put.Tier)
	}
	got, err := w.GetParameter(t.Context(), &client.GetParameterInput{Name: aws.String("/snout/dev/flags/ENABLE_MESSAGING_V1")})
	if err != nil {
		t.Fatal(err)
	}
	want := &types.Parameter{
		ARN:  aws.String("arn:aws:ssm:us-east-1:000000000000:parameter/snout/dev/flags/ENABLE_MESSAGING_V1"),
		Name: aws.String("/snout/dev/flags/ENABLE_MESSAGING_V1"), Value: aws.String("true"), Type: types.ParameterTypeString,
		DataType: aws.String("text"), LastModifiedDate: aws.Time(noon), Version: 1,
	}
	if diff := cmp.Diff(want, got.Parameter, plain); diff != "" {
		t.Errorf("parameter (-want +got):\n%s", diff)
	}
}

func TestEveryVersionStaysReadable(t *testing.T) {
	w := start(t)
	w.put(t, text("/a/b", "one"))
	w.clock.Advance(time.Minute)
	again := text("/a/b", "two")
	again.Overwrite, again.Type = aws.Bool(true), "" // the type of the version before
	if out := w.put(t, again); out.Version != 2 {
		t.Errorf("overwriting made version %d", out.Version)
	}
	first, err := w.GetParameter(t.Context(), &client.GetParameterInput{Name: aws.String("/a/b:1")})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"one", ":1"}, []string{*first.Parameter.Value, *first.Parameter.Selector}); diff != "" {
		t.Errorf("first version (-want +got):\n%s", diff)
	}
	history, err := w.GetParameterHistory(t.Context(), &client.GetParameterHistoryInput{Name: aws.String("/a/b"), MaxResults: aws.Int32(1)})
	if err != nil {
		t.Fatal(err)
	}
	rest, err := w.GetParameterHistory(t.Context(), &client.GetParameterHistoryInput{Name: aws.String("/a/b"), MaxResults: aws.Int32(1), NextToken: history.NextToken})
	if err != nil {
		t.Fatal(err)
	}
	row := func(value string, n int64, at time.Time) types.ParameterHistory {
		return types.ParameterHistory{
			DataType: aws.String("text"), Labels: []string{}, LastModifiedDate: &at, LastModifiedUser: aws.String("arn:aws:iam::000000000000:root"),
			Name: aws.String("/a/b"), Policies: []types.ParameterInlinePolicy{}, Tier: types.ParameterTierStandard, Type: types.ParameterTypeString,
			Value: &value, Version: n,
		}
	}
	want := []types.ParameterHistory{row("one", 1, noon), row("two", 2, noon.Add(time.Minute))}
	if diff := cmp.Diff(want, append(history.Parameters, rest.Parameters...), plain); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	if rest.NextToken != nil {
		t.Error("the last page names another")
	}
}

func TestOnlyTheLastHundredVersionsAreKept(t *testing.T) {
	w := start(t)
	for i := range 101 {
		in := text("/a", fmt.Sprint(i))
		in.Overwrite = aws.Bool(true)
		w.put(t, in)
	}
	_, err := w.GetParameter(t.Context(), &client.GetParameterInput{Name: aws.String("/a:1")})
	var gone *types.ParameterVersionNotFound
	if !errors.As(err, &gone) {
		t.Errorf("version 1 of 101: got %v, want that it is not found", err)
	}
	if _, err := w.GetParameter(t.Context(), &client.GetParameterInput{Name: aws.String("/a:2")}); err != nil {
		t.Errorf("version 2 of 101: %v", err)
	}
}

func TestASecureStringIsShownOnlyWhenDecryptionIsAskedFor(t *testing.T) {
	w := start(t)
	in := text("/snout/dev/secrets/carrier", "hush")
	in.Type = types.ParameterTypeSecureString
	w.put(t, in)
	ctx, name, path := t.Context(), in.Name, aws.String("/snout/dev/secrets")
	for _, decrypt := range []*bool{nil, aws.Bool(false), aws.Bool(true)} {
		one, err1 := w.GetParameter(ctx, &client.GetParameterInput{Name: name, WithDecryption: decrypt})
		many, err2 := w.GetParameters(ctx, &client.GetParametersInput{Names: []string{*name}, WithDecryption: decrypt})
		below, err3 := w.GetParametersByPath(ctx, &client.GetParametersByPathInput{Path: path, WithDecryption: decrypt})
		past, err4 := w.GetParameterHistory(ctx, &client.GetParameterHistoryInput{Name: name, WithDecryption: decrypt})
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			t.Fatal(err)
		}
		for what, got := range map[string]string{
			"GetParameter": *one.Parameter.Value, "GetParameters": *many.Parameters[0].Value,
			"GetParametersByPath": *below.Parameters[0].Value, "GetParameterHistory": *past.Parameters[0].Value,
		} {
			if clear := got == "hush"; clear != aws.ToBool(decrypt) {
				t.Errorf("%s with decryption %v answered %q", what, aws.ToBool(decrypt), got)
			}
		}
	}
	if len(w.store.All()) != 0 {
		t.Error("All shows a secret")
	}
}

func TestParametersByPath(t *testing.T) {
	w := start(t)
	for _, name := range []string{"/s/f/A", "/s/f/B", "/s/f/deep/C", "/s/fx", "/s/other/D", "plain"} {
		w.put(t, text(name, "v"))
	}
	for name, row := range map[string]struct {
		path      string
		recursive bool
		page      int32
		want      []string
	}{
		"one level without recursion":        {"/s/f", false, 10, []string{"/s/f/A", "/s/f/B"}},
		"a slash at the end means the same":  {"/s/f/", false, 10, []string{"/s/f/A", "/s/f/B"}},
		"all levels with recursion":          {"/s/f", true, 10, []string{"/s/f/A", "/s/f/B", "/s/f/deep/C"}},
		"page by page, none twice or missed": {"/s", true, 2, []string{"/s/f/A", "/s/f/B", "/s/f/deep/C", "/s/fx", "/s/other/D"}},
		"the root holds what has a slash":    {"/", true, 3, []string{"/s/f/A", "/s/f/B", "/s/f/deep/C", "/s/fx", "/s/other/D"}},
		"nothing there is no error":          {"/nowhere", true, 10, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			pages := client.NewGetParametersByPathPaginator(w, &client.GetParametersByPathInput{Path: &row.path, Recursive: &row.recursive, MaxResults: &row.page})
			for pages.HasMorePages() {
				page, err := pages.NextPage(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range page.Parameters {
					got = append(got, *p.Name)
				}
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatAWSRefusesIsRefusedInItsWords(t *testing.T) {
	w := start(t)
	w.put(t, text("/a/b", "x"))
	put := func(change func(*client.PutParameterInput)) func(context.Context) error {
		return func(ctx context.Context) error {
			in := text("/new", "value")
			change(&in)
			_, err := w.PutParameter(ctx, &in)
			return err
		}
	}
	get := func(name string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := w.GetParameter(ctx, &client.GetParameterInput{Name: &name})
			return err
		}
	}
	for name, row := range map[string]struct {
		call func(context.Context) error
		code string
		as   any // what errors.As must find; nil for errors that SSM does not model
	}{
		"a name that is not there":        {get("/nope"), "ParameterNotFound", new(*types.ParameterNotFound)},
		"a version that is not there":     {get("/a/b:7"), "ParameterVersionNotFound", new(*types.ParameterVersionNotFound)},
		"writing twice without overwrite": {put(func(in *client.PutParameterInput) { in.Name = aws.String("/a/b") }), "ParameterAlreadyExists", new(*types.ParameterAlreadyExists)},
		"a change of type": {put(func(in *client.PutParameterInput) {
			in.Name, in.Overwrite, in.Type = aws.String("/a/b"), aws.Bool(true), types.ParameterTypeSecureString
		}), "HierarchyTypeMismatchException", new(*types.HierarchyTypeMismatchException)},
		"a list":                                   {put(func(in *client.PutParameterInput) { in.Type = types.ParameterTypeStringList }), "UnsupportedParameterType", new(*types.UnsupportedParameterType)},
		"a new parameter without a type":           {put(func(in *client.PutParameterInput) { in.Type = "" }), "ValidationException", nil},
		"a path without its first slash":           {put(func(in *client.PutParameterInput) { in.Name = aws.String("a/b") }), "ValidationException", nil},
		"a name of AWS's own":                      {put(func(in *client.PutParameterInput) { in.Name = aws.String("/AWSthing/b") }), "ValidationException", nil},
		"a name with a space":                      {put(func(in *client.PutParameterInput) { in.Name = aws.String("/a b") }), "ValidationException", nil},
		"sixteen levels":                           {put(func(in *client.PutParameterInput) { in.Name = aws.String(strings.Repeat("/a", 16)) }), "HierarchyLevelLimitExceededException", new(*types.HierarchyLevelLimitExceededException)},
		"an empty value":                           {put(func(in *client.PutParameterInput) { in.Value = aws.String("") }), "ValidationException", nil},
		"a value over 4 KB":                        {put(func(in *client.PutParameterInput) { in.Value = aws.String(strings.Repeat("x", 4097)) }), "ValidationException", nil},
		"a value outside its pattern":              {put(func(in *client.PutParameterInput) { in.AllowedPattern = aws.String("true|false") }), "ParameterPatternMismatchException", new(*types.ParameterPatternMismatchException)},
		"an option that the sandbox does not have": {put(func(in *client.PutParameterInput) { in.Policies = aws.String("[]") }), "ValidationException", nil},
		"eleven names at once": {func(ctx context.Context) error {
			_, err := w.GetParameters(ctx, &client.GetParametersInput{Names: make([]string, 11)})
			return err
		}, "ValidationException", nil},
		"eleven results a page": {func(ctx context.Context) error {
			_, err := w.GetParametersByPath(ctx, &client.GetParametersByPathInput{Path: aws.String("/"), MaxResults: aws.Int32(11)})
			return err
		}, "ValidationException", nil},
		"a page token of another question": {func(ctx context.Context) error {
			_, err := w.GetParametersByPath(ctx, &client.GetParametersByPathInput{Path: aws.String("/"), NextToken: aws.String("WyJhIiwiYiJd")})
			return err
		}, "InvalidNextToken", new(*types.InvalidNextToken)},
		"a setting that there is not": {func(ctx context.Context) error {
			_, err := w.GetServiceSetting(ctx, &client.GetServiceSettingInput{SettingId: aws.String("/ssm/parameter-store/default-parameter-tier")})
			return err
		}, "ServiceSettingNotFound", new(*types.ServiceSettingNotFound)},
		"a value that the setting cannot have": {func(ctx context.Context) error {
			_, err := w.UpdateServiceSetting(ctx, &client.UpdateServiceSettingInput{SettingId: aws.String("/ssm/parameter-store/high-throughput-enabled"), SettingValue: aws.String("yes")})
			return err
		}, "ValidationException", nil},
		"deleting what is not there": {func(ctx context.Context) error {
			_, err := w.DeleteParameter(ctx, &client.DeleteParameterInput{Name: aws.String("/nope")})
			return err
		}, "ParameterNotFound", new(*types.ParameterNotFound)},
		"an operation that the sandbox does not have": {func(ctx context.Context) error {
			_, err := w.DescribeParameters(ctx, &client.DescribeParametersInput{})
			return err
		}, "UnknownOperationException", nil},
	} {
		t.Run(name, func(t *testing.T) {
			err := row.call(t.Context())
			var api smithy.APIError
			if !errors.As(err, &api) || api.ErrorCode() != row.code {
				t.Fatalf("got %v, want %s", err, row.code)
			}
			if row.as != nil && !errors.As(err, row.as) {
				t.Errorf("the SDK does not know %v as a %T", err, row.as)
			}
		})
	}
	if diff := cmp.Diff(map[string]string{"/a/b": "x"}, w.store.All()); diff != "" {
		t.Errorf("a refused call left something (-want +got):\n%s", diff)
	}
}

func TestSeveralAreReadAndDeletedWithThoseNotThereNamed(t *testing.T) {
	w := start(t)
	w.put(t, text("/b", "2"))
	w.put(t, text("/a", "1"))
	got, err := w.GetParameters(t.Context(), &client.GetParametersInput{Names: []string{"/b", "/nope", "/a"}})
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, p := range got.Parameters {
		values[*p.Name] = *p.Value
	}
	if diff := cmp.Diff(map[string]string{"/a": "1", "/b": "2"}, values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"/nope"}, got.InvalidParameters); diff != "" {
		t.Errorf("not there (-want +got):\n%s", diff)
	}
	gone, err := w.DeleteParameters(t.Context(), &client.DeleteParametersInput{Names: []string{"/b", "/nope"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{"/b"}, {"/nope"}}, [][]string{gone.DeletedParameters, gone.InvalidParameters}); diff != "" {
		t.Errorf("deleted and not there (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"/a": "1"}, w.store.All()); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}

func TestAFaultCostsOneCall(t *testing.T) {
	w := start(t)
	w.put(t, text("/a", "1"))
	if err := w.store.Inject("throttle", "down"); err != nil {
		t.Fatal(err)
	}
	var codes []string
	for range 3 {
		_, err := w.GetParameter(t.Context(), &client.GetParameterInput{Name: aws.String("/a")})
		var api smithy.APIError
		if errors.As(err, &api) {
			codes = append(codes, api.ErrorCode())
		} else if err == nil {
			codes = append(codes, "")
		}
	}
	if diff := cmp.Diff([]string{"ThrottlingException", "InternalServerError", ""}, codes); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	want := map[string]int64{
		"PutParameter": 1, "GetParameter": 3, "fault throttle": 1, "fault down": 1,
		"error ThrottlingException": 1, "error InternalServerError": 1,
	}
	if diff := cmp.Diff(want, w.store.Metrics()); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
	if w.store.Inject("slow") == nil {
		t.Error("an unknown fault was taken")
	}
	w.store.Inject("down")
	w.store.Inject()
	if _, err := w.GetParameter(t.Context(), &client.GetParameterInput{Name: aws.String("/a")}); err != nil {
		t.Errorf("a cleared fault still bites: %v", err)
	}
}

func TestSetWritesAllOrNothingAndNoVersionForTheSameValue(t *testing.T) {
	w := start(t)
	if err := w.store.Set(map[string]string{"/f/A": "true", "/f/B": "none"}); err != nil {
		t.Fatal(err)
	}
	if err := w.store.Set(map[string]string{"/f/A": "true", "/f/B": "*"}); err != nil {
		t.Fatal(err)
	}
	if w.store.Set(map[string]string{"/f/A": "false", "bad name": "x"}) == nil {
		t.Error("a bad name was taken")
	}
	if diff := cmp.Diff(map[string]string{"/f/A": "true", "/f/B": "*"}, w.store.All()); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	got, err := w.GetParameters(t.Context(), &client.GetParametersInput{Names: []string{"/f/A", "/f/B"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int64{1, 2}, []int64{got.Parameters[0].Version, got.Parameters[1].Version}); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
}
