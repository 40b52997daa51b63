package host

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// Stage is what an exporter was asked to do when it failed.
type Stage string

// The stages.
const (
	StageStart     Stage = "start"
	StageDescribe  Stage = "describe"
	StageConfigure Stage = "configure"
	StageProvision Stage = "provision"
	StagePlan      Stage = "plan"
	StageExport    Stage = "export"
)

// PluginError says that an exporter could not do its work: it did not start,
// died, fell silent, broke the protocol, or gave up. It carries no secret.
type PluginError struct {
	Name        string
	Stage       Stage
	Err         error
	Diagnostics []Diagnostic // what the exporter itself says; the first is in Err and Hint; may be empty
	Stderr      string       // the end of what it printed; may be empty

	hint string
}

// Hint is what the user can do about it; empty when nobody knows.
func (e *PluginError) Hint() string { return e.hint }

// Error names the exporter, the stage and the fault on one line.
func (e *PluginError) Error() string {
	return fmt.Sprintf("exporter %s: %s: %v", e.Name, e.Stage, e.Err)
}

// Unwrap returns the fault.
func (e *PluginError) Unwrap() error { return e.Err }

// ConfigError says that the settings for an exporter are not right.
type ConfigError struct {
	Name        string
	Diagnostics []Diagnostic // one or more of severity error
}

// Error gives the summaries, one a line.
func (e *ConfigError) Error() string {
	lines := make([]string, len(e.Diagnostics))
	for i, d := range e.Diagnostics {
		lines[i] = fmt.Sprintf("exporter %s: %s", e.Name, d.Summary)
	}
	return strings.Join(lines, "\n")
}

// Diagnostic tells the user what is wrong and what to do next. Its texts are
// free of secrets and of control characters.
type Diagnostic struct {
	Warning bool   // otherwise an error
	Code    string // stable: "config.missing", "hubspot.auth"
	Summary string // lower case, no full stop
	Hint    string // may be empty
	Field   string // a setting, or a JSON pointer into the record; may be empty
}

// What is kept of an exporter's texts, in bytes: more than anybody reads.
const (
	maxCode    = 100
	maxSummary = 2000
	maxDiff    = 64 << 10
)

func (r *redactor) diagnostic(d *pb.Diagnostic) *Diagnostic {
	if d == nil {
		return nil
	}
	return &Diagnostic{
		Warning: d.GetSeverity() == pb.Diagnostic_SEVERITY_WARNING,
		Code:    shortened(r.line(d.GetCode()), maxCode), Field: shortened(r.line(d.GetField()), maxSummary),
		Summary: shortened(r.line(d.GetSummary()), maxSummary), Hint: shortened(r.line(d.GetHint()), maxSummary),
	}
}

// shortened cuts a text that is longer than anybody reads.
func shortened(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

func (r *redactor) diagnostics(in []*pb.Diagnostic) []Diagnostic {
	var out []Diagnostic
	for _, d := range in {
		out = append(out, *r.diagnostic(d))
	}
	return out
}

// fail makes the error of a stage. When the user has stopped the run, that is
// the error, whatever else went wrong because of it.
func (p *Plugin) fail(stage Stage, err error) error {
	if cause := p.ctx.Err(); cause != nil {
		return cause
	}
	out := &PluginError{
		Name: p.called(), Stage: stage, Err: errors.New(p.redact.line(err.Error())),
		Stderr: strings.TrimSpace(p.redact.text(p.proc.lastWords())),
	}
	var hinted *hintedError
	if errors.As(err, &hinted) {
		out.hint = p.redact.line(hinted.hint)
	}
	return out
}

// called is what the exporter is called in messages: as it must call itself, or
// where that is not known, as its program.
func (p *Plugin) called() string {
	if p.name == "" {
		return filepath.Base(p.proc.cmd.Path)
	}
	return p.name
}

// failCall is fail for an error that a gRPC call returned. within is the time
// the call was given, if it was given one.
func (p *Plugin) failCall(ctx context.Context, stage Stage, err error, within time.Duration) error {
	cause := ctx.Err()
	if errors.Is(cause, context.Canceled) {
		return cause
	}
	// The other side knows the deadline too, and may be the first to act on it.
	if deadline, set := ctx.Deadline(); set && within > 0 && time.Until(deadline) < within/20 {
		return p.fail(stage, fmt.Errorf("no answer within %s", within))
	}
	st, _ := status.FromError(err)
	var failure error = errors.New(st.Message())
	switch st.Code() {
	case codes.Unavailable, codes.Canceled:
		// The connection broke: the end of the process says more about it.
		if p.proc.exitedWithin(killedGrace) {
			failure = fmt.Errorf("ended: %s", p.proc.exit())
		}
		if p.proc.reason() == errMemory {
			failure = p.memoryFault()
		}
	case codes.Unimplemented:
		failure = fmt.Errorf("does not know this call: %s", st.Message())
	}
	var faults []*pb.Diagnostic
	for _, detail := range st.Details() {
		if d, ok := detail.(*pb.Diagnostic); ok {
			faults = append(faults, d)
		}
	}
	if len(faults) > 0 && faults[0].GetSummary() != "" {
		failure = &hintedError{faults[0].GetSummary(), faults[0].GetHint()}
	}
	out := p.fail(stage, failure)
	var plugin *PluginError
	if errors.As(out, &plugin) {
		plugin.Diagnostics = p.redact.diagnostics(faults)
	}
	return out
}

// violationError is a fault of the exporter against the protocol.
type violationError struct{ err error }

func (v *violationError) Error() string { return "broke the protocol: " + v.err.Error() }

func (v *violationError) Unwrap() error { return v.err }

func violation(format string, args ...any) error {
	return &violationError{fmt.Errorf(format, args...)}
}
