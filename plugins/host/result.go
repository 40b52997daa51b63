package host

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/artifact"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/journal"
)

// Item is one record, ready to be sent.
type Item struct {
	Key      string
	Kind     record.Kind
	Revision string
	JSON     []byte // one JSON object; not changed any more
}

// Request is one run of an export or of a plan.
type Request struct {
	// Next returns the next record and io.EOF after the last. Records come in
	// the order of [record.Order], each key once. What it returns is kept until
	// the record is settled; no more than a few batches are held at a time.
	Next func() (Item, error)
	// Count is how many records there are; 0: not known.
	Count int
	Mode  pb.WriteMode // destinations; 0: upsert

	// Journal is where what is sent and acknowledged is noted, and looked up;
	// nil: nowhere. Exporters of artifacts have none. Its run is this run.
	Journal *journal.Journal
	// Look looks a key up for a plan, which has no Journal; nil: nothing is known.
	Look func(key string) (journal.Entry, error)
	// Resend sends also what the journal says is there already.
	Resend bool
	// AllowDuplicates sends records in doubt even to an exporter that has no way
	// to find out whether they are there.
	AllowDuplicates bool

	// Outcome is told once what became of each record; nil: nobody is. For an
	// exporter of artifacts that is after the whole export has succeeded, and
	// in the order of the records. An error of it ends the run.
	Outcome func(Outcome) error
}

// Each returns the Next of a Request for items that are in memory.
func Each(items []Item) func() (Item, error) {
	return func() (Item, error) {
		if len(items) == 0 {
			return Item{}, io.EOF
		}
		first := items[0]
		items = items[1:]
		return first, nil
	}
}

// Items makes records ready to be sent, in order. The error is that of a record
// that cannot be written.
func Items(records []*record.Record) ([]Item, error) {
	out := make([]Item, len(records))
	for i, r := range records {
		text, err := r.MarshalJSON()
		if err != nil {
			return nil, fmt.Errorf("record %s: %w", r.Key, err)
		}
		out[i] = Item{Key: r.Key, Kind: r.Kind, Revision: r.Revision, JSON: text}
	}
	slices.SortStableFunc(out, func(a, b Item) int { return strings.Compare(record.Order(a.Key), record.Order(b.Key)) })
	return out, nil
}

// open is the first message of the stream.
func (r Request) open() *pb.Open {
	open := &pb.Open{Attempt: 1, Mode: r.Mode, Records: uint64(r.Count)}
	if r.Journal != nil {
		id, attempt := r.Journal.Run()
		open.RunId, open.Attempt = id, uint32(attempt)
	} else {
		var id [16]byte
		_, _ = rand.Read(id[:]) // never fails
		open.RunId = hex.EncodeToString(id[:])
	}
	return open
}

// OrderError says that two records came in the wrong order, or with the same
// key. It is a fault of the caller.
type OrderError struct{ Before, Key string }

// Error names both keys.
func (e *OrderError) Error() string {
	if e.Before == e.Key {
		return fmt.Sprintf("two records have the key %s", e.Key)
	}
	return fmt.Sprintf("record %s comes after %s", e.Key, e.Before)
}

// Status is what became of a record.
type Status int

// The statuses. Only Created, Updated, Unchanged and Known mean that the record
// is where it should be; LeftOut that it has no place there.
const (
	NotSent   Status = iota // the run ended before its turn
	InDoubt                 // sent, and the run ended before the exporter answered
	Created                 // written, was not there before
	Updated                 // written over an older revision
	Unchanged               // there already
	Rejected                // not possible with this content
	Retry                   // still not possible after several attempts
	Deferred                // a quota is used up
	Known                   // not sent: an earlier run was told that this revision is there
	LeftOut                 // not sent: of a kind that the exporter does not take
)

// String is the word for the status in reports: "created", "not-sent".
func (s Status) String() string {
	words := [...]string{"not-sent", "in-doubt", "created", "updated", "unchanged", "rejected", "retry", "deferred", "known", "left-out"}
	if s < 0 || int(s) >= len(words) {
		return "unknown"
	}
	return words[s]
}

// Written reports whether the record is where it should be. One that was left out is
// not, and does not count as missing.
func (s Status) Written() bool {
	return s == Created || s == Updated || s == Unchanged || s == Known
}

// Outcome is what became of one record.
type Outcome struct {
	Key        string
	Revision   string
	Status     Status
	Diagnostic *Diagnostic // why; a success may carry a warning; may be nil
	Remote     []RemoteObject
	Diff       string // Plan: what would change, for people; may be empty
}

// RemoteObject is an object that a destination made of a record.
type RemoteObject = journal.RemoteObject

// PlannedFile is a file that an export would make.
type PlannedFile struct {
	Name      string
	MediaType string
	Size      int64 // bytes
}

// Result is what an export did, or a plan would do.
type Result struct {
	Summary Summary

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
	Created, Updated, Unchanged, Rejected, Retry, Deferred, NotSent, InDoubt, Known, LeftOut int
}

// Unwritten counts the records that are not known to be where they should be. Those
// left out belong nowhere.
func (s Summary) Unwritten() int { return s.Rejected + s.Retry + s.Deferred + s.NotSent + s.InDoubt }

// Finished reports whether the run left nothing to be done by a later one: what
// is not written never can be, with this content.
func (s Summary) Finished() bool { return s.Unwritten() == s.Rejected }

// Records counts all records.
func (s Summary) Records() int {
	return s.Created + s.Updated + s.Unchanged + s.Known + s.LeftOut + s.Unwritten()
}

func (s *Summary) add(status Status) {
	switch status {
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
	case Known:
		s.Known++
	case LeftOut:
		s.LeftOut++
	}
}
