// Package sdk is what the author of an exporter plugin imports. Implement one
// small interface and call [Serve] from main; the package does the rest of the
// protocol: the handshake with firstcall, the checking of the configuration,
// the stream of batches and acknowledgements, the dry run, and the end of the
// process when firstcall ends.
//
// There are two sorts of exporter. An [ArtifactExporter] turns all records of
// a run into files, which firstcall puts where the user wants them; it touches
// no disk. A [DestinationExporter] writes records to a system of its own: a
// CRM, a learning platform, a database.
//
//	type exporter struct{}
//
//	func (exporter) Info() sdk.Info {
//		return sdk.Info{Name: "keys", Version: "1.0.0", Summary: "lists the keys of all records"}
//	}
//
//	func (exporter) Render(ctx context.Context, cfg sdk.Config, records []sdk.Record, emit func(sdk.Artifact) error) ([]sdk.Outcome, error) {
//		var b strings.Builder
//		for _, r := range records {
//			fmt.Fprintln(&b, r.Key)
//		}
//		return nil, emit(sdk.Artifact{Name: "keys.txt", MediaType: "text/plain; charset=utf-8", Body: []byte(b.String())})
//	}
//
//	func main() { sdk.Serve(exporter{}) }
//
// One that can do both implements both, and says in Open which it is with the
// settings given.
//
// Whatever an exporter prints, to standard output too, is kept by firstcall
// and shown when the exporter fails. Never print a secret or a figure.
package sdk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Exporter is what [Serve] takes: an [ArtifactExporter], a
// [DestinationExporter], or both.
type Exporter interface {
	// Info describes the exporter. It answers at once, the same every time,
	// without configuration, secrets or network.
	Info() Info
}

// ArtifactExporter makes files out of records. Same records and configuration,
// same bytes: it reads no clock, no disk and no network.
type ArtifactExporter interface {
	Exporter

	// Render is called once a run with all its records, ordered by client,
	// kind and key, and emits the artifacts made of them. Nothing counts as
	// written before it returns without an error.
	//
	// It returns nil when every record went into an artifact, and otherwise
	// one Outcome a record in the order of records. The zero Outcome says
	// "written", so that only the entries of refused records need be set. An
	// error ends the whole run; a [*Diagnostic] tells the user most.
	//
	// A dry run calls it as well; what it emits is measured then and thrown
	// away.
	Render(ctx context.Context, cfg Config, records []Record, emit func(Artifact) error) ([]Outcome, error)
}

// DestinationExporter writes records to a system of its own.
type DestinationExporter interface {
	Exporter

	// Open is called once with the checked configuration. With check it also
	// proves that the credentials work; without, it needs no network unless
	// the target's identity cannot be had otherwise. It writes nothing. The
	// session serves every later call of this process.
	//
	// An exporter that is an [ArtifactExporter] as well returns no session when
	// it makes files with these settings.
	Open(ctx context.Context, cfg Config, check bool) (Session, error)
}

// Session is a configured destination. Its methods are called one at a time. A
// session that is an [io.Closer] as well is closed when the process is about to
// end in good order.
type Session interface {
	// Target says whose data is written. Its ID never changes for one portal,
	// organization, database or site, and differs between any two: what was
	// sent before is looked up by it.
	Target() Target

	// Plan says what Write would do to each record, one Outcome a record in
	// the order of batch. It may read from the target and writes nothing.
	Plan(ctx context.Context, run Run, batch []Record) ([]Outcome, error)

	// Write writes a batch and returns one Outcome a record in the order of
	// batch. Records must be identified by their Key in the target, so that
	// writing one twice makes one object. An error says that nothing is known
	// about the batch and ends the run; faults of single records are outcomes.
	Write(ctx context.Context, run Run, batch []Record) ([]Outcome, error)
}

// Provisioner is a [Session] whose target needs something before records fit
// in, such as fields of an object.
type Provisioner interface {
	// Provision makes what is needed. It never deletes and never changes a
	// type. Without apply it only says what it would do.
	Provision(ctx context.Context, apply bool) ([]Provisioned, error)
}

// Info describes an exporter, and what its configuration is checked against.
type Info struct {
	Name           string        // lower case letters, digits and hyphens, as in firstcall export --to NAME
	Version        string        // semantic version of the exporter
	Summary        string        // one line, no full stop: "one Markdown report a client"
	HostConstraint string        // versions of firstcall it works with, such as ">= 0.3"; empty: any
	Config         []Field       // settings it takes; nothing else is accepted
	Kinds          []record.Kind // kinds of record it takes; empty: all

	// The rest is for destinations; an ArtifactExporter leaves it alone.

	Idempotency     Idempotency // how a record written twice stays one object
	Modes           []WriteMode // supported modes; empty: upsert
	WholeClients    bool        // a batch has all records of each of its clients, and all when any has to be sent
	MaxBatchRecords int         // 0: firstcall's default, 100
	MaxBatchBytes   int         // 0: firstcall's default, 1 MiB; a larger record comes alone
}

// Field is one setting of an exporter.
type Field struct {
	Name     string    // lower case letters, digits and underscores
	Type     FieldType // zero: String
	Doc      string    // one line for people: what it does, its unit and range
	Required bool
	Secret   bool     // String only; the user gives an env: or file: reference, never the secret itself
	Default  string   // as the user would write it: "10", "true", "30s", "a,b"; empty: none
	OneOf    []string // the values allowed (String, or each of Strings); empty: any
}

// FieldType is the type of a setting.
type FieldType int

// The types of settings.
const (
	String   FieldType = iota
	Int                // 64 bit, signed
	Bool               // true or false
	Duration           // "90s", "1h30m"
	Strings            // a list of strings
	Table              // string to string, such as a mapping of fields
)

// Idempotency says how a destination keeps a record that is written twice one
// object.
type Idempotency int

// The ways to be idempotent. A destination must state one.
const (
	Upsert Idempotency = iota + 1 // the target deduplicates by record key
	Lookup                        // the exporter finds an object by record key before it writes
	None                          // it cannot; interrupted runs are not resumed without the user's consent
)

// WriteMode says what happens to what the target already has.
type WriteMode int

// The write modes. A run's mode is one of Info.Modes.
const (
	ModeUpsert  WriteMode = iota // objects of the same key are updated, others made
	ModeAppend                   // objects are only added
	ModeReplace                  // objects of the run's clients that are not in the run are removed
)

// Record is one record of a run. Its JSON is decoded on demand.
type Record struct {
	Key      string      // identifies the record everywhere; the idempotency key
	Kind     record.Kind // names the body
	Revision string      // equal revisions mean equal content
	JSON     []byte      // the whole record, one JSON object; do not change it

	InDoubt bool           // destinations: sent before, never acknowledged; look first, then write
	Remote  []RemoteObject // destinations: what an earlier run made of this key
}

// Decode reads the record from its JSON. Fields that this version of core/record
// does not know are ignored.
func (r Record) Decode() (*record.Record, error) {
	var rec record.Record
	if err := json.Unmarshal(r.JSON, &rec); err != nil {
		return nil, fmt.Errorf("decode record %s: %w", r.Key, err)
	}
	return &rec, nil
}

// NewRecord is what an exporter would be given for rec. Tests of exporters use
// it.
func NewRecord(rec *record.Record) (Record, error) {
	var line bytes.Buffer
	w := record.NewWriter(&line)
	if err := errors.Join(w.Write(rec), w.Flush()); err != nil {
		return Record{}, err
	}
	return Record{Key: rec.Key, Kind: rec.Kind, Revision: rec.Revision, JSON: bytes.TrimSpace(line.Bytes())}, nil
}

// Artifact is a file for the user. firstcall writes it, under a folder or name
// of the user's choice, and not before Render has returned.
type Artifact struct {
	// Name is relative and portable: folders are separated by "/", no part
	// begins with a dot or is a Windows device name, two names of a run differ
	// in more than case. exporter.proto has the whole rule.
	Name      string
	MediaType string // "text/markdown; charset=utf-8"
	Body      []byte

	// Write, when it is set, makes the content instead of Body, piece by piece,
	// so that a large file is never held in memory. It is called before emit
	// returns; its error ends the run.
	Write func(w io.Writer) error
}

// RemoteObject is an object that a destination made of a record.
type RemoteObject struct {
	Type string // "company", "note", "statement"
	ID   string
}

// Target is whose data a destination writes.
type Target struct {
	ID    string // stable
	Label string // for people
}

// Run is one run of an export; a resumed run keeps its ID.
type Run struct {
	ID      string
	Attempt int // 1 for the first
	Mode    WriteMode
}

// Provisioned is one thing the target needs.
type Provisioned struct {
	Object     string // "company.firstcall_index"
	Action     Action
	Diagnostic *Diagnostic

	// File is a file by which the user makes what is needed by hand. Nothing else is
	// set then.
	File *Artifact
}

// Action is what provisioning does or would do to an object.
type Action int

// The actions of provisioning.
const (
	ActionCreate   Action = iota // made, or would be made
	ActionExists                 // there as needed
	ActionMismatch               // there, but not as needed; the user must act
)

// ConfigChecker is implemented by an [ArtifactExporter] whose settings can be
// wrong in ways that Info.Config cannot say. It returns a [*Diagnostic] or
// [Diagnostics] that name the field.
type ConfigChecker interface {
	CheckConfig(cfg Config) error
}
