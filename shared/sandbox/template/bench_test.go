package template_test

import (
	"path/filepath"
	"testing"

	"snout/shared/sandbox/template"
)

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := template.Load(filepath.Join(projectRoot, "template.yaml"), map[string]string{"Stage": "local"}, here()); err != nil {
			b.Fatal(err)
		}
	}
}
