package bridge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// exportStream is the server's side of Plan and of Export.
type exportStream = grpc.BidiStreamingServer[pb.ExportRequest, pb.ExportResponse]

// stream serves Plan and Export: one goroutine takes batches to the script,
// this one takes what it says back.
func (s *server) stream(stream exportStream, plan bool) error {
	s.calling.Lock()
	defer s.calling.Unlock()
	if s.caps == nil {
		return errNotConfigured()
	}
	first, err := stream.Recv()
	if err != nil && !errors.Is(err, io.EOF) {
		return toStatus(err)
	}
	open := first.GetOpen()
	if open == nil {
		return status.Error(codes.InvalidArgument, "the first message of the stream is not Open")
	}
	name := "export"
	if plan {
		name = "plan"
	}
	c, err := s.script.begin(name)
	if err != nil {
		return toStatus(err)
	}
	defer c.end()
	r := &run{script: s.script, call: c, stream: stream, plan: plan, atomic: s.atomic(), open: map[uint64]int{}, fed: make(chan struct{})}
	ctx, give := context.WithCancelCause(stream.Context())
	defer give(nil)
	go r.feed(openLine(open, plan), give)
	err = r.talk(ctx)
	switch {
	case err == nil:
	case stream.Context().Err() != nil:
		go r.cancel()
		c.windUp(isDone)
	case errors.As(err, new(saidError)):
		go s.script.stop(endGrace) // batches may be on their way to it that nobody counts any more
	default:
		s.script.fail(err)
	}
	return toStatus(err)
}

// run is one run of Plan or Export.
type run struct {
	script       *script
	call         *call
	stream       exportStream
	plan, atomic bool

	fed     chan struct{} // closed when nothing more goes to the script
	sending sync.Mutex    // a gRPC stream takes one message at a time

	mu    sync.Mutex
	open  map[uint64]int // records of the batches that are not acknowledged, by number
	ended bool           // the host has sent everything

	// The artifact that is not complete.
	file     string
	fileSize uint64
	fileType string
}

func (r *run) send(m *pb.ExportResponse) error {
	r.sending.Lock()
	defer r.sending.Unlock()
	return r.stream.Send(m)
}

// feed takes what the host sends to the script. give ends the call for a reason
// that talk cannot see.
func (r *run) feed(open []byte, give context.CancelCauseFunc) {
	defer close(r.fed)
	err := r.script.write(open)
	for err == nil {
		var m *pb.ExportRequest
		m, err = r.stream.Recv()
		switch {
		case errors.Is(err, io.EOF):
			r.mu.Lock()
			r.ended = true
			r.mu.Unlock()
			if r.script.write(endLine()) == nil {
				return
			}
		case err != nil:
			return // the call is over, and talk knows
		case m.GetMessage() == nil: // of a later minor version
		case m.GetBatch() == nil:
			give(status.Error(codes.InvalidArgument, "the host sent something else than a batch"))
			return
		default:
			if err = r.pass(m.GetBatch(), give); errors.Is(err, errGiven) {
				return
			}
		}
	}
	// It does not read any more. If it has ended, or says why, that tells more.
	time.AfterFunc(deafGrace, func() { give(&EndedError{How: "closed its standard input", During: r.call.name}) })
}

// cancel tells the script that nobody wants its answer any more. That may wait
// for one that does not read.
func (r *run) cancel() {
	<-r.fed
	_ = r.script.write(cancelLine())
}

// errGiven says that the reason for the end has been given.
var errGiven = errors.New("given")

// pass takes a batch to the script. An exporter of artifacts need not answer it
// before it has seen them all: the host is told in its place.
func (r *run) pass(b *pb.Batch, give context.CancelCauseFunc) error {
	line, err := batchLine(b)
	if err != nil {
		give(status.Error(codes.InvalidArgument, err.Error()))
		return errGiven
	}
	r.mu.Lock()
	r.open[b.GetSeq()] = len(b.GetRecords())
	r.mu.Unlock()
	if r.atomic {
		if err := r.ack(b.GetSeq(), nil, true); err != nil {
			return errGiven // the call is over
		}
	}
	return r.script.write(line)
}

func (r *run) ack(seq uint64, outcomes []*pb.Outcome, provisional bool) error {
	return r.send(&pb.ExportResponse{Message: &pb.ExportResponse_Ack{
		Ack: &pb.Ack{Seq: seq, Outcomes: outcomes, Provisional: provisional},
	}})
}

// talk takes what the script says to the host until it is done.
func (r *run) talk(ctx context.Context) error {
	for {
		m, err := r.call.next(ctx)
		switch {
		case err != nil:
		case m.Ack != nil:
			err = r.take(m)
		case m.Progress != nil:
			err = r.send(&pb.ExportResponse{Message: &pb.ExportResponse_Progress{Progress: &pb.Progress{Text: m.Progress.Text}}})
		case m.Artifact != nil:
			err = r.artifact(m)
		case m.Error != nil:
			return saidError{m.Error.proto()}
		case m.Done != nil:
			return r.done(m)
		default:
			err = r.call.unexpected(m, "ack, progress, artifact, done or error")
		}
		if err != nil {
			return err
		}
	}
}

// take takes an ack.
func (r *run) take(m *message) error {
	a := m.Ack
	r.mu.Lock()
	n, open := r.open[a.Seq]
	delete(r.open, a.Seq)
	r.mu.Unlock()
	if !open {
		return &LineError{m.line, fmt.Sprintf("it acknowledges batch %d, which was not sent or was acknowledged before", a.Seq), "acknowledge each batch once, by its seq"}
	}
	if a.Outcomes == nil {
		return r.ack(a.Seq, created(n), false)
	}
	if len(a.Outcomes) != n {
		return &LineError{m.line, fmt.Sprintf("it has %d outcomes for the %d records of batch %d", len(a.Outcomes), n, a.Seq), "give one outcome a record, in the order of the batch"}
	}
	outcomes := make([]*pb.Outcome, n)
	for i := range a.Outcomes {
		outcomes[i] = a.Outcomes[i].proto()
	}
	return r.ack(a.Seq, outcomes, false)
}

// artifact takes a file or a piece of one. For a plan it is measured.
func (r *run) artifact(m *message) error {
	a := m.Artifact
	switch {
	case !r.atomic:
		return &LineError{m.line, "it makes a file, as a destination", `only an exporter with "idempotency":"atomic" makes files`}
	case r.file != "" && r.file != a.Name:
		return &LineError{m.line, "it begins a file before the last piece of the one before", `the last piece of a file has "last":true, or no "last"`}
	case r.file == "":
		r.fileSize, r.fileType = 0, a.MediaType
	}
	last := a.Last == nil || *a.Last
	content := a.content()
	first := r.file == ""
	r.file = a.Name
	if last {
		r.file = ""
	}
	if r.plan {
		return r.measure(a.Name, uint64(len(content)), last)
	}
	for _, p := range cut(a, content, first, last) {
		if err := r.piece(p); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) measure(name string, size uint64, last bool) error {
	if r.fileSize += size; !last {
		return nil
	}
	return r.piece(&pb.Artifact{Name: name, MediaType: r.fileType, Last: true, Size: r.fileSize})
}

// content is the piece's bytes.
func (a *artifact) content() []byte {
	if a.Base64 != nil {
		return a.Base64
	}
	return []byte(a.Text)
}

// cut cuts a piece as the protocol wants it.
func cut(a *artifact, content []byte, first, last bool) []*pb.Artifact {
	var out []*pb.Artifact
	for more := true; more; more = len(content) > 0 {
		n := min(len(content), pb.MaxChunkBytes)
		p := &pb.Artifact{Name: a.Name, Chunk: content[:n], Last: last && n == len(content)}
		if first {
			p.MediaType, first = a.MediaType, false
		}
		out, content = append(out, p), content[n:]
	}
	return out
}

func (r *run) piece(p *pb.Artifact) error {
	return r.send(&pb.ExportResponse{Message: &pb.ExportResponse_Artifact{Artifact: p}})
}

// done takes the end. What an exporter of artifacts has not spoken of was
// written.
func (r *run) done(m *message) error {
	r.mu.Lock()
	ended, open := r.ended, r.open
	r.mu.Unlock()
	left := slices.Sorted(maps.Keys(open))
	switch {
	case !ended:
		return &LineError{m.line, `done comes before {"end":{}}`, "wait for end: until then more batches may come"}
	case r.file != "":
		return &LineError{m.line, "done comes before the last piece of a file", `the last piece of a file has "last":true, or no "last"`}
	case len(left) > 0 && !r.atomic:
		return &LineError{m.line, fmt.Sprintf("done comes without the ack of batch %d", left[0]), "acknowledge every batch first"}
	}
	for _, seq := range left {
		if err := r.ack(seq, created(open[seq]), false); err != nil {
			return err
		}
	}
	return r.send(&pb.ExportResponse{Message: &pb.ExportResponse_Done{Done: &pb.Done{}}})
}
