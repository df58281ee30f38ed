package events

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// streamRecord is one record of a DynamoDB event, member for member as Lambda writes it.
type streamRecord struct {
	EventID        string        `json:"eventID"`
	EventName      string        `json:"eventName"`
	EventVersion   string        `json:"eventVersion"`
	EventSource    string        `json:"eventSource"`
	AWSRegion      string        `json:"awsRegion"`
	Change         streamChange  `json:"dynamodb"`
	UserIdentity   *userIdentity `json:"userIdentity,omitempty"`
	EventSourceARN string        `json:"eventSourceARN"`
}

type userIdentity struct {
	Type        string `json:"type"`
	PrincipalID string `json:"principalId"`
}

type streamChange struct {
	ApproximateCreationDateTime int64 // seconds since 1970
	Keys                        map[string]any
	NewImage                    map[string]any `json:",omitempty"`
	OldImage                    map[string]any `json:",omitempty"`
	SequenceNumber              string
	SizeBytes                   int64
	StreamViewType              string
}

// record is one stream record on its way to a function.
type record struct {
	sequence string
	at       time.Time
	json     json.RawMessage
}

func newRecord(r types.Record, arn, region string) (record, error) {
	d := r.Dynamodb
	if d == nil || d.SequenceNumber == nil || d.ApproximateCreationDateTime == nil {
		return record{}, fmt.Errorf("stream record without its sequence number or time")
	}
	out := streamRecord{
		EventID: value(r.EventID), EventName: string(r.EventName), EventVersion: value(r.EventVersion), EventSource: "aws:dynamodb",
		AWSRegion: region, EventSourceARN: arn,
		Change: streamChange{
			ApproximateCreationDateTime: d.ApproximateCreationDateTime.Unix(), SequenceNumber: *d.SequenceNumber,
			SizeBytes: value(d.SizeBytes), StreamViewType: string(d.StreamViewType),
		},
	}
	if u := r.UserIdentity; u != nil {
		out.UserIdentity = &userIdentity{value(u.Type), value(u.PrincipalId)}
	}
	var err error
	for _, image := range []struct {
		from map[string]types.AttributeValue
		to   *map[string]any
	}{{d.Keys, &out.Change.Keys}, {d.NewImage, &out.Change.NewImage}, {d.OldImage, &out.Change.OldImage}} {
		if *image.to, err = attributes(image.from); err != nil {
			return record{}, fmt.Errorf("stream record %s: %w", *d.SequenceNumber, err)
		}
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return record{}, fmt.Errorf("stream record %s: %w", *d.SequenceNumber, err)
	}
	return record{sequence: *d.SequenceNumber, at: *d.ApproximateCreationDateTime, json: raw}, nil
}

func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

func attributes(m map[string]types.AttributeValue) (map[string]any, error) {
	if m == nil {
		return nil, nil
	}
	out := make(map[string]any, len(m))
	for name, v := range m {
		a, err := attribute(v)
		if err != nil {
			return nil, err
		}
		out[name] = a
	}
	return out, nil
}

// attribute is a value in DynamoDB's own JSON, such as {"N": "1"}.
func attribute(v types.AttributeValue) (map[string]any, error) {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return map[string]any{"S": v.Value}, nil
	case *types.AttributeValueMemberN:
		return map[string]any{"N": v.Value}, nil
	case *types.AttributeValueMemberB:
		return map[string]any{"B": v.Value}, nil
	case *types.AttributeValueMemberBOOL:
		return map[string]any{"BOOL": v.Value}, nil
	case *types.AttributeValueMemberNULL:
		return map[string]any{"NULL": v.Value}, nil
	case *types.AttributeValueMemberSS:
		return map[string]any{"SS": v.Value}, nil
	case *types.AttributeValueMemberNS:
		return map[string]any{"NS": v.Value}, nil
	case *types.AttributeValueMemberBS:
		return map[string]any{"BS": v.Value}, nil
	case *types.AttributeValueMemberL:
		list := make([]any, len(v.Value))
		for i, e := range v.Value {
			a, err := attribute(e)
			if err != nil {
				return nil, err
			}
			list[i] = a
		}
		return map[string]any{"L": list}, nil
	case *types.AttributeValueMemberM:
		m, err := attributes(v.Value)
		return map[string]any{"M": m}, err
	}
	return nil, fmt.Errorf("an attribute of kind %T, which no event has", v)
}
