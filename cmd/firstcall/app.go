package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/urfave/cli/v2"
)

// globalOptions work with every command.
var globalOptions = []option{
	{name: "config", kind: text, value: "FILE", usage: "read settings from FILE instead of the nearest firstcall.toml; \"none\" reads none", path: true},
	{name: "quiet", short: "q", kind: toggle, usage: "leave out notes and progress; errors are still told"},
	{name: helpOption, short: "h", kind: toggle, usage: "show how the command works"},
}

// helpOption is answered before cli sees it, which has a help of its own.
const helpOption = "help"

// execute runs one command line.
func execute(ctx context.Context, args []string, s streams) error {
	root := program()
	if len(args) == 1 && args[0] == "--version" {
		args = []string{"version"}
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

	values map[string][]string
}

func newInvocation(ctx *cli.Context, c *command, path []string, s streams) (*invocation, error) {
	in := &invocation{streams: s, command: c, path: path, args: ctx.Args().Slice(), quiet: ctx.Bool("quiet"), values: map[string][]string{}}
	var err error
	if in.config, err = loadConfig(ctx.String("config")); err != nil {
		return nil, err
	}
	var faults []error
	for _, o := range c.options {
		values, origin := in.lookUp(ctx, o)
		for _, v := range values {
			if err := o.validate(v, origin); err != nil {
				faults = append(faults, err)
			}
		}
		in.values[o.name] = values
	}
	return in, errors.Join(faults...)
}

// lookUp finds the values of an option and where they come from.
func (in *invocation) lookUp(ctx *cli.Context, o option) (values []string, origin string) {
	if ctx.IsSet(o.name) {
		switch o.kind {
		case toggle:
			return []string{strconv.FormatBool(ctx.Bool(o.name))}, "--" + o.name
		case list:
			return ctx.StringSlice(o.name), "--" + o.name
		default:
			return []string{ctx.String(o.name)}, "--" + o.name
		}
	}
	if v := lookupEnv(o); v != "" {
		return []string{v}, o.environment()
	}
	if values := in.config.option(in.path, o); values != nil {
		return values, in.config.file
	}
	return nil, ""
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
		return usagef(oneOf(v, o.choices), "%s: unknown %s %q", origin, o.name, v)
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
	return v
}

// on reports whether the toggle is set.
func (in *invocation) on(name string) bool { return in.text(name) == "true" }

// number returns the option's value, and whether it is set.
func (in *invocation) number(name string) (int, bool) {
	n, err := strconv.Atoi(in.text(name))
	return n, err == nil
}

// note tells the user something that is not an error.
func (in *invocation) note(format string, args ...any) {
	if !in.quiet {
		fmt.Fprintf(in.err, "note: %s\n", printable(fmt.Sprintf(format, args...)))
	}
}

// writeAll writes to standard output or says that it could not.
func writeAll(w io.Writer, text string) error {
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}
