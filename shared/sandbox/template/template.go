// Package template reads template.yaml, the one description of the deployed system, so that the local system is built from the same routes, sources,
// filters, schedules, environment and table. It must never guess: a property, function, attribute or event source it does not know is an error with its
// line, because whatever it skipped would be a difference between this machine and the cloud. It is part of the sandbox and in no deployed function.
package template

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// Pseudo holds what CloudFormation knows and a file cannot.
type Pseudo struct {
	Region    string // AWS::Region
	AccountID string // AWS::AccountId
	StackName string // AWS::StackName
	// QueueEndpoint is the root of queue URLs, without a slash at its end; empty means AWS's own for the region. A queue's URL is QueueEndpoint/account/name.
	QueueEndpoint string
}

func (p Pseudo) queueURL(name string) string {
	root := p.QueueEndpoint
	if root == "" {
		root = "https://sqs." + p.Region + ".amazonaws.com"
	}
	return root + "/" + p.AccountID + "/" + name
}

// Template is template.yaml with parameters filled in, conditions decided and every reference resolved.
type Template struct {
	Functions []Function // by logical id
	Table     Table
	Queues    []Queue  // by logical id
	Buckets   []Bucket // by logical id
	// Parameters are the values used: given, else the default.
	Parameters map[string]string
	// Resources are all resources that the conditions leave standing, by logical id, for checks of what the structs above leave out.
	Resources map[string]Resource
}

// Resource is one resolved resource.
type Resource struct {
	Type                string
	Properties          map[string]any
	DeletionPolicy      string
	UpdateReplacePolicy string
}

// Function is one Lambda function with the defaults of Globals applied.
type Function struct {
	LogicalID    string
	Name         string // physical name
	CodeDir      string // as written: functions/<name>/
	Handler      string
	Runtime      string
	Architecture string
	BuildMethod  string
	Role         string // ARN
	Environment  map[string]string
	Timeout      time.Duration
	MemoryMB     int
	Routes       []Route
	Streams      []Stream
	QueueSources []QueueSource
	Schedules    []Schedule
}

// Route is one route of the HTTP API.
type Route struct {
	Event      string // name of the event in the template
	Method     string
	Path       string
	Authorized bool // the JWT authorizer stands before it
}

// Stream is an event source mapping on the table's stream.
type Stream struct {
	Event              string
	StreamARN          string
	StartingPosition   string // TRIM_HORIZON or LATEST
	BatchSize          int
	BatchingWindow     time.Duration
	Retries            int           // -1: until the record expires
	MaxRecordAge       time.Duration // negative: until the record expires
	Bisect             bool
	PartialBatch       bool // ReportBatchItemFailures
	FailureDestination string
	Filters            []Filter // none: everything matches
}

// QueueSource is an event source mapping on a queue.
type QueueSource struct {
	Event          string
	QueueARN       string
	BatchSize      int
	BatchingWindow time.Duration
	PartialBatch   bool
	Filters        []Filter
}

// Schedule is an EventBridge rule with a rate.
type Schedule struct {
	Event   string
	Every   time.Duration
	Enabled bool
	Input   string // empty: EventBridge's own event
}

// Table is the one table.
type Table struct {
	LogicalID          string
	Name               string
	ARN                string
	StreamARN          string
	StreamView         string // e.g. NEW_AND_OLD_IMAGES
	Keys               Keys
	Indexes            []Index
	AttributeTypes     map[string]string // S, N or B by attribute name
	TTLAttribute       string
	PointInTime        bool
	Encrypted          bool
	DeletionProtection bool
	BillingMode        string
}

// Keys names the key attributes; Range may be empty.
type Keys struct{ Hash, Range string }

// Index is a global secondary index.
type Index struct {
	Name       string
	Keys       Keys
	Projection string // ALL, KEYS_ONLY or INCLUDE
	Included   []string
}

// Queue is an SQS queue.
type Queue struct {
	LogicalID         string
	Name              string
	ARN               string
	URL               string
	VisibilityTimeout time.Duration
	Retention         time.Duration
	DeadLetterARN     string // empty: none
	MaxReceives       int
}

// Bucket is an S3 bucket.
type Bucket struct{ LogicalID, Name string }

// Function returns the function with that logical id.
func (t *Template) Function(logicalID string) (Function, bool) {
	i := slices.IndexFunc(t.Functions, func(f Function) bool { return f.LogicalID == logicalID })
	if i < 0 {
		return Function{}, false
	}
	return t.Functions[i], true
}

// Load reads the template at path. params overrides the defaults of its parameters; one without either is an error, and so is a name the template lacks.
// All faults found are returned together.
func Load(path string, params map[string]string, pseudo Pseudo) (*Template, error) {
	root, err := parse(path)
	if err != nil {
		return nil, err
	}
	r := &resolver{path: path, pseudo: pseudo, parameters: map[string]string{}, conditions: map[string]*yaml.Node{}, decided: map[string]bool{},
		deciding: map[string]bool{}, declared: map[string]declaration{}, naming: map[string]bool{}}
	sections, err := r.fields(root)
	if err != nil {
		return nil, err
	}
	var resources, outputs, globals *yaml.Node
	for _, s := range sections {
		switch s.key {
		case "AWSTemplateFormatVersion", "Transform", "Description":
		case "Parameters":
			err = r.readParameters(s.node, params)
		case "Conditions":
			err = r.readConditions(s.node)
		case "Globals":
			globals = s.node
		case "Resources":
			resources = s.node
		case "Outputs":
			outputs = s.node
		default:
			err = r.fail(s.node, "section %q is unknown to this loader", s.key)
		}
		if err != nil {
			return nil, err
		}
	}
	if resources == nil {
		return nil, r.fail(root, "no resources")
	}
	return r.build(resources, outputs, globals)
}

func (r *resolver) readParameters(n *yaml.Node, given map[string]string) error {
	fields, err := r.fields(n)
	if err != nil {
		return err
	}
	var faults []error
	for _, f := range fields {
		value, ok := given[f.key]
		if !ok {
			fallback := child(f.node, "Default")
			if fallback == nil {
				faults = append(faults, r.fail(f.node, "parameter %q has no value", f.key))
				continue
			}
			value = fallback.Value
		}
		if allowed := child(f.node, "AllowedValues"); allowed != nil && !slices.ContainsFunc(allowed.Content, func(c *yaml.Node) bool { return c.Value == value }) {
			faults = append(faults, r.fail(f.node, "parameter %q cannot be %q", f.key, value))
		}
		r.parameters[f.key] = value
	}
	for name := range given {
		if _, ok := r.parameters[name]; !ok && child(n, name) == nil {
			faults = append(faults, r.fail(n, "parameter %q does not exist", name))
		}
	}
	return errors.Join(faults...)
}

func (r *resolver) readConditions(n *yaml.Node) error {
	fields, err := r.fields(n)
	for _, f := range fields {
		r.conditions[f.key] = f.node
	}
	return err
}

func (r *resolver) build(resources, outputs, globals *yaml.Node) (*Template, error) {
	fields, err := r.fields(resources)
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		d := declaration{node: f.node, properties: child(f.node, "Properties")}
		if kind := child(f.node, "Type"); kind != nil {
			d.kind = kind.Value
		}
		if condition := child(f.node, "Condition"); condition != nil {
			d.condition = condition.Value
		}
		r.declared[f.key] = d
	}
	t := &Template{Parameters: maps.Clone(r.parameters), Resources: map[string]Resource{}}
	var faults []error
	defaults := map[string]any{}
	if globals != nil {
		if defaults, err = r.readGlobals(globals); err != nil {
			return nil, err // every function would repeat it
		}
	}
	for _, f := range fields {
		if err := r.buildOne(t, f, defaults); err != nil {
			faults = append(faults, err)
		}
	}
	if outputs != nil {
		if err := r.checkOutputs(outputs); err != nil {
			faults = append(faults, err)
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	slices.SortFunc(t.Functions, func(a, b Function) int { return strings.Compare(a.LogicalID, b.LogicalID) })
	slices.SortFunc(t.Queues, func(a, b Queue) int { return strings.Compare(a.LogicalID, b.LogicalID) })
	slices.SortFunc(t.Buckets, func(a, b Bucket) int { return strings.Compare(a.LogicalID, b.LogicalID) })
	return t, nil
}

func (r *resolver) readGlobals(n *yaml.Node) (map[string]any, error) {
	fields, err := r.fields(n)
	if err != nil {
		return nil, err
	}
	if len(fields) != 1 || fields[0].key != "Function" {
		return nil, r.fail(n, "Globals of anything but functions are unknown to this loader")
	}
	v, err := r.value(fields[0].node)
	if err != nil {
		return nil, err
	}
	defaults, ok := v.(map[string]any)
	if !ok {
		return nil, r.fail(n, "Globals of functions are not a mapping")
	}
	return defaults, nil
}

// checkOutputs resolves outputs only to find references that lead nowhere.
func (r *resolver) checkOutputs(n *yaml.Node) error {
	fields, err := r.fields(n)
	if err != nil {
		return err
	}
	var faults []error
	for _, f := range fields {
		if condition := child(f.node, "Condition"); condition != nil {
			holds, err := r.condition(condition, condition.Value)
			if err != nil {
				faults = append(faults, err)
			}
			if !holds {
				continue
			}
		}
		value := child(f.node, "Value")
		if value == nil {
			faults = append(faults, r.fail(f.node, "output %q has no value", f.key))
			continue
		}
		if _, err := r.value(value); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

func (r *resolver) buildOne(t *Template, f field, defaults map[string]any) error {
	d := r.declared[f.key]
	if d.kind == "" {
		return r.fail(f.node, "resource %q has no type", f.key)
	}
	if d.condition != "" {
		holds, err := r.condition(f.node, d.condition)
		if err != nil || !holds {
			return err
		}
	}
	out := Resource{Type: d.kind, Properties: map[string]any{}}
	fields, err := r.fields(f.node)
	if err != nil {
		return err
	}
	metadata := map[string]any{}
	for _, part := range fields {
		v, err := r.value(part.node)
		if part.key == "Condition" || part.key == "Type" {
			continue
		}
		if err != nil {
			return err
		}
		switch part.key {
		case "Properties":
			m, ok := v.(map[string]any)
			if !ok {
				return r.fail(part.node, "properties are not a mapping")
			}
			out.Properties = m
		case "DeletionPolicy":
			out.DeletionPolicy, _ = v.(string)
		case "UpdateReplacePolicy":
			out.UpdateReplacePolicy, _ = v.(string)
		case "DependsOn":
			id, ok := v.(string)
			if !ok {
				return r.fail(part.node, "DependsOn of more than one resource is not used here")
			}
			if _, err := r.exists(part.node, id); err != nil {
				return err
			}
		case "Metadata":
			metadata, _ = v.(map[string]any)
		default:
			return r.fail(part.node, "%q of a resource is unknown to this loader", part.key)
		}
	}
	if d.kind == "AWS::Serverless::Function" {
		out.Properties = merged(defaults, out.Properties)
	}
	t.Resources[f.key] = out
	p := &properties{r: r, node: f.node, where: f.key, values: out.Properties, used: map[string]bool{}}
	switch d.kind {
	case "AWS::Serverless::Function":
		fn, err := r.function(f.key, p, metadata)
		if err != nil {
			return err
		}
		t.Functions = append(t.Functions, fn)
	case "AWS::DynamoDB::Table":
		if t.Table.LogicalID != "" {
			return r.fail(f.node, "there is one table, and it is %q", t.Table.LogicalID)
		}
		t.Table, err = r.table(f.key, p)
		return err
	case "AWS::SQS::Queue":
		q, err := r.queue(f.key, p)
		if err != nil {
			return err
		}
		t.Queues = append(t.Queues, q)
	case "AWS::S3::Bucket":
		name, _, err := r.name(f.node, f.key)
		if err != nil {
			return err
		}
		t.Buckets = append(t.Buckets, Bucket{f.key, name})
	}
	return nil
}

// merged lays a function's properties over Globals as SAM does: maps are merged, lists are joined, everything else is replaced.
func merged(under, over map[string]any) map[string]any {
	out := maps.Clone(under)
	for k, v := range over {
		switch v := v.(type) {
		case map[string]any:
			if base, ok := out[k].(map[string]any); ok {
				out[k] = merged(base, v)
				continue
			}
		case []any:
			if base, ok := out[k].([]any); ok {
				out[k] = slices.Concat(base, v)
				continue
			}
		}
		out[k] = v
	}
	return out
}

// properties reads a resolved map and remembers what was read, so that finish can refuse what nobody asked for.
type properties struct {
	r      *resolver
	node   *yaml.Node
	where  string
	values map[string]any
	used   map[string]bool
	faults []error
}

func (p *properties) fault(format string, args ...any) {
	p.faults = append(p.faults, p.r.fail(p.node, "%s: %s", p.where, fmt.Sprintf(format, args...)))
}

func (p *properties) get(key string) (any, bool) {
	p.used[key] = true
	v, ok := p.values[key]
	return v, ok
}

func (p *properties) text(key string) string {
	v, ok := p.get(key)
	if !ok {
		return ""
	}
	s, ok := scalarText(v)
	if !ok {
		p.fault("%s is not text", key)
	}
	return s
}

func (p *properties) need(key string) string {
	s := p.text(key)
	if s == "" {
		p.fault("%s is missing", key)
	}
	return s
}

func (p *properties) number(key string, fallback int) int {
	v, ok := p.get(key)
	if !ok {
		return fallback
	}
	s, _ := scalarText(v)
	n, err := strconv.Atoi(s)
	if err != nil {
		p.fault("%s is not a whole number", key)
	}
	return n
}

func (p *properties) seconds(key string, fallback int) time.Duration {
	return time.Duration(p.number(key, fallback)) * time.Second
}

func (p *properties) flag(key string, fallback bool) bool {
	v, ok := p.get(key)
	if !ok {
		return fallback
	}
	s, _ := scalarText(v)
	b, err := strconv.ParseBool(s)
	if err != nil {
		p.fault("%s is neither true nor false", key)
	}
	return b
}

func (p *properties) in(key string) *properties {
	v, _ := p.get(key)
	m, ok := v.(map[string]any)
	if v != nil && !ok {
		p.fault("%s is not a mapping", key)
	}
	return &properties{r: p.r, node: p.node, where: p.where + "." + key, values: m, used: map[string]bool{}}
}

func (p *properties) list(key string) []any {
	v, ok := p.get(key)
	l, isList := v.([]any)
	if ok && !isList {
		p.fault("%s is not a list", key)
	}
	return l
}

func (p *properties) entries(key string) []*properties {
	var out []*properties
	for i, v := range p.list(key) {
		m, ok := v.(map[string]any)
		if !ok {
			p.fault("%s holds something that is not a mapping", key)
			continue
		}
		out = append(out, &properties{r: p.r, node: p.node, where: fmt.Sprintf("%s.%s[%d]", p.where, key, i), values: m, used: map[string]bool{}})
	}
	return out
}

// take adopts the faults of a part; passing skips what has no meaning on one machine, by name.
func (p *properties) take(parts ...*properties) {
	for _, part := range parts {
		p.faults = append(p.faults, part.finish()...)
	}
}

func (p *properties) passing(keys ...string) {
	for _, k := range keys {
		p.used[k] = true
	}
}

func (p *properties) finish() []error {
	for _, k := range slices.Sorted(maps.Keys(p.values)) {
		if !p.used[k] {
			p.fault("property %s is unknown to this loader", k)
		}
	}
	return p.faults
}

func (p *properties) err() error { return errors.Join(p.finish()...) }

func (r *resolver) function(id string, p *properties, metadata map[string]any) (Function, error) {
	name, _, err := r.name(p.node, id)
	if err != nil {
		return Function{}, err
	}
	fn := Function{LogicalID: id, Name: name, CodeDir: p.need("CodeUri"), Handler: p.need("Handler"), Runtime: p.need("Runtime"), Role: p.need("Role"),
		Timeout: p.seconds("Timeout", 3), MemoryMB: p.number("MemorySize", 128), Environment: map[string]string{}}
	fn.BuildMethod, _ = metadata["BuildMethod"].(string)
	if a := p.list("Architectures"); len(a) == 1 {
		fn.Architecture, _ = a[0].(string)
	} else {
		p.fault("Architectures must name one")
	}
	// How versions are rolled out, where logs go and what becomes of a failed asynchronous run concern the cloud only.
	p.passing("FunctionName", "Description", "AutoPublishAlias", "DeploymentPreference", "LoggingConfig", "EventInvokeConfig")
	environment := p.in("Environment")
	variables := environment.in("Variables")
	for k, v := range variables.values {
		s, ok := scalarText(v)
		if !ok {
			p.fault("environment variable %s is not text", k)
		}
		fn.Environment[k] = s
		variables.used[k] = true
	}
	environment.take(variables)
	p.take(environment)
	events := p.in("Events")
	for _, name := range slices.Sorted(maps.Keys(events.values)) {
		e := events.in(name)
		kind := e.need("Type")
		props := e.in("Properties")
		switch kind {
		case "HttpApi":
			fn.Routes = append(fn.Routes, httpRoute(name, props))
		case "DynamoDB":
			fn.Streams = append(fn.Streams, streamSource(name, props))
		case "SQS":
			fn.QueueSources = append(fn.QueueSources, queueSource(name, props))
		case "Schedule":
			fn.Schedules = append(fn.Schedules, schedule(name, props))
		default:
			e.fault("event source %q is unknown to this loader", kind)
			props.passing(slices.Collect(maps.Keys(props.values))...)
		}
		e.take(props)
		events.take(e)
	}
	p.take(events)
	return fn, p.err()
}

func httpRoute(name string, p *properties) Route {
	route := Route{Event: name, Method: strings.ToUpper(p.need("Method")), Path: p.need("Path"), Authorized: true}
	p.need("ApiId") // without it SAM would make a second API of its own
	auth := p.in("Auth")
	switch a := auth.text("Authorizer"); a {
	case "", "Jwt":
	case "NONE":
		route.Authorized = false
	default:
		auth.fault("authorizer %q is unknown to this loader", a)
	}
	p.take(auth)
	return route
}

func filters(p *properties) []Filter {
	criteria := p.in("FilterCriteria")
	var out []Filter
	for _, f := range criteria.entries("Filters") {
		filter, err := ParseFilter(f.need("Pattern"))
		if err != nil {
			f.fault("%v", err)
		}
		out = append(out, filter)
		criteria.take(f)
	}
	p.take(criteria)
	return out
}

func partial(p *properties) bool {
	yes := false
	for _, v := range p.list("FunctionResponseTypes") {
		if v != "ReportBatchItemFailures" {
			p.fault("response type %v is unknown to this loader", v)
		}
		yes = true
	}
	return yes
}

func streamSource(name string, p *properties) Stream {
	s := Stream{Event: name, StreamARN: p.need("Stream"), StartingPosition: p.need("StartingPosition"), BatchSize: p.number("BatchSize", 100),
		BatchingWindow: p.seconds("MaximumBatchingWindowInSeconds", 0), Retries: p.number("MaximumRetryAttempts", -1), MaxRecordAge: p.seconds("MaximumRecordAgeInSeconds", -1),
		Bisect: p.flag("BisectBatchOnFunctionError", false), PartialBatch: partial(p), Filters: filters(p)}
	destination := p.in("DestinationConfig")
	failure := destination.in("OnFailure")
	if t := failure.text("Type"); t != "" && t != "SQS" {
		failure.fault("failure destination %q is unknown to this loader", t)
	}
	s.FailureDestination = failure.text("Destination")
	destination.take(failure)
	p.take(destination)
	return s
}

func queueSource(name string, p *properties) QueueSource {
	return QueueSource{Event: name, QueueARN: p.need("Queue"), BatchSize: p.number("BatchSize", 10), BatchingWindow: p.seconds("MaximumBatchingWindowInSeconds", 0),
		PartialBatch: partial(p), Filters: filters(p)}
}

func schedule(name string, p *properties) Schedule {
	s := Schedule{Event: name, Enabled: p.flag("Enabled", true), Input: p.text("Input")}
	var err error
	if s.Every, err = rate(p.need("Schedule")); err != nil {
		p.fault("%v", err)
	}
	return s
}

// rate reads EventBridge's rate(n unit). Cron expressions are not used here.
func rate(text string) (time.Duration, error) {
	inner, ok := strings.CutPrefix(text, "rate(")
	inner, closed := strings.CutSuffix(inner, ")")
	parts := strings.Fields(inner)
	if !ok || !closed || len(parts) != 2 {
		return 0, fmt.Errorf("schedule %q is not a rate", text)
	}
	n, err := strconv.Atoi(parts[0])
	if err != nil || n < 1 {
		return 0, fmt.Errorf("schedule %q has no whole positive number", text)
	}
	units := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
	// AWS refuses rate(1 minutes) and rate(5 minute).
	unit, ok := units[strings.TrimSuffix(parts[1], "s")]
	if !ok || (n == 1) == strings.HasSuffix(parts[1], "s") {
		return 0, fmt.Errorf("schedule %q has the wrong unit", text)
	}
	return time.Duration(n) * unit, nil
}

func keySchema(p *properties, types map[string]string) Keys {
	var k Keys
	for _, e := range p.entries("KeySchema") {
		name := e.need("AttributeName")
		if types[name] == "" {
			e.fault("key attribute %s has no definition", name)
		}
		switch kind := e.need("KeyType"); kind {
		case "HASH":
			k.Hash = name
		case "RANGE":
			k.Range = name
		default:
			e.fault("key type %q does not exist", kind)
		}
		p.take(e)
	}
	if k.Hash == "" {
		p.fault("KeySchema has no HASH key")
	}
	return k
}

func (r *resolver) table(id string, p *properties) (Table, error) {
	name, _, err := r.name(p.node, id)
	if err != nil {
		return Table{}, err
	}
	t := Table{LogicalID: id, Name: name, ARN: r.arn("dynamodb", "table/"+name), BillingMode: p.text("BillingMode"), AttributeTypes: map[string]string{},
		DeletionProtection: p.flag("DeletionProtectionEnabled", false)}
	p.passing("TableName")
	for _, a := range p.entries("AttributeDefinitions") {
		t.AttributeTypes[a.need("AttributeName")] = a.need("AttributeType")
		p.take(a)
	}
	t.Keys = keySchema(p, t.AttributeTypes)
	for _, g := range p.entries("GlobalSecondaryIndexes") {
		index := Index{Name: g.need("IndexName"), Keys: keySchema(g, t.AttributeTypes)}
		projection := g.in("Projection")
		index.Projection = projection.need("ProjectionType")
		for _, a := range projection.list("NonKeyAttributes") {
			s, _ := a.(string)
			index.Included = append(index.Included, s)
		}
		g.take(projection)
		p.take(g)
		t.Indexes = append(t.Indexes, index)
	}
	stream := p.in("StreamSpecification")
	if t.StreamView = stream.text("StreamViewType"); t.StreamView != "" {
		t.StreamARN = r.arn("dynamodb", "table/"+name+"/stream/"+streamLabel)
	}
	ttl := p.in("TimeToLiveSpecification")
	if a := ttl.text("AttributeName"); ttl.flag("Enabled", false) {
		t.TTLAttribute = a
	}
	pitr := p.in("PointInTimeRecoverySpecification")
	t.PointInTime = pitr.flag("PointInTimeRecoveryEnabled", false)
	sse := p.in("SSESpecification")
	t.Encrypted = sse.flag("SSEEnabled", false)
	p.take(stream, ttl, pitr, sse)
	return t, p.err()
}

func (r *resolver) queue(id string, p *properties) (Queue, error) {
	name, _, err := r.name(p.node, id)
	if err != nil {
		return Queue{}, err
	}
	q := Queue{LogicalID: id, Name: name, ARN: r.arn("sqs", name), URL: r.pseudo.queueURL(name), VisibilityTimeout: p.seconds("VisibilityTimeout", 30),
		Retention: p.seconds("MessageRetentionPeriod", 345600)}
	p.passing("QueueName", "SqsManagedSseEnabled")
	redrive := p.in("RedrivePolicy")
	q.DeadLetterARN = redrive.text("deadLetterTargetArn")
	q.MaxReceives = redrive.number("maxReceiveCount", 0)
	p.take(redrive)
	return q, p.err()
}
