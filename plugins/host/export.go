package host

import (
	"context"
	"errors"
	"slices"

	"github.com/firstcall-cli/firstcall/plugins/artifact"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// Export sends the records and returns what became of each. An exporter of
// artifacts has made its files in Result.Files; nothing of it counts when there
// is an error, and Result is nil then. A destination may have written before it
// failed: Result says what is known, beside the error.
//
// The error is a [*DuplicateKeyError] before anything is sent, a
// [*ConfigError] when the exporter has no such mode, a [*PluginError], that of
// ctx, or one that wraps artifact.ErrSpool. Close the Result.
func (p *Plugin) Export(ctx context.Context, req Request) (*Result, error) {
	return p.exchange(ctx, req, false)
}

// Plan returns what Export would do, and writes nothing. See Export.
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
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the stream, and the goroutines that serve it
	stream, err := call(ctx)
	if err != nil {
		return nil, errors.Join(p.failCall(ctx, x.stage, err, 0), x.result.Close())
	}
	if err := x.talk(ctx, stream); err != nil {
		return x.interrupted(), err
	}
	return x.result, nil
}

// errNotConfigured is a fault of the caller.
var errNotConfigured = errors.New("the exporter is not configured")

func (p *Plugin) newExchange(req Request, plan bool) (*exchange, error) {
	if !p.configured {
		return nil, errNotConfigured
	}
	x := &exchange{
		p: p, stage: StageExport, plan: plan, atomic: p.makesArtifacts(), limits: limitsOf(p.caps),
		sent: map[uint64]*batch{}, judging: map[uint64]*batch{}, attempts: map[int]int{},
	}
	if plan {
		x.stage = StagePlan
	}
	if err := p.checkMode(req.Mode); err != nil {
		return nil, err
	}
	records, err := sorted(req.Records)
	if err != nil {
		return nil, err
	}
	x.result = &Result{Outcomes: make([]Outcome, len(records)), collector: artifact.NewCollector(p.opts.TempDir)}
	for i, r := range records {
		x.result.Outcomes[i].Key = r.Key
	}
	x.batcher = &batcher{
		records: records, limits: x.limits, kinds: p.caps.GetRecordKinds(), encoder: newEncoder(),
		refuse: func(at int, d *Diagnostic) {
			x.result.Outcomes[at].Status, x.result.Outcomes[at].Diagnostic = Rejected, d
		},
	}
	x.next = &pb.ExportRequest{Message: &pb.ExportRequest_Open{Open: req.open(x.atomic)}}
	return x, nil
}

// checkMode refuses a mode that the exporter does not announce.
func (p *Plugin) checkMode(mode pb.WriteMode) error {
	modes := p.caps.GetModes()
	if len(modes) == 0 {
		modes = []pb.WriteMode{pb.WriteMode_WRITE_MODE_UPSERT}
	}
	if p.makesArtifacts() || mode == pb.WriteMode_WRITE_MODE_UNSPECIFIED || slices.Contains(modes, mode) {
		return nil
	}
	return &ConfigError{Name: p.name, Diagnostics: []Diagnostic{{Code: "config.mode", Summary: "the exporter does not write in this mode"}}}
}
