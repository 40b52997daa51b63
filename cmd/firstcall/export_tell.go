package main

import (
	"bufio"
	"errors"
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	"github.com/firstcall-cli/firstcall/plugins/artifact"
	"github.com/firstcall-cli/firstcall/plugins/host"
)

// planWords say what would become of a record.
var planWords = map[host.Status]string{
	host.NotSent: "not sent", host.InDoubt: "in doubt", host.Created: "create", host.Updated: "update",
	host.Unchanged: "unchanged", host.Rejected: "reject", host.Retry: "not now", host.Deferred: "put off", host.Known: "known",
	host.LeftOut: "leave out",
}

// tellPlan shows what an export would do.
func (x *export) tellPlan(result *host.Result) error {
	out := bufio.NewWriter(x.in.out)
	err := x.outcomes.Walk(func(o host.Outcome) error {
		fmt.Fprintf(out, "%-9s  %s\n", planWords[o.Status], render.Printable(o.Key))
		if o.Diagnostic != nil {
			fmt.Fprintf(out, "           %s\n", render.Printable(o.Diagnostic.Summary))
		}
		for line := range strings.Lines(o.Diff) {
			out.WriteString("           " + render.Printable(strings.TrimSuffix(line, "\n")) + "\n")
		}
		return nil
	})
	refused := tellFilesPlanned(out, x.in, result.Planned)
	if !x.exporter.configured.Artifacts {
		x.in.note("nothing was written; an export would write to %s", targetName(x.exporter.configured))
	}
	if err := errors.Join(err, out.Flush()); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return errors.Join(x.unwritten(result.Summary, ""), refused)
}

// tellFilesPlanned shows where files would go, and returns the error that
// placing them there would end with.
func tellFilesPlanned(b *bufio.Writer, in *invocation, planned []host.PlannedFile) error {
	names := make([]string, len(planned))
	for i, f := range planned {
		names[i] = f.Name
	}
	places, err := artifact.Foresee(names, artifact.Options{Out: outOption(in), Force: in.on("force")})
	for i, f := range planned {
		word, where := "file", ""
		if i < len(places) {
			where = " to " + places[i].Path
			if places[i].Refused {
				word = "refuse"
			}
		}
		fmt.Fprintf(b, "%-9s  %s (%d bytes)%s\n", word, render.Printable(f.Name), f.Size, render.Printable(where))
	}
	return err
}

// unwrittenWords say why a record is not known to be where it should be.
var unwrittenWords = map[host.Status]string{
	host.NotSent: "not sent", host.InDoubt: "in doubt, it was sent and not answered",
	host.Rejected: "rejected", host.Retry: "not possible just now", host.Deferred: "put off, a quota is used up",
}

// What is told of records one by one: each that is rejected or put off has a
// reason of its own; of what a run left undone the number says it all.
const (
	mostTold   = 20
	mostUndone = 3
)

// moreWords are unwrittenWords for many.
var moreWords = map[host.Status]string{
	host.NotSent: "not sent", host.InDoubt: "in doubt: sent and not answered",
	host.Rejected: "rejected", host.Retry: "not possible just now", host.Deferred: "put off",
}

// mostOf is how many records that ended so are told one by one.
func mostOf(s host.Status) int {
	if s == host.InDoubt || s == host.NotSent {
		return mostUndone
	}
	return mostTold
}

// tellOutcomes says on standard error what was not written, or written with a
// reservation, and puts what was rejected into a file, whose name it returns.
// What was not written is told even when the user wants quiet.
func (x *export) tellOutcomes() (rejected string, err error) {
	told := map[host.Status]int{}
	file := &rejectedWriter{x: x}
	err = x.walkBoth(func(o host.Outcome, item host.Item) error {
		kind := o.Status
		if kind == host.LeftOut {
			return nil // the number says it all
		}
		if kind.Written() {
			kind = host.Created // all that is told of these is a warning
		}
		if !kind.Written() || o.Diagnostic != nil {
			if told[kind]++; told[kind] <= mostOf(kind) {
				x.tellOutcome(&o)
			}
		}
		if o.Status == host.Rejected {
			file.add(&o, item)
		}
		return nil
	})
	for _, status := range []host.Status{host.Rejected, host.Retry, host.Deferred, host.InDoubt, host.NotSent} {
		if more := told[status] - mostOf(status); more > 0 {
			fmt.Fprintf(x.in.err, "firstcall: and %d more %s\n", more, moreWords[status])
		}
	}
	if more := told[host.Created] - mostTold; more > 0 {
		x.in.note("and %d more like that", more)
	}
	path, e := file.close()
	return path, errors.Join(err, e)
}

// walkBoth walks through outcomes and the records they are about.
func (x *export) walkBoth(do func(host.Outcome, host.Item) error) error {
	if x.outcomes.Len() == 0 {
		return nil
	}
	next, end, err := x.records.Source()
	if err != nil {
		return err
	}
	err = x.outcomes.Walk(func(o host.Outcome) error {
		for {
			item, err := next()
			if err != nil {
				return err
			}
			if item.Key == o.Key {
				return do(o, item)
			}
		}
	})
	return errors.Join(err, end())
}

func (x *export) tellOutcome(o *host.Outcome) {
	told := host.Diagnostic{Warning: true}
	if o.Diagnostic != nil {
		told = *o.Diagnostic
		told.Warning = true
	}
	what := []string{o.Key}
	if why, missing := unwrittenWords[o.Status]; missing {
		what, told.Warning = append(what, why), false
	}
	if told.Summary != "" {
		what = append(what, told.Summary)
	}
	if len(what) > 1 {
		told.Summary = strings.Join(what, ": ")
		tellDiagnostic(x.in, &told)
	}
}

// unwritten sums the run up, and is an error when something is not written.
func (x *export) unwritten(s host.Summary, rejected string) error {
	if !x.in.on("dry-run") && !x.exporter.configured.Artifacts {
		x.in.note("%s", x.summary(s))
	}
	if s.LeftOut > 0 {
		if s.LeftOut == s.Records() {
			return &unwrittenError{what: fmt.Sprintf("%s: of %s none is of a kind that it takes", x.name, count(s.LeftOut, "record")), hint: "it takes records of the kinds " + x.exporter.takes()}
		}
		x.in.note("%s left out: %s takes records of the kinds %s only", count(s.LeftOut, "record"), x.name, x.exporter.takes())
	}
	n := s.Unwritten()
	if n == 0 {
		return nil
	}
	what, hint := "not written", ""
	switch {
	case x.in.on("dry-run"):
		what = "would not be written"
	case x.exporter.configured.Artifacts:
	case s.Unwritten() == s.Rejected+s.InDoubt && x.exporter.cannotLook() && s.InDoubt > 0:
		hint = "look for what is in doubt at the destination; --allow-duplicates sends it again"
	case !s.Finished() && x.in.on("force"):
		hint = "run the command again without --force: what is written is not sent twice"
	case !s.Finished():
		hint = "run the same command again: what is written is not sent twice"
	case rejected != "" && x.exporter.wholeClients():
		// What the destination holds of a client rests on all its records: one alone
		// would set counts to its own.
		hint = "mend what was rejected, which is in " + rejected + ", where it came from, and export everything again: what is written is not sent twice"
	case rejected != "":
		hint = "mend the records in " + rejected + " and send them again, with the same settings: firstcall export --retry " + rejected
	}
	return &unwrittenError{what: fmt.Sprintf("%d of %s %s", n, count(s.Records(), "record"), what), hint: hint}
}

// summary is one line about the whole run.
func (x *export) summary(s host.Summary) string {
	var parts []string
	for _, p := range []struct {
		n    int
		word string
	}{
		{s.Created, "created"}, {s.Updated, "updated"}, {s.Unchanged, "unchanged"}, {s.Known, "there from an earlier run"},
		{s.Rejected, "rejected"}, {s.Retry, "not possible just now"}, {s.Deferred, "put off"}, {s.InDoubt, "in doubt"}, {s.NotSent, "not sent"}, {s.LeftOut, "left out"},
	} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.word))
		}
	}
	return fmt.Sprintf("%s, %s: %s", x.name, targetName(x.exporter.configured), strings.Join(parts, ", "))
}
