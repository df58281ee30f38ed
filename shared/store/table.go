package store

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"reflect"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Table is the one table.
type Table struct {
	db     *dynamodb.Client
	name   string
	shards int // of the partitions that everybody writes to
}

// New returns the table of that name.
func New(db *dynamodb.Client, name string) *Table {
	// A write that meets a transaction on the same item has done nothing, and may be made
	// again at once; other SDKs do so by themselves.
	busy := func(o *dynamodb.Options) {
		o.Retryer = retry.AddWithErrorCodes(o.Retryer, (*types.TransactionConflictException)(nil).ErrorCode())
	}
	return &Table{db: dynamodb.New(db.Options(), busy), name: name, shards: 1}
}

// Sharded spreads the partitions that all texts of a stage, or of one org, write to over
// so many: held texts, what is left behind, counters. A stage's number may grow, never
// shrink before what lies in the shards beyond is worked off: they would not be read.
func (t *Table) Sharded(n int) *Table {
	return &Table{db: t.db, name: t.name, shards: max(n, 1)}
}

func (t *Table) shard(of string) int {
	h := fnv.New32a()
	h.Write([]byte(of))
	return int(h.Sum32() % uint32(t.shards))
}

// The errors a caller branches on.
var (
	// ErrNotFound: there is no such record, or it belongs to another org.
	ErrNotFound = errors.New("not found")
	// ErrConflict: what the write was conditional on has changed since it was read.
	// Read again and decide again.
	ErrConflict = errors.New("changed since it was read")
	// ErrExists: the record to be created is there already.
	ErrExists = errors.New("exists already")
)

// Spent is what the calls of one unit of work cost.
type Spent struct {
	Trips int     // calls to the table
	RRU   float64 // read units
	WRU   float64 // write units, those of its indexes included
}

// Meter adds up what the calls made with its context cost.
type Meter struct {
	mu    sync.Mutex
	spent Spent
}

type meterKey struct{}

// WithMeter returns a context whose calls are added to the meter returned.
func WithMeter(ctx context.Context) (context.Context, *Meter) {
	m := &Meter{}
	return context.WithValue(ctx, meterKey{}, m), m
}

// Spent is what has been added up so far.
func (m *Meter) Spent() Spent {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.spent
}

func (t *Table) spend(ctx context.Context, reads bool, cs ...types.ConsumedCapacity) {
	m, _ := ctx.Value(meterKey{}).(*Meter)
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.spent.Trips++
	for _, c := range cs {
		units := aws.ToFloat64(c.CapacityUnits)
		if reads {
			m.spent.RRU += units
		} else {
			m.spent.WRU += units
		}
	}
}

func one(c *types.ConsumedCapacity) []types.ConsumedCapacity {
	if c == nil {
		return nil
	}
	return []types.ConsumedCapacity{*c}
}

type item = map[string]types.AttributeValue

func (k key) item() item {
	return item{"PK": &types.AttributeValueMemberS{Value: k.PK}, "SK": &types.AttributeValueMemberS{Value: k.SK}}
}

func keyOf(it item) key {
	return key{str(it, "PK"), str(it, "SK")}
}

func str(it item, name string) string {
	if s, ok := it[name].(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

// record turns a tagged struct into an item under its key.
func record(k key, kind string, v any, more ...item) item {
	it, err := attributevalue.MarshalMap(v)
	if err != nil {
		panic("store: a record that cannot be marshalled: " + err.Error()) // a programming fault: the structs are ours
	}
	for n, a := range it {
		if _, null := a.(*types.AttributeValueMemberNULL); null {
			delete(it, n)
		}
	}
	for n, a := range k.item() {
		it[n] = a
	}
	it["kind"] = &types.AttributeValueMemberS{Value: kind}
	for _, m := range more {
		for n, a := range m {
			it[n] = a
		}
	}
	return it
}

// ErrItem is an item that no code of ours can have written: reading it again will not
// help.
var ErrItem = errors.New("an item that cannot be read")

func parse[T any](it item) (T, error) {
	var v T
	if err := attributevalue.UnmarshalMap(it, &v); err != nil {
		return v, fmt.Errorf("%w: item %s of kind %s: %w", ErrItem, strings.SplitN(str(it, "PK"), "#", 2)[0], str(it, "kind"), err)
	}
	return v, nil
}

func index(n int, pk, sk string) item {
	return item{
		fmt.Sprintf("GSI%dPK", n): &types.AttributeValueMemberS{Value: pk},
		fmt.Sprintf("GSI%dSK", n): &types.AttributeValueMemberS{Value: sk},
	}
}

// Get reads one item, consistently.
func (t *Table) get(ctx context.Context, k key) (item, error) {
	out, err := t.db.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: k.item(), ConsistentRead: aws.Bool(true),
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	})
	if err != nil {
		return nil, fmt.Errorf("get: %w", err)
	}
	t.spend(ctx, true, one(out.ConsumedCapacity)...)
	if len(out.Item) == 0 {
		return nil, ErrNotFound
	}
	return out.Item, nil
}

// batch reads up to 100 items in one call, and what the table could not deliver at
// once in further ones. The answer is by key; what is missing is not in it.
func (t *Table) batch(ctx context.Context, consistent bool, keys ...key) (map[key]item, error) {
	found := make(map[key]item, len(keys))
	for len(keys) > 0 {
		n := min(len(keys), 100)
		seen := make(map[key]bool, n)
		ask := make([]item, 0, n)
		for _, k := range keys[:n] {
			if !seen[k] {
				seen[k] = true
				ask = append(ask, k.item())
			}
		}
		keys = keys[n:]
		for len(ask) > 0 {
			out, err := t.db.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
				RequestItems:           map[string]types.KeysAndAttributes{t.name: {Keys: ask, ConsistentRead: aws.Bool(consistent)}},
				ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
			})
			if err != nil {
				return nil, fmt.Errorf("batch get: %w", err)
			}
			t.spend(ctx, true, out.ConsumedCapacity...)
			for _, it := range out.Responses[t.name] {
				found[keyOf(it)] = it
			}
			ask = out.UnprocessedKeys[t.name].Keys
		}
	}
	return found, nil
}

// query is one Query. SK bounds are inclusive; limit 0 reads one page.
type query struct {
	index    string // "", GSI1, GSI2
	pk       string
	from, to string // bounds of SK; empty: none
	prefix   string
	desc     bool
	limit    int32
	start    item
	filter   string
	names    map[string]string
	values   item
	strong   bool
}

func (t *Table) query(ctx context.Context, q query) ([]item, item, error) {
	pk, sk := "PK", "SK"
	if q.index != "" {
		pk, sk = q.index+"PK", q.index+"SK"
	}
	in := &dynamodb.QueryInput{
		TableName: &t.name, ScanIndexForward: aws.Bool(!q.desc), ExclusiveStartKey: q.start,
		ExpressionAttributeValues: item{":pk": &types.AttributeValueMemberS{Value: q.pk}},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal,
	}
	if q.index != "" {
		in.IndexName = &q.index
	} else if q.strong {
		in.ConsistentRead = aws.Bool(true)
	}
	cond := pk + " = :pk"
	value := func(name, v string) { in.ExpressionAttributeValues[name] = &types.AttributeValueMemberS{Value: v} }
	switch {
	case q.prefix != "":
		cond += " AND begins_with(" + sk + ", :sk)"
		value(":sk", q.prefix)
	case q.from != "" && q.to != "":
		cond += " AND " + sk + " BETWEEN :from AND :to"
		value(":from", q.from)
		value(":to", q.to)
	case q.from != "":
		cond += " AND " + sk + " >= :from"
		value(":from", q.from)
	case q.to != "":
		cond += " AND " + sk + " <= :to"
		value(":to", q.to)
	}
	in.KeyConditionExpression = &cond
	if q.limit > 0 {
		in.Limit = &q.limit
	}
	if q.filter != "" {
		in.FilterExpression = &q.filter
		in.ExpressionAttributeNames = q.names
		for n, v := range q.values {
			in.ExpressionAttributeValues[n] = v
		}
	}
	out, err := t.db.Query(ctx, in)
	if err != nil {
		return nil, nil, fmt.Errorf("query: %w", err)
	}
	t.spend(ctx, true, one(out.ConsumedCapacity)...)
	return out.Items, out.LastEvaluatedKey, nil
}

// queryAll reads every page.
func (t *Table) queryAll(ctx context.Context, q query) ([]item, error) {
	var all []item
	for {
		items, next, err := t.query(ctx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		if next == nil {
			return all, nil
		}
		q.start = next
	}
}

// change builds an update. Names and values are bound by number, so that no
// attribute's name can be one of DynamoDB's reserved words by accident.
type change struct {
	key                key
	set, add, del, con []string // of SET, ADD and REMOVE, and the conditions
	names              map[string]string
	values             item
}

func update(k key) *change { return &change{key: k, names: map[string]string{}, values: item{}} }

func (c *change) name(n string) string {
	for ph, have := range c.names {
		if have == n {
			return ph
		}
	}
	ph := fmt.Sprintf("#%d", len(c.names))
	c.names[ph] = n
	return ph
}

func (c *change) value(v any) string {
	// What comes out of an item already is one; marshalled again it would become a map
	// of its own fields.
	av, ready := v.(types.AttributeValue)
	var err error
	if !ready {
		av, err = attributevalue.Marshal(v)
	}
	if err != nil {
		panic("store: a value that cannot be marshalled: " + err.Error())
	}
	ph := fmt.Sprintf(":%d", len(c.values))
	c.values[ph] = av
	return ph
}

func (c *change) Set(n string, v any) *change {
	c.set = append(c.set, c.name(n)+" = "+c.value(v))
	return c
}

// SetOnce sets an attribute that is not there yet, and leaves one that is.
func (c *change) SetOnce(n string, v any) *change {
	name := c.name(n)
	c.set = append(c.set, name+" = if_not_exists("+name+", "+c.value(v)+")")
	return c
}

// SetOrRemove removes the attribute where the value is its type's zero.
func (c *change) SetOrRemove(n string, v any, zero bool) *change {
	if zero {
		return c.Remove(n)
	}
	return c.Set(n, v)
}
func (c *change) Add(n string, by int) *change {
	if by != 0 {
		c.add = append(c.add, c.name(n)+" "+c.value(by))
	}
	return c
}

// AddTo sets attributes to another's number and so much more; one that is gone counts
// as none. All of them read what stood before the write.
func (c *change) AddTo(from string, by int, to ...string) *change {
	for _, n := range to {
		c.set = append(c.set, fmt.Sprintf("%s = if_not_exists(%s, %s) + %s", c.name(n), c.name(from), c.value(0), c.value(by)))
	}
	return c
}

// Less counts an attribute down; one that is gone counts as the last.
func (c *change) Less(n string) *change {
	c.set = append(c.set, fmt.Sprintf("%s = if_not_exists(%s, %s) - %s", c.name(n), c.name(n), c.value(1), c.value(1)))
	return c
}

// Append adds the elements of a list to the end of one, which need not be there yet.
func (c *change) Append(n string, ws any) *change {
	c.set = append(c.set, fmt.Sprintf("%s = list_append(if_not_exists(%s, %s), %s)", c.name(n), c.name(n), c.value([]string{}), c.value(ws)))
	return c
}

// Include adds a word to a set.
func (c *change) Include(n, word string) *change {
	c.add = append(c.add, c.name(n)+" "+c.value(&types.AttributeValueMemberSS{Value: []string{word}}))
	return c
}

func (c *change) Remove(ns ...string) *change {
	for _, n := range ns {
		c.del = append(c.del, c.name(n))
	}
	return c
}

// When adds a condition; %n and %v in it stand for the names and values given in
// order, names as strings first.
func (c *change) When(cond string, names []string, values ...any) *change {
	for _, n := range names {
		cond = strings.Replace(cond, "%n", c.name(n), 1)
	}
	for _, v := range values {
		cond = strings.Replace(cond, "%v", c.value(v), 1)
	}
	c.con = append(c.con, cond)
	return c
}

func (c *change) Exists() *change { return c.When("attribute_exists(%n)", []string{"PK"}) }
func (c *change) Equals(n string, v any) *change {
	return c.When("%n = %v", []string{n}, v)
}

func (c *change) expression() *string {
	var b []string
	for _, s := range []struct {
		word string
		list []string
	}{{"SET ", c.set}, {"ADD ", c.add}, {"REMOVE ", c.del}} {
		if len(s.list) > 0 {
			b = append(b, s.word+strings.Join(s.list, ", "))
		}
	}
	e := strings.Join(b, " ")
	return &e
}

func (c *change) condition() *string {
	if len(c.con) == 0 {
		return nil
	}
	e := strings.Join(c.con, " AND ")
	return &e
}

func (c *change) bound() (map[string]string, item) {
	names, values := c.names, c.values
	if len(names) == 0 {
		names = nil
	}
	if len(values) == 0 {
		values = nil
	}
	return names, values
}

// tx collects the writes of one transaction with what each stands for, so that a
// refusal can be told apart.
type tx struct {
	items []types.TransactWriteItem
	what  []string
}

// join adds the writes of others.
func (x *tx) join(ys ...*tx) {
	for _, y := range ys {
		x.items, x.what = append(x.items, y.items...), append(x.what, y.what...)
	}
}

func (x *tx) put(what, table string, it item, cond string) {
	p := &types.Put{TableName: &table, Item: it}
	if cond != "" {
		p.ConditionExpression = &cond
	}
	x.items, x.what = append(x.items, types.TransactWriteItem{Put: p}), append(x.what, what)
}

const absent = "attribute_not_exists(PK)"

func (x *tx) update(what, table string, c *change) {
	if len(c.set)+len(c.add)+len(c.del) == 0 {
		x.check(what, table, c) // an empty update is none to DynamoDB
		return
	}
	names, values := c.bound()
	x.items = append(x.items, types.TransactWriteItem{Update: &types.Update{
		TableName: &table, Key: c.key.item(), UpdateExpression: c.expression(), ConditionExpression: c.condition(),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	}})
	x.what = append(x.what, what)
}

func (x *tx) delete(what, table string, c *change) {
	names, values := c.bound()
	x.items = append(x.items, types.TransactWriteItem{Delete: &types.Delete{
		TableName: &table, Key: c.key.item(), ConditionExpression: c.condition(),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	}})
	x.what = append(x.what, what)
}

func (x *tx) check(what, table string, c *change) {
	names, values := c.bound()
	x.items = append(x.items, types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &table, Key: c.key.item(), ConditionExpression: c.condition(),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	}})
	x.what = append(x.what, what)
}

// Refused is a transaction that was not made, with the parts that refused it.
type Refused struct{ Parts []string }

func (r *Refused) Error() string { return "refused by " + strings.Join(r.Parts, ", ") }

// Unwrap makes every refusal an ErrConflict to callers that do not care which part it was.
func (r *Refused) Unwrap() error { return ErrConflict }

// By tells whether a part refused.
func (r *Refused) By(part string) bool {
	for _, p := range r.Parts {
		if p == part {
			return true
		}
	}
	return false
}

// RefusedBy tells whether an error is a refusal by that part.
func RefusedBy(err error, part string) bool {
	var r *Refused
	return errors.As(err, &r) && r.By(part)
}

func (t *Table) transact(ctx context.Context, x *tx) error {
	out, err := t.db.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{
		TransactItems: x.items, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	})
	if err != nil {
		return t.refused(x, err)
	}
	t.spend(ctx, false, out.ConsumedCapacity...)
	return nil
}

func (t *Table) refused(x *tx, err error) error {
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) {
		var conflict *types.TransactionConflictException
		if errors.As(err, &conflict) {
			return fmt.Errorf("transaction: %w", ErrConflict)
		}
		return fmt.Errorf("transaction: %w", err)
	}
	r := &Refused{}
	for i, reason := range cancelled.CancellationReasons {
		switch aws.ToString(reason.Code) {
		case "None", "":
		case "ConditionalCheckFailed":
			r.Parts = append(r.Parts, x.what[i])
		case "TransactionConflict":
			r.Parts = append(r.Parts, "conflict")
		default:
			return fmt.Errorf("transaction: %s: %s: %w", x.what[i], aws.ToString(reason.Code), err)
		}
	}
	return r
}

// write makes one conditional update outside a transaction.
func (t *Table) write(ctx context.Context, c *change) error {
	_, err := t.writeOr(ctx, c, func(item) bool { return false })
	return err
}

// writeOr is write for what must be safe to repeat. The SDK asks again where an answer
// was lost, and then meets the item as its own write has left it: ours tells that from
// somebody else's write. It answers the item as it is, which is nil after ErrConflict.
//
// (A transaction needs none of this: it carries a token, by which the table knows it
// again.)
func (t *Table) writeOr(ctx context.Context, c *change, ours func(stands item) bool) (item, error) {
	names, values := c.bound()
	out, err := t.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &t.name, Key: c.key.item(), UpdateExpression: c.expression(), ConditionExpression: c.condition(),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values, ReturnValues: types.ReturnValueAllNew,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		ReturnConsumedCapacity:              types.ReturnConsumedCapacityTotal,
	})
	if err != nil {
		var failed *types.ConditionalCheckFailedException
		if errors.As(err, &failed) && len(failed.Item) > 0 && ours(failed.Item) {
			return failed.Item, nil
		}
		return nil, conditional(err)
	}
	t.spend(ctx, false, one(out.ConsumedCapacity)...)
	it := out.Attributes
	for n, v := range c.key.item() {
		it[n] = v
	}
	return it, nil
}

// create puts an item that must not be there yet, unless it is this very item: then an
// answer was lost, and it has been created.
func (t *Table) create(ctx context.Context, it item) error {
	cond := absent
	out, err := t.db.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &t.name, Item: it, ConditionExpression: &cond,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		ReturnConsumedCapacity:              types.ReturnConsumedCapacityTotal,
	})
	if err != nil {
		var failed *types.ConditionalCheckFailedException
		switch {
		case !errors.As(err, &failed):
			return conditional(err)
		case reflect.DeepEqual(failed.Item, it):
			return nil
		}
		return ErrExists
	}
	t.spend(ctx, false, one(out.ConsumedCapacity)...)
	return nil
}

// conditional makes a refused condition ErrConflict. A transaction that was on the item at
// the same moment is none: who is told that the item has changed takes the work for done
// by somebody else.
func conditional(err error) error {
	var failed *types.ConditionalCheckFailedException
	if errors.As(err, &failed) {
		return ErrConflict
	}
	return fmt.Errorf("write: %w", err)
}

// put writes an item whatever stood there: it may be repeated as often as one likes.
func (t *Table) put(ctx context.Context, it item) error {
	out, err := t.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: it, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal})
	if err != nil {
		return conditional(err)
	}
	t.spend(ctx, false, one(out.ConsumedCapacity)...)
	return nil
}

func (t *Table) delete(ctx context.Context, k key) error {
	out, err := t.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &t.name, Key: k.item(), ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal})
	if err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	t.spend(ctx, false, one(out.ConsumedCapacity)...)
	return nil
}

func numberValue(n int) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: fmt.Sprint(n)}
}
