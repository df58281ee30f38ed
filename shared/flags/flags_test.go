package flags_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/google/go-cmp/cmp"

	"snout/shared/flags"
	"snout/shared/routing"
)

// parameters is SSM as far as the reader goes: values, a fault, and how often it was
// asked. The real client over HTTP is tried by the sandbox's scenarios.
type parameters struct {
	value map[string]string
	fault error
	asked int
}

func (p *parameters) GetParameters(_ context.Context, in *ssm.GetParametersInput, _ ...func(*ssm.Options)) (*ssm.GetParametersOutput, error) {
	p.asked++
	if p.fault != nil {
		return nil, p.fault
	}
	out := &ssm.GetParametersOutput{}
	for _, n := range in.Names {
		if v, ok := p.value[n]; ok {
			out.Parameters = append(out.Parameters, types.Parameter{Name: aws.String(n), Value: aws.String(v)})
		}
	}
	return out, nil
}

func (p *parameters) PutParameter(_ context.Context, in *ssm.PutParameterInput, _ ...func(*ssm.Options)) (*ssm.PutParameterOutput, error) {
	if p.fault != nil {
		return nil, p.fault
	}
	p.value[aws.ToString(in.Name)] = aws.ToString(in.Value)
	return &ssm.PutParameterOutput{}, nil
}

type stage struct {
	ssm    *parameters
	now    time.Time
	reader *flags.Reader
}

func begin(jitter float64) *stage {
	s := &stage{ssm: &parameters{value: map[string]string{}}, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	s.reader = flags.New(s.ssm, "/snout/test/flags/", func() time.Time { return s.now }, func() float64 { return jitter })
	return s
}

func (s *stage) set(name, value string) { s.ssm.value["/snout/test/flags/"+name] = value }

func TestOnlyExactlyTrueTurnsAFlagOn(t *testing.T) {
	for value, want := range map[string]bool{"true": true, "True": false, "TRUE": false, " true": false, "1": false, "yes": false, "false": false, "none": false} {
		s := begin(0)
		s.set(flags.Messaging, value)
		if got := s.reader.Flags(context.Background()).Messaging; got != want {
			t.Errorf("ENABLE_MESSAGING_V1=%q is on: %t, want %t", value, got, want)
		}
	}
}

func TestAllFlagsAreReadInOneCallAndMissingOnesAreOff(t *testing.T) {
	s := begin(0)
	s.set(flags.Messaging, "true")
	s.set(flags.Allowlist, "sitter-1,sitter-2")
	want := routing.Flags{Messaging: true, Allowlist: "sitter-1,sitter-2"}
	if diff := cmp.Diff(want, s.reader.Flags(context.Background())); diff != "" {
		t.Error(diff)
	}
	if s.ssm.asked != 1 {
		t.Errorf("SSM was asked %d times, want once", s.ssm.asked)
	}
}

func TestAFlipIsSeenWithinTenSecondsWhateverTheJitter(t *testing.T) {
	for _, jitter := range []float64{0, 0.5, 0.999} {
		s := begin(jitter)
		s.set(flags.Messaging, "true")
		if !s.reader.Flags(context.Background()).Messaging {
			t.Fatal("the flag is not on to begin with")
		}
		s.set(flags.Messaging, "false")
		s.now = s.now.Add(10 * time.Second)
		if s.reader.Flags(context.Background()).Messaging {
			t.Errorf("with jitter %v the flag is still on after ten seconds", jitter)
		}
	}
}

func TestAFunctionThatWakesAfterHoursReadsBeforeItAnswers(t *testing.T) {
	s := begin(0)
	s.set(flags.Messaging, "true")
	s.reader.Flags(context.Background())
	s.set(flags.Messaging, "false")
	s.now = s.now.Add(7 * time.Hour)
	if s.reader.Flags(context.Background()).Messaging {
		t.Error("it served the value from before the freeze")
	}
}

func TestAClockSetBackMakesNothingFresh(t *testing.T) {
	s := begin(0)
	s.set(flags.Messaging, "true")
	s.reader.Flags(context.Background())
	s.set(flags.Messaging, "false")
	s.now = s.now.Add(-time.Hour)
	if s.reader.Flags(context.Background()).Messaging {
		t.Error("a value of the future was taken for fresh")
	}
}

func TestAFailedReadKeepsTheLastValueForAMinuteAndThenEverythingIsOff(t *testing.T) {
	s := begin(0)
	s.set(flags.Messaging, "true")
	s.reader.Flags(context.Background())
	s.ssm.fault = errors.New("throttled")
	s.now = s.now.Add(59 * time.Second)
	if !s.reader.Flags(context.Background()).Messaging {
		t.Error("after 59 s the last value should still stand in")
	}
	s.now = s.now.Add(2 * time.Second)
	if s.reader.Flags(context.Background()).Messaging {
		t.Error("after 61 s nothing should be on")
	}
	s.ssm.fault = nil
	s.now = s.now.Add(999 * time.Millisecond)
	if s.reader.Flags(context.Background()).Messaging {
		t.Error("SSM was asked again within a second of refusing")
	}
	s.now = s.now.Add(time.Millisecond)
	if !s.reader.Flags(context.Background()).Messaging {
		t.Error("once SSM answers again its value should count within a second")
	}
}

func TestWithoutEverHavingReadEverythingIsOff(t *testing.T) {
	s := begin(0)
	s.set(flags.Messaging, "true")
	s.ssm.fault = errors.New("down")
	if diff := cmp.Diff(routing.Flags{}, s.reader.Flags(context.Background())); diff != "" {
		t.Error(diff)
	}
}

func TestWhoSetsAFlagSeesItAtOnce(t *testing.T) {
	s := begin(0)
	s.set(flags.Messaging, "false")
	s.reader.Flags(context.Background())
	if err := s.reader.Set(context.Background(), map[string]string{flags.Messaging: "true"}); err != nil {
		t.Fatal(err)
	}
	if !s.reader.Flags(context.Background()).Messaging {
		t.Error("the flag set by this process is not seen by it")
	}
}
