package main

import (
	"github.com/spf13/cobra"

	"snout/shared/sandbox"
)

func buildCommand() *cobra.Command {
	o := sandbox.BuildOptions{}
	c := &cobra.Command{
		Use: "build", Short: "Compile every function as it is deployed, into <dir>/<function>/bootstrap", Args: cobra.NoArgs,
		Example: "  snout build --dir ./.build --arch arm64",
		RunE:    func(cmd *cobra.Command, _ []string) error { return sandbox.Build(cmd.Context(), o) },
	}
	f := c.Flags()
	f.StringVar(&o.Dir, "dir", ".build", "folder to build into")
	f.StringVar(&o.Arch, "arch", "arm64", "arm64 as deployed, or amd64")
	f.StringSliceVar(&o.Only, "only", nil, "folders of functions; all if left out")
	f.BoolVar(&o.WorldClock, "world-clock", false, "let them ask `snout local` for the time, whose clock can be moved; not for deployment")
	return c
}
