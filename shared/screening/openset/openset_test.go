package openset_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snout/shared/screening"
	"snout/shared/screening/openset"
)

// Reference values of the Wilson score interval at 95 %.
func TestRateGivesTheWilsonInterval(t *testing.T) {
	tests := []struct {
		f    openset.Figure
		want string
	}{
		{openset.Figure{Right: 0, Total: 0}, "0.0000 0.0000 1.0000"},
		{openset.Figure{Right: 0, Total: 10}, "0.0000 0.0000 0.2775"},
		{openset.Figure{Right: 5, Total: 10}, "0.5000 0.2366 0.7634"},
		{openset.Figure{Right: 97, Total: 100}, "0.9700 0.9155 0.9897"},
	}
	for _, tt := range tests {
		rate, low, high := tt.f.Rate()
		if d := cmp.Diff(tt.want, fmt.Sprintf("%.4f %.4f %.4f", rate, low, high)); d != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.f, d)
		}
	}
}

func TestMeasureCountsWhatTheScreenGetsWrong(t *testing.T) {
	all, err := openset.All()
	if err != nil {
		t.Fatal(err)
	}
	stopAll := openset.Measure(all, func(screening.Message) screening.Verdict { return screening.Verdict{Swap: true} })
	if stopAll.Recall.Right != stopAll.Recall.Total || stopAll.FalseAlarms.Right != stopAll.FalseAlarms.Total || stopAll.Held.Right != stopAll.Held.Total || stopAll.Held.Total == 0 {
		t.Errorf("stopping everything: %+v", stopAll)
	}
	passAll := openset.Measure(all, func(screening.Message) screening.Verdict { return screening.Verdict{} })
	if passAll.Recall.Right != 0 || passAll.FalseAlarms.Right != 0 || passAll.Held.Right != 0 || len(passAll.Mistakes) != passAll.Recall.Total {
		t.Errorf("passing everything: %+v", passAll)
	}
}
