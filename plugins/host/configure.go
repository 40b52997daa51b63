package host

import (
	"context"
	"fmt"

	"google.golang.org/protobuf/proto"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/internal/config"
)

// describe asks the exporter what it is.
func (p *Plugin) describe() error {
	ctx, cancel := context.WithTimeout(p.ctx, p.opts.DescribeTimeout)
	defer cancel()
	info, err := p.remote.Describe(ctx, &pb.DescribeRequest{ProtocolMinor: pb.ProtocolMinor})
	if err != nil && p.proc.reason() == errLate {
		return p.fail(StageStart, p.startFault(err)) // it took a connection and let it hang
	}
	if err != nil {
		return p.failCall(ctx, StageDescribe, err, p.opts.DescribeTimeout)
	}
	if err := p.checkInfo(info); err != nil {
		return p.fail(StageDescribe, err)
	}
	info.Version, info.Sdk, info.Summary = p.redact.line(info.GetVersion()), p.redact.line(info.GetSdk()), p.redact.line(info.GetSummary())
	for _, f := range info.GetConfig() {
		f.Doc = p.redact.line(f.GetDoc())
	}
	p.info, p.caps = info, info.GetCapabilities()
	return nil
}

func (p *Plugin) checkInfo(info *pb.DescribeResponse) error {
	switch {
	case !config.ValidName(info.GetName(), '-'):
		return violation("its name is not made of lower case letters, digits and hyphens")
	case p.name != "" && info.GetName() != p.name:
		return fmt.Errorf("calls itself %s", info.GetName())
	case info.GetVersion() == "":
		return violation("it has no version")
	}
	if err := checkCapabilities(info.GetCapabilities()); err != nil {
		return err
	}
	if err := config.CheckFields(info.GetConfig()); err != nil {
		return violation("%w", err)
	}
	p.name = info.GetName()
	return checkConstraint(info.GetHostConstraint(), p.opts.HostVersion)
}

func checkCapabilities(caps *pb.Capabilities) error {
	for _, kind := range caps.GetRecordKinds() {
		if !config.ValidName(kind, '-') {
			return violation("a kind of record is not made of lower case letters, digits and hyphens")
		}
	}
	switch caps.GetIdempotency() {
	case pb.Capabilities_IDEMPOTENCY_ATOMIC, pb.Capabilities_IDEMPOTENCY_LOOKUP, pb.Capabilities_IDEMPOTENCY_NONE, pb.Capabilities_IDEMPOTENCY_UPSERT:
		return nil
	}
	return violation("it does not say how it keeps a record one object")
}

// Configured is what Configure found out.
type Configured struct {
	TargetID    string // whose data is written; empty for exporters of artifacts
	TargetLabel string // for people
	Artifacts   bool   // the exporter makes files, with these settings
	Warnings    []Diagnostic
}

// Configure hands over the settings, one JSON object as the user wrote it or
// nothing, in which secrets are references: env:NAME or file:PATH. With check
// the exporter also proves that the credentials work. It is called once, before
// anything but Close.
//
// The error is a [*ConfigError] when the settings are not right, which is found
// out before the exporter sees them where possible, a [*PluginError], or that
// of ctx.
func (p *Plugin) Configure(ctx context.Context, settings []byte, check bool) (*Configured, error) {
	fields := p.info.GetConfig()
	plain, secrets, faults := config.Resolve(fields, settings)
	p.redact.learn(secrets)
	if plain != nil {
		_, more := config.Check(fields, plain, secrets)
		faults = merge(faults, more)
	}
	if len(faults) > 0 {
		return nil, &ConfigError{Name: p.name, Diagnostics: p.redact.diagnostics(faults)}
	}
	ctx, cancel := context.WithTimeout(ctx, p.opts.ConfigureTimeout)
	defer cancel()
	answer, err := p.remote.Configure(ctx, &pb.ConfigureRequest{
		HostVersion: p.opts.HostVersion, ConfigJson: plain, Secrets: secrets, CheckConnection: check,
	})
	if err != nil {
		return nil, p.failCall(ctx, StageConfigure, err, p.opts.ConfigureTimeout)
	}
	all := p.redact.diagnostics(answer.GetDiagnostics())
	for _, d := range all {
		if !d.Warning {
			return nil, &ConfigError{Name: p.name, Diagnostics: all}
		}
	}
	if caps := answer.GetCapabilities(); caps != nil {
		if err := checkCapabilities(caps); err != nil {
			return nil, p.fail(StageConfigure, err)
		}
		p.caps = proto.CloneOf(caps)
	}
	out := &Configured{
		TargetID: answer.GetTarget().GetId(), TargetLabel: p.redact.line(answer.GetTarget().GetLabel()),
		Artifacts: p.makesArtifacts(), Warnings: all,
	}
	switch id := out.TargetID; {
	case out.Artifacts:
	case id == "":
		return nil, p.fail(StageConfigure, violation("it does not say whose data it writes"))
	case id != p.redact.line(id):
		return nil, p.fail(StageConfigure, violation("the id of its target is not one line of plain text"))
	}
	p.configured = true
	return out, nil
}

// merge adds to faults those of more that are about other fields: a secret that
// cannot be resolved is not missing on top.
func merge(faults, more []*pb.Diagnostic) []*pb.Diagnostic {
	known := map[string]bool{}
	for _, f := range faults {
		known[f.GetField()] = true
	}
	for _, m := range more {
		if !known[m.GetField()] {
			faults = append(faults, m)
		}
	}
	return faults
}

// makesArtifacts reports whether the exporter makes files, as configured.
func (p *Plugin) makesArtifacts() bool {
	return p.caps.GetIdempotency() == pb.Capabilities_IDEMPOTENCY_ATOMIC
}

// Settings makes the JSON object that Configure takes from values as a user
// writes them on a command line, by the types the exporter announces: a list is
// separated by commas, a table is a list of name=value, a secret is a
// reference. The error is a [*ConfigError].
func (p *Plugin) Settings(texts map[string]string) ([]byte, error) {
	settings, faults := config.FromText(p.info.GetConfig(), texts)
	if len(faults) > 0 {
		return nil, &ConfigError{Name: p.name, Diagnostics: p.redact.diagnostics(faults)}
	}
	return settings, nil
}
