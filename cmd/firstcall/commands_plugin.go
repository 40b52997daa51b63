package main

// pluginCommand is everything about exporters that are not part of firstcall:
// finding, trusting, testing and writing them.
func pluginCommand() *command {
	return &command{
		name: "plugin", summary: "find, trust, test and write exporters",
		about: "An exporter is a program of its own that firstcall starts and watches. Some come with firstcall; others are made by vendors, or by you.",
		commands: []*command{
			// Each is in a file of its own: plugin_NAME.go.
			pluginListCommand(), pluginShowCommand(), pluginInstallCommand(), pluginLockCommand(), pluginTrustCommand(), pluginRemoveCommand(),
			pluginNewCommand(), pluginTestCommand(), pluginDocsCommand(), pluginBridgeCommand(),
		},
	}
}
