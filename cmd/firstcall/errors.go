package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"syscall"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/plugins/artifact"
	"github.com/firstcall-cli/firstcall/plugins/host"
	"github.com/firstcall-cli/firstcall/plugins/journal"
	"github.com/firstcall-cli/firstcall/plugins/trust"
)

// The exit statuses of firstcall. When several apply, the first of
// interrupted, plugin, unwritten, input, gate counts.
const (
	statusDone        = 0
	statusGate        = 1 // a check the user asked for failed
	statusUsage       = 2
	statusInput       = 3 // bad input or configuration, or a failed write
	statusUnwritten   = 4 // an export left records unwritten
	statusPlugin      = 5 // a plugin could not run
	statusInterrupted = 130
	statusTerminated  = 143
	statusClosedPipe  = 141
)

// usageError is a command line that can't be run.
type usageError struct{ what, hint string }

func (e *usageError) Error() string { return e.what }

func usagef(hint, format string, args ...any) error {
	return &usageError{what: fmt.Sprintf(format, args...), hint: hint}
}

// gateError says that the command ran and its answer is no.
type gateError struct{ what, hint string }

func (e *gateError) Error() string { return e.what }

// unwrittenError says that an export ran and left records unwritten.
type unwrittenError struct{ what, hint string }

func (e *unwrittenError) Error() string { return e.what }

// hinted adds a hint to an error that has none of its own.
type hinted struct {
	error
	hint string
}

func (h *hinted) Unwrap() error { return h.error }

// Hint is what the user can do about the error.
func (h *hinted) Hint() string { return h.hint }

// exitStatus turns an error into the status of the process: here and nowhere
// else.
func exitStatus(err error) int {
	var (
		stopped   interrupted
		usage     *usageError
		several   *artifact.UsageError
		name      *trust.NameError
		plugin    *host.PluginError
		unwritten *unwrittenError
		gate      *gateError
	)
	switch {
	case err == nil:
		return statusDone
	case errors.As(err, &stopped) && stopped.signal == syscall.SIGTERM:
		return statusTerminated
	case errors.As(err, &stopped), errors.Is(err, context.Canceled):
		return statusInterrupted
	case closedPipe(err):
		return statusClosedPipe
	case errors.As(err, &usage), errors.As(err, &several), errors.As(err, &name):
		return statusUsage
	case errors.As(err, &plugin), notAllowed(err):
		return statusPlugin
	case errors.As(err, &unwritten):
		return statusUnwritten
	case errors.As(err, &gate) && !hasOther(err, gate):
		return statusGate
	default:
		return statusInput
	}
}

// notAllowed reports whether an exporter was not started, or not let near its
// target, for a reason that lies with it.
func notAllowed(err error) bool {
	var (
		missing *trust.NotFoundError
		locked  *trust.NotLockedError
		trusted *trust.NotTrustedError
		changed *trust.ChangedError
		script  *trust.ScriptError
		busy    *journal.BusyError
	)
	return errors.As(err, &script) || errors.As(err, &missing) || errors.As(err, &locked) || errors.As(err, &trusted) || errors.As(err, &changed) || errors.As(err, &busy)
}

// hasOther reports whether err joins anything beside gates.
func hasOther(err error, gate *gateError) bool {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return false
	}
	return slices.ContainsFunc(joined.Unwrap(), func(e error) bool {
		return !errors.As(e, &gate) || hasOther(e, gate)
	})
}

// mostProblems is how many problems of one run are told one by one.
const mostProblems = 20

// report tells the user what went wrong: a line for each error, then its hint.
func report(w io.Writer, err error) {
	if err == nil || closedPipe(err) {
		return
	}
	told := 0
	flat := flatten(err)
	lastHint := ""
	for i, e := range flat {
		if told == mostProblems && len(flat) > mostProblems+1 {
			fmt.Fprintf(w, "firstcall: and %d more\n", len(flat)-i)
			return
		}
		told++
		hint := hintOf(e)
		// Neighbors with one cause share one hint: say it after the last.
		if i+1 < len(flat) && hintOf(flat[i+1]) == hint && told < mostProblems {
			lastHint, hint = hint, ""
		} else {
			lastHint = ""
		}
		fmt.Fprintf(w, "firstcall: %s\n", printableLines(e.Error()))
		if hint != "" {
			fmt.Fprintf(w, "hint: %s\n", printableLines(hint))
		}
	}
	if lastHint != "" {
		fmt.Fprintf(w, "hint: %s\n", printableLines(lastHint))
	}
}

// flatten takes joined errors and lists of problems apart.
func flatten(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var out []error
		for _, e := range joined.Unwrap() {
			out = append(out, flatten(e)...)
		}
		return out
	}
	var list problem.List
	if !errors.As(err, &list) {
		return []error{err}
	}
	out := make([]error, len(list))
	for i, p := range list {
		out[i] = p
	}
	return out
}

func hintOf(err error) string {
	var (
		p         problem.Problem
		usage     *usageError
		gate      *gateError
		unwritten *unwrittenError
		files     *artifact.UsageError
		hinter    interface{ Hint() string }
	)
	switch {
	case errors.As(err, &p):
		return p.Hint
	case errors.As(err, &usage):
		return usage.hint
	case errors.As(err, &gate):
		return gate.hint
	case errors.As(err, &unwritten):
		return unwritten.hint
	case errors.As(err, &files):
		return files.Hint
	case errors.As(err, &hinter):
		return hinter.Hint()
	case diskFull(err):
		return "the disk is full: make room, or write somewhere else"
	case errors.Is(err, fs.ErrNotExist):
		return "check the path; the names of files are case-sensitive on most systems"
	case errors.Is(err, fs.ErrPermission):
		return "check who may read or write that path"
	}
	return ""
}

// printableLines makes text of several lines safe for a terminal.
func printableLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = render.Printable(line)
	}
	return strings.Join(lines, "\n")
}
