package host

import (
	"errors"
	"io"
	"slices"
	"strings"
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

	// admitClient does for all records of a client what admit does for one; nil: they
	// are no unit. It takes the size of all their JSON as well. When an error comes, it
	// has said what became of the first items, but for the parcels.
	admitClient func(items []Item, size int) (parcels []*parcel, told int, err error)
	takes       func(record.Kind) bool // with admitClient: whether a kind is sent at all

	before string    // Order of the last key
	last   string    // the last key
	peeked []*parcel // what is sent next: one record, or all of a client
	ahead  *Item     // the first record after those that were peeked
	ended  bool
	left   []*parcel // drawn when an error came, and never sent
}

// next returns the next batch, or nil after the last.
func (b *batcher) next() (*batch, error) {
	var out batch
	size := 0
	for len(out.parcels) < b.limits.records {
		peeked, err := b.peek()
		if err != nil {
			b.left = append(out.parcels, b.left...)
			return nil, err
		}
		n := sizeOf(peeked)
		if len(peeked) == 0 || len(out.parcels) > 0 && (len(out.parcels)+len(peeked) > b.limits.records || size+n > b.limits.bytes) {
			break
		}
		b.peeked = nil
		size += n
		out.parcels = append(out.parcels, peeked...)
	}
	if len(out.parcels) == 0 {
		return nil, nil
	}
	return &out, nil
}

func sizeOf(parcels []*parcel) int {
	n := 0
	for _, p := range parcels {
		n += len(p.wire.GetJson())
	}
	return n
}

// peek returns what is to be sent next and can't be divided: a record, or all of a
// client; none when there is nothing more.
func (b *batcher) peek() ([]*parcel, error) {
	for len(b.peeked) == 0 {
		item, err := b.item()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if b.admitClient != nil && clientOf(item.Key) != noClient {
			err = b.peekClient(item)
		} else {
			err = b.peekOne(item)
		}
		if err != nil {
			return nil, err
		}
	}
	return b.peeked, nil
}

func (b *batcher) peekOne(item Item) error {
	p, err := b.admit(item)
	switch {
	case err != nil && !b.told():
		b.left = []*parcel{{key: item.Key, revision: item.Revision}}
	case err == nil && p != nil:
		b.peeked = []*parcel{p}
	}
	return err
}

// peekClient takes the records of the client that begins with first.
func (b *batcher) peekClient(first Item) error {
	var items []Item
	size := 0
	take := func(item Item) {
		if !b.takes(item.Kind) {
			item.JSON = nil
		}
		if size += len(item.JSON); size > record.MaxBytes {
			item.JSON = nil // what can't be sent must not be held
		}
		items = append(items, item)
	}
	take(first)
	var err error
	for {
		var next Item
		if next, err = b.item(); err != nil {
			break
		}
		if clientOf(next.Key) != clientOf(first.Key) {
			b.ahead = &next
			break
		}
		take(next)
	}
	var parcels []*parcel
	told := 0
	if err == nil || errors.Is(err, io.EOF) {
		parcels, told, err = b.admitClient(items, size)
	}
	if err == nil {
		b.peeked = parcels
	} else {
		b.left = parcels
		for _, item := range items[told:] {
			b.left = append(b.left, &parcel{key: item.Key, revision: item.Revision})
		}
	}
	return err
}

// noClient stands in keys for no client.
const noClient = "-"

// clientOf is the part of a key that names the client.
func clientOf(key string) string {
	client, _, _ := strings.Cut(key, "/")
	return client
}

// item returns the next record, and io.EOF after the last.
func (b *batcher) item() (Item, error) {
	if b.ahead != nil {
		item := *b.ahead
		b.ahead = nil
		return item, nil
	}
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
	w, err := x.weigh(item)
	switch {
	case err != nil:
		return nil, err
	case w.status != NotSent:
		return nil, x.turnAway(w.parcel, w.status, w.why, w.remote)
	}
	return x.keep(w.parcel), nil
}

// admitClient decides about all records of a client. When any has to be sent, all are,
// also those that are there already: what an exporter makes of the client rests on
// them all. size is that of all of them; one that is too large as a whole has no JSON.
// When an error comes, what became of the first items was told, but for the parcels.
func (x *exchange) admitClient(items []Item, size int) (parcels []*parcel, told int, err error) {
	all := make([]weighed, len(items))
	needed := false
	for i, item := range items {
		if all[i], err = x.weigh(item); err != nil {
			return nil, 0, err
		}
		needed = needed || all[i].status == NotSent
	}
	for i, w := range all {
		sendable := w.status == NotSent || w.status == Known && needed
		if sendable && size > record.MaxBytes {
			sendable, w.status = false, Rejected
			w.why = &Diagnostic{
				Code: "export.client_size", Summary: "the records of the client come to more than 32 MiB, which is the most that can be sent at once",
				Hint: "export the client's waves one after the other, or assess it by fewer groups",
			}
		}
		if sendable {
			parcels = append(parcels, w.parcel)
			continue
		}
		if err := x.turnAway(w.parcel, w.status, w.why, w.remote); err != nil {
			return parcels, i + 1, err
		}
	}
	return parcels, len(items), nil
}

// weighed is a record that was looked at before it is sent.
type weighed struct {
	parcel *parcel
	status Status // NotSent: it is to be sent; else what became of it
	why    *Diagnostic
	remote []RemoteObject
}

// takes reports whether the exporter takes records of a kind.
func (x *exchange) takes(kind record.Kind) bool {
	kinds := x.p.caps.GetRecordKinds()
	return len(kinds) == 0 || slices.Contains(kinds, string(kind))
}

func (x *exchange) weigh(item Item) (weighed, error) {
	p := &parcel{key: item.Key, revision: item.Revision}
	if !x.takes(item.Kind) {
		return weighed{parcel: p, status: LeftOut}, nil
	}
	if len(item.JSON) > record.MaxBytes {
		return weighed{parcel: p, status: Rejected, why: &Diagnostic{Code: "export.size", Summary: "the record is larger than 32 MiB"}}, nil
	}
	p.wire = &pb.Record{Key: item.Key, Kind: string(item.Kind), Revision: item.Revision, Json: item.JSON}
	if x.req.Look == nil {
		return weighed{parcel: p}, nil
	}
	known, err := x.req.Look(item.Key)
	if err != nil {
		return weighed{}, err
	}
	if known.InDoubt && x.p.caps.GetIdempotency() == pb.Capabilities_IDEMPOTENCY_NONE && !x.req.AllowDuplicates {
		return weighed{p, InDoubt, &Diagnostic{
			Code: "export.doubt", Summary: "an earlier run sent it and got no answer, and the exporter cannot find out whether it is there",
			Hint: "look for it at the destination; --allow-duplicates sends it again",
		}, known.Remote}, nil
	}
	p.wire.InDoubt = known.InDoubt
	for _, o := range known.Remote {
		p.wire.Remote = append(p.wire.Remote, &pb.RemoteObject{Type: o.Type, Id: o.ID})
	}
	if !known.InDoubt && known.Revision == item.Revision && !x.req.Resend {
		return weighed{parcel: p, status: Known, remote: known.Remote}, nil
	}
	return weighed{parcel: p}, nil
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
