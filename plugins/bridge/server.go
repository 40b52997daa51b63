package bridge

import (
	"context"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/internal/config"
)

// server serves the protocol with a script behind it.
type server struct {
	pb.UnimplementedExporterServer
	script *script

	calling     sync.Mutex // held by every call: the script is asked one thing at a time
	description *pb.DescribeResponse
	caps        *pb.Capabilities // nil until configured
}

func newServer(s *script) *server { return &server{script: s} }

// Describe implements the call of that name. The script is asked once.
func (s *server) Describe(ctx context.Context, _ *pb.DescribeRequest) (*pb.DescribeResponse, error) {
	s.calling.Lock()
	defer s.calling.Unlock()
	return s.describe(ctx)
}

func (s *server) describe(ctx context.Context) (*pb.DescribeResponse, error) {
	if s.description != nil {
		return s.description, nil
	}
	m, err := s.ask(ctx, "describe", describeLine(), `{"description":{…}}`, func(m *message) bool { return m.Description != nil })
	if err != nil {
		return nil, toStatus(err)
	}
	s.description = m.Description.proto()
	return s.description, nil
}

// ask asks the script for one message, which is the kind that fits accepts, or
// an error of the script's.
func (s *server) ask(ctx context.Context, name string, line []byte, wanted string, fits func(*message) bool) (*message, error) {
	c, err := s.script.begin(name)
	if err != nil {
		return nil, err
	}
	defer c.end()
	s.script.writeLater(line)
	m, err := c.next(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		c.windUp(fits)
		return nil, err
	case err != nil:
	case m.Error != nil:
		return nil, saidError{m.Error.proto()}
	case !fits(m):
		err = c.unexpected(m, wanted)
	default:
		return m, nil
	}
	s.script.fail(err) // what it writes next would be taken for another answer
	return nil, err
}

// Configure implements the call of that name. The settings are checked here, as
// package sdk does it for its exporters, and reach the script complete.
func (s *server) Configure(ctx context.Context, req *pb.ConfigureRequest) (*pb.ConfigureResponse, error) {
	s.calling.Lock()
	defer s.calling.Unlock()
	if s.caps != nil {
		return nil, status.Error(codes.FailedPrecondition, "configured already")
	}
	d, err := s.describe(ctx)
	if err != nil {
		return nil, err
	}
	if _, faults := config.Check(d.GetConfig(), req.GetConfigJson(), req.GetSecrets()); len(faults) > 0 {
		return &pb.ConfigureResponse{Diagnostics: faults}, nil
	}
	line, err := configureLine(d.GetConfig(), req)
	if err != nil {
		return nil, toStatus(err)
	}
	m, err := s.ask(ctx, "configure", line, `{"configured":{…}}`, func(m *message) bool { return m.Configured != nil })
	if err != nil {
		return nil, toStatus(err)
	}
	answer := m.Configured.proto()
	if isError(answer.GetDiagnostics()) {
		return answer, nil
	}
	if s.caps = answer.GetCapabilities(); s.caps == nil {
		s.caps = d.GetCapabilities()
	}
	return answer, nil
}

// atomic reports whether the script makes artifacts, as configured.
func (s *server) atomic() bool {
	return s.caps.GetIdempotency() == pb.Capabilities_IDEMPOTENCY_ATOMIC
}

// Provision implements the call of that name. A script that makes artifacts is
// not asked.
func (s *server) Provision(req *pb.ProvisionRequest, stream grpc.ServerStreamingServer[pb.ProvisionResponse]) error {
	s.calling.Lock()
	defer s.calling.Unlock()
	if s.caps == nil {
		return errNotConfigured()
	}
	if s.atomic() {
		return nil
	}
	err := s.provision(req.GetApply(), stream)
	return toStatus(err)
}

func (s *server) provision(apply bool, stream grpc.ServerStreamingServer[pb.ProvisionResponse]) error {
	c, err := s.script.begin("provision")
	if err != nil {
		return err
	}
	defer c.end()
	s.script.writeLater(provisionLine(apply))
	for {
		m, err := c.next(stream.Context())
		switch {
		case err != nil && stream.Context().Err() != nil:
			c.windUp(isDone)
			return err
		case err != nil:
		case m.Done != nil:
			return nil
		case m.Error != nil:
			return saidError{m.Error.proto()}
		case m.Provisioned != nil:
			if err = sendProvisioned(stream, m.Provisioned); err == nil {
				continue
			}
		default:
			err = c.unexpected(m, `any number of {"provisioned":{…}}, then {"done":{}}`)
		}
		s.script.fail(err)
		return err
	}
}

func sendProvisioned(stream grpc.ServerStreamingServer[pb.ProvisionResponse], p *provisioned) error {
	for _, m := range p.protos() {
		if err := stream.Send(m); err != nil {
			return err
		}
	}
	return nil
}

func isDone(m *message) bool { return m.Done != nil }

// Plan implements the call of that name.
func (s *server) Plan(stream exportStream) error { return s.stream(stream, true) }

// Export implements the call of that name.
func (s *server) Export(stream exportStream) error { return s.stream(stream, false) }
