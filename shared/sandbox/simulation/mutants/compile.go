package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// compiling every mutant by itself would cost far more than running it, so all of them are
// in one test binary: beside each function that some mutant changes stands the changed one,
// and at its head the choice between them. The environment says which mutant a run is.
const chosen = "SNOUT_MUTANT"

// source is one file of the product with what the mutants make of it.
type source struct {
	path, text string
	file       *ast.File
	tokens     *token.FileSet
	changes    []change
	copies     map[string]string // by function and mutant: the changed function
}

type change struct {
	from, to int
	text     string
}

// all writes every file that some mutant changes, and the overlay that puts them in place.
// What cannot be written is answered by mutant.
func all(ms []mutant, dir string) (overlay string, broken map[int]error, err error) {
	sources, broken := map[string]*source{}, map[int]error{}
	for i, m := range ms {
		for _, e := range m.edits {
			s := sources[e.file]
			if s == nil {
				if s, err = read(e.file); err != nil {
					return "", nil, err
				}
				sources[e.file] = s
			}
			if err := s.add(i, e); err != nil {
				broken[i] = err
			}
		}
	}
	replace := map[string]string{}
	put := func(path, text string) error {
		abs, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, fmt.Sprintf("%d-%s", len(replace), filepath.Base(path)))
		replace[abs] = to
		return os.WriteFile(to, []byte(text), 0o600)
	}
	for path, s := range sources {
		if err := put(path, s.written()); err != nil {
			return "", nil, err
		}
		choice := fmt.Sprintf("package %s\n\nimport \"os\"\n\nvar mutantNow = os.Getenv(%q)\n", s.file.Name.Name, chosen)
		if err := put(filepath.Join(filepath.Dir(path), "zz_mutant.go"), choice); err != nil {
			return "", nil, err
		}
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", nil, err
	}
	overlay = filepath.Join(dir, "overlay.json")
	return overlay, broken, os.WriteFile(overlay, b, 0o600)
}

func read(path string) (*source, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s := &source{path: path, text: string(b), tokens: token.NewFileSet(), copies: map[string]string{}}
	s.file, err = parser.ParseFile(s.tokens, path, b, parser.SkipObjectResolution)
	return s, err
}

func (s *source) offset(p token.Pos) int { return s.tokens.Position(p).Offset }

// constant is the only declaration outside of functions that a mutant may change.
var constant = regexp.MustCompile(`^const (\w+) = (.*?)\n?$`)

func (s *source) add(mutant int, e edit) error {
	if n := strings.Count(s.text, e.old); n != 1 {
		return fmt.Errorf("%s has its line %d times: %.70q", e.file, n, e.old)
	}
	at := strings.Index(s.text, e.old)
	if was, is := constant.FindStringSubmatch(e.old), constant.FindStringSubmatch(e.new); was != nil && is != nil {
		s.changes = append(s.changes, change{at, at + len(e.old), fmt.Sprintf("var %s = func() time.Duration {\n\tif mutantNow == \"%d\" {\n\t\treturn %s\n\t}\n\treturn %s\n}()\n", was[1], mutant, is[2], was[2])})
		return nil
	}
	for _, d := range s.file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		from, to := s.offset(f.Pos()), s.offset(f.End())
		if at < from || at+len(e.old) > to+1 {
			continue
		}
		name := fmt.Sprintf("%sMutant%d", f.Name.Name, mutant)
		key := fmt.Sprint(from, " ", mutant)
		text, again := s.copies[key]
		if !again {
			n := s.offset(f.Name.Pos()) - from
			text = s.text[from:s.offset(f.Name.Pos())] + name + s.text[from+n+len(f.Name.Name):min(to+1, len(s.text))]
			call, err := calling(f, name)
			if err != nil {
				return err
			}
			head := s.offset(f.Body.Lbrace) + 1
			s.changes = append(s.changes, change{head, head, fmt.Sprintf("\n\tif mutantNow == \"%d\" {\n\t\t%s\n\t}", mutant, call)})
		}
		if strings.Count(text, e.old) != 1 {
			return fmt.Errorf("%s: what one mutant changes overlaps", e.file)
		}
		s.copies[key] = strings.Replace(text, e.old, e.new, 1)
		return nil
	}
	return fmt.Errorf("%s: no function holds %.70q", e.file, e.old)
}

// calling is the statement that lets the changed function do the work.
func calling(f *ast.FuncDecl, name string) (string, error) {
	var args []string
	for _, p := range f.Type.Params.List {
		if len(p.Names) == 0 {
			return "", fmt.Errorf("%s has a parameter without a name", f.Name.Name)
		}
		_, many := p.Type.(*ast.Ellipsis)
		for _, n := range p.Names {
			if n.Name == "_" {
				return "", fmt.Errorf("%s has a parameter without a name", f.Name.Name)
			}
			if many {
				n = &ast.Ident{Name: n.Name + "..."}
			}
			args = append(args, n.Name)
		}
	}
	call := name + "(" + strings.Join(args, ", ") + ")"
	if f.Recv != nil {
		if len(f.Recv.List[0].Names) == 0 {
			return "", fmt.Errorf("the receiver of %s has no name", f.Name.Name)
		}
		call = f.Recv.List[0].Names[0].Name + "." + call
	}
	if f.Type.Results == nil {
		return call + "\n\t\treturn", nil
	}
	return "return " + call, nil
}

// written is the file with every mutant in it.
func (s *source) written() string {
	slices.SortStableFunc(s.changes, func(a, b change) int { return b.from - a.from })
	text := s.text
	for _, c := range s.changes {
		text = text[:c.from] + c.text + text[c.to:]
	}
	for _, key := range slices.Sorted(maps.Keys(s.copies)) {
		text += "\n" + s.copies[key] + "\n"
	}
	return text
}
