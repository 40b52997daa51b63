package host

import (
	"context"
	"errors"
	"io"

	"github.com/firstcall-cli/firstcall/plugins/artifact"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// Action is what provisioning does, or would do, to an object.
type Action int

// The actions.
const (
	ActionCreate   Action = iota + 1 // made, or would be made
	ActionExists                     // there as needed
	ActionMismatch                   // there, but not as needed; the user must act
)

// Provisioning is what a target needs.
type Provisioning struct {
	Objects []Provisioned
	Files   []artifact.File // by which the user makes it by hand; good until Close

	collector *artifact.Collector
}

// Close frees the files. It may be called on a nil Provisioning.
func (p *Provisioning) Close() error {
	if p == nil {
		return nil
	}
	return p.collector.Close()
}

// Provisioned is one thing that a target needs.
type Provisioned struct {
	Object     string // "company.firstcall_index"
	Action     Action
	Diagnostic *Diagnostic // may be nil
}

// maxProvisioned is how many objects a target may need.
const maxProvisioned = 100_000

// Provision makes what the target needs before records fit in, or without
// apply says what that would be. Nothing is ever deleted. The error is a
// [*PluginError] or that of ctx; with apply, what is returned beside it was
// done before.
func (p *Plugin) Provision(ctx context.Context, apply bool) (*Provisioning, error) {
	if !p.configured {
		return nil, errNotConfigured
	}
	ctx, cancel := context.WithTimeout(ctx, p.opts.StallTimeout)
	defer cancel()
	stream, err := p.remote.Provision(ctx, &pb.ProvisionRequest{Apply: apply})
	if err != nil {
		return nil, p.failCall(ctx, StageProvision, err, p.opts.StallTimeout)
	}
	out := &Provisioning{collector: artifact.NewCollector(p.opts.TempDir)}
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			if out.Files, err = out.collector.Files(); err != nil {
				return out, p.fail(StageProvision, violation("%w", err))
			}
			return out, nil
		}
		if err != nil {
			return out, p.failCall(ctx, StageProvision, err, p.opts.StallTimeout)
		}
		if m.GetArtifact() != nil {
			if err := p.provisionFile(out, m); err != nil {
				return out, err
			}
			continue
		}
		if len(out.Objects) == maxProvisioned {
			return out, p.fail(StageProvision, violation("it named more than %d objects", maxProvisioned))
		}
		action, ok := actionOf(m.GetAction())
		if !ok {
			return out, p.fail(StageProvision, violation("it named an object without an action"))
		}
		out.Objects = append(out.Objects, Provisioned{Object: p.redact.line(m.GetObject()), Action: action, Diagnostic: p.redact.diagnostic(m.GetDiagnostic())})
	}
}

// provisionFile takes a piece of a file.
func (p *Plugin) provisionFile(out *Provisioning, m *pb.ProvisionResponse) error {
	a := m.GetArtifact()
	switch {
	case m.GetObject() != "" || m.GetAction() != 0:
		return p.fail(StageProvision, violation("it named an object beside a piece of artifact %q", a.GetName()))
	case len(a.GetChunk()) > pb.MaxChunkBytes:
		return p.fail(StageProvision, violation("a piece of artifact %q is larger than 1 MiB", a.GetName()))
	}
	err := out.collector.Add(a.GetName(), p.redact.line(a.GetMediaType()), a.GetChunk(), a.GetLast())
	if err != nil && !errors.Is(err, artifact.ErrSpool) {
		return p.fail(StageProvision, violation("%w", err))
	}
	return err
}

func actionOf(a pb.ProvisionResponse_Action) (Action, bool) {
	switch a {
	case pb.ProvisionResponse_ACTION_CREATE:
		return ActionCreate, true
	case pb.ProvisionResponse_ACTION_EXISTS:
		return ActionExists, true
	case pb.ProvisionResponse_ACTION_MISMATCH:
		return ActionMismatch, true
	}
	return 0, false
}
