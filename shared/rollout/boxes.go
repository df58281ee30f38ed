package rollout

// Box is one box of the checklist, and the one check that answers it.
type Box struct {
	ID     string `json:"id"` // step.name, the same in reports, tests and exit messages
	Step   int    `json:"step"`
	Text   string `json:"text"` // the checklist's own words
	Watch  bool   `json:"watch,omitempty"`
	Person string `json:"person,omitempty"` // what is left for a person to see, if anything
	Extra  bool   `json:"extra,omitempty"`  // not a box of the checklist: what its words rest on
}

// Boxes are all of them, in the checklist's order.
func Boxes() []Box {
	return []Box{
		{ID: "1.flags", Step: 1, Text: "Set Flags: messaging on, proactive threads off, sitter messages off, all in effect", Extra: true},
		{ID: "1.owner-sends", Step: 1, Text: "Owner can send messages from `/messages` page", Person: "open /messages as the owner and see that the box for writing is there"},
		{ID: "1.owner-receives", Step: 1, Text: "Owner can receive messages (inbound webhook creates thread and event)"},
		{ID: "1.thread-list", Step: 1, Text: "Thread list shows in owner UI", Person: "look at the list on the page"},
		{ID: "1.thread-detail", Step: 1, Text: "Thread detail shows messages"},
		{ID: "1.diagnostics", Step: 1, Text: "GET /api/messages/diagnostics works and shows thread counts by numberClass, anti-poaching blocked count, owner inbox routed count, owner inbox routed operational count, last 50 routing decisions with redacted phone numbers"},
		{ID: "1.watch-diagnostics", Step: 1, Text: "Check diagnostics endpoint every 15 minutes", Watch: true},
		{ID: "1.watch-errors", Step: 1, Text: "Verify no errors in logs", Watch: true},
		{ID: "1.watch-redaction", Step: 1, Text: "Verify phone numbers are redacted in logs (format: `+1555****3456`)", Watch: true},

		{ID: "2.flags", Step: 2, Text: "The flags are still those of step 1, and in effect", Extra: true},
		{ID: "2.1.thread-appears", Step: 2, Text: "Thread appears immediately in owner messages (`/messages`)"},
		{ID: "2.1.client-and-booking", Step: 2, Text: "Thread shows correct client and booking"},
		{ID: "2.1.proactive-gated", Step: 2, Text: "With proactive threads off nothing opened a thread by itself", Extra: true},
		{ID: "2.1.window-in-header", Step: 2, Text: "Window status shows in thread header (if window exists)"},
		{ID: "2.1.owner-sends", Step: 2, Text: "Send a test message from owner"},
		{ID: "2.1.routes-correctly", Step: 2, Text: "Message routes correctly (delivered, thread updated)"},
		{ID: "2.2.owner-inbox", Step: 2, Text: "Message routes to owner inbox (not to sitter)"},
		{ID: "2.2.inbox-shows", Step: 2, Text: "Owner inbox thread shows the message"},
		{ID: "2.2.counter", Step: 2, Text: "Diagnostics shows `ownerInboxRoutedOperational` count increased"},
		{ID: "2.2.decision", Step: 2, Text: "Routing decision shows `routingTarget: \"owner_inbox\"` with `routingReason` containing \"No active assignment window\""},
		{ID: "2.3.owner-inbox", Step: 2, Text: "Message routes to owner inbox"},
		{ID: "2.3.auto-response", Step: 2, Text: "Auto-response sent to sender"},
		{ID: "2.3.counter", Step: 2, Text: "Diagnostics shows `ownerInboxRoutedOperational` count increased"},
		{ID: "2.3.decision", Step: 2, Text: "Routing decision shows `routingTarget: \"owner_inbox\"` with `routingReason: \"Pool number mismatch\"` or similar"},
		{ID: "2.4.all-passed", Step: 2, Text: "All three checks passed"},
		{ID: "2.4.counts", Step: 2, Text: "Diagnostics endpoint shows expected counts"},
		{ID: "2.4.reasons", Step: 2, Text: "Routing decisions show correct reasons"},
		{ID: "2.4.issues", Step: 2, Text: "Any issues or unexpected behavior", Person: "say whether anything looked odd to you; accepting the report says that nothing did"},
		{ID: "2.watch", Step: 2, Text: "Diagnostics stay in their bands", Watch: true, Extra: true},

		{ID: "3.flags", Step: 3, Text: "Set Flags: messaging and proactive threads on, sitter messages off, all in effect", Extra: true},
		{ID: "3.assign", Step: 3, Text: "Assign sitter to weekly booking"},
		{ID: "3.thread-created", Step: 3, Text: "Thread created immediately (no message sent yet)"},
		{ID: "3.window", Step: 3, Text: "Assignment window created with correct buffers"},
		{ID: "3.no-duplicate", Step: 3, Text: "No duplicate threads created (run assignment twice, verify idempotency)"},
		{ID: "3.window-status", Step: 3, Text: "Owner UI shows thread with correct window status"},
		{ID: "3.counts", Step: 3, Text: "Diagnostics shows thread counts increase appropriately"},
		{ID: "3.watch-counts", Step: 3, Text: "Check diagnostics: thread counts increase for recurring clients", Watch: true},
		{ID: "3.watch-duplicates", Step: 3, Text: "Verify no duplicate threads (check thread count before/after)", Watch: true},
		{ID: "3.watch-windows", Step: 3, Text: "Verify assignment windows created correctly (check window count)", Watch: true},
		{ID: "3.watch", Step: 3, Text: "Diagnostics stay in their bands", Watch: true, Extra: true},

		{ID: "4.flags", Step: 4, Text: "Set Flags: all three on, sitter messages for the test sitter only, all in effect", Extra: true},
		{ID: "4.sign-in", Step: 4, Text: "Log in as test sitter", Person: "sign in at /messages as the test sitter"},
		{ID: "4.tabs", Step: 4, Text: "Open `/messages` - see only Conversations tab (no Owner Inbox)", Person: "see that the page shows the Conversations tab alone"},
		{ID: "4.list", Step: 4, Text: "List shows only assigned threads with active or upcoming window"},
		{ID: "4.no-owner-inbox", Step: 4, Text: "No owner inbox threads visible"},
		{ID: "4.no-billing", Step: 4, Text: "No billing threads visible"},
		{ID: "4.no-numbers", Step: 4, Text: "No phone number of anybody in what the sitter gets", Extra: true},
		{ID: "4.header-next", Step: 4, Text: "Window status in header, next only: \"Next window: [date] – [time]\""},
		{ID: "4.outside", Step: 4, Text: "If outside window: composer disabled, friendly message with next window", Person: "see that the box for writing is closed on the page"},
		{ID: "4.header-active", Step: 4, Text: "Window status in header, active: \"Active Window: X – Y\""},
		{ID: "4.inside", Step: 4, Text: "If inside window: send message, verify delivery"},
		{ID: "4.anti-poaching", Step: 4, Text: "Send message that triggers anti-poaching (e.g., contains phone number)"},
		{ID: "4.friendly-warning", Step: 4, Text: "Verify friendly warning only (no violation details, no client data)"},
		{ID: "4.header-none", Step: 4, Text: "Window status in header, none: \"No active window – messaging disabled\""},
		{ID: "4.no-window-count", Step: 4, Text: "Check diagnostics: `sitterNoActiveWindow` count"},
		{ID: "4.watch-assigned", Step: 4, Text: "Verify sitter can only see assigned threads", Watch: true},
		{ID: "4.watch-gating", Step: 4, Text: "Verify send gating works (blocked outside window)", Watch: true},
		{ID: "4.watch", Step: 4, Text: "Diagnostics stay in their bands", Watch: true, Extra: true},
	}
}

func boxOf(id string) Box {
	for _, b := range Boxes() {
		if b.ID == id {
			return b
		}
	}
	panic("rollout: there is no box " + id) // a slip of ours, which every run would show
}
