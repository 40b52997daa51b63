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
	"google.golang.org/protobuf/protoadapt"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// exportStream is the server's side of Plan and of Export.
type exportStream = grpc.BidiStreamingServer[pb.ExportRequest, pb.ExportResponse]

// backend is what differs between the two sorts of exporter.
type backend interface {
	// open takes the checked configuration and returns the target, if any.
	open(ctx context.Context, cfg Config, check bool) (*pb.Target, error)
	provision(ctx context.Context, apply bool) ([]Provisioned, error)
	// run serves a stream from its first batch to before Done.
	run(s *session) error
	close() error
}

// server keeps the protocol around a backend.
type server struct {
	pb.UnimplementedExporterServer
	info        Info
	description *pb.DescribeResponse
	backend     backend

	calling    sync.Mutex // held by every call but Describe: an exporter is called once at a time
	configured bool
	running    sync.WaitGroup
}

// ArtifactServer returns the server of the protocol around e, for use without
// a process: in tests, and by the conformance kit. The error says what is wrong
// with e.Info.
func ArtifactServer(e ArtifactExporter) (pb.ExporterServer, error) { return newArtifactServer(e) }

// DestinationServer is ArtifactServer for a destination.
func DestinationServer(e DestinationExporter) (pb.ExporterServer, error) {
	return newDestinationServer(e)
}

func newArtifactServer(e ArtifactExporter) (*server, error) {
	info := e.Info()
	return newServer(info, pb.Capabilities_IDEMPOTENCY_ATOMIC, &artifacts{exporter: e})
}

func newDestinationServer(e DestinationExporter) (*server, error) {
	info := e.Info()
	idempotency, err := idempotencyToProto(info.Idempotency)
	if err != nil {
		return nil, err
	}
	return newServer(info, idempotency, &destination{exporter: e})
}

func newServer(info Info, idempotency pb.Capabilities_Idempotency, b backend) (*server, error) {
	d, err := describe(info, idempotency)
	if err != nil {
		return nil, err
	}
	return &server{info: info, description: d, backend: b}, nil
}

// Describe implements the call of that name.
func (s *server) Describe(context.Context, *pb.DescribeRequest) (*pb.DescribeResponse, error) {
	return s.description, nil
}

// Configure implements the call of that name.
func (s *server) Configure(ctx context.Context, req *pb.ConfigureRequest) (_ *pb.ConfigureResponse, err error) {
	defer s.enter()()
	defer recovered(&err)
	if s.configured {
		return nil, status.Error(codes.FailedPrecondition, "configured already")
	}
	cfg, err := ParseConfig(s.info.Config, req.GetConfigJson(), req.GetSecrets())
	if err == nil {
		var target *pb.Target
		if target, err = s.backend.open(ctx, cfg, req.GetCheckConnection()); err == nil {
			s.configured = true
			return &pb.ConfigureResponse{Target: target}, nil
		}
	}
	if faults := diagnosticsOf(err); faults != nil {
		return &pb.ConfigureResponse{Diagnostics: faults}, nil
	}
	return nil, toStatus(err)
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
	if !s.configured {
		return errNotConfigured()
	}
	all, err := s.backend.provision(stream.Context(), req.GetApply())
	if err != nil {
		return toStatus(err)
	}
	for _, p := range all {
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
	if !s.configured {
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
