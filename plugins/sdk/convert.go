package sdk

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/internal/config"
)

// sdkVersion is what Describe says about this package.
const sdkVersion = "go/0.1"

// describe turns info into its wire form and reports what its author got wrong.
func describe(info Info, idempotency pb.Capabilities_Idempotency) (*pb.DescribeResponse, error) {
	fields := fieldsToProto(info.Config)
	switch {
	case !config.ValidName(info.Name, '-'):
		return nil, fmt.Errorf("Info.Name %q: a name has lower case letters, digits and hyphens and begins with a letter", info.Name)
	case info.Version == "":
		return nil, fmt.Errorf("Info.Version of %s is empty", info.Name)
	case info.Summary == "" || strings.ContainsAny(info.Summary, "\r\n"):
		return nil, fmt.Errorf("Info.Summary of %s is not one line", info.Name)
	case info.MaxBatchRecords < 0 || info.MaxBatchBytes < 0 || info.MaxBatchRecords > math.MaxInt32 || info.MaxBatchBytes > math.MaxInt32:
		return nil, fmt.Errorf("Info of %s: a limit of batches is out of range", info.Name)
	}
	if err := config.CheckFields(fields); err != nil {
		return nil, fmt.Errorf("Info.Config of %s: %w", info.Name, err)
	}
	caps := &pb.Capabilities{
		Idempotency:     idempotency,
		MaxBatchRecords: uint32(info.MaxBatchRecords),
		MaxBatchBytes:   uint32(info.MaxBatchBytes),
		WholeClients:    info.WholeClients,
	}
	for _, k := range info.Kinds {
		if !k.Valid() {
			return nil, fmt.Errorf("Info.Kinds of %s: unknown kind %q", info.Name, k)
		}
		caps.RecordKinds = append(caps.RecordKinds, string(k))
	}
	for _, m := range info.Modes {
		caps.Modes = append(caps.Modes, modeToProto(m))
	}
	return &pb.DescribeResponse{
		Name: info.Name, Version: info.Version, Sdk: sdkVersion,
		HostConstraint: info.HostConstraint, Summary: info.Summary,
		Config: fields, Capabilities: caps, ProtocolMinor: pb.ProtocolMinor,
	}, nil
}

func fieldsToProto(fields []Field) []*pb.Field {
	out := make([]*pb.Field, len(fields))
	for i, f := range fields {
		out[i] = &pb.Field{
			Name: f.Name, Type: fieldType(f.Type), Doc: f.Doc,
			Required: f.Required, Secret: f.Secret, Default: f.Default, OneOf: f.OneOf,
		}
	}
	return out
}

func fieldType(t FieldType) pb.Field_Type {
	switch t {
	case String:
		return pb.Field_TYPE_STRING
	case Int:
		return pb.Field_TYPE_INT
	case Bool:
		return pb.Field_TYPE_BOOL
	case Duration:
		return pb.Field_TYPE_DURATION
	case Strings:
		return pb.Field_TYPE_STRINGS
	case Table:
		return pb.Field_TYPE_TABLE
	}
	return pb.Field_TYPE_UNSPECIFIED
}

func idempotencyToProto(i Idempotency) (pb.Capabilities_Idempotency, error) {
	switch i {
	case Upsert:
		return pb.Capabilities_IDEMPOTENCY_UPSERT, nil
	case Lookup:
		return pb.Capabilities_IDEMPOTENCY_LOOKUP, nil
	case None:
		return pb.Capabilities_IDEMPOTENCY_NONE, nil
	}
	return 0, fmt.Errorf("Info.Idempotency is not stated: Upsert, Lookup or None")
}

func modeToProto(m WriteMode) pb.WriteMode {
	switch m {
	case ModeAppend:
		return pb.WriteMode_WRITE_MODE_APPEND
	case ModeReplace:
		return pb.WriteMode_WRITE_MODE_REPLACE
	}
	return pb.WriteMode_WRITE_MODE_UPSERT
}

func modeFromProto(m pb.WriteMode) WriteMode {
	switch m {
	case pb.WriteMode_WRITE_MODE_APPEND:
		return ModeAppend
	case pb.WriteMode_WRITE_MODE_REPLACE:
		return ModeReplace
	}
	return ModeUpsert
}

func recordsFromProto(in []*pb.Record) []Record {
	out := make([]Record, len(in))
	for i, r := range in {
		out[i] = Record{
			Key: r.GetKey(), Kind: record.Kind(r.GetKind()), Revision: r.GetRevision(),
			JSON: r.GetJson(), InDoubt: r.GetInDoubt(),
		}
		for _, o := range r.GetRemote() {
			out[i].Remote = append(out[i].Remote, RemoteObject{Type: o.GetType(), ID: o.GetId()})
		}
	}
	return out
}

// outcomesToProto checks that there is one outcome a record. With none at all,
// every one of n records was written.
func outcomesToProto(outcomes []Outcome, n int) ([]*pb.Outcome, error) {
	if outcomes == nil {
		outcomes = make([]Outcome, n)
	}
	if len(outcomes) != n {
		return nil, fmt.Errorf("exporter returned %d outcomes for %d records", len(outcomes), n)
	}
	out := make([]*pb.Outcome, n)
	for i, o := range outcomes {
		status, err := statusToProto(o.Status)
		if err != nil {
			return nil, err
		}
		out[i] = &pb.Outcome{
			Status: status, Diagnostic: o.Diagnostic.proto(), Diff: o.Diff,
			RetryAfterMs: milliseconds(o.RetryAfter),
		}
		for _, r := range o.Remote {
			out[i].Remote = append(out[i].Remote, &pb.RemoteObject{Type: r.Type, Id: r.ID})
		}
	}
	return out, nil
}

func statusToProto(s Status) (pb.Outcome_Status, error) {
	switch s {
	case Created:
		return pb.Outcome_STATUS_CREATED, nil
	case Updated:
		return pb.Outcome_STATUS_UPDATED, nil
	case Unchanged:
		return pb.Outcome_STATUS_UNCHANGED, nil
	case Rejected:
		return pb.Outcome_STATUS_REJECTED, nil
	case Retry:
		return pb.Outcome_STATUS_RETRY, nil
	case Deferred:
		return pb.Outcome_STATUS_DEFERRED, nil
	}
	return 0, fmt.Errorf("exporter returned an outcome with the unknown status %d", s)
}

// milliseconds rounds up, so that a pause is never shorter than asked for.
func milliseconds(d time.Duration) uint32 {
	if d <= 0 {
		return 0
	}
	ms := d / time.Millisecond
	if d%time.Millisecond > 0 {
		ms++
	}
	return uint32(min(ms, math.MaxUint32))
}

func (d *Diagnostic) proto() *pb.Diagnostic {
	if d == nil {
		return nil
	}
	severity := pb.Diagnostic_SEVERITY_ERROR
	if d.Severity == SeverityWarning {
		severity = pb.Diagnostic_SEVERITY_WARNING
	}
	return &pb.Diagnostic{Severity: severity, Code: d.Code, Summary: valid(d.Summary), Hint: valid(d.Hint), Field: valid(d.Field)}
}

// valid keeps texts of foreign origin, such as an answer of a server, from
// failing the whole call: Protocol Buffers refuse strings that are not UTF-8.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

func diagnosticFromProto(d *pb.Diagnostic) *Diagnostic {
	out := &Diagnostic{Code: d.GetCode(), Summary: d.GetSummary(), Hint: d.GetHint(), Field: d.GetField()}
	if d.GetSeverity() == pb.Diagnostic_SEVERITY_WARNING {
		out.Severity = SeverityWarning
	}
	return out
}

func actionToProto(a Action) pb.ProvisionResponse_Action {
	return cmp.Or(map[Action]pb.ProvisionResponse_Action{
		ActionExists:   pb.ProvisionResponse_ACTION_EXISTS,
		ActionMismatch: pb.ProvisionResponse_ACTION_MISMATCH,
	}[a], pb.ProvisionResponse_ACTION_CREATE)
}
