package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/spf13/cobra"

	"snout/shared/lambdaio"
	"snout/shared/store"
)

func replayCommand() *cobra.Command {
	o := &options{}
	var dry bool
	var confirm string
	c := &cobra.Command{
		Use: "replay", Short: "Do again what could not be done: parked stream records, the fallback store, held texts",
		Long: `Runs the functions' own code in this process, with your AWS credentials, over what was left lying. Each is safe to
repeat: what has been done already is found to be done.`,
		Example: "  snout replay parked --config staging.yaml --dry-run\n  snout replay fallback --config staging.yaml\n  snout replay held --config staging.yaml",
	}
	o.add(c)
	c.PersistentFlags().BoolVar(&dry, "dry-run", false, "list and do nothing")
	c.PersistentFlags().StringVar(&confirm, "confirm", "", "the stage's name again, which production needs")
	add := func(use, short string, run func(*cobra.Command, *stage, bool) ([]replayed, error)) {
		c.AddCommand(&cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := o.reach(cmd.Context())
			if err != nil {
				return err
			}
			if !dry && s.production() && confirm != s.Stage {
				return input("The stage %s is production: say so with --confirm %s.", s.Stage, s.Stage)
			}
			rows, err := run(cmd, s, dry)
			if o.json {
				return errors.Join(err, printJSON(cmd.OutOrStdout(), rows))
			}
			for _, r := range rows {
				fmt.Fprintf(cmd.OutOrStdout(), "%s  %-10s %s  %s\n", r.At.UTC().Format(time.RFC3339), r.Outcome, r.ID, r.What)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d in all\n", len(rows))
			if left := leftOver(rows); left > 0 && err == nil {
				return fmt.Errorf("%d could not be done and stay where they are", left)
			}
			return err
		}})
	}
	add("parked", "Stream records that could not be handled", replayParked)
	add("fallback", "Webhooks that the fallback stored and that could not be taken in", replayFallback)
	add("held", "Texts that wait for messaging, once it is on", replayHeld)
	return c
}

type replayed struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	What    string    `json:"what"`
	Outcome string    `json:"outcome"` // waiting, done, or left
}

func leftOver(rs []replayed) (n int) {
	for _, r := range rs {
		if r.Outcome == "left" {
			n++
		}
	}
	return n
}

// host is the functions' surroundings in this process: what template.yaml gives them.
func (s *stage) host(log *bytes.Buffer) lambdaio.Host {
	h := lambdaio.Cloud()
	carrierBase := s.Carrier.BaseURL
	if s.local != nil {
		carrierBase = cmp.Or(carrierBase, s.Target)
	}
	env := map[string]string{
		"STAGE": s.Stage, "TABLE_NAME": s.tableName(), "FLAGS_PATH": s.flagsPath(), "SECRETS_PATH": "/snout/" + s.Stage + "/secrets/", "PUBLIC_BASE_URL": s.Target,
		"CARRIER_BASE_URL": carrierBase, "VERSION": "snout replay",
		// Replaying asks for no picture by itself: those are fetched later, by the
		// outbox. The name holds the account's number, which only the account knows.
		"MEDIA_BUCKET": cmp.Or(os.Getenv("MEDIA_BUCKET"), "snout-"+s.Stage+"-media"),
	}
	if s.Shards > 0 {
		env["TABLE_SHARDS"] = fmt.Sprint(s.Shards)
	}
	h.Env = func(n string) string { return env[n] }
	h.AWS = s.aws
	h.Log = log
	h.Transport = s.http.Transport
	if s.local != nil {
		h.Clock = s.api.Now // a local world has a clock of its own
	}
	return h
}

func replayParked(cmd *cobra.Command, s *stage, dry bool) ([]replayed, error) {
	ctx := cmd.Context()
	if err := s.learnClock(ctx); err != nil {
		return nil, err
	}
	table, err := s.table(ctx)
	if err != nil {
		return nil, err
	}
	parked, err := table.ParkedRecords(ctx, 1000)
	if err != nil {
		return nil, err
	}
	rows := []replayed{}
	for _, p := range parked {
		r := replayed{ID: p.Order, At: p.At, What: p.Source + ", record " + sequence(p.Record) + ": " + p.Cause, Outcome: "waiting"}
		if !dry {
			if r.Outcome, err = s.handleAgain(ctx, table, p); err != nil {
				return append(rows, r), err
			}
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// handleAgain gives one record to its function. What it cannot handle it parks again:
// that copy is taken away, so that the first stays with its cause.
func (s *stage) handleAgain(ctx context.Context, table *store.Table, p store.Parked) (string, error) {
	build := map[string]lambdaio.Function{"assignment": lambdaio.Assignment, "outbox": lambdaio.Outbox}[p.Source]
	if build == nil {
		return "left", nil
	}
	was := map[string]bool{}
	before, err := table.ParkedRecords(ctx, 1000)
	if err != nil {
		return "left", err
	}
	for _, b := range before {
		was[b.Order] = true
	}
	var log bytes.Buffer
	handler, err := build(ctx, s.host(&log))
	if err != nil {
		return "left", err
	}
	out, err := handler.Invoke(ctx, []byte(`{"Records":[`+p.Record+`]}`))
	if err != nil {
		return "left", nil
	}
	var res events.DynamoDBEventResponse
	if err := json.Unmarshal(out, &res); err != nil {
		return "left", err
	}
	after, err := table.ParkedRecords(ctx, 1000)
	if err != nil {
		return "left", err
	}
	again := false
	for _, a := range after {
		if !was[a.Order] && a.Source == p.Source && sequence(a.Record) == sequence(p.Record) {
			again = true
			if err := table.Unpark(ctx, a.Order); err != nil {
				return "left", err
			}
		}
	}
	if again || len(res.BatchItemFailures) > 0 {
		return "left", nil
	}
	return "done", table.Unpark(ctx, p.Order)
}

// sequence is a record's place in the stream, by which it is known again.
func sequence(record string) string {
	var r struct {
		Change struct{ SequenceNumber string } `json:"dynamodb"`
	}
	if json.Unmarshal([]byte(record), &r) != nil {
		return record
	}
	return r.Change.SequenceNumber
}

// learnClock makes the target's clock known: a local world's may be days away.
func (s *stage) learnClock(ctx context.Context) error {
	if s.local == nil {
		return nil
	}
	_, _, err := s.api.Figures(ctx)
	return err
}

func replayFallback(cmd *cobra.Command, s *stage, dry bool) ([]replayed, error) {
	ctx := cmd.Context()
	if err := s.learnClock(ctx); err != nil {
		return nil, err
	}
	cfg, err := s.aws(ctx)
	if err != nil {
		return nil, err
	}
	client := sqs.NewFromConfig(cfg)
	// What the queue itself holds is taken in by the function; what it gave up is here.
	q, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("snout-" + s.Stage + "-fallback-dead")})
	if err != nil {
		return nil, fmt.Errorf("find the queue: %w", err)
	}
	rows := []replayed{}
	if dry {
		a, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: q.QueueUrl, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameApproximateNumberOfMessages}})
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%s webhooks wait\n", a.Attributes[string(types.QueueAttributeNameApproximateNumberOfMessages)])
		return rows, nil
	}
	var log bytes.Buffer
	handler, err := lambdaio.Reconcile(ctx, s.host(&log))
	if err != nil {
		return nil, err
	}
	tried := map[string]bool{}
	for {
		got, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: q.QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60})
		if err != nil {
			return rows, fmt.Errorf("read the queue: %w", err)
		}
		fresh := false
		for _, m := range got.Messages {
			id := aws.ToString(m.MessageId)
			if tried[id] {
				continue
			}
			tried[id], fresh = true, true
			r := replayed{ID: id, At: s.api.Now(), What: "stored webhook", Outcome: "left"}
			var stored lambdaio.Stored
			if json.Unmarshal([]byte(aws.ToString(m.Body)), &stored) == nil {
				r.At = stored.At
			}
			raw, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{MessageId: id, Body: aws.ToString(m.Body)}}})
			if err != nil {
				return rows, err
			}
			out, err := handler.Invoke(ctx, raw)
			var res events.SQSEventResponse
			if err == nil && json.Unmarshal(out, &res) == nil && len(res.BatchItemFailures) == 0 {
				if _, err := client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: q.QueueUrl, ReceiptHandle: m.ReceiptHandle}); err != nil {
					return append(rows, r), fmt.Errorf("take it off the queue: %w", err)
				}
				r.Outcome = "done"
			}
			rows = append(rows, r)
		}
		if !fresh {
			return rows, nil
		}
	}
}

func replayHeld(cmd *cobra.Command, s *stage, dry bool) ([]replayed, error) {
	ctx := cmd.Context()
	if err := s.learnClock(ctx); err != nil {
		return nil, err
	}
	table, err := s.table(ctx)
	if err != nil {
		return nil, err
	}
	list := func() (map[string]bool, []store.HeldText, error) {
		hs, err := table.HeldTexts(ctx, 1000)
		at := map[string]bool{}
		for _, h := range hs {
			at[h.Text.Sid] = true
		}
		return at, hs, err
	}
	_, held, err := list()
	if err != nil {
		return nil, err
	}
	rows := []replayed{}
	for _, h := range held {
		rows = append(rows, replayed{ID: h.Text.Sid, At: h.Text.At, What: fmt.Sprintf("%s to %s (%s)", h.Phone, h.Number, h.Class), Outcome: "waiting"})
	}
	if dry || len(rows) == 0 {
		return rows, nil
	}
	now, err := s.switches.Read(ctx)
	if err != nil {
		return rows, err
	}
	if now["ENABLE_MESSAGING_V1"] != "true" {
		return rows, input("Messaging is off, so held texts stay held. Look at what would become of them with `snout explain --shadow`.")
	}
	var log bytes.Buffer
	handler, err := lambdaio.Outbox(ctx, s.host(&log))
	if err != nil {
		return rows, err
	}
	var sweepErr error
	for range 50 { // a sweep takes a bounded number of texts
		left, _, err := list()
		if err != nil || len(left) == 0 {
			break
		}
		if _, sweepErr = handler.Invoke(ctx, []byte(`{"source":"snout.replay"}`)); sweepErr != nil {
			break
		}
		if now, _, err := list(); err != nil || len(now) >= len(left) {
			break // it does not get on
		}
	}
	left, _, err := list()
	for i := range rows {
		rows[i].Outcome = "done"
		if left[rows[i].ID] {
			rows[i].Outcome = "left"
		}
	}
	if sweepErr != nil {
		return rows, fmt.Errorf("release: %s", strings.TrimSpace(log.String()))
	}
	return rows, err
}
