package bridge

// Path is where a script, and what it starts, looks for programs.
const Path = `C:\Windows\System32;C:\Windows;C:\Windows\System32\WindowsPowerShell\v1.0`

// killOwnGroup does nothing: there are no groups of processes.
func killOwnGroup() {}
