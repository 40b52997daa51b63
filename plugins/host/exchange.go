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
)

// exchange is one stream of Export or Plan. Everything in it belongs to the
// goroutine of talk; two others move messages in and out.
type exchange struct {
	p      *Plugin
	stage  Stage
	plan   bool
	atomic bool // the exporter makes artifacts
	limits limits
	result *Result

	batcher *batcher
	drained bool // the batcher has no more
	halted  bool // a quota is used up: nothing more is sent

	next      *pb.ExportRequest // to be sent now; nil: nothing
	nextBatch *batch            // what next carries; nil: Open
	seq       uint64

	sent     map[uint64]*batch // not acknowledged
	judging  map[uint64]*batch // acknowledged for now; atomic exporters only
	waiting  []retry           // to be sent again
	attempts map[int]int       // by record: how often it was sent and came back

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

// talk runs the stream to its end.
func (x *exchange) talk(ctx context.Context, s stream) error {
	in, out := receive(ctx, s), send(ctx, s)
	silence := time.NewTimer(x.p.opts.StallTimeout)
	defer silence.Stop()
	for {
		x.fill(time.Now())
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
		select {
		case to <- x.next:
			if x.nextBatch != nil {
				x.nextBatch.wire = nil // the message has it
				x.sent[x.seq] = x.nextBatch
			}
			x.next, x.nextBatch = nil, nil
		case r := <-in:
			if errors.Is(r.err, io.EOF) {
				return x.finish()
			}
			if err := x.take(ctx, r); err != nil {
				return err
			}
		case <-pause:
		case <-silent:
			return x.p.fail(x.stage, fmt.Errorf("silent for %s", x.p.opts.StallTimeout))
		case <-ctx.Done():
			return ctx.Err()
		}
		silence.Reset(x.p.opts.StallTimeout)
	}
}

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

// send sends what it is given; closing the channel ends this side. An error of
// sending is left to receive, which learns the cause.
func send(ctx context.Context, s stream) chan<- *pb.ExportRequest {
	out := make(chan *pb.ExportRequest)
	go func() {
		for {
			select {
			case m, more := <-out:
				if !more {
					_ = s.CloseSend()
					return
				}
				if s.Send(m) != nil {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// fill makes the next message, if one can be sent now.
func (x *exchange) fill(now time.Time) {
	if x.next != nil || x.halted || x.ended || len(x.sent) >= x.limits.inFlight {
		return
	}
	b := x.due(now)
	if b == nil && !x.drained {
		b = x.batcher.next()
		x.drained = b == nil
	}
	if b == nil {
		return
	}
	x.seq++
	x.nextBatch = b
	x.next = &pb.ExportRequest{Message: &pb.ExportRequest_Batch{Batch: &pb.Batch{Seq: x.seq, Records: b.wire}}}
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
	if err == nil || errors.Is(err, artifact.ErrSpool) {
		return err
	}
	return x.p.fail(x.stage, err)
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
	return nil
}

// interrupted is the result of a run that failed.
func (x *exchange) interrupted() *Result {
	if x.atomic {
		_ = x.result.Close()
		return nil
	}
	for _, b := range x.sent {
		for _, at := range b.records {
			x.result.Outcomes[at].Status = InDoubt
		}
	}
	return x.result
}
