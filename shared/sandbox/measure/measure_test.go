package measure

import "testing"

func TestX(t *testing.T) {
	cs, err := Operations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cs {
		t.Logf("%+v", c)
	}
	gs, err := Growth(t.Context(), 1000, 20000)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range gs {
		t.Log(g.Events, g.Items)
		for _, c := range g.Costs {
			t.Logf("   %+v", c)
		}
	}
}
