package host

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/journal"
)

// Limits of a batch, which an exporter can lower.
const (
	batchRecords  = 100
	batchBytes    = 1 << 20
	batchInFlight = 4
)

// limits are the host's, lowered by those of an exporter.
type limits struct{ records, bytes, inFlight int }

func limitsOf(caps *pb.Capabilities) limits {
	lower := func(host int, exporter uint32) int {
		if exporter == 0 {
			return host
		}
		return int(min(uint32(host), exporter))
	}
	return limits{
		records:  lower(batchRecords, caps.GetMaxBatchRecords()),
		bytes:    lower(batchBytes, caps.GetMaxBatchBytes()),
		inFlight: lower(batchInFlight, caps.GetMaxInFlight()),
	}
}

// parcel is one record on its way.
type parcel struct {
	wire     *pb.Record // nil once nobody can ask for it again
	key      string
	revision string
	attempts int       // how often it was sent and came back
	due      time.Time // when it may be sent again
	last     Outcome   // of the last attempt
}

func (p *parcel) outcome(status Status, d *Diagnostic) Outcome {
	return Outcome{Key: p.key, Revision: p.revision, Status: status, Diagnostic: d}
}

// batch is some records of a run on their way.
type batch struct{ parcels []*parcel }

func (b *batch) message(seq uint64) *pb.ExportRequest {
	m := &pb.Batch{Seq: seq, Records: make([]*pb.Record, len(b.parcels))}
	for i, p := range b.parcels {
		m.Records[i] = p.wire
	}
	return &pb.ExportRequest{Message: &pb.ExportRequest_Batch{Batch: m}}
}

// intents are what the journal is told before the batch is sent.
func (b *batch) intents() []journal.Intent {
	out := make([]journal.Intent, len(b.parcels))
	for i, p := range b.parcels {
		out[i] = journal.Intent{Key: p.key, Revision: p.revision}
	}
	return out
}

// batcher cuts a run's records into batches as they come.
type batcher struct {
	source func() (Item, error)
	limits limits
	// admit looks at a record before it is sent: it says what became of those
	// that are not (and returns nil), and makes a parcel of the others.
	admit func(Item) (*parcel, error)
	// told reports whether an error of admit came after it had said what became
	// of the record.
	told func() bool

	before string // Order of the last key
	last   string // the last key
	peeked *parcel
	ended  bool
	left   []*parcel // drawn when an error came, and never sent
}

// next returns the next batch, or nil after the last.
func (b *batcher) next() (*batch, error) {
	var out batch
	size := 0
	for len(out.parcels) < b.limits.records {
		p, err := b.peek()
		if err != nil {
			b.left = append(out.parcels, b.left...)
			return nil, err
		}
		if p == nil {
			break
		}
		if len(out.parcels) > 0 && size+len(p.wire.GetJson()) > b.limits.bytes {
			break
		}
		b.peeked = nil
		size += len(p.wire.GetJson())
		out.parcels = append(out.parcels, p)
	}
	if len(out.parcels) == 0 {
		return nil, nil
	}
	return &out, nil
}

// peek returns the next record that is to be sent; nil when there is none.
func (b *batcher) peek() (*parcel, error) {
	for b.peeked == nil {
		item, err := b.item()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if b.peeked, err = b.admit(item); err != nil {
			if !b.told() {
				b.left = []*parcel{{key: item.Key, revision: item.Revision}}
			}
			return nil, err
		}
	}
	return b.peeked, nil
}

// item returns the next record, and io.EOF after the last.
func (b *batcher) item() (Item, error) {
	if b.ended {
		return Item{}, io.EOF
	}
	item, err := b.source()
	if err != nil {
		b.ended = errors.Is(err, io.EOF)
		return Item{}, err
	}
	order := record.Order(item.Key)
	if b.last != "" && order <= b.before {
		return Item{}, &OrderError{Before: b.last, Key: item.Key}
	}
	b.before, b.last = order, item.Key
	return item, nil
}

// admit decides about a record before it is sent.
func (x *exchange) admit(item Item) (*parcel, error) {
	p := &parcel{key: item.Key, revision: item.Revision}
	if kinds := x.p.caps.GetRecordKinds(); len(kinds) > 0 && !slices.Contains(kinds, string(item.Kind)) {
		return nil, x.turnAway(p, Rejected, &Diagnostic{
			Code: "export.kind", Summary: fmt.Sprintf("the exporter does not take records of the kind %s", item.Kind),
			Hint: "leave records of that kind out, or use another exporter",
		}, nil)
	}
	if len(item.JSON) > record.MaxBytes {
		return nil, x.turnAway(p, Rejected, &Diagnostic{Code: "export.size", Summary: "the record is larger than 32 MiB"}, nil)
	}
	p.wire = &pb.Record{Key: item.Key, Kind: string(item.Kind), Revision: item.Revision, Json: item.JSON}
	if x.req.Look == nil {
		return x.keep(p), nil
	}
	known, err := x.req.Look(item.Key)
	switch {
	case err != nil:
		return nil, err
	case known.InDoubt && x.p.caps.GetIdempotency() == pb.Capabilities_IDEMPOTENCY_NONE && !x.req.AllowDuplicates:
		return nil, x.turnAway(p, InDoubt, &Diagnostic{
			Code: "export.doubt", Summary: "an earlier run sent it and got no answer, and the exporter cannot find out whether it is there",
			Hint: "look for it at the destination; --allow-duplicates sends it again",
		}, known.Remote)
	case !known.InDoubt && known.Revision == item.Revision && !x.req.Resend:
		return nil, x.turnAway(p, Known, nil, known.Remote)
	}
	p.wire.InDoubt = known.InDoubt
	for _, o := range known.Remote {
		p.wire.Remote = append(p.wire.Remote, &pb.RemoteObject{Type: o.Type, Id: o.ID})
	}
	return p, nil
}

// turnAway says what became of a record that is not sent.
func (x *exchange) turnAway(p *parcel, status Status, d *Diagnostic, remote []RemoteObject) error {
	p.last = p.outcome(status, d)
	p.last.Remote = remote
	if x.atomic {
		x.kept = append(x.kept, p)
		return nil
	}
	x.tell(p.last)
	return x.untold
}

// keep holds on to a parcel of an exporter of artifacts, whose outcome counts at
// the end only.
func (x *exchange) keep(p *parcel) *parcel {
	if x.atomic {
		x.kept = append(x.kept, p)
	}
	return p
}

// tell counts what became of a record, and hands it on unless that failed before.
func (x *exchange) tell(o Outcome) {
	x.result.Summary.add(o.Status)
	if x.req.Outcome != nil && x.untold == nil {
		x.untold = x.req.Outcome(o)
	}
}
