package dynamo_test

import (
	"testing"

	"snout/shared/sandbox/dynamo"
)

func TestConditions(t *testing.T) {
	const item = `{"pk":"a","sk":"1","s":"hello","n":5,"big":10000000000000000000000000000000000001,"t":true,"nil":null,
		"b":{"$B":"AQI="},"ss":{"$SS":["x","y"]},"ns":{"$NS":["1","2.50"]},"l":[1,"two",{"deep":[true]}],"m":{"k":"v","o":{"p":9}},"date":"2026","wide":"é𝄞"}`
	rows := []struct {
		says, condition, values, names string
		holds                          bool
	}{
		{"equal strings are equal", "s = :v", `{":v":"hello"}`, "", true},
		{"numbers are compared by value, not by their spelling", "n = :v", `{":v":5.0e0}`, "", true},
		{"numbers are exact to 38 digits", "big = :v", `{":v":10000000000000000000000000000000000002}`, "", false},
		{"a number is no string", "n = :v", `{":v":"5"}`, "", false},
		{"values of different types differ", "n <> :v", `{":v":"5"}`, "", true},
		{"a missing attribute equals nothing", "nope = :v", `{":v":1}`, "", false},
		{"a missing attribute differs from everything", "nope <> :v", `{":v":1}`, "", true},
		{"a missing attribute differs from another one", "nope <> neither", "", "", true},
		{"strings are ordered by their bytes", "s < :v", `{":v":"helm"}`, "", true},
		{"numbers are ordered as numbers", "n < :v", `{":v":10}`, "", true},
		{"values of different types have no order", "n < :v", `{":v":"9"}`, "", false},
		{"both ends of BETWEEN are within", "n BETWEEN :a AND :b", `{":a":5,":b":5}`, "", true},
		{"IN finds one of its values", "s IN (:a, :b)", `{":a":"x",":b":"hello"}`, "", true},
		{"IN finds no value of another type", "n IN (:a)", `{":a":"5"}`, "", false},
		{"AND binds closer than OR", "s = :x AND n = :x OR n = :n", `{":x":"x",":n":5}`, "", true},
		{"parentheses change that", "s = :x AND (n = :x OR n = :n)", `{":x":"x",":n":5}`, "", false},
		{"NOT binds closer than AND", "NOT s = :x AND n = :n", `{":x":"x",":n":5}`, "", true},
		{"keywords may be written small", "not s = :x and n between :n and :n or s in (:x)", `{":x":"x",":n":5}`, "", true},
		{"an attribute exists", "attribute_exists(m.o.p)", "", "", true},
		{"a path through a scalar leads nowhere", "attribute_not_exists(s.x)", "", "", true},
		{"an index beyond the list leads nowhere", "attribute_not_exists(l[9])", "", "", true},
		{"lists are entered by index", "l[2].deep[0] = :v", `{":v":true}`, "", true},
		{"a #name stands for one name, dots and all", "attribute_not_exists(#p)", "", `{"#p":"m.k"}`, true},
		{"a reserved word needs a #name", "#d = :v", `{":v":"2026"}`, `{"#d":"date"}`, true},
		{"attribute_type tells a list", "attribute_type(l, :v)", `{":v":"L"}`, "", true},
		{"begins_with looks at the start", "begins_with(s, :v)", `{":v":"hell"}`, "", true},
		{"begins_with compares bytes of binaries", "begins_with(b, :v)", `{":v":{"$B":"AQ=="}}`, "", true},
		{"contains finds a part of a string", "contains(s, :v)", `{":v":"ell"}`, "", true},
		{"contains finds a member of a set", "contains(ns, :v)", `{":v":2.5}`, "", true},
		{"contains finds an element of a list", "contains(l, :v)", `{":v":"two"}`, "", true},
		{"contains finds no number inside a string", "contains(s, :v)", `{":v":1}`, "", false},
		{"size of a string", "size(s) = :v", `{":v":5}`, "", true},
		{"size of a string counts UTF-16 code units, not bytes", "size(wide) = :v", `{":v":3}`, "", true},
		{"size of a binary is its bytes", "size(b) = :v", `{":v":2}`, "", true},
		{"size of a set, a list and a map are their members", "size(ss) = :two AND size(l) = :three AND size(m) = :two", `{":two":2,":three":3}`, "", true},
		{"a number has no size", "size(n) > :v", `{":v":0}`, "", false},
		{"sets are equal in any order", "ss = :v", `{":v":{"$SS":["y","x"]}}`, "", true},
		{"number sets are equal by value", "ns = :v", `{":v":{"$NS":["2.5","1.0"]}}`, "", true},
		{"maps are equal by their content", "m = :v", `{":v":{"o":{"p":9},"k":"v"}}`, "", true},
		{"lists are equal in order", "l = :v", `{":v":["two",1,{"deep":[true]}]}`, "", false},
		{"two attributes can be compared", "n < big", "", "", true},
		{"a value may come first", ":v = s", `{":v":"hello"}`, "", true},
	}
	e := things(t, dynamo.Config{}, item)
	for _, row := range rows {
		t.Run(row.says, func(t *testing.T) {
			want := ""
			if !row.holds {
				want = "ConditionalCheckFailedException: The conditional request failed"
			}
			request := `{"TableName":"things","Key":` + key("a", "1") + `,"ConditionExpression":"` + row.condition + `"` + with(row.values, row.names) + `}`
			if got := refusal(t, e, "DeleteItem", request); got != want {
				t.Errorf("answers %q, want %q", got, want)
			}
			put(t, e, item)
		})
	}
}

func TestUpdates(t *testing.T) {
	rows := []struct{ says, before, update, values, after string }{
		{"SET makes an attribute", `{}`, "SET a = :v", `{":v":1}`, `{"a":1}`},
		{"SET replaces one of another type", `{"a":[1]}`, "SET a = :v", `{":v":"x"}`, `{"a":"x"}`},
		{"SET reads the item as it was", `{"a":1,"b":2}`, "SET a = b, b = a", "", `{"a":2,"b":1}`},
		{"SET adds", `{"a":1}`, "SET a = a + :v", `{":v":2.5}`, `{"a":3.5}`},
		{"SET subtracts", `{"a":1}`, "SET a = a - :v", `{":v":3}`, `{"a":-2}`},
		{"sums are exact", `{"a":0.1}`, "SET a = a + :v", `{":v":0.2}`, `{"a":0.3}`},
		{"sums are exact at 38 digits", `{"a":99999999999999999999999999999999999998}`, "SET a = a + :v", `{":v":1}`, `{"a":99999999999999999999999999999999999999}`},
		{"a sum may be zero", `{"a":5}`, "SET a = a - :v", `{":v":5}`, `{"a":0}`},
		{"if_not_exists keeps what there is", `{"a":1}`, "SET a = if_not_exists(a, :v)", `{":v":2}`, `{"a":1}`},
		{"if_not_exists starts a counter", `{}`, "SET a = if_not_exists(a, :z) + :v", `{":v":2,":z":0}`, `{"a":2}`},
		{"list_append appends", `{"a":[1]}`, "SET a = list_append(a, :v)", `{":v":[2]}`, `{"a":[1,2]}`},
		{"list_append prepends", `{"a":[1]}`, "SET a = list_append(:v, a)", `{":v":[2]}`, `{"a":[2,1]}`},
		{"functions nest", `{}`, "SET a = list_append(if_not_exists(a, :e), :v)", `{":v":[2],":e":[]}`, `{"a":[2]}`},
		{"SET changes one element of a map", `{"m":{"x":1,"y":2}}`, "SET m.x = :v", `{":v":9}`, `{"m":{"x":9,"y":2}}`},
		{"SET changes one element of a list", `{"l":[1,2,3]}`, "SET l[1] = :v", `{":v":9}`, `{"l":[1,9,3]}`},
		{"SET beyond a list's end appends, in the order of the indexes", `{"l":[1]}`, "SET l[9] = :b, l[5] = :a", `{":a":"a",":b":"b"}`, `{"l":[1,"a","b"]}`},
		{"REMOVE takes attributes away", `{"a":1,"b":2,"c":3}`, "REMOVE a, c", "", `{"b":2}`},
		{"REMOVE of nothing is no error", `{"b":2}`, "REMOVE a", "", `{"b":2}`},
		{"REMOVE counts list indexes in the list as it was", `{"l":[0,1,2,3]}`, "REMOVE l[1], l[2]", "", `{"l":[0,3]}`},
		{"REMOVE takes a nested attribute away", `{"m":{"x":1,"y":[1,{"z":2}]}}`, "REMOVE m.x, m.y[1].z", "", `{"m":{"y":[1,{}]}}`},
		{"ADD starts a counter", `{}`, "ADD a :v", `{":v":-2}`, `{"a":-2}`},
		{"ADD counts on", `{"a":5}`, "ADD a :v", `{":v":-2}`, `{"a":3}`},
		{"ADD joins sets", `{"a":{"$SS":["x"]}}`, "ADD a :v", `{":v":{"$SS":["x","y"]}}`, `{"a":{"$SS":["x","y"]}}`},
		{"ADD reaches into a map", `{"m":{}}`, "ADD m.c :v", `{":v":1}`, `{"m":{"c":1}}`},
		{"DELETE takes members out", `{"a":{"$NS":["1","2"]}}`, "DELETE a :v", `{":v":{"$NS":["2","3"]}}`, `{"a":{"$NS":["1"]}}`},
		{"a set that loses its last member goes", `{"a":{"$SS":["x"]}}`, "DELETE a :v", `{":v":{"$SS":["x"]}}`, `{}`},
		{"DELETE of nothing is no error", `{}`, "DELETE a :v", `{":v":{"$SS":["x"]}}`, `{}`},
		{"all four together", `{"r":1,"c":1,"d":{"$SS":["x","y"]}}`, "set s = :s remove r add c :c delete d :d", `{":s":"s",":c":1,":d":{"$SS":["x"]}}`, `{"c":2,"d":{"$SS":["y"]},"s":"s"}`},
	}
	e := things(t, dynamo.Config{})
	for _, row := range rows {
		t.Run(row.says, func(t *testing.T) {
			withKey := func(i string) string {
				if i == "{}" {
					return `{"pk":"a","sk":"1"}`
				}
				return i[:len(i)-1] + `,"pk":"a","sk":"1"}`
			}
			put(t, e, withKey(row.before))
			must(t, e, "UpdateItem", `{"TableName":"things","Key":`+key("a", "1")+`,"UpdateExpression":"`+row.update+`"`+with(row.values, "")+`}`)
			want := compact(decode(t, attrs(withKey(row.after))))
			if got := get(t, e, "a", "1"); got != want {
				t.Errorf("makes %s\nwant  %s", got, want)
			}
		})
	}
}

func TestReturnedValues(t *testing.T) {
	const before = `{"pk":"a","sk":"1","c":1,"m":{"x":1,"y":2}}`
	rows := []struct{ says, which, want string }{
		{"NONE returns nothing", "NONE", ""},
		{"ALL_OLD returns the item as it was", "ALL_OLD", `{"c":1,"m":{"x":1,"y":2},"pk":"a","sk":"1"}`},
		{"ALL_NEW returns it as it is", "ALL_NEW", `{"c":2,"m":{"x":9,"y":2},"pk":"a","sk":"1"}`},
		{"UPDATED_OLD returns the paths that were written, as they were", "UPDATED_OLD", `{"c":1,"m":{"x":1}}`},
		{"UPDATED_NEW returns them as they are", "UPDATED_NEW", `{"c":2,"m":{"x":9}}`},
	}
	for _, row := range rows {
		t.Run(row.says, func(t *testing.T) {
			e := things(t, dynamo.Config{}, before)
			answer := must(t, e, "UpdateItem", `{"TableName":"things","Key":`+key("a", "1")+`,"UpdateExpression":"SET m.x = :v ADD c :one","ReturnValues":"`+row.which+`"`+with(`{":v":9,":one":1}`, "")+`}`)
			if got := field(t, answer, "Attributes"); got != row.want {
				t.Errorf("returns %s\nwant    %s", got, row.want)
			}
		})
	}
}

func TestProjections(t *testing.T) {
	e := things(t, dynamo.Config{}, `{"pk":"a","sk":"1","l":[0,1,{"x":2,"y":3}],"m":{"k":{"z":1},"o":2}}`)
	rows := []struct{ says, projection, want string }{
		{"whole attributes", "pk, m", `{"m":{"k":{"z":1},"o":2},"pk":"a"}`},
		{"a part of a map keeps its place", "m.k.z", `{"m":{"k":{"z":1}}}`},
		{"elements of a list close ranks in the list's order", "l[2].y, l[0]", `{"l":[0,{"y":3}]}`},
		{"what is missing is left out", "nope, l[7], m.nope, sk", `{"sk":"1"}`},
	}
	for _, row := range rows {
		t.Run(row.says, func(t *testing.T) {
			answer := must(t, e, "GetItem", `{"TableName":"things","Key":`+key("a", "1")+`,"ProjectionExpression":"`+row.projection+`"}`)
			if got := field(t, answer, "Item"); got != row.want {
				t.Errorf("answers %s\nwant     %s", got, row.want)
			}
		})
	}
}

// The sentences are AWS's, as recorded by public test suites that run against it.
func TestRefusedExpressions(t *testing.T) {
	e := things(t, dynamo.Config{}, `{"pk":"a","sk":"1","s":"x","l":[1],"m":{}}`)
	condition := func(says, expression, values, message string) [4]string {
		return [4]string{says, "DeleteItem", `"ConditionExpression":"` + expression + `"` + with(values, ""), message}
	}
	update := func(says, expression, values, message string) [4]string {
		return [4]string{says, "UpdateItem", `"UpdateExpression":"` + expression + `"` + with(values, ""), message}
	}
	rows := [][4]string{
		condition("an empty expression", "", "", "Invalid ConditionExpression: The expression can not be empty;"),
		condition("an expression that ends early", "a = ", "", `Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="`),
		condition("an expression that goes on too long", "a = :v :v", `{":v":1}`, `Invalid ConditionExpression: Syntax error; token: ":v", near: ":v :v"`),
		condition("a character that means nothing", "a!b", "", `Invalid ConditionExpression: Syntax error; token: "!", near: "a!b"`),
		condition("a bare attribute", "a", "", `Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "a"`),
		condition("a literal", "a = 5", "", `Invalid ConditionExpression: Syntax error; token: "5", near: "= 5"`),
		condition("an open parenthesis", "attribute_not_exists(", "", `Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "("`),
		condition("redundant parentheses", "((s = :v))", `{":v":1}`, "Invalid ConditionExpression: The expression has redundant parentheses;"),
		condition("a reserved word", "status = :v", `{":v":1}`, "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status"),
		condition("an unknown function", "foo(a)", "", "Invalid ConditionExpression: Invalid function name; function: foo"),
		condition("a function of the update grammar", "list_append(a, :v) = :v", `{":v":[]}`, "Invalid ConditionExpression: Invalid function name; function: list_append"),
		condition("a function as an operand", "a = begins_with(a, :v)", `{":v":"x"}`, "Invalid ConditionExpression: The function is not allowed to be used this way in an expression; function: begins_with"),
		condition("an operand too few", "contains(a)", "", "Invalid ConditionExpression: Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1"),
		condition("an operand that is no path", "attribute_exists(:v)", `{":v":1}`, "Invalid ConditionExpression: Operator or function requires a document path; operator or function: attribute_exists"),
		condition("an operand of the wrong type", "begins_with(a, :v)", `{":v":1}`, "Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"),
		condition("an order among truths", "a < :v", `{":v":true}`, "Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: <, operand type: BOOL"),
		condition("an attribute compared with itself", "a = a", "", "Invalid ConditionExpression: The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a]"),
		condition("a range upside down", "a BETWEEN :v AND :w", `{":v":2,":w":1}`, "Invalid ConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}"),
		condition("an undefined value", "a = :v", "", "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :v"),
		condition("an undefined name", "#a = :v", `{":v":1}`, "Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #a"),
		condition("a value nobody uses", "attribute_exists(a)", `{":v":1}`, "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}"),
		{"a name nobody uses", "DeleteItem", `"ConditionExpression":"attribute_exists(a)","ExpressionAttributeNames":{"#a":"b"}`, "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}"},
		{"a name without its #", "DeleteItem", `"ConditionExpression":"attribute_exists(a)","ExpressionAttributeNames":{"a":"b"}`, `ExpressionAttributeNames contains invalid key: Syntax error; key: "a"`},
		{"values without an expression", "DeleteItem", `"ExpressionAttributeValues":{":v":{"N":"1"}}`, "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null"},
		update("a clause that is none", "INVALID SYNTAX HERE", "", `Invalid UpdateExpression: Syntax error; token: "INVALID", near: "INVALID SYNTAX"`),
		update("a clause twice", "SET a = :v SET b = :v", `{":v":1}`, `Invalid UpdateExpression: The "SET" section can only be used once in an update expression;`),
		update("a trailing comma", "SET a = :v,", `{":v":1}`, `Invalid UpdateExpression: Syntax error; token: "<EOF>", near: ","`),
		update("a path and its parent", "SET a.b = :v, a = :v", `{":v":1}`, "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a]"),
		update("a map and a list at one place", "SET a.b = :v, a[0] = :v", `{":v":1}`, "Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [0]]"),
		update("ADD of a string", "ADD a :v", `{":v":"1"}`, "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING"),
		update("DELETE of a number", "DELETE a :v", `{":v":1}`, "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER"),
		update("a sum with a string", "SET a = :v + :w", `{":v":1,":w":"2"}`, "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S"),
		update("a key attribute", "SET sk = :v", `{":v":"2"}`, "One or more parameter values were invalid: Cannot update attribute sk. This attribute is part of the key"),
		update("a sum with what is not there", "SET a = nope + :v", `{":v":1}`, "The provided expression refers to an attribute that does not exist in the item"),
		update("a sum with what is no number", "SET a = s + :v", `{":v":1}`, "An operand in the update expression has an incorrect data type"),
		update("ADD to a string", "ADD s :v", `{":v":1}`, "An operand in the update expression has an incorrect data type"),
		update("a path through nothing", "SET nope.x = :v", `{":v":1}`, "The document path provided in the update expression is invalid for update"),
		update("a path through a scalar", "SET s[0] = :v", `{":v":1}`, "The document path provided in the update expression is invalid for update"),
		update("REMOVE through nothing", "REMOVE nope.x", "", "The document path provided in the update expression is invalid for update"),
		update("an index key of another type", "SET g = :v", `{":v":1}`, "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g"),
		update("a sum too long to store", "SET a = :v + :w", `{":v":99999999999999999999999999999999999999,":w":0.1}`, "Attempting to store more than 38 significant digits in a Number"),
	}
	before := everything(t, e, "things")
	for _, row := range rows {
		t.Run(row[0], func(t *testing.T) {
			got := refusal(t, e, row[1], `{"TableName":"things","Key":`+key("a", "1")+`,`+row[2]+`}`)
			if want := "ValidationException: " + row[3]; got != want {
				t.Errorf("answers %s\nwant     %s", got, want)
			}
		})
	}
	if diff := diff(before, everything(t, e, "things")); diff != "" {
		t.Errorf("a refused request changed the table:\n%s", diff)
	}
}

func TestOnlyReservedWordsAreReserved(t *testing.T) {
	e := things(t, dynamo.Config{})
	for word, reserved := range map[string]bool{
		"abort": true, "NAME": true, "Status": true, "zone": true, "ttl": true, "flattern": true, "data": true, "counter": true,
		"pk": false, "version": false, "phone": false, "body": false, "thread": false, "org": false, "sitter": false,
	} {
		t.Run(word, func(t *testing.T) {
			want := ""
			if reserved {
				want = "ValidationException: Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: " + word
			}
			got := refusal(t, e, "UpdateItem", `{"TableName":"things","Key":`+key("a", "1")+`,"UpdateExpression":"REMOVE `+word+`"}`)
			if word == "pk" { // reserved or not, a key cannot be removed
				want = "ValidationException: One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key"
			}
			if got != want {
				t.Errorf("answers %q, want %q", got, want)
			}
		})
	}
}
