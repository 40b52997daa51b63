package conformance

import (
	"context"
	"net"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/host"
)

// local starts the exporters of the tests within this process.
type local struct{ mode string }

func (l local) start(_ context.Context, cmd host.Command, _ host.Options) (process, error) {
	e := newExporter(l.mode)
	p := &localProcess{exporter: e, server: e.server([]grpc.ServerOption{grpc.WaitForHandlers(true)}), gone: make(chan struct{})}
	if cmd.Fence != nil {
		p.letGo = hold(cmd.Fence.File())
	}
	listener := bufconn.Listen(64 << 10)
	go func() { _ = p.server.Serve(listener) }()
	var err error
	p.conn, err = grpc.NewClient("passthrough:test",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(pb.MaxMessageBytes), grpc.MaxCallSendMsgSize(pb.MaxMessageBytes)),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	return p, err
}

func (l local) byHand(context.Context, host.Command, time.Duration) (string, int, error) {
	if strings.HasSuffix(l.mode, "start.by-hand") {
		return "an exporter for tests", 0, nil
	}
	return "an exporter for tests", 1, nil
}

// localProcess looks like a process that ends as it should.
type localProcess struct {
	exporter *exporter
	server   *grpc.Server
	conn     *grpc.ClientConn
	letGo    func() // of the fence; may be nil
	once     sync.Once
	gone     chan struct{}
}

func (p *localProcess) Remote() pb.ExporterClient { return pb.NewExporterClient(p.conn) }
func (p *localProcess) Pressed() string           { return "" }
func (p *localProcess) Left() []string            { return nil }
func (p *localProcess) Abandon()                  { p.Kill() }
func (p *localProcess) Close()                    { p.Kill() }

func (p *localProcess) Output() string {
	p.exporter.mu.Lock()
	defer p.exporter.mu.Unlock()
	return p.exporter.printed
}

func (p *localProcess) Shutdown(time.Duration) bool {
	p.Kill()
	return true
}

// Kill ends the server. A process that is killed does not go on working: calls
// are waited for, but for those that never end.
func (p *localProcess) Kill() {
	p.once.Do(func() {
		stopped := make(chan struct{})
		go func() {
			p.server.Stop()
			close(stopped)
		}()
		select {
		case <-stopped:
		case <-time.After(time.Second):
		}
		_ = p.conn.Close()
		if p.letGo != nil {
			p.letGo()
		}
		close(p.gone)
	})
}

func (p *localProcess) Exited(within time.Duration) (string, bool) {
	select {
	case <-p.gone:
		return "exit status 0", true
	case <-time.After(within):
		return "", false
	}
}
