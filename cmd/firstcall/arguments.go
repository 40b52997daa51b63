package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// commandLine is a command line taken apart.
type commandLine struct {
	command *command
	path    []string // names of the command
	words   []string // as cli needs them: path, flags, "--", arguments
	help    bool     // the user asks for help
}

// arrange puts a command line into the order urfave/cli v2 needs: the command,
// its flags, "--", its arguments. cli stops looking for flags at the first
// argument and would hand the rest over as arguments without a word. Unknown
// commands and flags are found here, where the nearest match can be named.
func arrange(root *command, args []string) (*commandLine, error) {
	cmd, path, rest, err := locate(root, args)
	if err != nil {
		return nil, err
	}
	line := &commandLine{command: cmd, path: path}
	known := slices.Concat(cmd.options, globalOptions)
	var flags, plain []string
	for i := 0; i < len(rest); i++ {
		word := rest[i]
		if word == "--" {
			plain = append(plain, rest[i+1:]...)
			break
		}
		if len(word) < 2 || word[0] != '-' {
			plain = append(plain, word)
			continue
		}
		name, value, inline := strings.Cut(strings.TrimLeft(word, "-"), "=")
		opt, ok := find(known, name)
		if !ok {
			return nil, unknownFlag(word, name, path, known)
		}
		if opt.takesValue() && !inline {
			if i+1 == len(rest) || isFlag(rest[i+1], known) {
				return nil, usagef(helpHint(path), "--%s needs a value (%s)", opt.name, opt.value)
			}
			i++
			value = rest[i]
		}
		if !opt.takesValue() && !inline {
			value = "true"
		}
		if err := opt.validate(value, "--"+opt.name); err != nil {
			return nil, err
		}
		if opt.name == helpOption {
			line.help = true
			continue
		}
		flags = append(flags, "--"+opt.name+"="+value)
	}
	line.words = slices.Concat(path, flags, []string{"--"}, plain)
	return line, nil
}

// locate finds the command that the line names, and the words that are not
// part of its name. Flags may stand before it; since a flag has the same shape
// in every command, which words are values is known all the same.
func locate(root *command, args []string) (cmd *command, path, rest []string, err error) {
	cmd = root
	every := everyOption(root)
	for i := 0; i < len(args); i++ {
		word := args[i]
		switch {
		case word == "--":
			return cmd, path, append(rest, args[i:]...), nil
		case len(word) > 1 && word[0] == '-':
			rest = append(rest, word)
			name, _, inline := strings.Cut(strings.TrimLeft(word, "-"), "=")
			if o, ok := find(every, name); ok && o.takesValue() && !inline && i+1 < len(args) {
				i++
				rest = append(rest, args[i])
			}
		case len(cmd.commands) > 0:
			at := slices.IndexFunc(cmd.commands, func(c *command) bool { return c.name == word })
			if at < 0 {
				return nil, nil, nil, unknownCommand(word, path, cmd)
			}
			cmd = cmd.commands[at]
			path = append(path, word)
		default:
			rest = append(rest, word)
		}
	}
	return cmd, path, rest, nil
}

func everyOption(cmd *command) []option {
	all := slices.Concat(globalOptions, cmd.options)
	for _, c := range cmd.commands {
		all = append(all, everyOption(c)...)
	}
	return all
}

func isFlag(word string, known []option) bool {
	if len(word) < 2 || word[0] != '-' {
		return false
	}
	name, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
	_, ok := find(known, name)
	return ok
}

func unknownFlag(word, name string, path []string, known []option) error {
	names := make([]string, 0, len(known))
	for _, o := range known {
		names = append(names, o.name)
	}
	word, _, _ = strings.Cut(word, "=")
	hint := helpHint(path)
	if near := problem.Nearest(name, names); near != "" {
		hint = fmt.Sprintf("did you mean --%s?", near)
	}
	of := "firstcall"
	if len(path) > 0 {
		of = strings.Join(path, " ")
	}
	return usagef(hint, "%s has no flag %s", of, word)
}

func unknownCommand(word string, path []string, cmd *command) error {
	var names []string
	for _, c := range cmd.commands {
		if !c.hidden {
			names = append(names, c.name)
		}
	}
	of := strings.Join(append([]string{"firstcall"}, path...), " ")
	return usagef(problem.DidYouMean(word, names, helpHint(path)), "%s has no command %q", of, word)
}

func helpHint(path []string) string {
	return strings.Join(slices.Concat([]string{"firstcall"}, path, []string{"--help"}), " ") + " shows how"
}
