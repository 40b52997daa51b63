// Command firstcall scores culture self-assessments and hands the results on.
//
// This package holds the command line and nothing of the trade: each command
// turns flags into a call to core, plugins or exporters, and what comes back
// into bytes on standard output. Flags, commands and their help are data (see
// commands.go); urfave/cli runs them.
package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"syscall"
	"time"

	"golang.org/x/term"
)

func main() {
	if os.Getenv("GOGC") == "" {
		// A run is short and holds little: collecting as often as by default
		// costs a fifth of its time.
		debug.SetGCPercent(400)
	}
	os.Exit(run(os.Args[1:], processStreams()))
}

// version of the program; a release sets it with -ldflags "-X main.version=…".
var version = "0.1.0-dev"

// streams is what the process is connected to.
type streams struct {
	in          io.Reader
	out, err    io.Writer
	inTerminal  bool // somebody would have to type the input
	outTerminal bool // somebody reads the output as it comes
	errTerminal bool
	width       int // columns of the terminal at out
	color       bool
}

func processStreams() streams {
	s := streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, width: 80}
	s.inTerminal = term.IsTerminal(int(os.Stdin.Fd()))
	s.outTerminal = term.IsTerminal(int(os.Stdout.Fd()))
	s.errTerminal = term.IsTerminal(int(os.Stderr.Fd()))
	if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && w > 0 {
		s.width = w
	}
	s.color = s.outTerminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	return s
}

// secondSignal is how soon after a signal another one is taken for the same.
const secondSignal = time.Second

// interrupted is the cause of a context that a signal ended.
type interrupted struct{ signal syscall.Signal }

func (i interrupted) Error() string { return "stopped: " + i.signal.String() }

// stopped tells of a run that a signal ended: its cause, and of err what is not
// merely the consequence.
func stopped(cause, err error) error {
	return errors.Join(append([]error{cause}, slices.DeleteFunc(flatten(err), func(e error) bool {
		return errors.Is(e, cause) || errors.Is(e, context.Canceled)
	})...)...)
}

// run runs one command line and returns the exit status.
func run(args []string, s streams) int {
	// A closed pipe shall end in an error of the write, not in a signal that
	// kills the process between two steps.
	signal.Ignore(syscall.SIGPIPE)
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	go func() {
		if sig, ok := (<-signals).(syscall.Signal); ok {
			cancel(interrupted{sig})
			// A second one ends the process at once; but the same one may come
			// twice, to the process and to its group.
			time.Sleep(secondSignal)
			signal.Stop(signals)
		}
	}()
	err := execute(ctx, args, s)
	if cause := context.Cause(ctx); cause != nil && err != nil {
		err = stopped(cause, err)
	}
	report(s.err, err)
	return exitStatus(err)
}
