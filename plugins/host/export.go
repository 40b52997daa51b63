package host

import (
	"context"
	"errors"
	"slices"

	"github.com/firstcall-cli/firstcall/plugins/artifact"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// Export sends the records and tells Request.Outcome what became of each. An
// exporter of artifacts has made its files in Result.Files; nothing of it counts
// when there is an error, and Result is nil then. A destination may have written
// before it failed: Outcome has been told all that is known, and Result counts it,
// beside the error.
//
// The error is a [*ConfigError] when the exporter has no such mode, a
// [*PluginError], that of ctx, of the journal, of Request.Next or
// Request.Outcome, an [*OrderError], or one that wraps artifact.ErrSpool. Close
// the Result.
func (p *Plugin) Export(ctx context.Context, req Request) (*Result, error) {
	return p.exchange(ctx, req, false)
}

// Plan returns what Export would do, and writes nothing, neither at the
// destination nor in the journal. See Export.
func (p *Plugin) Plan(ctx context.Context, req Request) (*Result, error) {
	return p.exchange(ctx, req, true)
}

func (p *Plugin) exchange(ctx context.Context, req Request, plan bool) (*Result, error) {
	x, err := p.newExchange(req, plan)
	if err != nil {
		return nil, err
	}
	call := p.remote.Export
	if plan {
		call = p.remote.Plan
	}
	// When the user has had enough, talk winds the stream up before it ends it.
	streamCtx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel() // ends the stream, and the goroutines that serve it
	stream, err := call(streamCtx)
	if err != nil {
		return x.interrupted(p.failCall(ctx, x.stage, err, 0))
	}
	if err := x.talk(ctx, streamCtx, stream); err != nil {
		return x.interrupted(err)
	}
	return x.result, nil
}

// interrupted is the result of a run that failed.
func (x *exchange) interrupted(err error) (*Result, error) {
	if x.atomic {
		return nil, errors.Join(err, x.result.Close())
	}
	if more := x.conclude(); more != nil && !errors.Is(err, more) {
		err = errors.Join(err, more)
	}
	return x.result, err
}

// errNotConfigured is a fault of the caller.
var errNotConfigured = errors.New("the exporter is not configured")

func (p *Plugin) newExchange(req Request, plan bool) (*exchange, error) {
	if !p.configured {
		return nil, errNotConfigured
	}
	var err error
	if req.Mode, err = p.mode(req.Mode); err != nil {
		return nil, err
	}
	x := &exchange{
		p: p, req: req, stage: StageExport, plan: plan, atomic: p.makesArtifacts(), limits: limitsOf(p.caps),
		sent: map[uint64]*batch{}, judging: map[uint64]*batch{},
		result: &Result{collector: artifact.NewCollector(p.opts.TempDir)},
	}
	if plan {
		x.stage = StagePlan
	}
	switch {
	case x.atomic:
		x.req.Journal, x.req.Look = nil, nil // it renders everything, every time
	case req.Journal != nil:
		x.req.Look = req.Journal.Look
	}
	x.batcher = &batcher{source: req.Next, limits: x.limits, admit: x.admit, told: func() bool { return x.untold != nil }}
	if x.p.caps.GetWholeClients() && !x.atomic {
		x.batcher.admitClient, x.batcher.takes = x.admitClient, x.takes
	}
	x.next = &outgoing{message: &pb.ExportRequest{Message: &pb.ExportRequest_Open{Open: x.req.open()}}}
	return x, nil
}

// mode is the mode of a run: the one asked for, or else one that removes nothing.
// One that the exporter does not announce is refused.
func (p *Plugin) mode(asked pb.WriteMode) (pb.WriteMode, error) {
	if p.makesArtifacts() {
		return pb.WriteMode_WRITE_MODE_UNSPECIFIED, nil
	}
	announced := p.caps.GetModes()
	if len(announced) == 0 {
		announced = []pb.WriteMode{pb.WriteMode_WRITE_MODE_UPSERT}
	}
	fitting := []pb.WriteMode{asked}
	if asked == pb.WriteMode_WRITE_MODE_UNSPECIFIED {
		fitting = []pb.WriteMode{pb.WriteMode_WRITE_MODE_UPSERT, pb.WriteMode_WRITE_MODE_APPEND}
	}
	for _, mode := range fitting {
		if slices.Contains(announced, mode) {
			return mode, nil
		}
	}
	return 0, &ConfigError{Name: p.name, Diagnostics: []Diagnostic{{Code: "config.mode", Summary: "the exporter does not write in this mode"}}}
}
