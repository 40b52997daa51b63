package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/firstcall-cli/firstcall/plugins/host"
)

func TestErrorsOfWrites(t *testing.T) {
	wrapped := func(e syscall.Errno) error {
		return fmt.Errorf("write output: %w", &os.PathError{Op: "write", Path: "out", Err: e})
	}
	for _, e := range closedPipes {
		var told bytes.Buffer
		report(&told, wrapped(e))
		if status := exitStatus(wrapped(e)); status != 141 || told.Len() > 0 {
			t.Errorf("error %d: status %d, told %q, want 141 and silence", int(e), status, told.String())
		}
	}
	for _, e := range diskFulls {
		if status, hint := exitStatus(wrapped(e)), hintOf(wrapped(e)); status != 3 || !strings.Contains(hint, "disk is full") {
			t.Errorf("error %d: status %d, hint %q", int(e), status, hint)
		}
	}
	if other := wrapped(syscall.EACCES); exitStatus(other) != 3 || diskFull(other) {
		t.Error("another error passes for a closed pipe or a full disk")
	}
}

// A run that was stopped says so once, beside what else went wrong.
func TestStoppedOnce(t *testing.T) {
	cause := interrupted{syscall.SIGTERM}
	other := errors.New("disk on fire")
	for _, tt := range []struct {
		err  error
		want string
	}{
		{cause, "firstcall: stopped: terminated\n"},
		{fmt.Errorf("read a.csv: %w", cause), "firstcall: stopped: terminated\n"},
		{context.Canceled, "firstcall: stopped: terminated\n"},
		{errors.Join(context.Canceled, other, cause), "firstcall: stopped: terminated\nfirstcall: disk on fire\n"},
	} {
		var told bytes.Buffer
		err := stopped(cause, tt.err)
		report(&told, err)
		if told.String() != tt.want || exitStatus(err) != statusTerminated {
			t.Errorf("%v: status %d, told %q, want %q", tt.err, exitStatus(err), told.String(), tt.want)
		}
	}
}

// TestQuietHidesNoFault: --quiet leaves out notes and reservations, never what
// was not written.
func TestQuietHidesNoFault(t *testing.T) {
	fault := func(warning bool) *host.Diagnostic {
		return &host.Diagnostic{Warning: warning, Summary: "the summary", Hint: "the hint"}
	}
	outcomes := []host.Outcome{
		{Key: "a", Status: host.Created},
		{Key: "b", Status: host.Updated, Diagnostic: fault(true)},
		{Key: "c", Status: host.Rejected, Diagnostic: fault(false)},
		{Key: "d", Status: host.NotSent},
		{Key: "e", Status: host.InDoubt},
		{Key: "f", Status: host.Retry, Diagnostic: fault(false)},
		{Key: "g", Status: host.Deferred, Diagnostic: fault(true)},
		{Key: "h", Status: host.Known},
	}
	faults := "firstcall: c: rejected: the summary\nhint: the hint\n" +
		"firstcall: d: not sent\n" +
		"firstcall: e: in doubt, it was sent and not answered\n" +
		"firstcall: f: not possible just now: the summary\nhint: the hint\n" +
		"firstcall: g: put off, a quota is used up: the summary\nhint: the hint\n"
	reservation := "note: b: the summary\nhint: the hint\n"
	for quiet, want := range map[bool]string{true: faults, false: reservation + faults} {
		var told bytes.Buffer
		in := &invocation{streams: streams{err: &told}, quiet: quiet}
		x := &export{in: in}
		for _, o := range outcomes {
			x.tellOutcome(&o)
		}
		if told.String() != want {
			t.Errorf("quiet %v:\n%swant\n%s", quiet, told.String(), want)
		}
	}
	var told bytes.Buffer
	in := &invocation{streams: streams{err: &told}, quiet: true}
	tellDiagnostic(in, fault(true))
	if told.Len() > 0 {
		t.Errorf("quiet tells a warning: %q", told.String())
	}
	_ = pluginFault(in, &host.PluginError{Name: "x", Diagnostics: []host.Diagnostic{{Summary: "is in the error"}, *fault(false)}})
	if told.String() != "firstcall: the summary\nhint: the hint\n" {
		t.Errorf("quiet hides why an exporter failed: %q", told.String())
	}
}
