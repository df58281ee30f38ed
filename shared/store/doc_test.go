package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The table in the package comment and the exported methods are the same set: a method
// nobody took through the table's design cannot be merged, nor a row outlive its method.
func TestTheMethodTableIsTheMethods(t *testing.T) {
	var methods []string
	var comment string
	names, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if !strings.HasSuffix(n.Name(), ".go") || strings.HasSuffix(n.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), n.Name(), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if f.Doc != nil {
			if comment != "" {
				t.Error("two files have a package comment")
			}
			comment = f.Doc.Text()
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || !fn.Name.IsExported() {
				continue
			}
			if star, ok := fn.Recv.List[0].Type.(*ast.StarExpr); ok && star.X.(*ast.Ident).Name == "Table" {
				methods = append(methods, fn.Name.Name)
			}
		}
	}
	_, rows, found := strings.Cut(comment, "# Methods\n")
	if !found {
		t.Fatal("the package comment has no methods")
	}
	rows, _, _ = strings.Cut(rows, "\n# ")
	row := regexp.MustCompile(`^\t([A-Z]\w+) +(\S+) +(\S+) +(\S+) +(\S.*)$`)
	figure := regexp.MustCompile(`^(\d*\.?\d*|n|p|s|r|\d?n)([-/+](\d*(\.\d+)?|p|n/\d+))?$`)
	var listed []string
	for line := range strings.SplitSeq(rows, "\n") {
		if !strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "\tmethod") {
			continue
		}
		m := row.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("not a row: %q", line)
			continue
		}
		for _, f := range m[2:5] {
			if !figure.MatchString(f) {
				t.Errorf("%s: %q is no figure", m[1], f)
			}
		}
		listed = append(listed, m[1])
	}
	if !slices.IsSorted(listed) {
		t.Error("the rows are out of order")
	}
	slices.Sort(methods)
	if d := cmp.Diff(methods, listed); d != "" {
		t.Errorf("methods of *Table and rows of the package comment differ (-methods +rows):\n%s", d)
	}
}

// Every key that keys.go can make stands in the package comment: its prefixes are.
func TestTheKeyTableIsTheKeys(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := os.ReadFile("keys.go")
	if err != nil {
		t.Fatal(err)
	}
	inDoc, inKeys := map[string]bool{}, map[string]bool{}
	word := regexp.MustCompile(`(?:^|[\s>/#])#?([A-Z]+)(?:#|\s|\)|$)`)
	for line := range strings.SplitSeq(string(doc), "\n") {
		if !strings.HasPrefix(line, "//\t") {
			continue
		}
		if strings.HasPrefix(line, "//\tmethod") {
			break
		}
		for _, m := range word.FindAllStringSubmatch(strings.ReplaceAll(line[3:], "#", " # "), -1) {
			inDoc[m[1]] = true
		}
	}
	literal := regexp.MustCompile(`"#?([A-Z]+)(?:#[^"]*)?"`)
	for _, m := range literal.FindAllStringSubmatch(string(keys), -1) {
		inKeys[m[1]] = true
	}
	for k := range inKeys {
		if !inDoc[k] {
			t.Errorf("keys.go makes %s, which the package comment does not list", k)
		}
	}
	if len(inKeys) < 15 {
		t.Errorf("only %d prefixes were found in keys.go: the test reads it wrongly", len(inKeys))
	}
}
