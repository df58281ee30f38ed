package screening_test

import (
	"testing"

	"snout/shared/screening"
)

func TestWhoDeclinesIsNoSwap(t *testing.T) {
	tests := []struct {
		name string
		m    screening.Message
		swap bool
	}{
		{"jobs against an agreement", said("s", "sweet of you, but private jobs are against what I signed"), false},
		{"jobs against an agreement, and then not", said("s", "private jobs are against what I signed, but let us do it anyway"), true},
		{"a service turned down", said("c", "no telegram please, this thread is good"), false},
		{"one service for another", said("c", "no telegram please, whatsapp me"), true},
		{"not comfortable", said("c", "I'm not comfortable paying her directly, it goes on the invoice"), false},
		{"why not", said("c", "why don't I just pay you directly, no invoice"), true},
		{"two noes", said("s", "I never said I won't take private jobs, just pay me directly"), true},
		{"what a client wants", said("s", "what should I answer when a client wants to pay me directly?"), false},
		{"what the contract says", said("c", "does the contract say anything on private bookings?"), false},
		{"what the contract says, and a proposal", said("c", "does the contract say anything on private bookings? would you do them?"), true},
		{"a no at the end", said("s", "you wrote about hiring me directly. I cannot... I wont do that, sorry. I wont."), false},
		{"how it once was", said("s", "In my freelance days I took Venmo and chased it for weeks"), false},
		{"how it is", said("s", "these days I take Venmo, want to?"), true},
		{"pets named after services", said("s", "brushed Venmo and Zelle, walked Signal"), false},
		{"told no", said("c", "my aunt wanted to hire you direct and I told her no"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if v := screening.Screen(tt.m); v.Swap != tt.swap {
				t.Errorf("swap %v, families %v", v.Swap, v.Families)
			}
		})
	}
}
