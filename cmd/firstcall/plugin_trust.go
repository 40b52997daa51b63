package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/plugins/trust"
)

func pluginTrustCommand() *command {
	return &command{
		name: "trust", summary: "let the exporters in this project's firstcall.lock run",
		about: "A project's firstcall.lock may have come with a repository that somebody else wrote, so it counts only once you say so. " +
			"Shows every program that the lock lets run, and trusts exactly what it shows: when the lock changes, it is asked for again.\n\n" +
			"What you trust is noted in your own configuration folder, not in the project.",
		examples: []example{
			{"firstcall plugin list", "first see what there is"},
			{"firstcall plugin trust", "trust the nearest firstcall.lock"},
			{"firstcall plugin trust --remove", "take it back"},
		},
		options: []option{{name: "remove", kind: toggle, usage: "trust it no longer"}},
		run:     runPluginTrust,
	}
}

func runPluginTrust(_ context.Context, in *invocation) error {
	places, err := pluginPlaces(nil)
	if err != nil {
		return err
	}
	if places.Project == "" {
		return &hinted{errors.New("there is no firstcall.lock in this folder, nor in one above it"), "your own programs need no trust; firstcall plugin lock --project makes a lock for a project"}
	}
	path := places.ProjectFolder().Lock
	if in.on("remove") {
		was, err := places.Distrust(path)
		switch {
		case err != nil:
			return err
		case !was:
			return writeAll(in.out, fmt.Sprintf("%s was not trusted\n", path))
		}
		return writeAll(in.out, fmt.Sprintf("%s is trusted no longer\n", path))
	}
	lock, err := trust.ReadLock(path)
	if err != nil {
		return err
	}
	before := places.Trusted(lock)
	var b strings.Builder
	var changed *trust.NotTrustedError
	if errors.As(before, &changed) && changed.Changed {
		fmt.Fprintf(&b, "%s has changed since you trusted it.\n", path)
	}
	fmt.Fprintf(&b, "%s lets these run:\n", path)
	for _, e := range lock.Entries {
		b.WriteString(trustLines(e))
	}
	if len(lock.Entries) == 0 {
		b.WriteString("  nothing\n")
	}
	// Nothing is trusted that could not be shown.
	if err := writeAll(in.out, b.String()); err != nil {
		return err
	}
	if err := places.Trust(lock); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return &trust.BusyError{Path: path}
		}
		return err
	}
	return writeAll(in.out, "It is trusted now, as long as it does not change.\n")
}

// trustLines show what an entry lets run.
func trustLines(e trust.Entry) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %s\n", versioned(e.Name, e.Version))
	for _, platform := range slices.Sorted(maps.Keys(e.SHA256)) {
		fmt.Fprintf(&b, "    %s: sha256 %s\n", platform, shortSum(e.SHA256[platform]))
	}
	if len(e.Command) > 0 {
		fmt.Fprintf(&b, "    runs: %s\n", printableLines(fmt.Sprintf("%q", e.Command)))
	}
	for _, name := range slices.Sorted(maps.Keys(e.Files)) {
		fmt.Fprintf(&b, "    %s: sha256 %s\n", printableLines(name), shortSum(e.Files[name]))
	}
	if e.Source != "" {
		fmt.Fprintf(&b, "    from: %s\n", printableLines(e.Source))
	}
	return b.String()
}
