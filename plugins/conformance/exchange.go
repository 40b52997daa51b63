package conformance

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"google.golang.org/grpc"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// talk is one stream of Export or Plan as the kit leads it. The zero value but
// for batches is what a host does with ordinary records.
type talk struct {
	batches  [][]*pb.Record
	plan     bool
	lockstep bool         // send a batch only when all before it are answered
	attempt  uint32       // of the run; 0: 1
	run      string       // id of the run; empty: that of the check
	mode     pb.WriteMode // 0: what fits the exporter
	unknown  bool         // put unknown fields into all messages
	stop     int          // leave the stream open after so many final answers; 0: never
	leave    bool         // leave the stream open once all batches are sent and answered
	rush     bool         // with leave: do not wait for answers
}

// Limits of a host that an exporter can lower.
const (
	mostRecords  = 100
	mostInFlight = 4
	// mostAttempts is how often a record is sent that could not be written.
	mostAttempts = 5
	// mostPause is the longest pause before it is sent again.
	mostPause = time.Minute
	// usualPause holds when the exporter names none.
	usualPause = time.Second
)

func (s *subject) inFlight() int { return lowered(mostInFlight, s.caps.GetMaxInFlight()) }

// lowered is the host's limit, or the exporter's where that is lower; 0 is none.
func lowered(host int, exporter uint32) int {
	if exporter == 0 {
		return host
	}
	return int(min(uint32(host), exporter))
}

// exchange is a talk under way. It belongs to one goroutine; two others move
// messages in and out.
type exchange struct {
	talk
	t      *trial
	heard  *heard
	stream grpc.BidiStreamingClient[pb.ExportRequest, pb.ExportResponse]
	cancel context.CancelFunc

	queue   []*pb.ExportRequest // Open and batches, still to be sent
	flying  *pb.ExportRequest   // on its way out
	retries []retry
	closed  bool // our side is ended
	hurried bool // it is, or is about to be, because nothing came
}

type retry struct {
	due     time.Time
	records []int
}

type incoming struct {
	message *pb.ExportResponse
	err     error
}

// talk leads one stream and returns what was heard. The error is that of the
// kit itself; what the exporter does wrong is in what was heard. A stream that
// is left open lives until the process is closed.
func (r *running) talk(k talk) (*heard, error) {
	ctx, cancel := context.WithCancel(r.t.ctx)
	x := &exchange{talk: k, t: r.t, cancel: cancel, heard: newHeard(r, k)}
	call := r.Remote().Export
	if k.plan {
		call = r.Remote().Plan
	}
	stream, err := call(ctx)
	if err != nil {
		cancel()
		x.heard.end(err)
		return x.heard, r.t.ctx.Err()
	}
	x.stream = stream
	x.heard.cancel = cancel
	x.enqueue()
	left := x.lead(ctx)
	if !left {
		cancel()
	}
	return x.heard, r.t.ctx.Err()
}

// enqueue makes the messages of the first pass.
func (x *exchange) enqueue() {
	total := 0
	for _, b := range x.batches {
		total += len(b)
	}
	open := &pb.Open{RunId: x.run, Attempt: max(x.attempt, 1), Mode: x.mode, Records: uint64(total)}
	if open.RunId == "" {
		open.RunId = x.t.client + "-" + x.t.check.ID
	}
	if open.Mode == pb.WriteMode_WRITE_MODE_UNSPECIFIED {
		open.Mode = x.t.writeMode()
	}
	first := &pb.ExportRequest{Message: &pb.ExportRequest_Open{Open: open}}
	if x.unknown {
		withUnknown(open)
		withUnknown(first)
	}
	x.queue = append(x.queue, first)
	at := 0
	for _, b := range x.batches {
		indexes := make([]int, len(b))
		for i := range b {
			indexes[i] = at
			at++
		}
		x.queue = append(x.queue, x.batch(b, indexes))
	}
}

func (x *exchange) batch(records []*pb.Record, indexes []int) *pb.ExportRequest {
	seq := x.heard.expect(indexes)
	b := &pb.Batch{Seq: seq, Records: records}
	m := &pb.ExportRequest{Message: &pb.ExportRequest_Batch{Batch: b}}
	if x.unknown {
		withUnknown(b)
		withUnknown(m)
		for i, r := range records {
			records[i] = withUnknown(r)
		}
	}
	return m
}

// lead runs the stream to its end, and reports whether it was left open.
func (x *exchange) lead(ctx context.Context) (left bool) {
	in, out, sent := x.receive(ctx), make(chan *pb.ExportRequest), make(chan struct{})
	go x.send(ctx, out, sent)
	patience := x.t.opts.Patience
	silence := time.NewTimer(patience)
	defer silence.Stop()
	for {
		if x.left() {
			return true
		}
		next, to := x.next(out)
		if next == nil && x.flying == nil && !x.closed && x.finished() {
			x.closed = true
			close(out)
			x.heard.closed = true
		}
		select {
		case to <- next:
			x.flying, x.queue = next, x.queue[1:]
			x.heard.sent(next)
		case <-sent:
			x.flying = nil
		case got := <-in:
			x.heard.take(got)
			if x.heard.over {
				return false
			}
			x.again(x.heard.retries())
		case <-x.due():
			x.resend()
		case <-silence.C:
			if !x.hurry() {
				x.heard.silent = true
				return false
			}
		case <-ctx.Done():
			x.heard.silent = true
			return false
		}
		silence.Reset(patience)
	}
}

// left reports whether the stream is to be left open now.
func (x *exchange) left() bool {
	switch {
	case x.stop > 0 && x.heard.acked >= x.stop:
		return true
	case !x.leave || len(x.queue) > 0 || x.flying != nil:
		return false
	}
	return x.rush || x.impatient() || x.heard.unanswered() == 0
}

// next is the message that can be sent now, and where to send it; nil and nil
// when there is none.
func (x *exchange) next(out chan<- *pb.ExportRequest) (*pb.ExportRequest, chan<- *pb.ExportRequest) {
	if len(x.queue) == 0 || x.flying != nil || x.closed {
		return nil, nil
	}
	limit := x.t.inFlight()
	if x.lockstep {
		limit = 1
	}
	if x.queue[0].GetBatch() != nil && x.heard.unanswered() >= limit && !x.impatient() {
		return nil, nil
	}
	return x.queue[0], out
}

// finished reports whether nothing more will be sent.
func (x *exchange) finished() bool {
	return len(x.queue) == 0 && len(x.retries) == 0 && (x.impatient() || x.heard.unanswered() == 0)
}

// impatient reports whether answers are not waited for: an exporter that gives
// them only at the end would keep us waiting in vain.
func (x *exchange) impatient() bool { return x.t.late || x.hurried }

// hurry is what is left to do when nothing comes: end our side, to see whether
// the exporter was waiting for that. It reports whether that was new.
func (x *exchange) hurry() bool {
	if x.closed || x.impatient() {
		return false
	}
	x.hurried, x.heard.hurried = true, true
	return true
}

// again plans to send once more what could not be written just now.
func (x *exchange) again(records []int, pause time.Duration) {
	if len(records) > 0 && !x.plan && !x.closed {
		if x.t.whole() {
			records = x.withTheirs(records)
		}
		x.retries = append(x.retries, retry{time.Now().Add(min(cmp.Or(pause, usualPause), mostPause)), records})
	}
}

// withTheirs adds to records those that came with them and are of the same client.
func (x *exchange) withTheirs(records []int) []int {
	var out []int
	at := 0
	for _, b := range x.batches {
		for _, client := range byClient(b) {
			own := make([]int, len(client))
			for i := range own {
				own[i] = at + i
			}
			if slices.ContainsFunc(records, func(i int) bool { return slices.Contains(own, i) }) {
				out = append(out, own...)
			}
			at += len(client)
		}
	}
	return out
}

// due ends when the next records are to be sent again.
func (x *exchange) due() <-chan time.Time {
	if len(x.retries) == 0 {
		return nil
	}
	return time.After(time.Until(x.retries[0].due))
}

func (x *exchange) resend() {
	indexes := x.retries[0].records
	x.retries = x.retries[1:]
	flat := slices.Concat(x.batches...)
	records := make([]*pb.Record, len(indexes))
	for i, at := range indexes {
		records[i] = flat[at]
	}
	x.queue = append(x.queue, x.batch(records, indexes))
}

func (x *exchange) receive(ctx context.Context) <-chan incoming {
	in := make(chan incoming)
	go func() {
		for {
			m, err := x.stream.Recv()
			select {
			case in <- incoming{m, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return in
}

// send sends what it is given; closing the channel ends our side. An error is
// left to receive, which learns the cause.
func (x *exchange) send(ctx context.Context, out <-chan *pb.ExportRequest, sent chan<- struct{}) {
	for {
		select {
		case m, more := <-out:
			if !more {
				_ = x.stream.CloseSend()
				return
			}
			_ = x.stream.Send(m)
			select {
			case sent <- struct{}{}:
			case <-ctx.Done():
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// writeMode is the mode of an ordinary run.
func (s *subject) writeMode() pb.WriteMode {
	modes := s.caps.GetModes()
	switch {
	case s.report.Files:
		return pb.WriteMode_WRITE_MODE_UNSPECIFIED
	case len(modes) == 0 || slices.Contains(modes, pb.WriteMode_WRITE_MODE_UPSERT):
		return pb.WriteMode_WRITE_MODE_UPSERT
	}
	return slices.Min(modes)
}

// outstanding lists the numbers of batches that lack an answer, in order.
func outstanding[V any](m map[uint64]V) []uint64 { return slices.Sorted(maps.Keys(m)) }
