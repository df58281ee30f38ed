package template

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// noValue is what Ref AWS::NoValue resolves to; the property or list element that holds it is left out, as CloudFormation does.
type noValue struct{}

// resolver evaluates one template. Every reference must lead somewhere: a template that is only half understood would make the local system differ from
// the deployed one without anybody noticing, so each unknown thing is an error with its line.
type resolver struct {
	path       string
	pseudo     Pseudo
	parameters map[string]string
	conditions map[string]*yaml.Node
	decided    map[string]bool
	deciding   map[string]bool
	// declared holds type and raw properties of each resource, present those whose condition holds.
	declared map[string]declaration
	naming   map[string]bool
}

type declaration struct {
	kind       string
	condition  string
	properties *yaml.Node
	node       *yaml.Node
}

func (r *resolver) fail(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", r.path, n.Line, fmt.Sprintf(format, args...))
}

// fields lists a mapping in the order written and refuses a key given twice, which yaml.v3 lets pass on nodes.
func (r *resolver) fields(n *yaml.Node) ([]field, error) {
	if n.Kind != yaml.MappingNode {
		return nil, r.fail(n, "expected a mapping")
	}
	out := make([]field, 0, len(n.Content)/2)
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i].Value
		if seen[key] {
			return nil, r.fail(n.Content[i], "key %q is given twice", key)
		}
		seen[key] = true
		out = append(out, field{key, n.Content[i+1]})
	}
	return out, nil
}

type field struct {
	key  string
	node *yaml.Node
}

func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func parse(path string) (*yaml.Node, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("parse template %s: %w", path, err)
	}
	if len(doc.Content) != 1 {
		return nil, fmt.Errorf("parse template %s: empty document", path)
	}
	return doc.Content[0], nil
}

// intrinsic splits a node into the function it calls and its argument; the short form (!Ref x) and the long form ({Ref: x}) are one thing.
func intrinsic(n *yaml.Node) (name string, arg *yaml.Node) {
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		bare := *n
		bare.Tag = ""
		return strings.TrimPrefix(n.Tag, "!"), &bare
	}
	if n.Kind == yaml.MappingNode && len(n.Content) == 2 {
		switch key := n.Content[0].Value; {
		case key == "Ref", key == "Condition" && n.Content[1].Kind == yaml.ScalarNode:
			return key, n.Content[1]
		case strings.HasPrefix(key, "Fn::"):
			return strings.TrimPrefix(key, "Fn::"), n.Content[1]
		}
	}
	return "", nil
}

// value resolves a node to string, int, float64, bool, nil, []any, map[string]any or noValue.
func (r *resolver) value(n *yaml.Node) (any, error) {
	if name, arg := intrinsic(n); name != "" {
		return r.call(n, name, arg)
	}
	switch n.Kind {
	case yaml.ScalarNode:
		if n.Tag == "" { // an intrinsic's bare argument
			return n.Value, nil
		}
		var v any
		if err := n.Decode(&v); err != nil {
			return nil, r.fail(n, "%v", err)
		}
		return v, nil
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, c := range n.Content {
			v, err := r.value(c)
			if err != nil {
				return nil, err
			}
			if _, none := v.(noValue); !none {
				list = append(list, v)
			}
		}
		return list, nil
	case yaml.MappingNode:
		fields, err := r.fields(n)
		if err != nil {
			return nil, err
		}
		m := make(map[string]any, len(fields))
		for _, f := range fields {
			v, err := r.value(f.node)
			if err != nil {
				return nil, err
			}
			if _, none := v.(noValue); !none {
				m[f.key] = v
			}
		}
		return m, nil
	}
	return nil, r.fail(n, "aliases and other YAML of this kind are not used here, because CloudFormation does not read them")
}

func (r *resolver) text(n *yaml.Node) (string, error) {
	v, err := r.value(n)
	if err != nil {
		return "", err
	}
	s, ok := scalarText(v)
	if !ok {
		return "", r.fail(n, "expected text")
	}
	return s, nil
}

func scalarText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case int:
		return strconv.Itoa(v), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	}
	return "", false
}

func (r *resolver) call(n *yaml.Node, name string, arg *yaml.Node) (any, error) {
	switch name {
	case "Ref":
		return r.ref(n, arg.Value)
	case "GetAtt":
		id, attribute := "", ""
		switch {
		case arg.Kind == yaml.ScalarNode:
			id, attribute, _ = strings.Cut(arg.Value, ".")
		case arg.Kind == yaml.SequenceNode && len(arg.Content) == 2:
			id, attribute = arg.Content[0].Value, arg.Content[1].Value
		}
		return r.getAtt(n, id, attribute)
	case "Sub":
		return r.sub(n, arg)
	case "If":
		if arg.Kind != yaml.SequenceNode || len(arg.Content) != 3 {
			return nil, r.fail(n, "If takes a condition and two values")
		}
		holds, err := r.condition(n, arg.Content[0].Value)
		if err != nil {
			return nil, err
		}
		if holds {
			return r.value(arg.Content[1])
		}
		return r.value(arg.Content[2])
	case "Join":
		if arg.Kind != yaml.SequenceNode || len(arg.Content) != 2 || arg.Content[1].Kind != yaml.SequenceNode {
			return nil, r.fail(n, "Join takes a separator and a list")
		}
		var parts []string
		for _, c := range arg.Content[1].Content {
			s, err := r.text(c)
			if err != nil {
				return nil, err
			}
			parts = append(parts, s)
		}
		return strings.Join(parts, arg.Content[0].Value), nil
	}
	return nil, r.fail(n, "function %q is unknown to this loader", name)
}

func (r *resolver) ref(n *yaml.Node, name string) (any, error) {
	switch name {
	case "AWS::NoValue":
		return noValue{}, nil
	case "AWS::Region":
		return r.pseudo.Region, nil
	case "AWS::AccountId":
		return r.pseudo.AccountID, nil
	case "AWS::StackName":
		return r.pseudo.StackName, nil
	case "AWS::Partition":
		return "aws", nil
	case "AWS::URLSuffix":
		return "amazonaws.com", nil
	}
	if v, ok := r.parameters[name]; ok {
		return v, nil
	}
	return r.identity(n, name)
}

var placeholder = regexp.MustCompile(`\$\{(!?)([^}]*)\}`)

func (r *resolver) sub(n, arg *yaml.Node) (any, error) {
	if arg.Kind != yaml.ScalarNode {
		return nil, r.fail(n, "Sub with a map of its own is not used here")
	}
	var errs []error
	out := placeholder.ReplaceAllStringFunc(arg.Value, func(match string) string {
		m := placeholder.FindStringSubmatch(match)
		if m[1] == "!" { // ${!x} is the literal ${x}
			return "${" + m[2] + "}"
		}
		var v any
		var err error
		if id, attribute, dotted := strings.Cut(m[2], "."); dotted {
			v, err = r.getAtt(n, id, attribute)
		} else {
			v, err = r.ref(n, m[2])
		}
		if err != nil {
			errs = append(errs, err)
			return ""
		}
		s, ok := scalarText(v)
		if !ok {
			errs = append(errs, r.fail(n, "${%s} is not text", m[2]))
		}
		return s
	})
	return out, errors.Join(errs...)
}

func (r *resolver) condition(n *yaml.Node, name string) (bool, error) {
	if v, ok := r.decided[name]; ok {
		return v, nil
	}
	node, ok := r.conditions[name]
	if !ok {
		return false, r.fail(n, "condition %q does not exist", name)
	}
	if r.deciding[name] {
		return false, r.fail(n, "condition %q depends on itself", name)
	}
	r.deciding[name] = true
	v, err := r.truth(node)
	if err != nil {
		return false, err
	}
	r.decided[name] = v
	return v, nil
}

func (r *resolver) truth(n *yaml.Node) (bool, error) {
	name, arg := intrinsic(n)
	switch name {
	case "Condition":
		return r.condition(n, arg.Value)
	case "Equals":
		if arg.Kind != yaml.SequenceNode || len(arg.Content) != 2 {
			return false, r.fail(n, "Equals takes two values")
		}
		a, err := r.text(arg.Content[0])
		if err != nil {
			return false, err
		}
		b, err := r.text(arg.Content[1])
		return a == b, err
	case "Not", "And", "Or":
		if arg.Kind != yaml.SequenceNode || len(arg.Content) == 0 || (name == "Not" && len(arg.Content) != 1) {
			return false, r.fail(n, "%s takes a list of conditions", name)
		}
		holds := name == "And"
		for _, c := range arg.Content {
			v, err := r.truth(c)
			if err != nil {
				return false, err
			}
			switch name {
			case "Not":
				holds = !v
			case "And":
				holds = holds && v
			case "Or":
				holds = holds || v
			}
		}
		return holds, nil
	}
	return false, r.fail(n, "%q is not a condition this loader knows", name)
}

// exists finds a declared resource that the conditions leave standing.
func (r *resolver) exists(n *yaml.Node, id string) (declaration, error) {
	d, ok := r.declared[id]
	if !ok {
		return declaration{}, r.fail(n, "reference to %q leads nowhere", id)
	}
	if d.condition != "" {
		holds, err := r.condition(d.node, d.condition)
		if err != nil {
			return declaration{}, err
		}
		if !holds {
			return declaration{}, r.fail(n, "reference to %q, which its condition %s leaves out", id, d.condition)
		}
	}
	return d, nil
}

// nameProperty says, for each resource type that the template refers to, which property names it; empty where AWS alone does.
func nameProperty(kind string) (property string, known bool) {
	switch kind {
	case "AWS::Serverless::Function":
		return "FunctionName", true
	case "AWS::DynamoDB::Table":
		return "TableName", true
	case "AWS::SQS::Queue":
		return "QueueName", true
	case "AWS::S3::Bucket":
		return "BucketName", true
	case "AWS::Logs::LogGroup":
		return "LogGroupName", true
	case "AWS::SNS::Topic":
		return "TopicName", true
	case "AWS::CloudWatch::Alarm":
		return "AlarmName", true
	case "AWS::ApiGatewayV2::DomainName":
		return "DomainName", true
	case "AWS::Cognito::UserPoolResourceServer":
		return "Identifier", true
	case "AWS::IAM::Role", "AWS::Serverless::HttpApi", "AWS::Cognito::UserPool", "AWS::Cognito::UserPoolClient":
		return "", true
	}
	return "", false
}

// name is the physical name: the one given, or the logical id standing in for the one AWS would make up.
func (r *resolver) name(n *yaml.Node, id string) (string, declaration, error) {
	d, err := r.exists(n, id)
	if err != nil {
		return "", d, err
	}
	property, known := nameProperty(d.kind)
	if !known {
		return "", d, r.fail(n, "reference to %q: what a %s is called is unknown to this loader", id, d.kind)
	}
	given := child(d.properties, property)
	if given == nil {
		return id, d, nil
	}
	if r.naming[id] {
		return "", d, r.fail(n, "the name of %q depends on itself", id)
	}
	r.naming[id] = true
	defer delete(r.naming, id)
	s, err := r.text(given)
	return s, d, err
}

// identity is what Ref answers for a resource.
func (r *resolver) identity(n *yaml.Node, id string) (any, error) {
	name, d, err := r.name(n, id)
	if err != nil {
		return nil, err
	}
	switch d.kind {
	case "AWS::SQS::Queue":
		return r.pseudo.queueURL(name), nil
	case "AWS::SNS::Topic":
		return r.arn("sns", name), nil
	}
	return name, nil
}

func (r *resolver) getAtt(n *yaml.Node, id, attribute string) (any, error) {
	name, d, err := r.name(n, id)
	if err != nil {
		return nil, err
	}
	switch d.kind + "." + attribute {
	case "AWS::DynamoDB::Table.Arn":
		return r.arn("dynamodb", "table/"+name), nil
	case "AWS::DynamoDB::Table.StreamArn":
		return r.arn("dynamodb", "table/"+name+"/stream/"+streamLabel), nil
	case "AWS::SQS::Queue.Arn":
		return r.arn("sqs", name), nil
	case "AWS::SQS::Queue.QueueName":
		return name, nil
	case "AWS::SQS::Queue.QueueUrl":
		return r.pseudo.queueURL(name), nil
	case "AWS::S3::Bucket.Arn":
		return "arn:aws:s3:::" + name, nil
	case "AWS::IAM::Role.Arn":
		return fmt.Sprintf("arn:aws:iam::%s:role/%s", r.pseudo.AccountID, name), nil
	case "AWS::Logs::LogGroup.Arn":
		return r.arn("logs", "log-group:"+name+":*"), nil
	case "AWS::Serverless::Function.Arn":
		return r.arn("lambda", "function:"+name), nil
	case "AWS::ApiGatewayV2::DomainName.RegionalDomainName":
		return "d-" + name, nil
	}
	return nil, r.fail(n, "attribute %q of a %s is unknown to this loader", attribute, d.kind)
}

func (r *resolver) arn(service, resource string) string {
	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, r.pseudo.Region, r.pseudo.AccountID, resource)
}

// streamLabel stands for the time stamp that ends a real stream's ARN.
const streamLabel = "local"
