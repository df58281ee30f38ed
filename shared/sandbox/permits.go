package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"snout/shared/sandbox/template"
)

// Call is one permission that a function has needed.
type Call struct {
	Function string // logical id in template.yaml
	Action   string // such as dynamodb:PutItem
	Resource string // ARN
	key      string // partition key of the item, where a single one is written
}

// permits holds the functions to their roles in template.yaml, as IAM does: what a
// role does not name is refused here too, so that a missing permission shows on this
// machine and not in the first minute of a deployment. Who calls is told by the
// SDK's app id in the User-Agent; tools and the world itself carry none and may all.
type permits struct {
	roles   map[string][]grant
	table   template.Table
	queues  []template.Queue
	buckets []template.Bucket

	mu     sync.Mutex
	needed map[Call]bool // and whether it was granted
}

type grant struct {
	actions, resources []string
	deny               *regexp.Regexp // of partition keys; nil: allows
}

func newPermits(t *template.Template) (*permits, error) {
	p := &permits{roles: map[string][]grant{}, table: t.Table, queues: t.Queues, buckets: t.Buckets, needed: map[Call]bool{}}
	for _, f := range t.Functions {
		role, ok := t.Resources[strings.TrimSuffix(f.LogicalID, "Function")+"Role"]
		if !ok || role.Type != "AWS::IAM::Role" {
			return nil, fmt.Errorf("template: %s has no role of its own", f.LogicalID)
		}
		grants := []grant{}
		policies, _ := role.Properties["Policies"].([]any)
		for _, one := range policies {
			policy, _ := one.(map[string]any)
			document, _ := policy["PolicyDocument"].(map[string]any)
			statements, _ := document["Statement"].([]any)
			for _, s := range statements {
				statement, _ := s.(map[string]any)
				g := grant{actions: texts(statement["Action"]), resources: texts(statement["Resource"])}
				condition, _ := statement["Condition"].(map[string]any)
				like, _ := condition["ForAnyValue:StringLike"].(map[string]any)
				keys := texts(like["dynamodb:LeadingKeys"])
				switch {
				case statement["Effect"] == "Allow" && statement["Condition"] == nil:
				case statement["Effect"] == "Deny" && len(condition) == 1 && len(like) == 1 && len(keys) > 0:
					for i, k := range keys {
						keys[i] = strings.ReplaceAll(regexp.QuoteMeta(k), `\*`, ".*")
					}
					g.deny = regexp.MustCompile("^(?:" + strings.Join(keys, "|") + ")$")
				default:
					return nil, fmt.Errorf("template: %s: only plain Allow, and Deny by leading keys, are understood", f.LogicalID)
				}
				grants = append(grants, g)
			}
		}
		p.roles[f.LogicalID] = grants
	}
	return p, nil
}

func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, one := range v {
			if s, ok := one.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

// Calls are the permissions that functions have needed so far.
func (w *World) Calls() (granted, refused []Call) {
	w.permits.mu.Lock()
	defer w.permits.mu.Unlock()
	for c, ok := range w.permits.needed {
		if ok {
			granted = append(granted, c)
		} else {
			refused = append(refused, c)
		}
	}
	return granted, refused
}

func (p *permits) may(c Call) bool {
	names := func(g grant) bool {
		return slices.Contains(g.actions, c.Action) && slices.ContainsFunc(g.resources, func(r string) bool {
			if stem, open := strings.CutSuffix(r, "*"); open {
				return strings.HasPrefix(c.Resource, stem)
			}
			return r == c.Resource
		})
	}
	ok := slices.ContainsFunc(p.roles[c.Function], func(g grant) bool { return g.deny == nil && names(g) }) &&
		!slices.ContainsFunc(p.roles[c.Function], func(g grant) bool { return g.deny != nil && g.deny.MatchString(c.key) && names(g) })
	c.key = ""
	p.mu.Lock()
	p.needed[c] = ok
	p.mu.Unlock()
	return ok
}

var appID = regexp.MustCompile(`\bapp/([A-Za-z0-9]+)`)

// guard stands before the services that IAM stands before.
func (p *permits) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		caller := appID.FindStringSubmatch(r.UserAgent())
		if caller == nil {
			next.ServeHTTP(rw, r)
			return
		}
		target := r.Header.Get("X-Amz-Target")
		calls, err := p.calls(target, r)
		if err != nil {
			http.Error(rw, `{"__type":"com.amazon.coral.service#SerializationException","message":"the request cannot be read"}`, http.StatusBadRequest)
			return
		}
		for _, c := range calls {
			c.Function = caller[1]
			if p.may(c) {
				continue
			}
			message := "role of " + c.Function + " is not authorized to perform: " + c.Action + " on resource: " + c.Resource + " because no identity-based policy allows the action"
			if target == "" {
				rw.Header().Set("Content-Type", "application/xml")
				rw.WriteHeader(http.StatusForbidden)
				fmt.Fprintf(rw, "<Error><Code>AccessDenied</Code><Message>%s</Message></Error>", message)
				return
			}
			rw.Header().Set("Content-Type", r.Header.Get("Content-Type"))
			body, _ := json.Marshal(map[string]string{"__type": "com.amazon.coral.service#AccessDeniedException", "message": message}) // strings always marshal
			rw.Header().Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(body)), 10))
			rw.WriteHeader(http.StatusBadRequest)
			_, _ = rw.Write(body)
			return
		}
		next.ServeHTTP(rw, r)
	})
}

// keyed is an item's key as far as a policy can look at it.
type keyed struct{ PK struct{ S string } }

// calls says which permissions a request needs.
func (p *permits) calls(target string, r *http.Request) ([]Call, error) {
	service, operation, _ := strings.Cut(target, ".")
	switch {
	case target == "":
		for _, b := range p.buckets {
			if rest, ok := strings.CutPrefix(r.URL.Path, "/"+b.Name); ok {
				action := map[string]string{http.MethodGet: "GetObject", http.MethodHead: "GetObject", http.MethodPut: "PutObject", http.MethodDelete: "DeleteObject"}[r.Method]
				if strings.Trim(rest, "/") == "" {
					action, rest = "ListBucket", ""
				}
				return []Call{{Action: "s3:" + action, Resource: "arn:aws:s3:::" + b.Name + rest}}, nil
			}
		}
		return nil, nil
	case strings.HasPrefix(service, "DynamoDBStreams"):
		return []Call{{Action: "dynamodb:" + operation, Resource: p.table.StreamARN}}, nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var q struct {
		IndexName     string
		Key           keyed
		TransactItems []map[string]struct{ Key keyed }
		Path, Name    string
		Names         []string
		QueueUrl      string
	}
	if err := json.Unmarshal(body, &q); err != nil {
		return nil, err
	}
	parameter := "arn:aws:ssm:" + region + ":" + account + ":parameter"
	switch {
	case strings.HasPrefix(service, "DynamoDB"):
		switch {
		case operation == "TransactWriteItems" || operation == "TransactGetItems":
			// IAM asks for the action of each item, not for the transaction.
			action := map[string]string{"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem", "Get": "GetItem"}
			var calls []Call
			for _, item := range q.TransactItems {
				for kind, one := range item {
					calls = append(calls, Call{Action: "dynamodb:" + action[kind], Resource: p.table.ARN, key: one.Key.PK.S})
				}
			}
			return calls, nil
		case q.IndexName != "":
			return []Call{{Action: "dynamodb:" + operation, Resource: p.table.ARN + "/index/" + q.IndexName}}, nil
		}
		return []Call{{Action: "dynamodb:" + operation, Resource: p.table.ARN, key: q.Key.PK.S}}, nil
	case service == "AmazonSSM":
		names := q.Names
		if q.Path != "" {
			names = append(names, q.Path)
		}
		if q.Name != "" {
			names = append(names, q.Name)
		}
		var calls []Call
		for _, n := range names {
			calls = append(calls, Call{Action: "ssm:" + operation, Resource: parameter + strings.TrimSuffix(n, "/")})
		}
		return calls, nil
	case service == "AmazonSQS":
		for _, queue := range p.queues {
			if queue.Name == path.Base(q.QueueUrl) {
				return []Call{{Action: "sqs:" + operation, Resource: queue.ARN}}, nil
			}
		}
	}
	return []Call{{Action: service + ":" + operation, Resource: "*"}}, nil
}
