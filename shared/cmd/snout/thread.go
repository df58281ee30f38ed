package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"snout/shared/rollout"
	"snout/shared/routing"
)

// told is one line of a conversation's story.
type told struct {
	At   string `json:"at"`
	Kind string `json:"kind"` // text, assignment, window
	What string `json:"what"`
	ID   string `json:"id,omitempty"`
	Text string `json:"text,omitempty"` // only where it was asked for
}

func threadCommand() *cobra.Command {
	o := &options{}
	var texts bool
	c := &cobra.Command{
		Use: "thread ID", Short: "Tell a conversation's story: routing, delivery, assignment", Args: cobra.ExactArgs(1),
		Example: "  snout thread --target http://127.0.0.1:8787 t-demo-4f47sm5pfuie\n  snout thread --config staging.yaml --json t-demo-4f47sm5pfuie",
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := o.reach(cmd.Context())
			if err != nil {
				return err
			}
			if !s.api.Can(rollout.Owner) {
				return input("A conversation is read as its owner, and there are no credentials for one.")
			}
			head, story, err := s.story(cmd, args[0], texts)
			if err != nil {
				return err
			}
			if o.json {
				return printJSON(cmd.OutOrStdout(), map[string]any{"thread": head, "story": story})
			}
			w := cmd.OutOrStdout()
			fmt.Fprintf(w, "%s  %s, %s number %s, client %s\n", head["id"], head["kind"], head["numberClass"], head["number"], head["clientId"])
			fmt.Fprintf(w, "%s\n", head["window"])
			for _, t := range story {
				fmt.Fprintf(w, "%-27s %-10s %s\n", t.At, t.Kind, t.What)
				if t.Text != "" {
					fmt.Fprintf(w, "%-38s %s\n", "", t.Text)
				}
			}
			return nil
		},
	}
	o.add(c)
	c.Flags().BoolVar(&texts, "texts", false, "show what was written too")
	return c
}

func (s *stage) story(cmd *cobra.Command, id string, texts bool) (map[string]string, []told, error) {
	var story []told
	head := map[string]string{}
	cursor := ""
	for {
		path := "/api/messages/threads/" + url.PathEscape(id) + "?limit=100"
		if cursor != "" {
			path += "&cursor=" + url.QueryEscape(cursor)
		}
		var d struct {
			ID, Kind, NumberClass, Number string
			ClientID                      *string
			Window                        struct{ Text string }
			Cursor                        *string
			Windows                       []struct{ BookingID, SitterID, StartAt, EndAt, State string }
			AssignmentHistory             []struct {
				At, BookingID, By, Reason string
				From, To                  *string
			}
			Events []struct {
				ID, Kind, Direction, Text, At, Status, StatusText, Visibility, Purpose string
				Late                                                                   bool
				Author                                                                 struct{ Role string }
				Routing                                                                *struct {
					Target string `json:"routingTarget"`
					Reason string `json:"routingReason"`
					Rule   int
					Trace  []routing.Step
				}
				Matches []struct{ Family string }
				Attempt int
			}
		}
		ans, err := s.api.Call(cmd.Context(), rollout.Owner, "GET", path, nil, nil)
		if err != nil {
			return nil, nil, err
		}
		if ans.Status != 200 {
			return nil, nil, input("The conversation %s cannot be read: %d %s %s", id, ans.Status, ans.Code, ans.Detail)
		}
		if err := json.Unmarshal(ans.Raw, &d); err != nil {
			return nil, nil, fmt.Errorf("read the conversation: %w", err)
		}
		if cursor == "" {
			client := ""
			if d.ClientID != nil {
				client = *d.ClientID
			}
			head = map[string]string{"id": d.ID, "kind": d.Kind, "numberClass": d.NumberClass, "number": routing.Redact(d.Number), "clientId": cmp.Or(client, "none"), "window": d.Window.Text}
			for _, w := range d.Windows {
				story = append(story, told{At: w.StartAt, Kind: "window", ID: w.BookingID, What: fmt.Sprintf("%s: booking %s with %s until %s", w.State, w.BookingID, w.SitterID, w.EndAt)})
			}
			for _, h := range d.AssignmentHistory {
				what := fmt.Sprintf("booking %s from %s to %s by %s", h.BookingID, nobody(h.From), nobody(h.To), cmp.Or(h.By, "system"))
				if h.Reason != "" {
					what += ": " + h.Reason
				}
				story = append(story, told{At: h.At, Kind: "assignment", ID: h.BookingID, What: what})
			}
		}
		for _, e := range d.Events {
			what := []string{e.Direction + " by " + e.Author.Role}
			if e.Purpose != "" {
				what = append(what, e.Purpose)
			}
			if r := e.Routing; r != nil {
				what = append(what, fmt.Sprintf("to %s, rule %d: %s", r.Target, r.Rule, r.Reason))
			}
			if e.Direction == "outbound" {
				what = append(what, fmt.Sprintf("%s, attempt %d", e.Status, e.Attempt))
			}
			if e.Visibility == "owner" {
				what = append(what, "the owner's alone")
			}
			if e.Late {
				what = append(what, "late")
			}
			for _, m := range e.Matches {
				what = append(what, "flagged: "+m.Family)
			}
			t := told{At: e.At, Kind: e.Kind, ID: e.ID, What: strings.Join(what, "; ")}
			if texts {
				t.Text = e.Text
			}
			story = append(story, t)
		}
		if d.Cursor == nil {
			break
		}
		cursor = *d.Cursor
	}
	slices.SortStableFunc(story, func(a, b told) int { return strings.Compare(a.At, b.At) })
	return head, story, nil
}

func nobody(s *string) string {
	if s == nil {
		return "nobody"
	}
	return *s
}
