package awsjson_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snout/shared/sandbox/awsjson"
)

type sendIn struct {
	Body  string
	Delay int
}
type sendOut struct{ Number int }

// post sends one call as the SDK does, with its id for the call and all its attempts.
func post(s http.Handler, target, invocation, body string) string {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", target)
	if invocation != "" {
		r.Header.Set("Amz-Sdk-Invocation-Id", invocation)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	raw, _ := io.ReadAll(w.Result().Body)
	return fmt.Sprintf("%d %s", w.Code, raw)
}

func service() *awsjson.Service {
	n := 0
	return awsjson.New("AmazonTest", "1.0", map[string]awsjson.Operation{
		"Send": awsjson.Op(func(_ context.Context, _ *http.Request, in sendIn) (sendOut, error) {
			n++
			if in.Body == "no disk" {
				return sendOut{}, errors.New("no disk")
			}
			return sendOut{n}, nil
		}),
	})
}

func TestARepeatedAttemptIsAnsweredAgainAndNotCarriedOutAgain(t *testing.T) {
	s := service()
	var got []string
	for _, id := range []string{"one", "one", "two", "one", "", ""} {
		got = append(got, post(s, "AmazonTest.Send", id, `{}`))
	}
	want := []string{`200 {"Number":1}`, `200 {"Number":1}`, `200 {"Number":2}`, `200 {"Number":1}`, `200 {"Number":3}`, `200 {"Number":4}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int64{"Send": 4, "replay": 2}, s.Metrics()); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
	for i := range 128 { // as many as are remembered
		post(s, "AmazonTest.Send", fmt.Sprint("later ", i), `{}`)
	}
	if got := post(s, "AmazonTest.Send", "one", `{}`); got == want[0] {
		t.Error("answers are remembered without end")
	}
}

func TestAFailedAttemptIsNotRemembered(t *testing.T) {
	s := service()
	s.Inject("down")
	first, second := post(s, "AmazonTest.Send", "one", `{}`), post(s, "AmazonTest.Send", "one", `{}`)
	if diff := cmp.Diff([]string{`500 {"__type":"InternalServerError","message":"injected fault"}`, `200 {"Number":1}`}, []string{first, second}); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

func TestWhatCannotBeCarriedOutIsRefusedByName(t *testing.T) {
	for name, row := range map[string]struct{ target, body, want string }{
		"another operation":             {"AmazonTest.Purge", `{}`, `400 {"__type":"UnknownOperationException","message":"the sandbox's AmazonTest does not carry out \"AmazonTest.Purge\""}`},
		"another service":               {"AmazonOther.Send", `{}`, `400 {"__type":"UnknownOperationException","message":"the sandbox's AmazonTest does not carry out \"AmazonOther.Send\""}`},
		"another field":                 {"AmazonTest.Send", `{"Group":"g"}`, `400 {"__type":"ValidationException","message":"the sandbox does not carry out this option: unknown field \"Group\""}`},
		"a wrong type, without a value": {"AmazonTest.Send", `{"Delay":"secret words"}`, `400 {"__type":"SerializationException","message":"field Delay has the wrong type"}`},
		"no JSON":                       {"AmazonTest.Send", `secret words`, `400 {"__type":"SerializationException","message":"the request is not JSON"}`},
		"too much":                      {"AmazonTest.Send", strings.Repeat(" ", awsjson.MaxRequest+1), `400 {"__type":"SerializationException","message":"the request body cannot be read"}`},
		"a fault of our own":            {"AmazonTest.Send", `{"Body":"no disk"}`, `500 {"__type":"InternalServerError","message":"no disk"}`},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, post(service(), row.target, "", row.body)); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTimesAreSecondsWithMilliseconds(t *testing.T) {
	got, err := awsjson.Epoch(time.UnixMilli(1_772_971_200_007)).MarshalJSON()
	if err != nil || string(got) != "1772971200.007" {
		t.Errorf("wrote %s, %v", got, err)
	}
}
