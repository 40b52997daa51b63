package bridge

import (
	"errors"
	"fmt"
	"strings"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/internal/config"
)

// bridgeVersion is what Describe says about the kit that a script uses.
const bridgeVersion = "bridge/0.1"

// check finds what the types of a message do not say. Its errors begin with a
// JSON pointer to the member.
func (m *message) check() error {
	switch {
	case m.Description != nil:
		return m.Description.check()
	case m.Configured != nil:
		return m.Configured.check()
	case m.Provisioned != nil:
		return m.Provisioned.check()
	case m.Ack != nil:
		return m.Ack.check()
	case m.Artifact != nil:
		return m.Artifact.check("/artifact")
	case m.Error != nil:
		return m.Error.check("/error")
	}
	return nil
}

func missing(pointer string) error { return fmt.Errorf("%s is missing", pointer) }

func (d *description) check() error {
	switch {
	case !config.ValidName(d.Name, '-'):
		return errors.New("/description/name must have lower case letters, digits and hyphens and begin with a letter")
	case d.Version == "":
		return missing("/description/version")
	case d.Summary == "" || strings.ContainsAny(d.Summary, "\r\n"):
		return errors.New("/description/summary must be one line")
	case d.Capabilities == nil:
		return missing("/description/capabilities/idempotency")
	}
	if err := d.Capabilities.check("/description/capabilities"); err != nil {
		return err
	}
	if err := config.CheckFields(d.fields()); err != nil {
		return fmt.Errorf("/description/config: %w", err)
	}
	return nil
}

func (c *capabilities) check(at string) error {
	if c.Idempotency == 0 {
		return missing(at + "/idempotency")
	}
	return nil
}

func (c *configured) check() error {
	for i := range c.Diagnostics {
		if err := c.Diagnostics[i].check(fmt.Sprintf("/configured/diagnostics/%d", i)); err != nil {
			return err
		}
	}
	if c.Target != nil && c.Target.ID == "" {
		return missing("/configured/target/id")
	}
	if c.Capabilities != nil {
		return c.Capabilities.check("/configured/capabilities")
	}
	return nil
}

func (p *provisioned) check() error {
	switch {
	case p.File != nil && (p.Object != "" || p.Action != 0 || p.Diagnostic != nil):
		return errors.New("/provisioned has a file and something else; give each a line of its own")
	case p.File != nil:
		return p.File.check("/provisioned/file")
	case p.Object == "":
		return missing("/provisioned/object")
	case p.Action == 0:
		return missing("/provisioned/action")
	case p.Diagnostic != nil:
		return p.Diagnostic.check("/provisioned/diagnostic")
	}
	return nil
}

func (a *ack) check() error {
	if a.Seq == 0 {
		return missing("/ack/seq")
	}
	for i := range a.Outcomes {
		o, at := &a.Outcomes[i], fmt.Sprintf("/ack/outcomes/%d", i)
		if o.Status == 0 {
			return missing(at + "/status")
		}
		if o.Diagnostic != nil {
			if err := o.Diagnostic.check(at + "/diagnostic"); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *artifact) check(at string) error {
	switch {
	case a.Name == "":
		return missing(at + "/name")
	case a.Text != "" && a.Base64 != nil:
		return fmt.Errorf("%s has text and base64; give one of them", at)
	}
	return nil
}

func (d *diagnostic) check(at string) error {
	if d.Summary == "" {
		return missing(at + "/summary")
	}
	return nil
}

func (d *description) proto() *pb.DescribeResponse {
	return &pb.DescribeResponse{
		Name: d.Name, Version: d.Version, Sdk: bridgeVersion, HostConstraint: d.HostConstraint,
		Summary: d.Summary, Config: d.fields(), Capabilities: d.Capabilities.proto(), ProtocolMinor: pb.ProtocolMinor,
	}
}

func (d *description) fields() []*pb.Field {
	out := make([]*pb.Field, len(d.Config))
	for i, f := range d.Config {
		if f.Type == 0 {
			f.Type = fieldType(pb.Field_TYPE_STRING)
		}
		out[i] = &pb.Field{
			Name: f.Name, Type: pb.Field_Type(f.Type), Doc: f.Doc,
			Required: f.Required, Secret: f.Secret, Default: f.Default, OneOf: f.OneOf,
		}
	}
	return out
}

func (c *capabilities) proto() *pb.Capabilities {
	if c == nil {
		return nil
	}
	out := &pb.Capabilities{
		Idempotency: pb.Capabilities_Idempotency(c.Idempotency), MaxBatchRecords: c.MaxBatchRecords,
		MaxBatchBytes: c.MaxBatchBytes, MaxInFlight: c.MaxInFlight, RecordKinds: c.RecordKinds,
		WholeClients: c.WholeClients,
	}
	for _, m := range c.Modes {
		out.Modes = append(out.Modes, pb.WriteMode(m))
	}
	return out
}

func (c *configured) proto() *pb.ConfigureResponse {
	out := &pb.ConfigureResponse{Capabilities: c.Capabilities.proto()}
	for i := range c.Diagnostics {
		out.Diagnostics = append(out.Diagnostics, c.Diagnostics[i].proto())
	}
	if c.Target != nil {
		out.Target = &pb.Target{Id: c.Target.ID, Label: c.Target.Label}
	}
	return out
}

// protos are the messages for an object, or for a file with all its pieces.
func (p *provisioned) protos() []*pb.ProvisionResponse {
	if p.File == nil {
		return []*pb.ProvisionResponse{{Object: p.Object, Action: pb.ProvisionResponse_Action(p.Action), Diagnostic: p.Diagnostic.proto()}}
	}
	var out []*pb.ProvisionResponse
	for _, piece := range cut(p.File, p.File.content(), true, p.File.Last == nil || *p.File.Last) {
		out = append(out, &pb.ProvisionResponse{Artifact: piece})
	}
	return out
}

func (o *outcome) proto() *pb.Outcome {
	out := &pb.Outcome{
		Status: pb.Outcome_Status(o.Status), Diagnostic: o.Diagnostic.proto(),
		RetryAfterMs: o.RetryAfterMs, Diff: o.Diff,
	}
	for _, r := range o.Remote {
		out.Remote = append(out.Remote, &pb.RemoteObject{Type: r.Type, Id: r.ID})
	}
	return out
}

// created are the outcomes of n records that were all created.
func created(n int) []*pb.Outcome {
	out := make([]*pb.Outcome, n)
	for i := range out {
		out[i] = &pb.Outcome{Status: pb.Outcome_STATUS_CREATED}
	}
	return out
}

func (d *diagnostic) proto() *pb.Diagnostic {
	if d == nil {
		return nil
	}
	if d.Severity == 0 {
		d.Severity = severity(pb.Diagnostic_SEVERITY_ERROR)
	}
	return &pb.Diagnostic{Severity: pb.Diagnostic_Severity(d.Severity), Code: d.Code, Summary: d.Summary, Hint: d.Hint, Field: d.Field}
}

// isError reports whether one of the diagnostics is more than a warning.
func isError(all []*pb.Diagnostic) bool {
	for _, d := range all {
		if d.GetSeverity() != pb.Diagnostic_SEVERITY_WARNING {
			return true
		}
	}
	return false
}
