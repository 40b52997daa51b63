// Package conformance tests from outside whether a program keeps the rules for
// exporters. It starts the program as firstcall would, talks the protocol of
// package exporterpb to it by hand, sends it made-up records, breaks off, kills
// it, and holds what comes back against the rules.
//
// The rules are data (Rules), and so are the checks (Checks): docs/plugin-rules.md
// is made from them. A check starts processes of its own, so that what one
// breaks is not told of another; where a check can say nothing because of a
// fault told elsewhere, it says that it was not run.
package conformance

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/plugins/host"
)

// Program is the exporter to be tested.
type Program struct {
	Command  host.Command
	Settings map[string]string // as a user writes them on a command line; a secret is a reference
	// Target is the id of the target that may be written to, as the exporter
	// names it; empty: none. Exporters of files need none.
	Target string
}

// Options tune a run. The zero value is what firstcall uses.
type Options struct {
	HostVersion string             // told to the exporter
	TempDir     string             // parent of private temporary files; empty: os.TempDir
	Only        []string           // ids of the checks to run; empty: all. What they need to know is found out all the same.
	Begin       func(check *Check) // told of each check before it runs; may be nil

	Start       time.Duration // within which a process must be ready; 0: 10 s
	Patience    time.Duration // longest silence while an answer is due; 0: 30 s
	Prompt      time.Duration // within which a process must end, and take a call after a canceled one; 0: 2 s
	LargeRecord int           // size of the large record in bytes; 0: 32 MiB

	launcher launcher // nil: processes of the system
}

func (o Options) withDefaults() Options {
	if o.TempDir == "" {
		o.TempDir = os.TempDir()
	}
	if o.Begin == nil {
		o.Begin = func(*Check) {}
	}
	if o.Start == 0 {
		o.Start = 10 * time.Second
	}
	if o.Patience == 0 {
		o.Patience = 30 * time.Second
	}
	if o.Prompt == 0 {
		o.Prompt = 2 * time.Second
	}
	if o.launcher == nil {
		o.launcher = system{}
	}
	if o.LargeRecord == 0 {
		o.LargeRecord = largeRecord
	}
	return o
}

// Status is how a check ended.
type Status string

// The statuses. A run is complete when no check is NotRun.
const (
	Passed  Status = "passed"
	Failed  Status = "failed"
	Skipped Status = "skipped" // does not apply to this exporter
	NotRun  Status = "not run" // applies, and nothing could be said
)

// Result is what came of one check. Its texts hold no secret that the user
// gave, and neither times nor names that differ from run to run.
type Result struct {
	Check  *Check
	Status Status
	Seen   string // Failed: what the exporter did; Skipped, NotRun: why
	Hint   string // what to do next; may be empty
	Note   string // something worth knowing that breaks no rule; may be empty
	// Printed are the last lines that the exporter printed in a check that
	// failed, without secrets: often the fault is in them.
	Printed []string
}

// Report is what came of a run.
type Report struct {
	Name    string // what the exporter calls itself; empty when it did not say
	Version string
	Files   bool   // it makes files; otherwise it writes to a target
	Target  string // id of its target; empty for files
	Client  string // under which client's id, and such that begin with it, records were written to the target; empty when none were
	Results []Result
}

// Count is how many checks ended so.
func (r *Report) Count(s Status) int {
	n := 0
	for _, one := range r.Results {
		if one.Status == s {
			n++
		}
	}
	return n
}

// TargetError says that the exporter writes to another target than the user
// named. Nothing was written.
type TargetError struct {
	Named  string // by the user
	Target string // by the exporter; empty: it makes files and has none
}

// Error names both.
func (e *TargetError) Error() string {
	if e.Target == "" {
		return fmt.Sprintf("target %s was named, and the exporter makes files and has no target", e.Named)
	}
	return fmt.Sprintf("target %s was named, and the exporter writes to %s", e.Named, e.Target)
}

// Hint says what to do next.
func (e *TargetError) Hint() string {
	if e.Target == "" {
		return "leave --target out"
	}
	return "give the credentials of the target you mean, or, if records may be written there for a test, --target " + e.Target
}

// CheckError says that Options.Only names a check that does not exist.
type CheckError struct{ ID string }

// Error names it.
func (e *CheckError) Error() string { return fmt.Sprintf("no check is called %q", e.ID) }

// Run tests the program. The report is there beside an error too: its last
// result is that of the check after which nothing more could be done. The error is a [*host.PluginError] when the program
// can't be started or does not answer, a [*host.ConfigError] when the settings
// are not those that it announces, a [*TargetError], a [*CheckError], or that of
// ctx. That checks fail is no error. When Run returns, nothing of the program is
// left running.
func Run(ctx context.Context, program Program, opts Options) (*Report, error) {
	for _, id := range opts.Only {
		if !slices.ContainsFunc(Checks(), func(c *Check) bool { return c.ID == id }) {
			return &Report{}, &CheckError{ID: id}
		}
	}
	s := newSubject(program, opts.withDefaults())
	for _, c := range Checks() {
		result := s.run(ctx, c)
		if ctx.Err() != nil {
			return s.report, context.Cause(ctx)
		}
		if s.wanted(c) || s.fatal != nil {
			s.report.Results = append(s.report.Results, result)
		}
		if s.fatal != nil {
			break
		}
	}
	return s.report, s.fatal
}

// run runs one check and notes for later ones how it ended.
func (s *subject) run(ctx context.Context, c *Check) Result {
	err := s.refuse(c)
	t := &trial{subject: s, check: c}
	if err == nil {
		s.opts.Begin(c)
		limit := 10 * s.opts.Patience
		limited, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		t.ctx = limited
		err = c.run(t)
		if limited.Err() != nil && ctx.Err() == nil {
			err = broken("it was not done within %s", limit)
		}
		t.closeAll()
	}
	result := Result{Check: c, Note: s.stable(t.note)}
	var broken *fault
	var skip *inapplicable
	var blocked *unknowable
	switch {
	case err == nil:
		result.Status = Passed
	case errors.As(err, &broken):
		result.Status, result.Seen, result.Hint = Failed, broken.seen, broken.hint
	case errors.As(err, &skip):
		result.Status, result.Seen = Skipped, skip.why
	case errors.As(err, &blocked):
		result.Status, result.Seen, result.Hint = NotRun, blocked.why, blocked.hint
	default:
		result.Status, result.Seen = NotRun, err.Error()
	}
	if result.Status == Failed || result.Status == NotRun {
		s.unfit[c.ID] = true
	}
	if result.Status == Failed && result.Hint == "" {
		result.Hint = c.Hint
	}
	result.Seen, result.Hint = s.stable(result.Seen), s.stable(result.Hint)
	if result.Status == Failed {
		result.Printed = lastLines(s.stable(t.printed))
	}
	return result
}

// mostPrinted is how many lines of an exporter's output are shown.
const mostPrinted = 12

// lastLines are the last lines of a text, those that are not empty.
func lastLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.ReplaceAll(strings.TrimRight(line, "\r\n"), "\t", "    "); line != "" {
			lines = append(lines, line)
		}
	}
	return lines[max(0, len(lines)-mostPrinted):]
}

// refuse says why a check is not to be run; nil when it is.
func (s *subject) refuse(c *Check) error {
	switch {
	case !s.wanted(c) && !c.learns:
		return &inapplicable{why: "not asked for"}
	case c.For == Files && s.configured && !s.report.Files:
		return &inapplicable{why: "for exporters that make files"}
	case c.For == Destinations && s.configured && s.report.Files:
		return &inapplicable{why: "for exporters that write to a target"}
	}
	if c.writes && s.configured && !s.report.Files && s.program.Target == "" {
		return &unknowable{
			why:  "it would write records of a made-up client to the target " + s.report.Target,
			hint: "if that is a target for tests, allow it with --target " + s.report.Target,
		}
	}
	for _, id := range c.needs {
		if s.unfit[id] {
			return &unknowable{why: "nothing can be said as long as " + id + " does not pass"}
		}
	}
	return nil
}

func (s *subject) wanted(c *Check) bool {
	return len(s.opts.Only) == 0 || slices.Contains(s.opts.Only, c.ID)
}

// fault is a rule broken.
type fault struct{ seen, hint string }

func (f *fault) Error() string { return f.seen }

func broken(format string, args ...any) error { return &fault{seen: fmt.Sprintf(format, args...)} }

// inapplicable is a check that has nothing to look at in this exporter.
type inapplicable struct{ why string }

func (i *inapplicable) Error() string { return i.why }

func skip(why string) error { return &inapplicable{why} }

// unknowable is a check that could not come to an answer.
type unknowable struct{ why, hint string }

func (u *unknowable) Error() string { return u.why }
