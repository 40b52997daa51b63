package host

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/artifact"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// Request is one run of an export.
type Request struct {
	Records []*record.Record // in any order; keys must be unique
	Mode    pb.WriteMode     // destinations; 0: upsert
	RunID   string           // the same on every resume; empty: a new one
	Attempt int              // 0: the first
}

func (r Request) open(makesArtifacts bool) *pb.Open {
	open := &pb.Open{RunId: r.RunID, Attempt: uint32(max(r.Attempt, 1)), Mode: r.Mode, Records: uint64(len(r.Records))}
	if open.RunId == "" {
		var id [16]byte
		_, _ = rand.Read(id[:]) // never fails
		open.RunId = hex.EncodeToString(id[:])
	}
	switch {
	case makesArtifacts:
		open.Mode = pb.WriteMode_WRITE_MODE_UNSPECIFIED
	case open.Mode == pb.WriteMode_WRITE_MODE_UNSPECIFIED:
		open.Mode = pb.WriteMode_WRITE_MODE_UPSERT
	}
	return open
}

// DuplicateKeyError says that two records of one run have the same key.
type DuplicateKeyError struct{ Key string }

// Error names the key.
func (e *DuplicateKeyError) Error() string {
	return fmt.Sprintf("two records have the key %s", e.Key)
}

// Status is what became of a record.
type Status int

// The statuses. Only Created, Updated and Unchanged mean that the record is
// where it should be.
const (
	NotSent   Status = iota // the run ended before its turn
	InDoubt                 // sent, and the run ended before the exporter answered
	Created                 // written, was not there before
	Updated                 // written over an older revision
	Unchanged               // there already
	Rejected                // not possible with this content
	Retry                   // still not possible after several attempts
	Deferred                // a quota is used up
)

// Outcome is what became of one record.
type Outcome struct {
	Key        string
	Status     Status
	Diagnostic *Diagnostic // why; a success may carry a warning; may be nil
	Remote     []RemoteObject
	Diff       string // Plan: what would change, for people; may be empty
}

// RemoteObject is an object that a destination made of a record.
type RemoteObject struct{ Type, ID string }

// PlannedFile is a file that an export would make.
type PlannedFile struct {
	Name      string
	MediaType string
	Size      int64 // bytes
}

// Result is what an export did, or a plan would do.
type Result struct {
	Outcomes []Outcome // one a record, ordered by client, kind and key

	Files   []artifact.File // what an export made; good until Close
	Planned []PlannedFile   // what a plan would make

	collector *artifact.Collector
}

// Close frees the files. It may be called on a nil Result.
func (r *Result) Close() error {
	if r == nil || r.collector == nil {
		return nil
	}
	return r.collector.Close()
}

// Summary counts records by what became of them.
type Summary struct {
	Created, Updated, Unchanged, Rejected, Retry, Deferred, NotSent, InDoubt int
}

// Unwritten counts the records that are not known to be where they should be.
func (s Summary) Unwritten() int { return s.Rejected + s.Retry + s.Deferred + s.NotSent + s.InDoubt }

// Summary counts the outcomes.
func (r *Result) Summary() Summary {
	var s Summary
	for _, o := range r.Outcomes {
		switch o.Status {
		case Created:
			s.Created++
		case Updated:
			s.Updated++
		case Unchanged:
			s.Unchanged++
		case Rejected:
			s.Rejected++
		case Retry:
			s.Retry++
		case Deferred:
			s.Deferred++
		case NotSent:
			s.NotSent++
		case InDoubt:
			s.InDoubt++
		}
	}
	return s
}
