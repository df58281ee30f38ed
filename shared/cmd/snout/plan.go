package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"snout/shared/office"
	"snout/shared/routing"
)

// planned is what a pool has to be.
type planned struct {
	Bookings     int         `json:"bookings"` // that hold a conversation open, or will
	CooldownDays int         `json:"cooldownDays"`
	Needed       int         `json:"needed"`
	At           string      `json:"at,omitempty"`
	ClientID     string      `json:"clientId,omitempty"`
	Active       *int        `json:"active"` // pool numbers in use; null where only a file was read
	Times        []plannedAt `json:"times"`
	Faults       []lineFault `json:"faults,omitempty"`
}

type plannedAt struct {
	From     string `json:"from"`
	Needed   int    `json:"needed"`
	ClientID string `json:"clientId,omitempty"` // the first of those who hold the most
}

// lineFault is a line of a file that was not taken.
type lineFault struct {
	Line  int    `json:"line"`
	ID    string `json:"id,omitempty"`
	Field string `json:"field,omitempty"`
	Text  string `json:"text"`
}

func faultLines(fs []office.LineFault) []lineFault {
	out := []lineFault{}
	for _, f := range fs {
		out = append(out, lineFault(f))
	}
	return out
}

func (f lineFault) String() string {
	s := fmt.Sprintf("line %d", f.Line)
	if f.ID != "" {
		s += ", " + f.ID
	}
	if f.Field != "" {
		s += ", " + f.Field
	}
	return s + ": " + f.Text
}

// The statuses with which the commands about bookings and numbers end.
const bookingExits = `
Exit status:
  0  everything asked for is done
  1  the program could not go on; what was done stays done, and the same command goes on
  2  something it was given is wrong; nothing was changed`

func planCommand() *cobra.Command {
	o := &options{}
	var file, zone string
	var own []string
	var cooldown int
	c := &cobra.Command{
		Use: "plan", Short: "How many pool numbers a business needs, and when", Args: cobra.NoArgs,
		Long: `Reads bookings and says how many pool numbers they need: the largest number of pool conversations that one client
holds at one instant, each from its first window to the end of the cool-down after its last. Clients do not compete
with each other; a pool number serves as many of them as write to it. With that many numbers no client ever finds
two conversations on one; with one fewer, the client named goes without.

The bookings are those of a deployment (which needs AWS credentials), or of a file of JSON lines as
` + "`snout bookings import`" + ` takes them, or both together: what would it be after the import? Nothing is written.
` + bookingExits + `
  3  more numbers are needed than the business has`,
		Example: `  snout plan --target http://127.0.0.1:8787
  snout plan --config staging.yaml --org paws --json
  snout plan --config staging.yaml --org paws --file bookings.jsonl
  snout plan --file bookings.jsonl --zone America/Los_Angeles --own sitter-1,sitter-2 --cooldown 30
  cat bookings.jsonl | snout plan --file -`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var in io.Reader
			switch file {
			case "":
			case "-":
				in = cmd.InOrStdin()
			default:
				f, err := os.Open(file)
				if err != nil {
					return input("The file cannot be read: %v.", err)
				}
				defer f.Close()
				in = f
			}
			var p planned
			var err error
			switch {
			case o.target != "" || o.config != "":
				if len(own) > 0 || cmd.Flags().Changed("zone") || cmd.Flags().Changed("cooldown") {
					return input("--zone, --own and --cooldown are for a file alone; a deployment knows its own.")
				}
				p, err = o.planTarget(cmd, in)
			case in != nil:
				p, err = planFile(cmd, in, zone, own, cooldown)
			default:
				return input("Name a deployment (--target or --config), a file of bookings (--file), or both.")
			}
			if err != nil {
				return err
			}
			if o.json {
				err = printJSON(cmd.OutOrStdout(), p)
			} else {
				printPlan(cmd.OutOrStdout(), p)
			}
			if err == nil && p.Active != nil && *p.Active < p.Needed {
				return exit(3)
			}
			return err
		},
	}
	o.add(c)
	f := c.Flags()
	f.StringVar(&file, "file", "", "bookings as JSON lines; - reads standard input")
	f.StringVar(&zone, "zone", "UTC", "with a file alone: the business's time zone")
	f.StringSliceVar(&own, "own", nil, "with a file alone: sitters who have a number of their own")
	f.IntVar(&cooldown, "cooldown", 30, "with a file alone: days that a number rests for a client")
	return c
}

func (o *options) planTarget(cmd *cobra.Command, in io.Reader) (planned, error) {
	ctx := cmd.Context()
	s, org, err := o.reachOrg(ctx)
	if err != nil {
		return planned{}, err
	}
	desk, err := s.office(ctx)
	if err != nil {
		return planned{}, err
	}
	roster, err := desk.Numbers(ctx, org)
	if err != nil {
		return planned{}, refused(err)
	}
	bs, err := desk.PoolBookings(ctx, org)
	if err != nil {
		return planned{}, err
	}
	var faults []office.LineFault
	if in != nil {
		var more []routing.PoolBooking
		if more, faults, err = desk.PlannedBookings(ctx, org, in, nil, nil); err != nil {
			return planned{}, err
		}
		there := map[routing.BookingID]bool{}
		for _, b := range bs {
			there[b.Windows[0].Booking] = true
		}
		// What the deployment has already is left as it is there, as an import does.
		bs = append(bs, slices.DeleteFunc(more, func(b routing.PoolBooking) bool { return there[b.Windows[0].Booking] })...)
	}
	p := plan(bs, roster.Org.Settings.Cooldown())
	p.Faults = faultLines(faults)
	active := 0
	for _, n := range roster.Numbers {
		if n.Class == routing.Pool && n.Status == routing.NumberActive {
			active++
		}
	}
	p.Active = &active
	return p, nil
}

func planFile(cmd *cobra.Command, in io.Reader, zone string, own []string, cooldown int) (planned, error) {
	l, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		return planned{}, input("%q is no time zone such as America/New_York.", zone)
	}
	if cooldown < 0 || cooldown > 365 {
		return planned{}, input("--cooldown is %d: 0 to 365 days.", cooldown)
	}
	sitters := map[routing.SitterID]bool{}
	for _, s := range own {
		id, err := routing.ParseSitterID(s)
		if err != nil {
			return planned{}, input("%q is no sitter's id.", s)
		}
		sitters[id] = true
	}
	bs, faults, err := office.New(nil, time.Now, nil).PlannedBookings(cmd.Context(), "", in, l, sitters)
	if err != nil {
		return planned{}, err
	}
	p := plan(bs, time.Duration(cooldown)*24*time.Hour)
	p.Faults = faultLines(faults)
	return p, nil
}

func plan(bs []routing.PoolBooking, cooldown time.Duration) planned {
	uses := routing.PoolUses(bs, cooldown)
	need := routing.PoolSize(uses)
	p := planned{Bookings: len(bs), CooldownDays: int(cooldown / (24 * time.Hour)), Needed: need.Size, ClientID: string(need.Client), Times: []plannedAt{}}
	if need.Size > 0 {
		p.At = routing.Stamp(need.At)
	}
	for _, t := range routing.PoolTimes(uses) {
		p.Times = append(p.Times, plannedAt{routing.Stamp(t.At), t.Size, string(t.Client)})
	}
	return p
}

// shownTimes bounds what is printed for people; --json has all.
const shownTimes = 40

func printPlan(w io.Writer, p planned) {
	fmt.Fprintf(w, "%d bookings hold a conversation open or will, with %d days of rest for a number\n", p.Bookings, p.CooldownDays)
	if p.Needed == 0 {
		fmt.Fprintln(w, "pool numbers needed: none")
	} else {
		fmt.Fprintf(w, "pool numbers needed: %d, first at %s (client %s)\n", p.Needed, p.At, p.ClientID)
	}
	if p.Active != nil {
		switch short := p.Needed - *p.Active; {
		case short > 0:
			fmt.Fprintf(w, "pool numbers active: %d, so %d more must be rented\n", *p.Active, short)
		default:
			fmt.Fprintf(w, "pool numbers active: %d\n", *p.Active)
		}
	}
	for i, t := range p.Times {
		if i == shownTimes {
			fmt.Fprintf(w, "  … and %d changes more (--json has all)\n", len(p.Times)-i)
			break
		}
		client := ""
		if t.ClientID != "" {
			client = "  client " + t.ClientID
		}
		fmt.Fprintf(w, "  from %-26s %d%s\n", t.From, t.Needed, client)
	}
	for _, f := range p.Faults {
		fmt.Fprintln(w, "not counted:", f)
	}
}

// refused words what the office refuses, such as a business that does not exist.
func refused(err error) error {
	var no *routing.Refusal
	if errors.As(err, &no) {
		return input("%s", no.Sentence)
	}
	return err
}
