package screening

import "testing"

func TestWordsThatAreUsedAlikeShareACluster(t *testing.T) {
	tests := []struct {
		a, b string
		same bool
	}{
		{"monday", "thursday", true},
		{"dog", "puppy", true},
		{"booking", "booked", true}, // one stem
		{"dad", "mom", true},
		{"monday", "dad", false},
		{"cheaper", "thursday", false},
	}
	for _, tt := range tests {
		a, b := clusterOf(stem(hashWord(tt.a))), clusterOf(stem(hashWord(tt.b)))
		if a == 0 || b == 0 {
			t.Errorf("%s in %d, %s in %d: both are common words", tt.a, a, tt.b, b)
		}
		if (a == b) != tt.same {
			t.Errorf("%s in cluster %d, %s in %d", tt.a, a, tt.b, b)
		}
	}
}

func TestFewWordsThatNobodyUsesHaveAStem(t *testing.T) {
	known := 0
	for h := range uint32(6400) {
		if stem(h*2654435761) >= 0 {
			known++
		}
	}
	if known > 30 {
		t.Errorf("%d of 6,400 hashes of no word have a stem, about 6 are due", known)
	}
}
