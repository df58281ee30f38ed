// Package ssm is the local Parameter Store: what the flags and secrets of a stage live in, behind the protocol the real SSM
// client and the AWS CLI speak.
//
// It must never show a SecureString's value to a caller who did not ask for decryption, nor be kinder than AWS about names,
// types and versions: a parameter that can be written here and not there would break the first deployment.
package ssm

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"snout/shared/sandbox/awsjson"
)

// AWS's limits.
const (
	maxLevels   = 15   // parts of a name
	maxName     = 1011 // characters of a name
	maxValue    = 4096 // bytes of a standard parameter's value
	maxVersions = 100  // versions kept
	maxNames    = 10   // names in one GetParameters or DeleteParameters
)

// Clock tells the time that LastModifiedDate shows.
type Clock interface{ Now() time.Time }

// Store is the parameters of one account and region.
type Store struct {
	*awsjson.Service
	clock           Clock
	region, account string

	mu    sync.Mutex
	named map[string]*parameter
	high  string // the one service setting there is here; empty: as the account came
}

type parameter struct {
	versions []version // oldest first
}

type version struct {
	number         int64
	kind, value    string
	dataType, text string
	pattern        string
	at             time.Time
}

func (p *parameter) last() version { return p.versions[len(p.versions)-1] }

// New is an empty store.
func New(clock Clock, region, account string) *Store {
	s := &Store{clock: clock, region: region, account: account, named: map[string]*parameter{}}
	s.Service = awsjson.New("AmazonSSM", "1.1", map[string]awsjson.Operation{
		"GetParameter":        awsjson.Op(s.getParameter),
		"GetParameters":       awsjson.Op(s.getParameters),
		"GetParametersByPath": awsjson.Op(s.getParametersByPath),
		"GetParameterHistory": awsjson.Op(s.getParameterHistory),
		"PutParameter":        awsjson.Op(s.putParameter),
		"DeleteParameter":     awsjson.Op(s.deleteParameter),
		"DeleteParameters":    awsjson.Op(s.deleteParameters),

		"GetServiceSetting":    awsjson.Op(s.getSetting),
		"UpdateServiceSetting": awsjson.Op(s.updateSetting),
	})
	return s
}

const highThroughput = "/ssm/parameter-store/high-throughput-enabled"

type setting struct {
	ARN          string
	SettingId    string
	SettingValue string
	Status       string
}
type settingInput struct{ SettingId, SettingValue string }
type settingOutput struct{ ServiceSetting setting }

// getSetting shows the setting as an account has it that nobody has changed: 40 calls a
// second, for all the parameters together.
func (s *Store) getSetting(_ context.Context, _ *http.Request, in settingInput) (settingOutput, error) {
	if in.SettingId != highThroughput {
		return settingOutput{}, awsjson.Fail("ServiceSettingNotFound", "Setting %s not found", in.SettingId)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := setting{fmt.Sprintf("arn:aws:ssm:%s:%s:servicesetting%s", s.region, s.account, highThroughput), highThroughput, "false", "Default"}
	if s.high != "" {
		out.SettingValue, out.Status = s.high, "Customized"
	}
	return settingOutput{out}, nil
}

func (s *Store) updateSetting(_ context.Context, _ *http.Request, in settingInput) (struct{}, error) {
	switch {
	case in.SettingId != highThroughput:
		return struct{}{}, awsjson.Fail("ServiceSettingNotFound", "Setting %s not found", in.SettingId)
	case in.SettingValue != "true" && in.SettingValue != "false":
		return struct{}{}, awsjson.Fail("ValidationException", "The value %q of this setting is neither true nor false.", in.SettingValue)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.high = in.SettingValue
	return struct{}{}, nil
}

// All is every String parameter's name and value. SecureStrings are left out: nobody looks at secrets through this door.
func (s *Store) All() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]string{}
	for name, p := range s.named {
		if v := p.last(); v.kind == "String" {
			all[name] = v.value
		}
	}
	return all
}

// Set writes String parameters by name, all or none, as PutParameter with overwrite would. A value that does not change makes no
// new version.
func (s *Store) Set(values map[string]string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	puts := make([]putInput, 0, len(values))
	for name, value := range values {
		in := putInput{Name: name, Value: value, Type: "String", Overwrite: true}
		if p := s.named[name]; p != nil && p.last().value == value && p.last().kind == "String" {
			continue
		}
		if err := s.checkPut(&in); err != nil {
			return fmt.Errorf("set parameter %s: %w", name, err)
		}
		puts = append(puts, in)
	}
	for _, in := range puts {
		s.put(in)
	}
	return nil
}

type shown struct {
	ARN              string
	DataType         string
	LastModifiedDate awsjson.Epoch
	Name             string
	Selector         string `json:",omitempty"`
	Type             string
	Value            string
	Version          int64
}

func (s *Store) show(name, selector string, v version, decrypt bool) shown {
	return shown{
		ARN:      fmt.Sprintf("arn:aws:ssm:%s:%s:parameter/%s", s.region, s.account, strings.TrimPrefix(name, "/")),
		DataType: v.dataType, LastModifiedDate: awsjson.Epoch(v.at), Name: name, Selector: selector,
		Type: v.kind, Value: v.shown(decrypt), Version: v.number,
	}
}

// shown is the value, or for a SecureString that nobody decrypts something with the look of KMS ciphertext that cannot be
// turned back.
func (v version) shown(decrypt bool) string {
	if v.kind != "SecureString" || decrypt {
		return v.value
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\x00%s", v.number, v.value))
	return "AQICAHi" + base64.StdEncoding.EncodeToString(sum[:])
}

// find looks up "name", "name:3" or an ARN of either, as the Get operations take them.
func (s *Store) find(ref string) (name, selector string, v version, err error) {
	name = ref
	if _, path, ok := strings.Cut(ref, ":parameter/"); ok && strings.HasPrefix(ref, "arn:aws:ssm:") {
		name = "/" + path
		if base, _, _ := strings.Cut(path, ":"); s.named[base] != nil {
			name = path // an unqualified name's ARN has no slash of its own
		}
	}
	name, number, selected := strings.Cut(name, ":")
	p := s.named[name]
	if p == nil {
		return "", "", version{}, &awsjson.Error{Code: "ParameterNotFound"}
	}
	if !selected {
		return name, "", p.last(), nil
	}
	for _, v := range p.versions {
		if fmt.Sprint(v.number) == number {
			return name, ":" + number, v, nil
		}
	}
	return "", "", version{}, awsjson.Fail("ParameterVersionNotFound",
		"Systems Manager could not find version %s of %s. Verify the version and try again.", number, name)
}

type getInput struct {
	Name           string
	WithDecryption bool
}
type getOutput struct{ Parameter shown }

func (s *Store) getParameter(_ context.Context, _ *http.Request, in getInput) (getOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, selector, v, err := s.find(in.Name)
	if err != nil {
		return getOutput{}, err
	}
	return getOutput{s.show(name, selector, v, in.WithDecryption)}, nil
}

type getManyInput struct {
	Names          []string
	WithDecryption bool
}
type getManyOutput struct {
	Parameters        []shown
	InvalidParameters []string
}

func (s *Store) getParameters(_ context.Context, _ *http.Request, in getManyInput) (getManyOutput, error) {
	if err := checkNames(in.Names); err != nil {
		return getManyOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := getManyOutput{Parameters: []shown{}, InvalidParameters: []string{}}
	for _, ref := range in.Names {
		name, selector, v, err := s.find(ref)
		if err != nil {
			out.InvalidParameters = append(out.InvalidParameters, ref)
			continue
		}
		out.Parameters = append(out.Parameters, s.show(name, selector, v, in.WithDecryption))
	}
	// The real service promises no order; by name is one that callers cannot mistake for the order they asked in.
	slices.SortFunc(out.Parameters, func(a, b shown) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

func checkNames(names []string) error {
	switch {
	case len(names) == 0:
		return awsjson.Fail("ValidationException", "1 validation error detected: Value '[]' at 'names' failed to satisfy constraint: Member must have length greater than or equal to 1")
	case len(names) > maxNames:
		return awsjson.Fail("ValidationException", "1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length less than or equal to %d", maxNames)
	}
	return nil
}

type byPathInput struct {
	Path           string
	Recursive      bool
	WithDecryption bool
	MaxResults     *int
	NextToken      string
}
type byPathOutput struct {
	Parameters []shown
	NextToken  string `json:",omitempty"`
}

func (s *Store) getParametersByPath(_ context.Context, _ *http.Request, in byPathInput) (byPathOutput, error) {
	if !strings.HasPrefix(in.Path, "/") {
		return byPathOutput{}, awsjson.Fail("ValidationException", "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol \"/\". Valid example: /get/parameters2-/by1./path0_.")
	}
	limit, err := pageSize(in.MaxResults, 10)
	if err != nil {
		return byPathOutput{}, err
	}
	after, err := opened(in.NextToken, in.Path)
	if err != nil {
		return byPathOutput{}, err
	}
	prefix := strings.TrimSuffix(in.Path, "/") + "/"
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for name := range s.named {
		rest, below := strings.CutPrefix(name, prefix)
		if below && name > after && (in.Recursive || !strings.Contains(rest, "/")) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	out := byPathOutput{Parameters: []shown{}}
	for i, name := range names {
		if i == limit {
			out.NextToken = sealed(names[i-1], in.Path)
			break
		}
		out.Parameters = append(out.Parameters, s.show(name, "", s.named[name].last(), in.WithDecryption))
	}
	return out, nil
}

func pageSize(asked *int, most int) (int, error) {
	if asked == nil {
		return most, nil
	}
	if *asked < 1 || *asked > most {
		return 0, awsjson.Fail("ValidationException", "1 validation error detected: Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and %d", *asked, most)
	}
	return *asked, nil
}

// A page token names the last name given and the question it belongs to; with another question it is invalid, as on AWS.
func sealed(last, question string) string {
	token, _ := json.Marshal([2]string{last, question}) // strings always marshal
	return base64.RawURLEncoding.EncodeToString(token)
}

func opened(token, question string) (last string, err error) {
	if token == "" {
		return "", nil
	}
	var parts [2]string
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || json.Unmarshal(raw, &parts) != nil || parts[1] != question {
		return "", awsjson.Fail("InvalidNextToken", "The specified token isn't valid.")
	}
	return parts[0], nil
}

type historyInput struct {
	Name           string
	WithDecryption bool
	MaxResults     *int
	NextToken      string
}
type historyRow struct {
	AllowedPattern   string `json:",omitempty"`
	DataType         string
	Description      string `json:",omitempty"`
	Labels           []string
	LastModifiedDate awsjson.Epoch
	LastModifiedUser string
	Name             string
	Policies         []struct{}
	Tier, Type       string
	Value            string
	Version          int64
}
type historyOutput struct {
	Parameters []historyRow
	NextToken  string `json:",omitempty"`
}

func (s *Store) getParameterHistory(_ context.Context, _ *http.Request, in historyInput) (historyOutput, error) {
	limit, err := pageSize(in.MaxResults, 50)
	if err != nil {
		return historyOutput{}, err
	}
	after, err := opened(in.NextToken, in.Name)
	if err != nil {
		return historyOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.named[in.Name]
	if p == nil {
		return historyOutput{}, &awsjson.Error{Code: "ParameterNotFound"}
	}
	out := historyOutput{Parameters: []historyRow{}}
	for _, v := range p.versions {
		if number(v) <= after {
			continue
		}
		if n := len(out.Parameters); n == limit {
			out.NextToken = sealed(fmt.Sprintf("%020d", out.Parameters[n-1].Version), in.Name)
			break
		}
		out.Parameters = append(out.Parameters, historyRow{
			AllowedPattern: v.pattern, DataType: v.dataType, Description: v.text, Labels: []string{},
			LastModifiedDate: awsjson.Epoch(v.at), LastModifiedUser: fmt.Sprintf("arn:aws:iam::%s:root", s.account),
			Name: in.Name, Policies: []struct{}{}, Tier: "Standard", Type: v.kind, Value: v.shown(in.WithDecryption), Version: v.number,
		})
	}
	return out, nil
}

func number(v version) string { return fmt.Sprintf("%020d", v.number) }

type putInput struct {
	Name, Value, Type, Description string
	AllowedPattern, DataType, Tier string
	KeyId                          string
	Overwrite                      bool
}
type putOutput struct {
	Tier    string
	Version int64
}

func (s *Store) putParameter(_ context.Context, _ *http.Request, in putInput) (putOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.checkPut(&in); err != nil {
		return putOutput{}, err
	}
	return putOutput{Tier: "Standard", Version: s.put(in)}, nil
}

// checkPut refuses what AWS refuses, and fills in what it takes from the version before. Callers hold mu.
func (s *Store) checkPut(in *putInput) error {
	if err := checkName(in.Name); err != nil {
		return err
	}
	before := s.named[in.Name]
	switch {
	case before != nil && !in.Overwrite:
		return awsjson.Fail("ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.")
	case before == nil && in.Type == "":
		return awsjson.Fail("ValidationException", "A parameter type is required when you create a parameter.")
	case in.Type == "":
		in.Type = before.last().kind
	}
	switch {
	case in.Type == "StringList":
		return awsjson.Fail("UnsupportedParameterType", "the sandbox has String and SecureString parameters")
	case in.Type != "String" && in.Type != "SecureString":
		return awsjson.Fail("ValidationException", "1 validation error detected: Value '%s' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [SecureString, StringList, String]", in.Type)
	case before != nil && before.last().kind != in.Type:
		return awsjson.Fail("HierarchyTypeMismatchException", "Parameter Store does not support changing a parameter type in a hierarchy. For example, you can't change a parameter from a String type to a SecureString type. You must create a new, unique parameter.")
	case in.Value == "":
		return awsjson.Fail("ValidationException", "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.")
	case len(in.Value) > maxValue:
		return awsjson.Fail("ValidationException", "Standard tier parameters support a maximum parameter value of %d characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.", maxValue)
	case in.Tier != "" && in.Tier != "Standard":
		return awsjson.Fail("ValidationException", "the sandbox has standard tier parameters only")
	case in.DataType != "" && in.DataType != "text":
		return awsjson.Fail("ValidationException", "the sandbox has data type text only")
	case in.KeyId != "" && in.Type != "SecureString":
		return awsjson.Fail("ValidationException", "KeyId is required for SecureString type parameter only.")
	}
	if in.AllowedPattern != "" {
		pattern, err := regexp.Compile(`\A(?:` + in.AllowedPattern + `)\z`)
		if err != nil {
			return awsjson.Fail("InvalidAllowedPatternException", "The pattern is not a valid regular expression.")
		}
		if !pattern.MatchString(in.Value) {
			return awsjson.Fail("ParameterPatternMismatchException", "Parameter value, cannot be validated against allowedPattern: %s", in.AllowedPattern)
		}
	}
	return nil
}

func checkName(name string) error {
	invalid := func(format string, args ...any) error { return awsjson.Fail("ValidationException", format, args...) }
	parts := strings.Split(strings.TrimPrefix(name, "/"), "/")
	switch {
	case name == "" || len(name) > maxName:
		return invalid("1 validation error detected: Value at 'name' failed to satisfy constraint: Member must have length between 1 and %d", maxName)
	case strings.Contains(name, "/") && name[0] != '/':
		return invalid("Parameter name must be a fully qualified name.")
	case len(parts) > maxLevels:
		return awsjson.Fail("HierarchyLevelLimitExceededException", "A hierarchy can have a maximum of %d levels.", maxLevels)
	}
	for i, part := range parts {
		reserved := strings.ToLower(part)
		odd := strings.ContainsFunc(part, func(r rune) bool {
			return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_')
		})
		if part == "" || odd || i == 0 && (strings.HasPrefix(reserved, "aws") || strings.HasPrefix(reserved, "ssm")) {
			return invalid("Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_")
		}
	}
	return nil
}

// put writes what checkPut let through. Callers hold mu.
func (s *Store) put(in putInput) int64 {
	p := s.named[in.Name]
	n := int64(1)
	if p == nil {
		p = &parameter{}
		s.named[in.Name] = p
	} else {
		n = p.last().number + 1
	}
	p.versions = append(p.versions, version{
		number: n, kind: in.Type, value: in.Value, dataType: "text", text: in.Description, pattern: in.AllowedPattern, at: s.clock.Now(),
	})
	if len(p.versions) > maxVersions {
		p.versions = slices.Clone(p.versions[1:])
	}
	return n
}

type deleteInput struct{ Name string }

func (s *Store) deleteParameter(_ context.Context, _ *http.Request, in deleteInput) (struct{}, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.named[in.Name] == nil {
		return struct{}{}, &awsjson.Error{Code: "ParameterNotFound"}
	}
	delete(s.named, in.Name)
	return struct{}{}, nil
}

type deleteManyInput struct{ Names []string }
type deleteManyOutput struct{ DeletedParameters, InvalidParameters []string }

func (s *Store) deleteParameters(_ context.Context, _ *http.Request, in deleteManyInput) (deleteManyOutput, error) {
	if err := checkNames(in.Names); err != nil {
		return deleteManyOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := deleteManyOutput{DeletedParameters: []string{}, InvalidParameters: []string{}}
	for _, name := range in.Names {
		if s.named[name] == nil {
			out.InvalidParameters = append(out.InvalidParameters, name)
			continue
		}
		delete(s.named, name)
		out.DeletedParameters = append(out.DeletedParameters, name)
	}
	return out, nil
}
