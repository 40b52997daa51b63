package host

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/firstcall-cli/firstcall/core/record"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
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

// sorted returns the records ordered by client, kind and key, and refuses a key
// that occurs twice.
func sorted(records []*record.Record) ([]*record.Record, error) {
	out := slices.Clone(records)
	slices.SortFunc(out, func(a, b *record.Record) int {
		return cmp.Or(cmp.Compare(a.Client.ID, b.Client.ID), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key))
	})
	seen := make(map[string]bool, len(out))
	for _, r := range out {
		if seen[r.Key] {
			return nil, &DuplicateKeyError{Key: r.Key}
		}
		seen[r.Key] = true
	}
	return out, nil
}

// batch is some records of a run on their way.
type batch struct {
	records []int // places in the run's order
	wire    []*pb.Record
}

// encoder makes records fit to be sent.
type encoder struct {
	buf bytes.Buffer
	w   *record.Writer
}

func newEncoder() *encoder {
	e := &encoder{}
	e.w = record.NewWriter(&e.buf)
	return e
}

func (e *encoder) encode(r *record.Record) (*pb.Record, error) {
	e.buf.Reset()
	if err := errors.Join(e.w.Write(r), e.w.Flush()); err != nil {
		return nil, err
	}
	return &pb.Record{
		Key: r.Key, Kind: string(r.Kind), Revision: r.Revision,
		Json: bytes.Clone(bytes.TrimSuffix(e.buf.Bytes(), []byte("\n"))),
	}, nil
}

// batcher cuts a run's records into batches, encoding them as their turn comes.
type batcher struct {
	records []*record.Record
	limits  limits
	kinds   []string // taken by the exporter; empty: all
	encoder *encoder
	refuse  func(at int, d *Diagnostic) // told of records that cannot be sent

	at     int        // next record to encode
	peeked *pb.Record // record at-1, encoded, when it did not fit the last batch
}

// next returns the next batch, or nil after the last.
func (b *batcher) next() *batch {
	var out batch
	size := 0
	for len(out.records) < b.limits.records {
		r := b.peek()
		if r == nil {
			break
		}
		if len(out.records) > 0 && size+len(r.Json) > b.limits.bytes {
			break
		}
		b.peeked = nil
		size += len(r.Json)
		out.records, out.wire = append(out.records, b.at-1), append(out.wire, r)
	}
	if len(out.records) == 0 {
		return nil
	}
	return &out
}

// peek encodes the next record that can be sent; nil when there is none.
func (b *batcher) peek() *pb.Record {
	for b.peeked == nil && b.at < len(b.records) {
		r := b.records[b.at]
		b.at++
		if len(b.kinds) > 0 && !slices.Contains(b.kinds, string(r.Kind)) {
			b.refuse(b.at-1, &Diagnostic{
				Code: "export.kind", Summary: fmt.Sprintf("the exporter does not take records of the kind %s", r.Kind),
				Hint: "leave records of that kind out, or use another exporter",
			})
			continue
		}
		wire, err := b.encoder.encode(r)
		if err != nil {
			b.refuse(b.at-1, &Diagnostic{Code: "export.encode", Summary: err.Error()})
			continue
		}
		b.peeked = wire
	}
	return b.peeked
}

// again encodes a record that was sent before.
func (b *batcher) again(at int) *pb.Record {
	wire, err := b.encoder.encode(b.records[at])
	if err != nil {
		// It was encoded before: somebody changed it under our hands.
		panic(fmt.Sprintf("host: record %s cannot be encoded a second time: %v", b.records[at].Key, err))
	}
	return wire
}
