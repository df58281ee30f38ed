package sandbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"snout/shared/sandbox/template"
)

// CreateTable makes the table as template.yaml describes it.
func CreateTable(t template.Table) *dynamodb.CreateTableInput {
	in := &dynamodb.CreateTableInput{
		TableName: aws.String(t.Name), BillingMode: types.BillingModePayPerRequest, KeySchema: keys(t.Keys),
		StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewType(t.StreamView)},
	}
	for n, kind := range t.AttributeTypes {
		in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{AttributeName: aws.String(n), AttributeType: types.ScalarAttributeType(kind)})
	}
	for _, x := range t.Indexes {
		p := &types.Projection{ProjectionType: types.ProjectionType(x.Projection), NonKeyAttributes: x.Included}
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{IndexName: aws.String(x.Name), KeySchema: keys(x.Keys), Projection: p})
	}
	return in
}

func keys(k template.Keys) []types.KeySchemaElement {
	ks := []types.KeySchemaElement{{AttributeName: aws.String(k.Hash), KeyType: types.KeyTypeHash}}
	if k.Range != "" {
		ks = append(ks, types.KeySchemaElement{AttributeName: aws.String(k.Range), KeyType: types.KeyTypeRange})
	}
	return ks
}

func (w *World) createTable(ctx context.Context) (stream string, err error) {
	t := w.template.Table
	d, err := w.DB.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: aws.String(t.Name)})
	var none *types.ResourceNotFoundException
	switch {
	case err == nil:
		w.seeded.before = true // kept from an earlier run
		return aws.ToString(d.Table.LatestStreamArn), nil
	case !errors.As(err, &none):
		return "", fmt.Errorf("describe table: %w", err)
	}
	out, err := w.DB.CreateTable(ctx, CreateTable(t))
	if err != nil {
		return "", fmt.Errorf("create table: %w", err)
	}
	if t.TTLAttribute != "" {
		_, err = w.DB.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{TableName: aws.String(t.Name),
			TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String(t.TTLAttribute), Enabled: aws.Bool(true)}})
	}
	return aws.ToString(out.TableDescription.LatestStreamArn), err
}
