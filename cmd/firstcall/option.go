package main

import (
	"context"
	"strings"
)

// command is one command as data: cli runs it, and help, reference, man page
// and completion are made from it.
type command struct {
	name     string
	args     string // "RESPONSES...", for the usage line; "" when it takes none
	summary  string // one line, lower case, no full stop
	about    string // paragraphs for help and reference
	examples []example
	options  []option
	commands []*command
	hidden   bool
	complete completer // of its arguments
	run      func(ctx context.Context, in *invocation) error
}

// example is a command line that works, and what it does.
type example struct{ line, does string }

// kind is the shape of an option's value.
type kind int

const (
	toggle kind = iota // present or not
	text               // one value
	list               // may be given several times
	number             // a whole number
)

// option is one flag as data.
type option struct {
	name     string // long name
	short    string // one letter, or ""
	kind     kind
	value    string // stands for the value in help: "ID"
	usage    string // lower case, no full stop
	noun     string // what a value is, in errors; the name where it is empty
	fallback string // what holds when nothing is set, for the help
	config   bool   // may stand in firstcall.toml under the command's name, and in a variable
	variable bool   // may stand in a variable alone
	path     bool   // a value that names a file is relative to the firstcall.toml it stands in
	choices  []string
	complete completer
	// completeIn is complete for values that hang on the rest of the line.
	completeIn func(line []string, prefix string) []string
}

// completer offers words that begin like prefix; nil offers files.
type completer func(prefix string) []string

// environment is the variable that sets the option.
func (o option) environment() string {
	return "FIRSTCALL_" + strings.ToUpper(strings.ReplaceAll(o.name, "-", "_"))
}

// takesValue reports whether the option consumes the next word.
func (o option) takesValue() bool { return o.kind != toggle }

// find returns the option called name, long or short.
func find(options []option, name string) (option, bool) {
	for _, o := range options {
		if o.name == name || (o.short != "" && o.short == name) {
			return o, true
		}
	}
	return option{}, false
}

// words is a completer over fixed words. It never offers files.
func words(list ...string) completer {
	return func(prefix string) []string {
		out := []string{}
		for _, w := range list {
			if strings.HasPrefix(w, prefix) {
				out = append(out, w)
			}
		}
		return out
	}
}

// nothing completes nothing, not even files.
func nothing(string) []string { return []string{} }
