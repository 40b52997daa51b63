package main

import (
	"context"
	"fmt"
	"strings"
)

func pluginRemoveCommand() *command {
	return &command{
		name: "remove", args: "NAME", summary: "remove an exporter from the plugin folder and from the lock", complete: completePlugins,
		about:    "Removes the program from the plugin folder, and what the firstcall.lock that goes with it says about it. The files of a script are left where they are.",
		examples: []example{{"firstcall plugin remove keys", "from your own plugin folder"}},
		options:  []option{projectOption()},
		run:      runPluginRemove,
	}
}

func runPluginRemove(_ context.Context, in *invocation) error {
	if len(in.args) != 1 {
		return usagef("firstcall plugin list shows what there is", "plugin remove needs one exporter")
	}
	places, folder, err := chosenFolder(in)
	if err != nil {
		return err
	}
	name := in.args[0]
	if err := places.CheckName(name); err != nil {
		return err
	}
	removed, err := places.Remove(folder, name)
	var done []string
	if removed.Entry {
		done = append(done, fmt.Sprintf("%s is no longer in %s", name, folder.Lock))
	}
	if removed.File != "" {
		done = append(done, fmt.Sprintf("%s is removed", removed.File))
	}
	if removed.Script {
		done = append(done, fmt.Sprintf("its files are still in %s", folder.Dir))
	}
	if err != nil {
		for _, line := range done {
			in.note("%s", line)
		}
		return err
	}
	return writeAll(in.out, printableLines(strings.Join(done, "\n"))+"\n")
}
