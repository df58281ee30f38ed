package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/spf13/cobra"

	"snout/shared/carrier"
	"snout/shared/flags"
	"snout/shared/rollout"
	"snout/shared/routing"
)

// finding is one thing the doctor looked at.
type finding struct {
	Check  string `json:"check"`
	OK     bool   `json:"ok"`
	Found  string `json:"found"`
	Remedy string `json:"remedy,omitempty"`
}

// doctor collects findings; one that fails does not keep the others from being made.
type doctor struct {
	*stage
	findings []finding
}

func (d *doctor) ok(check, found string, args ...any) {
	d.findings = append(d.findings, finding{check, true, fmt.Sprintf(found, args...), ""})
}

func (d *doctor) wrong(check, remedy, found string, args ...any) {
	d.findings = append(d.findings, finding{check, false, routing.RedactText(fmt.Sprintf(found, args...)), remedy})
}

func doctorCommand() *cobra.Command {
	o := &options{}
	c := &cobra.Command{
		Use: "doctor", Short: "Look over a stage: credentials, webhooks, table, stream, flags, clock, sender registration", Args: cobra.NoArgs,
		Long:    "Looks over a stage and names a remedy for each finding. It changes nothing. Exit status 7 if there is a finding.",
		Example: "  snout doctor --target http://127.0.0.1:8787\n  snout doctor --config staging.yaml --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := o.reach(cmd.Context())
			if err != nil {
				return err
			}
			d := &doctor{stage: s}
			if err := d.look(cmd.Context()); err != nil {
				return err
			}
			if o.json {
				if err := printJSON(cmd.OutOrStdout(), d.findings); err != nil {
					return err
				}
			} else {
				d.print(cmd.OutOrStdout())
			}
			for _, f := range d.findings {
				if !f.OK {
					return exit(rollout.ExitFindings)
				}
			}
			return nil
		},
	}
	o.add(c)
	return c
}

func (d *doctor) print(w io.Writer) {
	r := newReporter(w, false)
	for _, f := range d.findings {
		if f.OK {
			fmt.Fprintf(w, "%s %s: %s\n", r.paint("32", "ok   "), f.Check, f.Found)
			continue
		}
		fmt.Fprintf(w, "%s %s: %s\n      remedy: %s\n", r.paint("31", "WRONG"), f.Check, f.Found, f.Remedy)
	}
}

func (d *doctor) look(ctx context.Context) error {
	r := &rollout.Runner{Config: rollout.Config{Target: d.Target, Stage: d.Stage}, API: d.api}
	if err := r.Identify(ctx); err != nil {
		return err
	}
	d.ok("target", "%s is Snout, stage %s", d.Target, d.Stage)
	for _, p := range []rollout.Person{rollout.Owner, rollout.TestSitter, rollout.Ops} {
		d.credentials(ctx, p)
	}
	d.flags(ctx)
	d.throughput(ctx)
	d.clock(ctx)
	d.tableAndStream(ctx)
	d.carrierAndWebhooks(ctx)
	return nil
}

func (d *doctor) credentials(ctx context.Context, p rollout.Person) {
	check := "credentials of the " + string(p)
	if !d.api.Can(p) {
		d.ok(check, "none given")
		return
	}
	var me struct{ Role string }
	ans, err := d.api.Call(ctx, p, "GET", "/api/messages/me", nil, &me)
	switch {
	case errors.Is(err, rollout.ErrToken):
		d.wrong(check, "fetch a new token, or give a tokenCommand in the configuration", "the token is refused")
	case err != nil:
		d.wrong(check, "see that the token command works by itself", "%v", err)
	case ans.Status != 200:
		d.wrong(check, "give the person their role and org in the sign-in", "the target answers %d %s", ans.Status, ans.Code)
	case me.Role != string(p):
		d.wrong(check, "give the token of a person with that role", "the token is that of a person with the role %s", me.Role)
	default:
		d.ok(check, "role %s", me.Role)
	}
}

func (d *doctor) flags(ctx context.Context) {
	now, err := d.switches.Read(ctx)
	if err != nil {
		d.wrong("flags", "see that your AWS credentials may read "+d.flagsPath(), "they cannot be read from %s: %v", d.switches.Where(), err)
		return
	}
	for _, n := range flags.Names {
		v := now[n]
		switch {
		case v == "":
			d.wrong("flag "+n, "snout flags init", "missing, which counts as off")
		case n != flags.Allowlist && v != "true" && v != "false":
			d.wrong("flag "+n, "snout flags set "+n+"=false", "%q, which counts as off", v)
		}
	}
	if now[flags.Messaging] != "true" && (now[flags.Proactive] == "true" || now[flags.SitterMessages] == "true") || now[flags.SitterMessages] == "true" && now[flags.Proactive] != "true" {
		d.wrong("flags", "snout flags set, to the flags of one step of the checklist", "half set: no step of the checklist leaves them so")
	}
	if !d.api.Can(rollout.Owner) {
		return
	}
	f, _, err := d.api.Figures(ctx)
	if err != nil {
		d.wrong("diagnostics", "look at the log of the diagnostics function", "%v", err)
		return
	}
	for _, n := range flags.Names {
		if now[n] != "" && f.FeatureFlags[n] != now[n] {
			d.wrong("flag "+n, "wait ten seconds; if it stays so, the functions read other parameters: compare FLAGS_PATH", "%s in %s, %s in effect", now[n], d.switches.Where(), f.FeatureFlags[n])
			return
		}
	}
	d.ok("flags", "%s, in effect", d.switches.Where())
	if f.Summary.Held > 0 && now[flags.Messaging] == "true" {
		d.wrong("held texts", "snout replay held", "%d texts are held although messaging is on", f.Summary.Held)
	}
	if f.Summary.Outbound.Unknown > 0 {
		d.wrong("deliveries", "open the conversations with an open alert and ask, or retry by hand", "%d messages are of unknown outcome", f.Summary.Outbound.Unknown)
	}
}

// throughput looks at the account's limit for reading parameters. Each warm function reads
// the flags once in some eight seconds, so that the limit an account comes with is enough
// for a few hundred of them at once: no finding, but something to know before there are more.
func (d *doctor) throughput(ctx context.Context) {
	const check, id = "SSM throughput", "/ssm/parameter-store/high-throughput-enabled"
	params, err := d.params(ctx)
	if err != nil {
		d.wrong(check, "give AWS credentials: aws.profile in the configuration, or the environment", "%v", err)
		return
	}
	got, err := params.GetServiceSetting(ctx, &ssm.GetServiceSettingInput{SettingId: aws.String(id)})
	switch {
	case err != nil:
		d.wrong(check, "see that your AWS credentials may call ssm:GetServiceSetting", "the setting %s cannot be read: %v", id, err)
	case got.ServiceSetting != nil && aws.ToString(got.ServiceSetting.SettingValue) == "true":
		d.ok(check, "high")
	default:
		d.ok(check, "standard, 40 calls a second for the account; with more than 300 functions warm at once: aws ssm update-service-setting --setting-id %s --setting-value true", id)
	}
}

// maxSkew is how far clocks may be apart: the carrier and the cloud refuse signed
// requests beyond five minutes.
const maxSkew = 30 * time.Second

func (d *doctor) clock(ctx context.Context) {
	req, err := http.NewRequestWithContext(ctx, "GET", d.Target+"/healthz", nil)
	if err != nil {
		return
	}
	res, err := d.http.Do(req)
	if err != nil {
		d.wrong("clock", "try again", "%v", err)
		return
	}
	res.Body.Close()
	at, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		d.wrong("clock", "try again", "the target's answer has no date")
		return
	}
	if skew := time.Since(at).Abs(); skew > maxSkew {
		d.wrong("clock", "set this machine's clock by the network", "this machine and the target are %s apart", skew.Round(time.Second))
		return
	}
	d.ok("clock", "within %s of the target's", maxSkew)
	if ours := d.api.Now(); d.local != nil && time.Since(ours).Abs() > maxSkew {
		d.ok("local clock", "it stands at %s", ours.Format(time.RFC3339))
	}
}

// streamLate is when what a message leads to through the stream is overdue.
const streamLate = 2 * time.Minute

func (d *doctor) tableAndStream(ctx context.Context) {
	cfg, err := d.aws(ctx)
	if err != nil {
		d.wrong("table", "give AWS credentials: aws.profile in the configuration, or the environment", "%v", err)
		return
	}
	t, err := dynamodb.NewFromConfig(cfg).DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: aws.String(d.tableName())})
	if err != nil {
		d.wrong("table", "see that the stack is deployed and that your AWS credentials may describe its table", "%s cannot be described: %v", d.tableName(), err)
		return
	}
	switch {
	case t.Table.TableStatus != types.TableStatusActive:
		d.wrong("table", "wait until it is active", "%s is %s", d.tableName(), t.Table.TableStatus)
	case t.Table.StreamSpecification == nil || !aws.ToBool(t.Table.StreamSpecification.StreamEnabled) || t.Table.StreamSpecification.StreamViewType != types.StreamViewTypeNewAndOldImages:
		d.wrong("stream", "deploy template.yaml again: the stream must show new and old images", "the table's stream is not as it must be")
	default:
		d.ok("table", "%s is active, with its stream", d.tableName())
	}
	table, err := d.table(ctx)
	if err != nil {
		return
	}
	if parked, err := table.ParkedRecords(ctx, 1000); err != nil {
		d.wrong("parked records", "see that your AWS credentials may query the table", "%v", err)
	} else if len(parked) > 0 {
		d.wrong("parked records", "look at the causes with `snout replay parked --dry-run`, then `snout replay parked`", "%d stream records could not be handled", len(parked))
	} else {
		d.ok("parked records", "none")
	}
	now := d.api.Now()
	if due, err := table.NextDue(ctx); err == nil && !due.IsZero() && now.Sub(due) > streamLate {
		d.wrong("outbox", "look at the log of the outbox function and its schedule", "the oldest entry has been due for %s", now.Sub(due).Round(time.Second))
	} else if err == nil {
		d.ok("outbox", "nothing is overdue")
	}
	d.streamLag(ctx)
}

// streamLag compares the newest texts in the conversations, which the webhook writes,
// with the routing decisions, which only come through the stream.
func (d *doctor) streamLag(ctx context.Context) {
	if !d.api.Can(rollout.Owner) {
		return
	}
	var l struct {
		Threads []struct {
			ID, LastDirection string
			LastMessageAt     *string
		}
	}
	ans, err := d.api.Call(ctx, rollout.Owner, "GET", "/api/messages/threads?limit=20", nil, &l)
	if err != nil || ans.Status != 200 {
		d.ok("stream lag", "cannot be told while the list answers %d", ans.Status)
		return
	}
	f, _, err := d.api.Figures(ctx)
	if err != nil {
		return
	}
	counted := map[string]time.Time{}
	for _, x := range f.RoutingDecisions.Decisions {
		at, _ := time.Parse(time.RFC3339Nano, x.Timestamp)
		if x.ThreadID != nil && at.After(counted[*x.ThreadID]) {
			counted[*x.ThreadID] = at
		}
	}
	now := d.api.Now()
	for _, t := range l.Threads {
		if t.LastDirection != "inbound" || t.LastMessageAt == nil {
			continue
		}
		at, err := time.Parse(time.RFC3339Nano, *t.LastMessageAt)
		// Beyond fifty decisions the list no longer shows it, counted or not.
		if err != nil || now.Sub(at) < streamLate || len(f.RoutingDecisions.Decisions) >= 50 {
			continue
		}
		if counted[t.ID].Before(at.Add(-time.Second)) {
			d.wrong("stream lag", "look at the iterator age of the outbox function, and its log", "a text of %s ago in thread %s has not been counted", now.Sub(at).Round(time.Second), t.ID)
			return
		}
	}
	d.ok("stream lag", "the newest texts have been counted")
}

func (d *doctor) carrierAndWebhooks(ctx context.Context) {
	c, err := d.carrier()
	if err != nil {
		d.wrong("carrier", "set carrier.accountSid and carrier.tokenEnv in the configuration", "%v", err)
		return
	}
	rented, err := c.Numbers(ctx)
	if err != nil {
		d.wrong("carrier", "see that the account's sid and token are right", "%v", err)
		return
	}
	d.ok("carrier", "%d numbers rented", len(rented))
	var ours struct {
		Numbers []struct{ ID, E164, NumberClass, Status string }
	}
	if ans, err := d.api.Call(ctx, rollout.Owner, "GET", "/api/numbers?limit=100", nil, &ours); err != nil || ans.Status != 200 {
		d.wrong("webhooks", "give the owner's credentials", "the org's numbers cannot be read (%d)", ans.Status)
		return
	}
	want := carrier.WebhooksFor(d.Target+"/api/messages/webhook/twilio", d.Target+"/api/messages/webhook/twilio/fallback")
	good := 0
	for _, n := range ours.Numbers {
		if n.Status == string(routing.NumberInactive) {
			continue
		}
		i := slices.IndexFunc(rented, func(r carrier.Number) bool { return reveal(r.Phone) == n.E164 })
		switch {
		case i < 0:
			d.wrong("number "+n.ID, "rent it again, or release it in the inventory", "%s is not rented by this account", routing.Redact(n.E164))
		case rented[i].Webhooks.ApplicationSid != "":
			d.wrong("number "+n.ID, "take the application off the number", "an application (%s) stands in the way of the webhooks", rented[i].Webhooks.ApplicationSid)
		case plainURL(rented[i].Webhooks.URL) != plainURL(want.URL):
			d.wrong("number "+n.ID, "set its webhook to "+want.URL, "its webhook leads to %q", rented[i].Webhooks.URL)
		case rented[i].Webhooks.URL != want.URL:
			d.wrong("number "+n.ID, "set its webhook to "+want.URL, "its webhook is not repeated on failure")
		case plainURL(rented[i].Webhooks.FallbackURL) != plainURL(want.FallbackURL):
			d.wrong("number "+n.ID, "set its fallback to "+want.FallbackURL, "its fallback leads to %q", rented[i].Webhooks.FallbackURL)
		default:
			good++
		}
	}
	d.ok("webhooks", "%d of %d numbers lead here", good, len(ours.Numbers))
	var e164s []string
	for _, n := range ours.Numbers {
		if n.Status != string(routing.NumberInactive) {
			e164s = append(e164s, n.E164)
		}
	}
	d.registration(ctx, e164s)
}

func plainURL(s string) string { u, _, _ := strings.Cut(s, "#"); return u }

// registration looks at the sender registration that carriers in the US demand: a
// campaign of the masking kind, and every number under it.
func (d *doctor) registration(ctx context.Context, numbers []string) {
	const check = "sender registration"
	base, account, token := d.Carrier.MessagingBaseURL, d.Carrier.AccountSid, os.Getenv(d.Carrier.TokenEnv)
	if base == "" {
		if d.local != nil {
			d.ok(check, "a local world's carrier asks for none")
			return
		}
		base = "https://messaging.twilio.com"
	}
	if d.Carrier.MessagingService == "" {
		d.wrong(check, "register a brand and a campaign of the kind PROXY, put the numbers into its messaging service, and name it as carrier.messagingService", "no messaging service is named: texts from unregistered numbers are blocked (30034)")
		return
	}
	get := func(path string, out any) error {
		req, err := http.NewRequestWithContext(ctx, "GET", strings.TrimSuffix(base, "/")+path, nil)
		if err != nil {
			return err
		}
		req.SetBasicAuth(account, token)
		res, err := d.http.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if res.StatusCode != 200 {
			return fmt.Errorf("the carrier answers %d", res.StatusCode)
		}
		return json.NewDecoder(io.LimitReader(res.Body, 4<<20)).Decode(out)
	}
	service := "/v1/Services/" + d.Carrier.MessagingService
	var campaigns struct {
		Compliance []struct {
			UseCase string `json:"us_app_to_person_usecase"`
			Status  string `json:"campaign_status"`
		} `json:"compliance"`
	}
	if err := get(service+"/Compliance/Usa2p?PageSize=50", &campaigns); err != nil {
		d.wrong(check, "see that the messaging service's sid is right", "the campaign cannot be read: %v", err)
		return
	}
	switch {
	case len(campaigns.Compliance) == 0:
		d.wrong(check, "register a campaign of the kind PROXY with this messaging service", "it has no campaign: texts are blocked (30034)")
	case campaigns.Compliance[0].UseCase != "PROXY":
		d.wrong(check, "register a campaign of the kind PROXY: masking under another kind is filtered", "the campaign is of the kind %s", campaigns.Compliance[0].UseCase)
	case campaigns.Compliance[0].Status != "VERIFIED":
		d.wrong(check, "wait for the carriers' approval, or answer what they ask", "the campaign is %s", campaigns.Compliance[0].Status)
	default:
		d.ok(check, "a verified campaign of the masking kind")
	}
	under := map[string]bool{}
	for path := service + "/PhoneNumbers?PageSize=100"; path != ""; {
		var page struct {
			Numbers []struct {
				Number string `json:"phone_number"`
			} `json:"phone_numbers"`
			Meta struct {
				Next string `json:"next_page_url"`
			} `json:"meta"`
		}
		if err := get(path, &page); err != nil {
			d.wrong(check, "try again", "the numbers under the campaign cannot be read: %v", err)
			return
		}
		for _, n := range page.Numbers {
			under[n.Number] = true
		}
		// The token only goes where the configuration says: of the address the path is used.
		_, next, _ := strings.Cut(page.Meta.Next, "/v1/Services/")
		if path = ""; next != "" {
			path = "/v1/Services/" + next
		}
	}
	missing := 0
	for _, n := range numbers {
		if !under[n] {
			missing++
		}
	}
	if missing > 0 {
		d.wrong("numbers under the campaign", "put them into the messaging service "+d.Carrier.MessagingService+": what is not in it is blocked (30034)", "%d of %d numbers are missing", missing, len(numbers))
		return
	}
	d.ok("numbers under the campaign", "all %d", len(numbers))
}
