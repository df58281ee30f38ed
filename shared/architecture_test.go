// Package shared_test holds the whole tree against the way the house is built. It
// reads the sources in this process and starts no other, so that the test cache
// never keeps an old answer: every file read is an input of the test.
package shared_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const module = "snout"

// A row of the house: what a package (and, with "/…", all below it) may import of
// our own, and what goes wrong otherwise. A package without a row fails the test, so
// that a new one is thought about once. The first row that fits a package counts.
type row struct {
	pkg  string
	may  []string // of our own; with "/…" all below it too
	why  string   // said of everything else of ours
	pure bool     // the standard library only, and of that nothing in impure
}

var house = []row{
	{pkg: "shared/routing", pure: true,
		why: "routing is the words and the rules; a rule that needs anything of the outside cannot be made again by the dry run"},
	{pkg: "shared/screening", pure: true,
		why: "screening judges texts alone; it must come out the same in the webhook, on the screen and in `snout screen`"},
	{pkg: "shared/segments", pure: true, why: "segments counts characters; it needs nothing of ours"},
	{pkg: "shared/screening/openset", may: []string{"shared/screening", "shared/screening/…"}, why: "the open test set is texts with labels; it judges screening and is judged by nothing else"},
	{pkg: "shared/screening/screenio", may: []string{"shared/screening", "shared/screening/…"}, why: "screenio feeds lines to screening and nothing else"},
	{pkg: "shared/screening/…", may: []string{"shared/screening", "shared/screening/…"}, why: "what trains and measures screening stands beside it"},

	{pkg: "shared/store", may: []string{"shared/routing"}, why: "the table stores what was decided; were it to decide or to send, a write could no longer be tried again"},
	{pkg: "shared/carrier", may: []string{"shared/routing", "shared/segments"}, why: "the carrier's dialect knows numbers and statuses, not bookings or the table"},
	{pkg: "shared/media", why: "media keeps bytes under keys; whose they are and who may see them is decided before"},
	{pkg: "shared/flags", may: []string{"shared/routing"}, why: "flags are read, not acted on"},
	{pkg: "shared/web/localpage", may: []string{"shared/web"}, why: "it shows one machine's world in a browser and reaches it by HTTP"},
	{pkg: "shared/web/e2e", may: []string{"shared/…"}, why: "tests in a real browser run the whole local system"},
	{pkg: "shared/web", why: "the page speaks to the API as any other client does; a short cut past it would be a way around the authorizer"},

	{pkg: "shared/relay", may: []string{"shared/routing", "shared/screening", "shared/segments", "shared/store"},
		why: "relay declares the small interfaces it needs; importing who fulfils them would tie what happens to one carrier and one flag store"},
	{pkg: "shared/inbox", may: []string{"shared/routing", "shared/screening", "shared/segments", "shared/store"},
		why: "inbox only reads; with relay or the carrier at hand a view could send"},
	{pkg: "shared/office", may: []string{"shared/routing", "shared/screening", "shared/segments", "shared/store"},
		why: "office keeps bookings, people and numbers; what follows from them is the stream's work"},

	{pkg: "shared/office/demo", may: []string{"shared/office", "shared/routing", "shared/store"},
		why: "the demo business goes in by the doors that an owner would use"},

	{pkg: "shared/lambdaio", may: []string{"shared/routing", "shared/screening", "shared/segments", "shared/store", "shared/carrier", "shared/flags", "shared/media", "shared/web", "shared/relay", "shared/inbox", "shared/office"},
		why: "lambdaio wires the shell and is imported by functions, sandbox and commands; the other way round would be a circle"},
	{pkg: "functions/…", may: []string{"shared/lambdaio"},
		why: "a main is a dozen lines: what it would import past lambdaio could not be tested, and would differ locally"},

	{pkg: "shared/rollout", may: []string{"shared/routing", "shared/flags"},
		why: "rollout proves what a business would see, so it knows the system from outside only"},

	{pkg: "shared/sandbox/…", may: []string{"shared/…", "functions/…"}},
	{pkg: "shared/cmd/…", may: []string{"shared/…", "functions/…"}},
}

// local is what exists on one machine only. It is in nothing that is deployed.
var local = []string{"shared/sandbox/…", "shared/web/localpage", "shared/web/e2e", "shared/office/demo", "shared/screening/openset", "shared/screening/screenio"}

// A package whose name ends in test is what tests stand on: it may use whatever runs
// the real part, and nothing but tests may use it.
func forTests(pkg string) bool {
	return strings.HasPrefix(pkg, "shared/") && strings.HasSuffix(path.Base(pkg), "test")
}

// impure are the parts of the standard library that a pure package may not import.
var impure = map[string]string{
	"context":     "a decision cannot be cancelled and carries no request",
	"os":          "the environment and files differ from machine to machine",
	"net":         "nothing is asked of anybody while deciding",
	"log":         "a decision is told by its return value; a line written here could hold a phone or a body",
	"syscall":     "as os",
	"unsafe":      "a value that can be changed from elsewhere is no value",
	"testing":     "it would be in every binary",
	"math/rand":   "the same facts must decide the same",
	"crypto/rand": "the same facts must decide the same",
}

// clockReads are the calls of package time that ask for the time or wait for it.
var clockReads = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

// Others' packages that only some of ours may know, whatever the row says.
var dialects = []struct {
	prefix string
	only   []string
	why    string
}{
	{"github.com/twilio/", []string{"shared/carrier", "shared/sandbox/…", "shared/cmd/…"}, "the carrier's words stop at its adapter"},
	{"github.com/aws/aws-sdk-go-v2/service/dynamodb", []string{"shared/store", "shared/store/…", "shared/lambdaio", "shared/sandbox/…", "shared/cmd/…"}, "only the store knows keys and items; lambdaio makes the client"},
	{"github.com/aws/aws-sdk-go-v2/feature/dynamodb", []string{"shared/store", "shared/store/…", "shared/lambdaio", "shared/sandbox/…", "shared/cmd/…"}, "only the store knows keys and items"},
	{"github.com/aws/aws-sdk-go-v2/service/ssm", []string{"shared/flags", "shared/lambdaio", "shared/sandbox/…", "shared/cmd/…"}, "flags come from one place, at one age"},
	{"github.com/aws/aws-lambda-go", []string{"shared/lambdaio", "functions/…", "shared/sandbox/…", "shared/cmd/…"}, "what happens must not depend on who runs it"},
}

// reveals are the files that may ask a routing.Phone for its whole number, each with
// the reason. Everything else sees +1555****0123. Sandbox is left out, since it is
// the phones themselves, and so is what only tests use.
var reveals = map[string]string{
	"shared/routing/phone.go":    "masks it",
	"shared/cmd/snout/client.go": "hands a client what is kept of them, into a file that only its owner may read",
	"shared/cmd/snout/target.go": "the operator's own test phones, whose inbox is read back",
	"shared/carrier/create.go":   "hands the number to the carrier, as From and To of a message",
	"shared/carrier/list.go":     "asks the carrier for its messages by From and To",
	"shared/store/keys.go":       "makes the keys of numbers and routes",
	"shared/store/items.go":      "writes numbers into items",
	"shared/store/inbound.go":    "writes numbers into items",
	"shared/inbox/inbox.go":      "shows a client's phone to the owner whose client it is",
	"shared/inbox/thread.go":     "shows a client's phone to the owner whose client it is",
	"shared/relay/receive.go":    "tells screening the org's own numbers, and short codes apart",
	"shared/relay/send.go":       "tells screening the org's own numbers",
	"shared/store/assign.go":     "lists the org's own numbers, for screening",
	"shared/relay/start.go":      "names a guest's conversation for the owner who starts it",
	"shared/office/clients.go":   "orders the routes of a client's phones",
	"shared/office/office.go":    "tells phones from short codes",
	"shared/office/settings.go":  "stores the owner's own phone",

	"shared/lambdaio/webhooks.go": "carries To and From of an inbound text into what is stored of it",
	"shared/lambdaio/bookings.go": "shows phones and numbers to the owner whose they are",
	"shared/office/rented.go":     "tells the owner which rented numbers came and went",
}

func TestTheHouseIsBuiltOneWay(t *testing.T) {
	report(t, imports(parseTree(t, os.DirFS(".."))))
}

func TestWhoSeesWholeNumbers(t *testing.T) {
	tree := parseTree(t, os.DirFS(".."))
	report(t, revealing(tree))
}

func TestNothingDeployedScansTheTable(t *testing.T) {
	report(t, scans(parseTree(t, os.DirFS(".."))))
}

func TestNothingHappensAtInit(t *testing.T) {
	report(t, inits(parseTree(t, os.DirFS(".."))))
}

func TestNoPackageIsAHeap(t *testing.T) {
	for _, f := range parseTree(t, os.DirFS("..")) {
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "types", "models", "manager", "misc"}, f.ast.Name.Name) {
			t.Errorf("%s: package %s says nothing of what is in it", f.name, f.ast.Name.Name)
		}
	}
}

func report(t *testing.T, faults []string) {
	t.Helper()
	for _, f := range faults {
		t.Error(f)
	}
}

// file is one parsed source of a package. Tests are read for their names only: they
// are in nothing that is deployed, and may use whatever runs the real part.
type file struct {
	name, pkg string
	ast       *ast.File
	fset      *token.FileSet
}

func parseTree(t *testing.T, root fs.FS) []file {
	t.Helper()
	var files []file
	for _, top := range []string{"functions", "shared"} {
		err := fs.WalkDir(root, top, func(name string, d fs.DirEntry, err error) error {
			switch {
			case name == top && errors.Is(err, fs.ErrNotExist):
				return nil // not there yet
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_")):
				return fs.SkipDir
			case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
				return nil
			}
			src, err := fs.ReadFile(root, name)
			if err != nil {
				return err
			}
			fset := token.NewFileSet()
			parsed, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			files = append(files, file{name, path.Dir(name), parsed, fset})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(files) == 0 {
		t.Fatal("no source was found")
	}
	return files
}

// fits tells whether a package is the pattern's, or below it if that ends in /….
func fits(pattern, pkg string) bool {
	if base, below := strings.CutSuffix(pattern, "/…"); below {
		return pkg == base || strings.HasPrefix(pkg, base+"/")
	}
	return pkg == pattern
}

func fitsAny(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return fits(p, pkg) })
}

func imports(files []file) (faults []string) {
	for _, f := range files {
		if forTests(f.pkg) {
			continue
		}
		i := slices.IndexFunc(house, func(r row) bool { return fits(r.pkg, f.pkg) })
		if i < 0 {
			faults = append(faults, fmt.Sprintf("%s: package %s has no row in this test: say what it may import", f.name, f.pkg))
			continue
		}
		r := house[i]
		for _, spec := range f.ast.Imports {
			what, _ := strconv.Unquote(spec.Path.Value)
			if why := forbidden(r, f.pkg, what); why != "" {
				faults = append(faults, fmt.Sprintf("%s imports %s: %s", f.fset.Position(spec.Pos()), what, why))
			}
		}
		if r.pure {
			faults = append(faults, clocks(f)...)
		}
	}
	return faults
}

// forbidden is the reason why a package may not import another, or nothing.
func forbidden(r row, pkg, what string) string {
	own, ours := strings.CutPrefix(what, module+"/")
	switch {
	case ours && forTests(own):
		return "it is for tests only, and brings the outside world with it"
	case ours && fitsAny(local, own) && !fitsAny(local, pkg) && !fits("shared/cmd/…", pkg):
		return "it is the outside world on one machine; deployed, it would be a carrier, a sign-in issuer and a business of our own"
	case ours && fits("shared/cmd/…", own):
		return "commands are for people at a terminal, and nothing is built on them"
	case ours && !fitsAny(r.may, own):
		return r.why
	case ours:
		return ""
	}
	first, _, _ := strings.Cut(what, "/")
	if r.pure {
		if strings.Contains(first, ".") {
			return "a pure package has the standard library only"
		}
		for p := what; p != "."; p = path.Dir(p) {
			if why, ok := impure[p]; ok {
				return "a pure package does not: " + why
			}
		}
		if what == "C" {
			return "every binary is built without C"
		}
		return ""
	}
	for _, d := range dialects {
		if strings.HasPrefix(what, d.prefix) && !fitsAny(d.only, pkg) {
			return d.why
		}
	}
	return ""
}

// clocks finds the calls that ask for the time, whatever package time is called.
func clocks(f file) (faults []string) {
	local := ""
	for _, spec := range f.ast.Imports {
		if spec.Path.Value == `"time"` {
			if local = "time"; spec.Name != nil {
				local = spec.Name.Name
			}
		}
	}
	if local == "." {
		return []string{f.name + ": a pure package imports time by its name, so that this test sees what it asks"}
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok || !slices.Contains(clockReads, sel.Sel.Name) {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == local && local != "" {
			faults = append(faults, fmt.Sprintf("%s: a pure package asks time.%s: instants come in with the facts", f.fset.Position(sel.Pos()), sel.Sel.Name))
		}
		return true
	})
	return faults
}

// revealing finds who asks for a whole number, by a call or by taking the method.
func revealing(files []file) (faults []string) {
	// A package may have a field of that name, as an API's input does: there the method
	// is known by its call, and elsewhere by its name alone, called or taken.
	fields := map[string]bool{}
	for _, f := range files {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if st, ok := n.(*ast.StructType); ok {
				for _, field := range st.Fields.List {
					for _, name := range field.Names {
						fields[f.pkg] = fields[f.pkg] || name.Name == "E164"
					}
				}
			}
			return true
		})
	}
	asked := map[string]bool{}
	for _, f := range files {
		if fits("shared/sandbox/…", f.pkg) || forTests(f.pkg) {
			continue
		}
		called := map[ast.Node]bool{}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 0 {
				called[call.Fun] = true
			}
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "E164" && (called[sel] || !fields[f.pkg]) {
				asked[f.name] = true
				if reveals[f.name] == "" {
					faults = append(faults, fmt.Sprintf("%s asks for a whole phone number, and is not in this test's list", f.fset.Position(sel.Pos())))
				}
			}
			return true
		})
	}
	for _, f := range files {
		if reveals[f.name] != "" && !asked[f.name] {
			faults = append(faults, f.name+" no longer asks for whole phone numbers: take it off this test's list")
		}
	}
	return faults
}

func inits(files []file) (faults []string) {
	for _, f := range files {
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				faults = append(faults, fmt.Sprintf("%s: wiring is done once, in one file read top to bottom, and not by init", f.fset.Position(fn.Pos())))
			}
		}
	}
	return faults
}

// scans finds the SDK's words for reading a whole table: every access pattern has a key of
// its own, or a figure would cost the more the longer a business texts. What tests stand on
// may look at everything, since it compares whole tables.
func scans(files []file) (faults []string) {
	for _, f := range files {
		if forTests(f.pkg) || fitsAny(local, f.pkg) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && slices.Contains([]string{"ScanInput", "NewScanPaginator", "ExecuteStatementInput"}, s.Sel.Name) {
				faults = append(faults, fmt.Sprintf("%s: %s reads the whole table; give what is looked for a key", f.fset.Position(s.Pos()), s.Sel.Name))
			}
			return true
		})
	}
	return faults
}

// The rules bite: a tree in which each is broken once, and what is said of it.
func TestTheRulesBite(t *testing.T) {
	for _, c := range []struct{ name, file, src, want string }{
		{"routing reads the clock", "shared/routing/x.go", `import "time"; var _ = time.Now()`, "asks time.Now"},
		{"routing reads the clock by another name", "shared/routing/x.go", `import clock "time"; var _ = clock.Since`, "asks time.Since"},
		{"routing takes a context", "shared/routing/x.go", `import "context"; var _ context.Context`, "cannot be cancelled"},
		{"routing reads the environment", "shared/routing/x.go", `import "os"; var _ = os.Args`, "machine to machine"},
		{"routing speaks HTTP", "shared/routing/x.go", `import "net/http"; var _ http.Handler`, "nothing is asked"},
		{"routing logs", "shared/routing/x.go", `import "log/slog"; var _ slog.Level`, "return value"},
		{"routing rolls dice", "shared/routing/x.go", `import "math/rand/v2"; var _ = rand.Int`, "decide the same"},
		{"routing takes somebody's package", "shared/routing/x.go", `import "gopkg.in/yaml.v3"; var _ yaml.Node`, "standard library only"},
		{"routing knows the store", "shared/routing/x.go", `import "snout/shared/store"; var _ store.Table`, "dry run"},
		{"screening knows routing", "shared/screening/x.go", `import "snout/shared/routing"; var _ routing.Phone`, "texts alone"},
		{"the store decides for itself", "shared/store/x.go", `import "snout/shared/relay"; var _ relay.Relay`, "tried again"},
		{"relay knows the carrier", "shared/relay/x.go", `import "snout/shared/carrier"; var _ carrier.Client`, "one carrier"},
		{"inbox sends", "shared/inbox/x.go", `import "snout/shared/relay"; var _ relay.Relay`, "a view could send"},
		{"office does the stream's work", "shared/office/x.go", `import "snout/shared/relay"; var _ relay.Relay`, "stream's work"},
		{"lambdaio knows a function", "shared/lambdaio/x.go", `import "snout/functions/send"; var _ send.X`, "a circle"},
		{"a main does more than start", "functions/send/main.go", `import "snout/shared/store"; var _ store.Table`, "a dozen lines"},
		{"a function carries the sandbox", "functions/send/main.go", `import "snout/shared/sandbox"; var _ sandbox.X`, "outside world"},
		{"the store carries a part of the sandbox", "shared/store/x.go", `import "snout/shared/sandbox/dynamo"; var _ dynamo.X`, "outside world"},
		{"the page carries the sandbox", "shared/web/x.go", `import _ "snout/shared/sandbox/issuer"`, "outside world"},
		{"somebody builds on a command", "shared/sandbox/x.go", `import _ "snout/shared/cmd/snout"`, "nothing is built on them"},
		{"relay speaks the carrier's words", "shared/relay/x.go", `import _ "github.com/twilio/twilio-go"`, "stop at its adapter"},
		{"relay speaks to the table itself", "shared/relay/x.go", `import _ "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"`, "keys and items"},
		{"inbox reads flags itself", "shared/inbox/x.go", `import _ "github.com/aws/aws-sdk-go-v2/service/ssm"`, "at one age"},
		{"relay knows that it runs in a function", "shared/relay/x.go", `import _ "github.com/aws/aws-lambda-go/events"`, "who runs it"},
		{"a package nobody thought about", "shared/extras/x.go", ``, "has no row"},
		{"a view reveals a number", "shared/inbox/new.go", `func f(p interface{ E164() string }) string { return p.E164() }`, "not in this test's list"},
		{"a log line takes the method", "shared/lambdaio/new.go", `func f(p interface{ E164() string }) func() string { return p.E164 }`, "not in this test's list"},
		{"a list outlives its reason", "shared/store/keys.go", ``, "no longer asks"},
		{"wiring by init", "shared/store/x.go", `func init() {}`, "not by init"},

		{"the page carries the one for one machine", "shared/lambdaio/x.go", `import _ "snout/shared/web/localpage"`, "outside world"},
		{"a function carries the demo business", "shared/lambdaio/x.go", `import _ "snout/shared/office/demo"`, "outside world"},
		{"the store stands on what tests stand on", "shared/store/x.go", `import _ "snout/shared/store/storetest"`, "for tests only"},
		{"a field hides the method's call", "shared/office/new.go", `type in struct{ E164 string }; func f(p interface{ E164() string }) string { return p.E164() }`, "not in this test's list"},

		{"a field of that name is no phone", "shared/office/new.go", `type in struct{ E164 string }; func f(x in) string { return x.E164 }`, ""},
		{"what tests stand on runs the real part", "shared/store/storetest/x.go", `import _ "snout/shared/sandbox/dynamo"`, ""},
		{"a main starts lambdaio", "functions/send/main.go", `import _ "snout/shared/lambdaio"`, ""},
		{"the sandbox knows all", "shared/sandbox/x.go", `import (_ "snout/shared/relay"; _ "snout/functions/send"; _ "github.com/twilio/twilio-go")`, ""},
		{"a command starts the sandbox", "shared/cmd/snout/main.go", `import _ "snout/shared/sandbox"`, ""},
		{"routing counts in time.Duration", "shared/routing/x.go", `import "time"; const _ = time.Hour`, ""},
		{"a method of one's own called After", "shared/routing/x.go", `import "time"; func f(a, b time.Time) bool { return a.After(b) }`, ""},
		{"the sandbox is the phones themselves", "shared/sandbox/x.go", `func f(p interface{ E164() string }) string { return p.E164() }`, ""},
		{"the store scans", "shared/store/x.go", `import "github.com/aws/aws-sdk-go-v2/service/dynamodb"; var _ dynamodb.ScanInput`, "reads the whole table"},
		{"what tests stand on compares whole tables", "shared/store/storetest/x.go", `import "github.com/aws/aws-sdk-go-v2/service/dynamodb"; var _ dynamodb.ScanInput`, ""},
		{"what is only in testdata", "shared/routing/testdata/x.go", `import _ "os"`, ""},
		{"a test may use what runs the real part", "shared/relay/x_test.go", `import _ "snout/shared/sandbox"`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := parseTree(t, fstest.MapFS{
				c.file:                        {Data: []byte("package x\n" + c.src)},
				"shared/sandbox/something.go": {Data: []byte("package sandbox")},
			})
			faults := slices.Concat(imports(tree), revealing(tree), inits(tree), scans(tree))
			switch {
			case c.want == "" && len(faults) > 0:
				t.Errorf("refused: %v", faults)
			case c.want != "" && (len(faults) != 1 || !strings.Contains(faults[0], c.want)):
				t.Errorf("said %q, want one fault with %q", faults, c.want)
			}
		})
	}
}
