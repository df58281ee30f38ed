// Command snout runs the system on one machine and works on any deployment of it.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := root().ExecuteContext(ctx); err != nil {
		if _, said := err.(exit); !said { // the command has said why already
			fmt.Fprintln(os.Stderr, "snout:", err)
		}
		os.Exit(exitCode(err))
	}
}

func root() *cobra.Command {
	c := &cobra.Command{
		Use: "snout", Short: "Masked messaging for a pet-sitting business", SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	c.AddCommand(local(), screen(), soak(), rolloutCommand(), flagsCommand(), explainCommand(), threadCommand(), replayCommand(), doctorCommand(), buildCommand(), logsCommand(), usersCommand(), clientCommand(), benchCommand(),
		planCommand(), bookingsCommand(), backfillCommand(), numbersCommand())
	return c
}
