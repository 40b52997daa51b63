package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"google.golang.org/grpc"

	"github.com/firstcall-cli/firstcall/plugins/artifact"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/journal"
)

// exchange is one stream of Export or Plan. Everything in it belongs to the
// goroutine of talk; two others move messages in and out.
type exchange struct {
	p      *Plugin
	req    Request
	stage  Stage
	plan   bool
	atomic bool // the exporter makes artifacts
	limits limits
	result *Result

	batcher *batcher
	drained bool // the batcher has no more
	halted  bool // a quota is used up, or the user has had enough: nothing more is sent

	next      *outgoing // to be sent now; nil: nothing
	nextBatch *batch    // what next carries; nil: Open
	seq       uint64

	sent    map[uint64]*batch // not acknowledged
	judging map[uint64]*batch // acknowledged for now; atomic exporters only
	waiting []*parcel         // to be sent again
	resting time.Time         // nothing new is sent before
	kept    []*parcel         // atomic exporters: every record, in order
	untold  error             // of Request.Outcome: nobody is told any more

	waitingBytes int // of the records in waiting
	refusals     int // batches in a row that came back whole

	ended bool // this side of the stream is ended
	done  bool // Done has come
}

// stream is the host's side of Export and of Plan.
type stream = grpc.BidiStreamingClient[pb.ExportRequest, pb.ExportResponse]

// received is a message, or the end of the stream.
type received struct {
	message *pb.ExportResponse
	err     error
}

// outgoing is a message, and what the journal is told before it goes.
type outgoing struct {
	message *pb.ExportRequest
	intents []journal.Intent
}

// farewell is how long an exporter has to answer what it was sent when the user
// has had enough: what is answered is not in doubt.
const farewell = 300 * time.Millisecond

// talk runs the stream s, which ends with streamCtx, to its end. When ctx ends,
// nothing more is sent and the answers that are under way are awaited for a
// moment.
func (x *exchange) talk(ctx, streamCtx context.Context, s stream) error {
	in := receive(streamCtx, s)
	out, unsent := x.send(streamCtx, s)
	silence := time.NewTimer(x.p.opts.StallTimeout)
	defer silence.Stop()
	stop, late := ctx.Done(), (<-chan time.Time)(nil)
	stopping := false
	for {
		if err := x.fill(time.Now()); err != nil {
			return err
		}
		to := out
		if x.next == nil {
			to = nil
			if !x.ended && x.allSent() {
				x.ended = true
				close(out)
			}
		}
		silent, pause := silence.C, x.pause(time.Now())
		if pause != nil && len(x.sent) == 0 {
			silent = nil // the silence is ours
		}
		var message outgoing
		if x.next != nil {
			message = *x.next
		}
		select {
		case to <- message:
			if x.nextBatch != nil {
				x.sent[x.seq] = x.nextBatch
			}
			x.next, x.nextBatch = nil, nil
		case r := <-in:
			if errors.Is(r.err, io.EOF) {
				return x.finish()
			}
			if err := x.take(streamCtx, r); err != nil {
				return err
			}
		case err := <-unsent:
			return err
		case <-pause:
		case <-silent:
			return x.p.fail(x.stage, fmt.Errorf("silent for %s", x.p.opts.StallTimeout))
		case <-stop:
			x.halt()
			stop, stopping, late = nil, true, time.After(farewell)
		case <-late:
			return ctx.Err()
		}
		if stopping && len(x.sent) == 0 {
			return ctx.Err()
		}
		silence.Reset(x.p.opts.StallTimeout)
	}
}

// halt keeps everything back that is not sent yet.
func (x *exchange) halt() { x.halted, x.next = true, nil }

// receive hands on what comes, and lastly the error that ends the stream.
func receive(ctx context.Context, s stream) <-chan received {
	in := make(chan received)
	go func() {
		for {
			m, err := s.Recv()
			select {
			case in <- received{m, err}:
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

// send sends what it is given, in order; closing the channel ends this side. What
// goes is noted in the journal before, that of several messages at once when they
// are waiting. The second channel gives the error of the journal; an error of
// sending is left to receive, which learns the cause.
func (x *exchange) send(ctx context.Context, s stream) (chan<- outgoing, <-chan error) {
	out, failed := make(chan outgoing, batchInFlight), make(chan error, 1)
	go func() {
		for {
			var first outgoing
			select {
			case m, more := <-out:
				if !more {
					_ = s.CloseSend()
					return
				}
				first = m
			case <-ctx.Done():
				return
			}
			together, more := gather(first, out)
			if err := x.intend(together); err != nil {
				failed <- err
				return
			}
			for _, m := range together {
				if s.Send(m.message) != nil {
					return
				}
			}
			if !more {
				_ = s.CloseSend()
				return
			}
		}
	}()
	return out, failed
}

// gather takes what is waiting beside the first message. more is false when the
// channel is closed.
func gather(first outgoing, out <-chan outgoing) (together []outgoing, more bool) {
	together = []outgoing{first}
	for {
		select {
		case m, more := <-out:
			if !more {
				return together, false
			}
			together = append(together, m)
		default:
			return together, true
		}
	}
}

// intend tells the journal what is about to be sent.
func (x *exchange) intend(messages []outgoing) error {
	if x.req.Journal == nil || x.plan {
		return nil
	}
	var all []journal.Intent
	for _, m := range messages {
		all = append(all, m.intents...)
	}
	if len(all) == 0 {
		return nil
	}
	return x.req.Journal.Intend(all)
}

// fill makes the next message, if one can be sent now.
func (x *exchange) fill(now time.Time) error {
	if x.next != nil || x.halted || x.ended || len(x.sent) >= x.limits.inFlight {
		return nil
	}
	b := x.due(now)
	if b == nil && !x.drained && !x.crowded() && !now.Before(x.resting) {
		var err error
		if b, err = x.batcher.next(); err != nil {
			return err
		}
		x.drained = b == nil
	}
	if b == nil {
		return nil
	}
	x.seq++
	x.nextBatch = b
	x.next = &outgoing{message: b.message(x.seq)}
	if x.req.Journal != nil && !x.plan {
		x.next.intents = b.intents()
	}
	return nil
}

// allSent reports whether nothing will be sent any more. What a destination has
// not answered may come back.
func (x *exchange) allSent() bool {
	switch {
	case x.halted:
		return len(x.sent) == 0
	case x.atomic:
		return x.drained
	}
	return x.drained && len(x.sent) == 0 && len(x.waiting) == 0
}

// take handles one message.
func (x *exchange) take(ctx context.Context, r received) error {
	if r.err != nil {
		return x.p.failCall(ctx, x.stage, r.err, 0)
	}
	err := x.handle(r.message)
	var broken *violationError
	if errors.As(err, &broken) {
		return x.p.fail(x.stage, err)
	}
	return err
}

func (x *exchange) handle(m *pb.ExportResponse) error {
	if x.done {
		return violation("it sent something after Done")
	}
	switch m := m.GetMessage().(type) {
	case *pb.ExportResponse_Ack:
		return x.ack(m.Ack)
	case *pb.ExportResponse_Progress:
		x.p.opts.Progress(x.p.redact.line(m.Progress.GetText()))
		return nil
	case *pb.ExportResponse_Artifact:
		return x.artifact(m.Artifact)
	case *pb.ExportResponse_Done:
		x.done = true
		return x.checkDone()
	}
	return nil // of a later minor version
}

func (x *exchange) artifact(a *pb.Artifact) error {
	switch {
	case !x.atomic:
		return violation("it made a file, as a destination")
	case len(a.GetChunk()) > pb.MaxChunkBytes:
		return violation("a piece of artifact %q is larger than 1 MiB", a.GetName())
	case x.plan && (!a.GetLast() || len(a.GetChunk()) > 0):
		return violation("it sent the content of artifact %q for a plan", a.GetName())
	}
	media := x.p.redact.line(a.GetMediaType())
	if err := x.result.collector.Add(a.GetName(), media, a.GetChunk(), a.GetLast()); err != nil {
		if errors.Is(err, artifact.ErrSpool) {
			return err
		}
		return violation("%w", err)
	}
	if x.plan {
		x.result.Planned = append(x.result.Planned, PlannedFile{Name: a.GetName(), MediaType: media, Size: int64(a.GetSize())})
	}
	return nil
}

func (x *exchange) checkDone() error {
	if !x.ended {
		return violation("it said Done before everything was sent")
	}
	open := slices.Sorted(maps.Keys(x.sent))
	open = append(open, slices.Sorted(maps.Keys(x.judging))...)
	if len(open) > 0 {
		return violation("it said Done without the outcomes of batch %d", open[0])
	}
	return nil
}

// finish is the end of a stream that the exporter ended without an error.
func (x *exchange) finish() error {
	if !x.done {
		return x.p.fail(x.stage, violation("it ended the export without Done"))
	}
	files, err := x.result.collector.Files()
	if err != nil {
		return x.p.fail(x.stage, violation("%w", err))
	}
	if !x.plan {
		x.result.Files = files
	}
	return x.conclude()
}

// conclude says what became of the records that nothing was said about yet. It
// may be called again after an error, and says nothing twice.
func (x *exchange) conclude() error {
	for _, p := range x.kept {
		x.tell(p.last)
	}
	x.kept = nil
	if x.atomic {
		return x.untold
	}
	for _, seq := range slices.Sorted(maps.Keys(x.sent)) {
		for _, p := range x.sent[seq].parcels {
			x.tell(p.outcome(InDoubt, nil))
		}
	}
	clear(x.sent)
	for _, p := range x.waiting {
		x.tell(p.last)
	}
	x.waiting = nil
	for _, p := range x.unsent() {
		o := p.outcome(NotSent, nil)
		if p.attempts > 0 {
			o = p.last
		}
		x.tell(o)
	}
	for {
		item, err := x.batcher.item()
		if errors.Is(err, io.EOF) {
			return x.untold
		}
		if err != nil {
			return err
		}
		x.tell(Outcome{Key: item.Key, Revision: item.Revision, Status: NotSent})
	}
}

// unsent takes the records that were drawn and not sent.
func (x *exchange) unsent() []*parcel {
	var out []*parcel
	if x.nextBatch != nil {
		out = x.nextBatch.parcels
	}
	out = append(out, x.batcher.left...)
	out = append(out, x.batcher.peeked...)
	x.nextBatch, x.batcher.left, x.batcher.peeked = nil, nil, nil
	return out
}
