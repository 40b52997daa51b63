package conformance

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/plugins/host"
)

func TestGood(t *testing.T) {
	for mode, skipped := range map[string]int{"files": 17, "destination": 8, "destination lookup": 10, "destination none": 15, "destination whole": 6} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			opts := quick(t)
			opts.LargeRecord = tooLarge
			if testing.Short() || strings.Contains(mode, " ") {
				opts.launcher = local{mode} // two are enough as processes
			}
			r := test(t, program(t, mode), opts)
			wantIDs(t, r, Failed)
			wantIDs(t, r, NotRun)
			if r.Name != "test" || r.Version != "1.0.0" || r.Files != (mode == "files") {
				t.Errorf("report %+v", r)
			}
			if n := r.Count(Skipped); n != skipped {
				t.Errorf("%d checks skipped, want %d: %q", n, skipped, ids(r, Skipped))
			}
		})
	}
}

// faults are what the exporters of the tests can do wrong, each named like the
// check that is to find it, and the checks that can say nothing then.
func faults() map[string][]string {
	return map[string][]string{
		"files start.by-hand":             nil,
		"files start.fence":               nil,
		"files end.shutdown":              {"end.folder"},
		"files end.folder":                nil,
		"files end.host-gone":             {"end.host-gone-export"},
		"files end.host-gone-export":      nil,
		"files end.cancel":                nil,
		"files describe.answers":          {"..."},
		"files describe.form":             nil,
		"files describe.same":             {"describe.later"},
		"files describe.later":            nil,
		"files configure.before":          {"configure.after"},
		"files configure.answers":         {"..."},
		"destination configure.answers":   {"..."},
		"files configure.connection":      nil,
		"files configure.twice":           nil,
		"files configure.unknown":         {"configure.all", "configure.after"},
		"files configure.missing":         nil,
		"files configure.type":            nil,
		"files configure.value":           nil,
		"files configure.all":             nil,
		"files configure.after":           nil,
		"files diagnostics.form":          nil,
		"files secrets.kept":              nil,
		"destination provision.plan":      {"provision.apply"},
		"destination provision.form":      {"provision.files"},
		"destination provision.files":     nil,
		"destination provision.apply":     nil,
		"files export.accepts":            {"..."},
		"destination plan.writes-nothing": nil,
		"destination plan.foresees":       {"mode.replace"},
		"files plan.files":                nil,
		"destination export.acks":         {"export.lockstep", "export.flight", "resume.killed"},
		"files export.outcomes":           nil,
		"destination export.outcomes":     {"export.order", "resume.killed"},
		"files export.provisional":        nil,
		"destination export.provisional":  nil,
		"files export.done":               nil,
		"destination export.lockstep":     {"export.flight", "resume.killed"},
		"destination export.order":        {"resume.killed"},
		"destination export.flight":       nil,
		"files export.many":               nil,
		"files export.large":              nil,
		"files export.unicode":            nil,
		"destination export.unicode":      nil,
		"files export.empty":              nil,
		"files export.second":             nil,
		"files export.kind":               nil,
		"files export.fields":             nil,
		"files export.later":              nil,
		"files outcomes.reasons":          nil,
		"destination outcomes.remote":     nil,
		"files progress.form":             nil,
		"files files.media":               nil,
		"files prints.records":            nil,
		"destination files.none":          nil,
		"files files.names":               nil,
		"files files.pieces":              nil,
		"files files.same":                {"files.batches"},
		"files files.batches":             nil,
		"destination resend.run":          {"resend.stream", "resend.changed", "doubt.written", "export.order", "resume.killed", "mode.replace", "whole.known"},
		"destination resend.stream":       nil,
		"destination resend.changed":      nil,
		"destination doubt.written":       {"resume.killed"},
		"destination doubt.new":           {"resume.killed"},
		"destination resume.killed":       nil,
		"destination mode.replace":        nil,
		"destination whole.large":         nil,
		"destination whole.known":         nil,
	}
}

// processFaults are those that only a process can have.
func processFaults() []string {
	return []string{"start.fence", "end.shutdown", "end.folder", "end.host-gone", "end.host-gone-export", "resume.killed"}
}

// Each fault is found by the check it is named after and by no other.
func TestFaults(t *testing.T) {
	for mode, silenced := range faults() {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			_, id, _ := strings.Cut(mode, " ")
			if testing.Short() && slices.Contains(processFaults(), id) {
				t.Skip("starting processes takes long")
			}
			opts := quick(t)
			if id == "export.large" {
				opts.LargeRecord = tooLarge
			}
			if !slices.Contains(processFaults(), id) {
				opts.launcher = local{mode}
			}
			r := test(t, program(t, mode), opts)
			if !wantIDs(t, r, Failed, id) {
				return
			}
			if !slices.Contains(silenced, "...") {
				wantIDs(t, r, NotRun, silenced...)
			}
		})
	}
}

func TestEveryCheckIsTested(t *testing.T) {
	tested := map[string]bool{"start.ready": true} // TestUnstartable
	for mode := range faults() {
		_, id, _ := strings.Cut(mode, " ")
		tested[id] = true
	}
	for _, c := range Checks() {
		if !tested[c.ID] {
			t.Errorf("no exporter breaks what %s asks for", c.ID)
		}
		delete(tested, c.ID)
	}
	if delete(tested, "start.ready"); len(tested) > 0 {
		t.Errorf("no check asks for %v", tested)
	}
}

func TestUnstartable(t *testing.T) {
	r, err := Run(context.Background(), program(t, "ends"), quick(t))
	var failure *host.PluginError
	if !errors.As(err, &failure) || failure.Stage != host.StageStart || !strings.Contains(failure.Stderr, "no license found") {
		t.Errorf("error %v", err)
	}
	if len(r.Results) != 1 || r.Results[0].Check.ID != "start.ready" || r.Results[0].Status != Failed || !strings.Contains(r.Results[0].Seen, "exit status 3") {
		t.Errorf("results %+v", r.Results)
	}
}

// Without leave to write to the target, nothing is written there.
func TestTargetNotNamed(t *testing.T) {
	p := program(t, "destination")
	p.Target = ""
	r := test(t, p, inside(t, "destination"))
	wantIDs(t, r, Failed)
	var writing []string
	for _, c := range Checks() {
		if c.writes && c.For != Files {
			writing = append(writing, c.ID)
		}
	}
	for _, one := range r.Results {
		if one.Status == NotRun && one.Check.ID == "export.accepts" && !strings.Contains(one.Hint, "--target shelf-1") {
			t.Errorf("hint %q", one.Hint)
		}
	}
	wantIDs(t, r, NotRun, writing...)
	if _, err := os.Stat(p.Settings["state"]); !os.IsNotExist(err) {
		t.Errorf("something was written: %v", err)
	}
	if r.Client != "" {
		t.Errorf("client %q", r.Client)
	}
}

func TestOtherTarget(t *testing.T) {
	p := program(t, "destination")
	p.Target = "shelf-2"
	r, err := Run(context.Background(), p, inside(t, "destination"))
	var other *TargetError
	if !errors.As(err, &other) || other.Target != "shelf-1" || !strings.Contains(other.Hint(), "--target shelf-1") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(p.Settings["state"]); !os.IsNotExist(err) {
		t.Errorf("something was written: %v", err)
	}
	if last := r.Results[len(r.Results)-1]; last.Check.ID != "configure.answers" || last.Status != NotRun {
		t.Errorf("last result %+v", last)
	}
	p = program(t, "files")
	p.Target = "shelf-1"
	if _, err = Run(context.Background(), p, inside(t, "files")); !errors.As(err, &other) || other.Target != "" {
		t.Errorf("error %v", err)
	}
}

func TestSettings(t *testing.T) {
	p := program(t, "files")
	p.Settings = map[string]string{"stat": "x", "token": "hunter2"}
	_, err := Run(context.Background(), p, inside(t, "files"))
	var faults *host.ConfigError
	if !errors.As(err, &faults) || len(faults.Diagnostics) != 1 || faults.Diagnostics[0].Field != "token" || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %v", err)
	}
	delete(p.Settings, "token")
	_, err = Run(context.Background(), p, inside(t, "files"))
	if !errors.As(err, &faults) || len(faults.Diagnostics) != 2 {
		t.Errorf("error %v", err)
	}
}

// An exporter that hangs or dies ends in a named failure, in bounded time.
func TestHangsAndDies(t *testing.T) {
	for mode, want := range map[string]string{"files hangs": "nothing came for 500ms", "files dies": "it ended with the end of the process (exit status 7)"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			opts := quick(t)
			opts.Patience = 500 * time.Millisecond
			start := time.Now()
			r := test(t, program(t, mode), opts)
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
			if !wantIDs(t, r, Failed, "export.accepts") {
				return
			}
			for _, one := range r.Results {
				if one.Status == Failed && one.Seen != want {
					t.Errorf("seen %q, want %q", one.Seen, want)
				}
			}
		})
	}
}

func TestOnly(t *testing.T) {
	opts := inside(t, "files")
	opts.Only = []string{"files.same", "export.empty"}
	r := test(t, program(t, "files"), opts)
	wantIDs(t, r, Passed, "export.empty", "files.same")
	if len(r.Results) != 2 {
		t.Errorf("%d results", len(r.Results))
	}
	opts.Only = []string{"files.sane"}
	_, err := Run(context.Background(), program(t, "files"), opts)
	var unknown *CheckError
	if !errors.As(err, &unknown) || unknown.ID != "files.sane" {
		t.Errorf("error %v", err)
	}
}

// A user who has had enough is obeyed, and nothing is left running.
func TestStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	opts := quick(t)
	opts.Begin = func(c *Check) {
		if c.ID == "export.accepts" {
			time.AfterFunc(100*time.Millisecond, cancel)
		}
	}
	start := time.Now()
	r, err := Run(ctx, program(t, "files hangs"), opts)
	if !errors.Is(err, context.Canceled) || time.Since(start) > 15*time.Second {
		t.Errorf("error %v after %v", err, time.Since(start))
	}
	if r.Count(Failed) > 0 {
		tell(t, r)
	}
}

// What could not be written just now is sent again.
func TestBusy(t *testing.T) {
	opts := inside(t, "destination busy")
	opts.Only = []string{"export.accepts", "outcomes.reasons"}
	r := test(t, program(t, "destination busy"), opts)
	wantIDs(t, r, Passed, opts.Only...)
}

// Where clients come whole, and one record could not be written, all of its client are
// sent again. Those that were written are created all the same.
func TestBusyWhole(t *testing.T) {
	opts := inside(t, "destination whole busy")
	opts.Only = []string{"export.accepts", "whole.large", "whole.known", "outcomes.reasons"}
	r := test(t, program(t, "destination whole busy"), opts)
	wantIDs(t, r, Passed, opts.Only...)
}

// Two runs say the same, though they write under different ids.
func TestSameReport(t *testing.T) {
	var reports []string
	for range 2 {
		r := test(t, program(t, "destination resend.run"), inside(t, "destination resend.run"))
		if !strings.HasPrefix(r.Client, "firstcall-test-") {
			t.Errorf("client %q", r.Client)
		}
		var b strings.Builder
		for _, one := range r.Results {
			fmt.Fprintln(&b, one.Check.ID, one.Status, one.Seen, one.Hint, one.Note)
		}
		reports = append(reports, b.String())
	}
	if reports[0] != reports[1] || !strings.Contains(reports[0], "CREATED for firstcall-test-resend-run/") {
		t.Errorf("reports differ, or say too little:\n%s\n%s", reports[0], reports[1])
	}
}

// inside are the options of a run without processes.
func inside(t testing.TB, mode string) Options {
	opts := quick(t)
	opts.launcher = local{mode}
	return opts
}
