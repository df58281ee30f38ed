package screening

import "testing"

func TestWordsThatAreUsedAlikeShareACluster(t *testing.T) {
	tests := []struct {
		a, b string
		same bool
	}{
		{"monday", "thursday", true},
		{"dog", "cat", true},
		{"booking", "booked", true}, // one stem
		{"dad", "mom", true},
		{"monday", "dad", false},
		{"cheaper", "thursday", false},
	}
	for _, tt := range tests {
		a, b := cluster(hashWord(tt.a)), cluster(hashWord(tt.b))
		if a == 0 || b == 0 {
			t.Errorf("%s in %d, %s in %d: both are common words", tt.a, a, tt.b, b)
		}
		if (a == b) != tt.same {
			t.Errorf("%s in cluster %d, %s in %d", tt.a, a, tt.b, b)
		}
	}
}

func TestFewWordsThatNobodyUsesHaveACluster(t *testing.T) {
	known := 0
	for h := range uint32(6400) {
		if cluster(h*2654435761) != 0 {
			known++
		}
	}
	if known > 150 {
		t.Errorf("%d of 6,400 hashes of no word have a cluster, about 80 are due", known)
	}
}
