package sdk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// session is one run of Plan or Export.
type session struct {
	ctx    context.Context
	stream exportStream
	plan   bool
	info   Run

	emitting sync.Mutex // artifacts come one after the other
	sending  sync.Mutex // a gRPC stream takes one message at a time
	ended    bool       // the exporter has returned: nothing may be sent for it any more
}

func (s *session) send(m *pb.ExportResponse) error {
	s.sending.Lock()
	defer s.sending.Unlock()
	return s.stream.Send(m)
}

// sendLive is send for what the exporter does while it has the word.
func (s *session) sendLive(m *pb.ExportResponse) error {
	s.sending.Lock()
	defer s.sending.Unlock()
	if s.ended {
		return errors.New("the exporter has returned already: nothing more can be sent for it")
	}
	return s.stream.Send(m)
}

func (s *session) end() {
	s.sending.Lock()
	defer s.sending.Unlock()
	s.ended = true
}

// next returns the next batch; io.EOF after the last.
func (s *session) next() (*pb.Batch, error) {
	m, err := s.stream.Recv()
	if err != nil {
		return nil, err
	}
	if m.GetBatch() == nil {
		return nil, errors.New("the host sent something else than a batch")
	}
	return m.GetBatch(), nil
}

func (s *session) ack(seq uint64, outcomes []*pb.Outcome, provisional bool) error {
	return s.send(&pb.ExportResponse{Message: &pb.ExportResponse_Ack{
		Ack: &pb.Ack{Seq: seq, Outcomes: outcomes, Provisional: provisional},
	}})
}

type progressKey struct{}

// Progress tells the user, in one line, what the exporter is busy with. ctx is
// the one the exporter was called with.
func Progress(ctx context.Context, text string) {
	if report, ok := ctx.Value(progressKey{}).(func(string)); ok {
		report(text)
	}
}

func (s *session) progress(text string) {
	// When it cannot be sent, the run is over and will say so elsewhere.
	_ = s.sendLive(&pb.ExportResponse{Message: &pb.ExportResponse_Progress{Progress: &pb.Progress{Text: valid(text)}}})
}

// artifacts is the backend of an ArtifactExporter.
type artifacts struct {
	exporter ArtifactExporter
	cfg      Config
}

func (a *artifacts) provision(context.Context, bool) ([]Provisioned, error) { return nil, nil }

func (a *artifacts) close() error { return nil }

// run takes every batch, renders once, and then says what became of each.
func (a *artifacts) run(s *session) error {
	type size struct {
		seq uint64
		n   int
	}
	var batches []size
	var records []Record
	for {
		b, err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		records = append(records, recordsFromProto(b.GetRecords())...)
		batches = append(batches, size{b.GetSeq(), len(b.GetRecords())})
		if err := s.ack(b.GetSeq(), nil, true); err != nil {
			return err
		}
	}
	outcomes, err := a.exporter.Render(s.ctx, a.cfg, records, s.emit)
	s.end()
	if err != nil {
		return err
	}
	all, err := outcomesToProto(outcomes, len(records))
	if err != nil {
		return err
	}
	for _, b := range batches {
		if err := s.ack(b.seq, all[:b.n], false); err != nil {
			return err
		}
		all = all[b.n:]
	}
	return nil
}

// emit sends one artifact in pieces. The pieces of one artifact must not be
// mixed with another's, whatever goroutine emits it.
func (s *session) emit(a Artifact) error {
	s.emitting.Lock()
	defer s.emitting.Unlock()
	return sendPieces(a, &pieces{plan: s.plan, live: s.ctx.Err, send: func(piece *pb.Artifact) error {
		return s.sendLive(&pb.ExportResponse{Message: &pb.ExportResponse_Artifact{Artifact: piece}})
	}})
}

// sendPieces sends an artifact by w.
func sendPieces(a Artifact, w *pieces) error {
	w.head = &pb.Artifact{Name: a.Name, MediaType: a.MediaType}
	write := a.Write
	if write == nil {
		write = func(w io.Writer) error {
			_, err := w.Write(a.Body)
			return err
		}
	}
	if err := write(w); err != nil {
		return err
	}
	return w.close()
}

// pieces sends what is written to it as pieces of an artifact. For a plan it
// only counts.
type pieces struct {
	plan bool
	live func() error // why nothing more is wanted
	send func(*pb.Artifact) error
	head *pb.Artifact // what the next piece says beside its content
	buf  []byte
	size uint64
}

// Write implements io.Writer.
func (p *pieces) Write(b []byte) (int, error) {
	if err := p.live(); err != nil {
		return 0, err
	}
	p.size += uint64(len(b))
	if p.plan {
		return len(b), nil
	}
	n := len(b)
	for len(p.buf)+len(b) > pb.MaxChunkBytes {
		room := pb.MaxChunkBytes - len(p.buf)
		p.buf = append(p.buf, b[:room]...)
		b = b[room:]
		if err := p.next(false); err != nil {
			return 0, err
		}
	}
	p.buf = append(p.buf, b...)
	return n, nil
}

func (p *pieces) close() error {
	if p.plan {
		p.head.Size = p.size
	}
	return p.next(true)
}

func (p *pieces) next(last bool) error {
	p.head.Chunk, p.head.Last = p.buf, last
	err := p.send(p.head)
	p.head, p.buf = &pb.Artifact{Name: p.head.GetName()}, p.buf[:0]
	return err
}

// destination is the backend of a DestinationExporter.
type destination struct{ session Session }

func (d *destination) provision(ctx context.Context, apply bool) ([]Provisioned, error) {
	if p, ok := d.session.(Provisioner); ok {
		return p.Provision(ctx, apply)
	}
	return nil, nil
}

func (d *destination) close() error {
	if c, ok := d.session.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

func (d *destination) run(s *session) error {
	defer s.end()
	do := d.session.Write
	if s.plan {
		do = d.session.Plan
	}
	for {
		b, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		records := recordsFromProto(b.GetRecords())
		outcomes, err := do(s.ctx, s.info, records)
		if err != nil {
			return fmt.Errorf("batch %d: %w", b.GetSeq(), err)
		}
		all, err := outcomesToProto(outcomes, len(records))
		if err != nil {
			return err
		}
		if err := s.ack(b.GetSeq(), all, false); err != nil {
			return err
		}
	}
}
