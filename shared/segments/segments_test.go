package segments_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"snout/shared/segments"
)

type vector struct {
	Name     string            `json:"name"`
	Text     string            `json:"text"`
	Encoding segments.Encoding `json:"encoding"`
	Units    int               `json:"units"`
	Parts    int               `json:"parts"`
}

func TestCountAgreesWithTheVectorsThePageUses(t *testing.T) {
	raw, err := os.ReadFile("testdata/segments.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	for _, want := range vectors {
		t.Run(want.Name, func(t *testing.T) {
			got := vector{Name: want.Name, Text: want.Text}
			got.Encoding, got.Units, got.Parts = segments.Count(want.Text)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("count (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMoreTextNeverCostsLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		_, _, short := segments.Count(a)
		_, units, long := segments.Count(a + b)
		if long < short {
			t.Fatalf("%d parts, and %d with more text", short, long)
		}
		if (units == 0) != (long == 0) {
			t.Fatalf("%d units in %d parts", units, long)
		}
	})
}
