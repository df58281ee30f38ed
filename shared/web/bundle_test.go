package web

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

var update = flag.Bool("update", false, "write the bundle and other golden files instead of comparing them")

// The committed bundle is what is deployed, so it must be what the sources say.
// `go test ./shared/web/... -run Bundle -update` builds it.
func TestBundleIsBuiltFromItsSources(t *testing.T) {
	compareBundle(t, bundle(t, "app/owner.tsx", "app/sitter.tsx", "app/app.css"), "dist")
}

func TestLocalBundleIsBuiltFromItsSources(t *testing.T) {
	compareBundle(t, bundle(t, "localpage/app/local.tsx", "localpage/app/stories.tsx", "localpage/app/local.css"), "localpage/dist")
}

func bundle(t *testing.T, entries ...string) map[string][]byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	preact := filepath.Join(dir, "third_party", "preact")
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:     dir,
		EntryPoints:       entries,
		EntryNames:        "[name]",
		Outdir:            "dist",
		Bundle:            true,
		MinifySyntax:      true,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		Format:            api.FormatIIFE,
		Target:            api.ES2022,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone, // the licence is served as /assets/licences.txt
		Tsconfig:          "app/tsconfig.json",
		Alias: map[string]string{
			"preact":             filepath.Join(preact, "dist/preact.mjs"),
			"preact/hooks":       filepath.Join(preact, "hooks/dist/hooks.mjs"),
			"preact/jsx-runtime": filepath.Join(preact, "jsx-runtime/dist/jsxRuntime.mjs"),
		},
	})
	for _, m := range append(result.Errors, result.Warnings...) {
		t.Errorf("%+v %s", m.Location, m.Text)
	}
	files := map[string][]byte{}
	for _, f := range result.OutputFiles {
		files[filepath.Base(f.Path)] = f.Contents
	}
	return files
}

func compareBundle(t *testing.T, built map[string][]byte, dir string) {
	t.Helper()
	for name, want := range built {
		path := filepath.Join(dir, name)
		if *update {
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what its sources build (%v): run this test with -update", path, err)
		}
		if strings.HasSuffix(name, ".js") && bytes.Contains(bytes.ToLower(got), []byte("</script")) {
			t.Errorf("%s would end its own script element", path)
		}
	}
}
