package host

import (
	"context"
	"errors"
	"io"

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
func (p *Plugin) Provision(ctx context.Context, apply bool) ([]Provisioned, error) {
	if !p.configured {
		return nil, errNotConfigured
	}
	ctx, cancel := context.WithTimeout(ctx, p.opts.StallTimeout)
	defer cancel()
	stream, err := p.remote.Provision(ctx, &pb.ProvisionRequest{Apply: apply})
	if err != nil {
		return nil, p.failCall(ctx, StageProvision, err, p.opts.StallTimeout)
	}
	var out []Provisioned
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, p.failCall(ctx, StageProvision, err, p.opts.StallTimeout)
		}
		if len(out) == maxProvisioned {
			return out, p.fail(StageProvision, violation("it named more than %d objects", maxProvisioned))
		}
		action, ok := actionOf(m.GetAction())
		if !ok {
			return out, p.fail(StageProvision, violation("it named an object without an action"))
		}
		out = append(out, Provisioned{Object: p.redact.line(m.GetObject()), Action: action, Diagnostic: p.redact.diagnostic(m.GetDiagnostic())})
	}
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
