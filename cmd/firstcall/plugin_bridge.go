package main

import (
	"context"

	"github.com/firstcall-cli/firstcall/plugins/bridge"
)

func pluginBridgeCommand() *command {
	return &command{
		name: "bridge", args: "PROGRAM [ARGUMENTS...]",
		summary: "make an exporter of a script that reads and writes lines of JSON",
		about: "A script of a few lines is an exporter when it stands behind the bridge: it reads messages from standard input and writes messages to standard output, " +
			"one JSON object a line, in any language. The bridge does the rest of the protocol. docs/plugins.md has every message and three scripts to start from.\n\n" +
			"firstcall runs this command by itself; by hand it only says so, and ends with status 1. " +
			"To try a script, use firstcall plugin test --bridge. Flags of the script's own come after --.",
		examples: []example{
			{"firstcall plugin test --bridge ./keys.sh", "test a script"},
			{"firstcall plugin bridge -- node upsert.mjs --strict", "what firstcall runs"},
		},
		run: runPluginBridge,
	}
}

func runPluginBridge(_ context.Context, in *invocation) error {
	if len(in.args) == 0 {
		return usagef("firstcall plugin bridge ./keys.sh", "bridge needs the script's program")
	}
	if !bridge.Hosted() {
		// With the status that every exporter has that is started by hand.
		return &gateError{"bridge stands between firstcall and a script, and is started by firstcall itself",
			"to try a script: firstcall plugin test --bridge PROGRAM; docs/plugins.md shows how to write one"}
	}
	return bridge.Serve(in.args[0], in.args[1:])
}
