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

	sending sync.Mutex // a gRPC stream takes one message at a time
	ended   bool       // the exporter has returned: nothing may be sent for it any more
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
		return errors.New("the exporter has returned already")
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

func (a *artifacts) open(_ context.Context, cfg Config, _ bool) (*pb.Target, error) {
	a.cfg = cfg
	if c, ok := a.exporter.(ConfigChecker); ok {
		return nil, c.CheckConfig(cfg)
	}
	return nil, nil
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
// mixed with another's, so that it holds the stream for all of them.
func (s *session) emit(a Artifact) error {
	s.sending.Lock()
	defer s.sending.Unlock()
	if s.ended {
		return errors.New("an artifact was emitted after Render had returned")
	}
	if err := s.ctx.Err(); err != nil {
		return err
	}
	head := &pb.Artifact{Name: a.Name, MediaType: a.MediaType}
	body := a.Body
	if s.plan {
		head.Size, body = uint64(len(body)), nil
	}
	for {
		n := min(len(body), pb.MaxChunkBytes)
		head.Chunk, head.Last = body[:n], n == len(body)
		body = body[n:]
		if err := s.stream.Send(&pb.ExportResponse{Message: &pb.ExportResponse_Artifact{Artifact: head}}); err != nil {
			return err
		}
		if head.Last {
			return nil
		}
		head = &pb.Artifact{Name: a.Name}
	}
}

// destination is the backend of a DestinationExporter.
type destination struct {
	exporter DestinationExporter
	session  Session
}

func (d *destination) open(ctx context.Context, cfg Config, check bool) (*pb.Target, error) {
	session, err := d.exporter.Open(ctx, cfg, check)
	if err != nil {
		return nil, err
	}
	d.session = session
	t := session.Target()
	return &pb.Target{Id: t.ID, Label: t.Label}, nil
}

func (d *destination) provision(ctx context.Context, apply bool) ([]Provisioned, error) {
	return d.session.Provision(ctx, apply)
}

func (d *destination) close() error {
	if d.session == nil {
		return nil
	}
	return d.session.Close()
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
