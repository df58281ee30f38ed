package screening_test

import (
	"testing"

	"snout/shared/screening"
)

func TestEmergencies(t *testing.T) {
	tests := []struct {
		name      string
		m         screening.Message
		emergency bool
		swap      bool
	}{
		{"French", said("c", "elle a mangé du muguet et vomit sans arrêt, on part aux urgences"), true, false},
		{"French, if it should happen", said("c", "si jamais elle vomit, la clinique est ouverte le soir"), false, false},
		{"German", said("s", "er atmet kaum, wir sind unterwegs in die Tierklinik"), true, false},
		{"Italian", said("s", "il gatto non respira più, corro alla clinica"), true, false},
		{"Portuguese", said("s", "o cachorro não respira, estou indo ao vet"), true, false},
		{"a say-so is waited for", said("s", "night vet here, they need your ok to operate, 0113 496 0177"), true, false},
		{"a say-so for the dentist", said("c", "the groomer is waiting for your ok for the bath and the nails"), false, false},
		{"the poison line asks", said("s", "called poison control, they want his weight and your ok"), true, false},
		{"a pulse", said("s", "no pulse, doing compressions"), true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if v := screening.Screen(tt.m); v.Swap != tt.swap || v.Emergency != tt.emergency {
				t.Errorf("swap %v, emergency %v, families %v", v.Swap, v.Emergency, v.Families)
			}
		})
	}
}
