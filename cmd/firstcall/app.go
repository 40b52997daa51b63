package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/urfave/cli/v2"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
)

// globalOptions work with every command.
var globalOptions = []option{
	{name: configOption, kind: text, value: "FILE", usage: "read settings from FILE instead of the nearest firstcall.toml; \"none\" reads none", variable: true},
	{name: quietOption, short: "q", kind: toggle, usage: "leave out notes and progress; errors are still told", variable: true},
	{name: helpOption, short: "h", kind: toggle, usage: "show how the command works"},
}

const (
	configOption = "config"
	quietOption  = "quiet"
	// helpOption is answered before cli sees it, which has a help of its own.
	helpOption = "help"
)

// execute runs one command line.
func execute(ctx context.Context, args []string, s streams) error {
	root := program()
	switch {
	case len(args) == 1 && args[0] == "--version":
		args = []string{"version"}
	case len(args) > 0 && args[0] == helpOption:
		args = append(args[1:len(args):len(args)], "--"+helpOption)
	}
	line, err := arrange(root, args)
	if err != nil {
		return err
	}
	if line.help {
		return writeAll(s.out, helpText(line.command, line.path))
	}
	app := &cli.App{
		Name:                      root.name,
		HideHelp:                  true,
		HideVersion:               true,
		Reader:                    s.in,
		Writer:                    s.out,
		ErrWriter:                 s.err,
		DisableSliceFlagSeparator: true,
		Flags:                     cliFlags(globalOptions),
		Action:                    action(root, nil, s),
		Commands:                  cliCommands(root.commands, nil, s),
		// cli would print usage texts of its own and exit on its own.
		OnUsageError:   func(_ *cli.Context, err error, _ bool) error { return usagef("", "%v", err) },
		ExitErrHandler: func(*cli.Context, error) {},
	}
	return app.RunContext(ctx, append([]string{root.name}, line.words...))
}

func cliCommands(commands []*command, path []string, s streams) []*cli.Command {
	out := make([]*cli.Command, 0, len(commands))
	for _, c := range commands {
		here := append(slices.Clone(path), c.name)
		out = append(out, &cli.Command{
			Name:         c.name,
			HideHelp:     true,
			Flags:        cliFlags(slices.Concat(c.options, globalOptions)),
			Action:       action(c, here, s),
			Subcommands:  cliCommands(c.commands, here, s),
			OnUsageError: func(_ *cli.Context, err error, _ bool) error { return usagef(helpHint(here), "%v", err) },
		})
	}
	return out
}

func cliFlags(options []option) []cli.Flag {
	var flags []cli.Flag
	for _, o := range options {
		if o.name == helpOption {
			continue
		}
		switch o.kind {
		case toggle:
			flags = append(flags, &cli.BoolFlag{Name: o.name})
		case list:
			flags = append(flags, &cli.StringSliceFlag{Name: o.name})
		default:
			flags = append(flags, &cli.StringFlag{Name: o.name})
		}
	}
	return flags
}

// action is what cli runs for a command.
func action(c *command, path []string, s streams) cli.ActionFunc {
	return func(ctx *cli.Context) error {
		if c.run == nil {
			if err := writeAll(s.err, helpText(c, path)); err != nil {
				return err
			}
			return usagef("", "name one of the commands above")
		}
		in, err := newInvocation(ctx, c, path, s)
		if err != nil {
			return err
		}
		if c.args == "" && len(in.args) > 0 {
			return usagef(helpHint(path), "%s takes no argument, but got %q", c.name, in.args[0])
		}
		return c.run(ctx.Context, in)
	}
}

// invocation is one run of a command: its arguments and its settings, taken
// from flags, environment and firstcall.toml, in falling precedence.
type invocation struct {
	streams
	command *command
	path    []string
	args    []string
	config  *config
	quiet   bool

	values map[string]setting
}

// setting is what an option is set to.
type setting struct {
	values []string
	layer  layer
	origin string // the flag, variable or file, for messages
}

// layer is where a setting comes from; a higher one goes before a lower one.
type layer int

const (
	unset layer = iota
	fromFile
	fromEnvironment
	fromFlag
)

func newInvocation(ctx *cli.Context, c *command, path []string, s streams) (*invocation, error) {
	in := &invocation{streams: s, command: c, path: path, args: ctx.Args().Slice(), config: &config{}, values: map[string]setting{}}
	if err := in.resolve(ctx, globalOptions); err != nil {
		return nil, err
	}
	in.quiet = in.on(quietOption)
	if slices.ContainsFunc(c.options, func(o option) bool { return o.config }) {
		var err error
		if in.config, err = loadConfig(in.text(configOption)); err != nil {
			return nil, err
		}
	}
	return in, in.resolve(ctx, c.options)
}

// resolve finds and checks the values of options.
func (in *invocation) resolve(ctx *cli.Context, options []option) error {
	var faults []error
	for _, o := range options {
		got := in.lookUp(ctx, o)
		for _, v := range got.values {
			if err := o.validate(v, got.origin); err != nil {
				faults = append(faults, err)
			}
		}
		in.values[o.name] = got
	}
	return errors.Join(faults...)
}

// lookUp finds the values of an option and where they come from.
func (in *invocation) lookUp(ctx *cli.Context, o option) setting {
	if ctx.IsSet(o.name) {
		got := setting{layer: fromFlag, origin: "--" + o.name}
		switch o.kind {
		case toggle:
			got.values = []string{strconv.FormatBool(ctx.Bool(o.name))}
		case list:
			got.values = ctx.StringSlice(o.name)
		default:
			got.values = []string{ctx.String(o.name)}
		}
		return got
	}
	// Hidden commands are for programs, and get all they need as arguments.
	if (o.config || o.variable) && !in.command.hidden {
		if v := os.Getenv(o.environment()); v != "" {
			return setting{[]string{v}, fromEnvironment, o.environment()}
		}
	}
	if values := in.config.option(in.path, o); values != nil {
		return setting{values, fromFile, in.config.file}
	}
	return setting{}
}

// settle decides between two options of which only one can hold: the one from
// the higher layer does. Two from the same layer are an error, which says why.
func (in *invocation) settle(a, b, why string) error {
	first, second := in.values[a], in.values[b]
	switch {
	case in.text(a) == "" || in.text(b) == "":
	case first.layer == second.layer:
		if first.layer == fromFile {
			return usagef("use one of them", "%s: %s and %s %s", first.origin, a, b, why)
		}
		return usagef("use one of them", "%s and %s %s", first.origin, second.origin, why)
	case first.layer < second.layer:
		in.values[a] = setting{}
	default:
		in.values[b] = setting{}
	}
	return nil
}

// validate checks one value of the option.
func (o option) validate(v, origin string) error {
	if o.kind == number {
		if _, err := strconv.Atoi(v); err != nil {
			return usagef("", "%s: %q is not a whole number", origin, v)
		}
	}
	if o.kind == toggle {
		if _, err := strconv.ParseBool(v); err != nil {
			return usagef("use true or false", "%s: %q is neither true nor false", origin, v)
		}
	}
	if len(o.choices) > 0 && !slices.Contains(o.choices, v) {
		return usagef(oneOf(v, o.choices), "%s: unknown %s %q", origin, cmp.Or(o.noun, o.name), v)
	}
	return nil
}

// text returns the option's value, or "" when it is not set.
func (in *invocation) text(name string) string {
	if v := in.list(name); len(v) > 0 {
		return v[len(v)-1]
	}
	return ""
}

// list returns every value of the option, in the order given.
func (in *invocation) list(name string) []string {
	v, ok := in.values[name]
	if !ok {
		panic("command " + in.command.name + " has no option " + name)
	}
	return v.values
}

// on reports whether the toggle is set.
func (in *invocation) on(name string) bool {
	on, err := strconv.ParseBool(in.text(name))
	return on && err == nil
}

// number returns the option's value, and whether it is set.
func (in *invocation) number(name string) (int, bool) {
	n, err := strconv.Atoi(in.text(name))
	return n, err == nil
}

// format returns the form of the output: the one asked for, or a table on a
// terminal and a record a line in a pipe.
func (in *invocation) format() string {
	switch asked := in.text("format"); {
	case asked != "":
		return asked
	case in.outTerminal:
		return "table"
	default:
		return "ndjson"
	}
}

// note tells the user something that is not an error.
func (in *invocation) note(format string, args ...any) {
	if !in.quiet {
		fmt.Fprintf(in.err, "note: %s\n", render.Printable(fmt.Sprintf(format, args...)))
	}
}

// writeAll writes to standard output or says that it could not.
func writeAll(w io.Writer, text string) error {
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}
