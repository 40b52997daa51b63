package sdk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/protoadapt"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// exportStream is the server's side of Plan and of Export.
type exportStream = grpc.BidiStreamingServer[pb.ExportRequest, pb.ExportResponse]

// backend is what differs between the two sorts of exporter.
type backend interface {
	provision(ctx context.Context, apply bool) ([]Provisioned, error)
	// run serves a stream from its first batch to before Done.
	run(s *session) error
	close() error
}

// server keeps the protocol around an exporter.
type server struct {
	pb.UnimplementedExporterServer
	exporter    Exporter
	info        Info
	description *pb.DescribeResponse

	calling sync.Mutex // held by every call but Describe: an exporter is called once at a time
	backend backend    // nil until configured
	running sync.WaitGroup
}

// NewServer returns the server of the protocol around e, for use without a
// process: in tests, and to ask an exporter what it is. The error says what is
// wrong with e or its Info.
func NewServer(e Exporter) (pb.ExporterServer, error) { return newServer(e) }

func newServer(e Exporter) (*server, error) {
	info := e.Info()
	_, makes := e.(ArtifactExporter)
	_, writes := e.(DestinationExporter)
	idempotency := pb.Capabilities_IDEMPOTENCY_ATOMIC
	switch {
	case writes:
		var err error
		if idempotency, err = idempotencyToProto(info.Idempotency); err != nil {
			return nil, err
		}
	case !makes:
		return nil, fmt.Errorf("%s is neither an ArtifactExporter nor a DestinationExporter", info.Name)
	}
	d, err := describe(info, idempotency)
	if err != nil {
		return nil, err
	}
	return &server{exporter: e, info: info, description: d}, nil
}

// close ends what Configure began.
func (s *server) close() error {
	s.calling.Lock()
	defer s.calling.Unlock()
	if s.backend == nil {
		return nil
	}
	return s.backend.close()
}

// Describe implements the call of that name.
func (s *server) Describe(context.Context, *pb.DescribeRequest) (*pb.DescribeResponse, error) {
	return s.description, nil
}

// Configure implements the call of that name.
func (s *server) Configure(ctx context.Context, req *pb.ConfigureRequest) (_ *pb.ConfigureResponse, err error) {
	defer s.enter()()
	defer recovered(&err)
	if s.backend != nil {
		return nil, status.Error(codes.FailedPrecondition, "configured already")
	}
	answer, err := s.configure(ctx, req)
	if faults := diagnosticsOf(err); faults != nil {
		return &pb.ConfigureResponse{Diagnostics: faults}, nil
	}
	return answer, toStatus(err)
}

func (s *server) configure(ctx context.Context, req *pb.ConfigureRequest) (*pb.ConfigureResponse, error) {
	cfg, err := ParseConfig(s.info.Config, req.GetConfigJson(), req.GetSecrets())
	if err != nil {
		return nil, err
	}
	makes, canMake := s.exporter.(ArtifactExporter)
	writes, canWrite := s.exporter.(DestinationExporter)
	if canWrite {
		session, err := writes.Open(ctx, cfg, req.GetCheckConnection())
		switch {
		case err != nil:
			return nil, err
		case session != nil:
			s.backend = &destination{session: session}
			t := session.Target()
			return &pb.ConfigureResponse{Target: &pb.Target{Id: valid(t.ID), Label: valid(t.Label)}}, nil
		case !canMake:
			return nil, errors.New("the exporter opened no session")
		}
	}
	if c, ok := s.exporter.(ConfigChecker); ok {
		if err := c.CheckConfig(cfg); err != nil {
			return nil, err
		}
	}
	s.backend = &artifacts{exporter: makes, cfg: cfg}
	answer := &pb.ConfigureResponse{}
	if canWrite {
		answer.Capabilities = proto.CloneOf(s.description.GetCapabilities())
		answer.Capabilities.Idempotency = pb.Capabilities_IDEMPOTENCY_ATOMIC
	}
	return answer, nil
}

// enter begins a call and returns what ends it.
func (s *server) enter() (leave func()) {
	s.running.Add(1)
	s.calling.Lock()
	return func() {
		s.calling.Unlock()
		s.running.Done()
	}
}

// Provision implements the call of that name.
func (s *server) Provision(req *pb.ProvisionRequest, stream grpc.ServerStreamingServer[pb.ProvisionResponse]) (err error) {
	defer s.enter()()
	defer recovered(&err)
	if s.backend == nil {
		return errNotConfigured()
	}
	all, err := s.backend.provision(stream.Context(), req.GetApply())
	if err != nil {
		return toStatus(err)
	}
	for _, p := range all {
		if p.File != nil {
			err := sendPieces(*p.File, &pieces{live: stream.Context().Err, send: func(piece *pb.Artifact) error {
				return stream.Send(&pb.ProvisionResponse{Artifact: piece})
			}})
			if err != nil {
				return err
			}
			continue
		}
		err := stream.Send(&pb.ProvisionResponse{Object: p.Object, Action: actionToProto(p.Action), Diagnostic: p.Diagnostic.proto()})
		if err != nil {
			return err
		}
	}
	return nil
}

// Plan implements the call of that name.
func (s *server) Plan(stream exportStream) error { return s.stream(stream, true) }

// Export implements the call of that name.
func (s *server) Export(stream exportStream) error { return s.stream(stream, false) }

func (s *server) stream(stream exportStream, plan bool) (err error) {
	defer s.enter()()
	defer recovered(&err)
	if s.backend == nil {
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
	run := &session{stream: stream, plan: plan, info: Run{
		ID: open.GetRunId(), Attempt: int(open.GetAttempt()), Mode: modeFromProto(open.GetMode()),
	}}
	run.ctx = context.WithValue(stream.Context(), progressKey{}, run.progress)
	if err := s.backend.run(run); err != nil {
		return toStatus(err)
	}
	return toStatus(run.send(&pb.ExportResponse{Message: &pb.ExportResponse_Done{Done: &pb.Done{}}}))
}

// drain waits until no call is running, or the time is up.
func (s *server) drain(limit time.Duration) {
	idle := make(chan struct{})
	go func() {
		s.running.Wait()
		close(idle)
	}()
	select {
	case <-idle:
	case <-time.After(limit):
	}
}

// recovered turns a panic of the exporter into an error of the call. What
// happened goes to standard error, which the host keeps.
func recovered(err *error) {
	if p := recover(); p != nil {
		fmt.Fprintf(os.Stderr, "panic: %v\n\n%s", p, debug.Stack())
		*err = status.Error(codes.Internal, "the exporter panicked")
	}
}

func errNotConfigured() error {
	return status.Error(codes.FailedPrecondition, "not configured: Configure comes first")
}

// toStatus makes the status that ends a call of err. Diagnostics go into its
// details.
func toStatus(err error) error {
	if err == nil {
		return nil
	}
	faults := diagnosticsOf(err)
	if _, ok := status.FromError(err); ok && faults == nil {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return status.FromContextError(err).Err()
	}
	st := status.New(codes.Unknown, valid(err.Error()))
	var details []protoadapt.MessageV1
	for _, d := range faults {
		details = append(details, protoadapt.MessageV1Of(d))
	}
	if with, fault := st.WithDetails(details...); fault == nil {
		st = with
	}
	return st.Err()
}
