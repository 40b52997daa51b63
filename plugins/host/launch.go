// Package host runs exporters: it starts one as a process of its own, learns
// what it is, configures it, hands it records, collects what it makes, and
// stops it. It checks everything an exporter says against the protocol, keeps
// secrets out of every text, and bounds the time of every call, so that the
// worst an exporter can do is fail.
//
// Where the files of an exporter go is decided in package artifact; how
// exporters are found and trusted is decided by the caller.
package host

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	plugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/journal"
)

// Command is how an exporter is started.
type Command struct {
	Name string   // what the exporter must call itself
	Path string   // the program
	Args []string // its arguments, without the program; never a secret
	Env  []string // NAME=value, besides what every exporter is given; never a secret
	// Fence is handed on to the exporter, so that a later run knows as long as
	// it lives; nil: none.
	Fence *journal.Fence
}

// Options tune how an exporter is run. The zero value is what firstcall uses.
type Options struct {
	HostVersion string            // told to the exporter, and checked against the versions it works with
	TempDir     string            // parent of private temporary files; empty: os.TempDir
	Progress    func(line string) // told what the exporter is busy with; may be nil

	StartTimeout     time.Duration // from start to connection; 0: 10 s
	DescribeTimeout  time.Duration // 0: 5 s
	ConfigureTimeout time.Duration // 0: 60 s
	StallTimeout     time.Duration // longest silence while there is work; 0: 5 min
	CloseTimeout     time.Duration // for a graceful end; 0: 1.5 s
	RetryBase        time.Duration // first pause before a record is sent again; 0: 1 s

	// MemoryLimit is how many bytes of memory the exporter may hold, where the
	// system tells (Linux); 0: 2 GiB.
	MemoryLimit int64

	tcp bool // for tests, where the transport would be a socket
}

func (o Options) withDefaults() Options {
	set := func(d *time.Duration, value time.Duration) {
		if *d == 0 {
			*d = value
		}
	}
	set(&o.StartTimeout, 10*time.Second)
	set(&o.DescribeTimeout, 5*time.Second)
	set(&o.ConfigureTimeout, time.Minute)
	set(&o.StallTimeout, 5*time.Minute)
	set(&o.CloseTimeout, 1500*time.Millisecond)
	set(&o.RetryBase, time.Second)
	if o.MemoryLimit == 0 {
		o.MemoryLimit = 2 << 30
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if o.TempDir == "" {
		o.TempDir = os.TempDir()
	}
	return o
}

const (
	// canceledGrace is how long an exporter has to stop by itself once the
	// user has had enough.
	canceledGrace = 500 * time.Millisecond
	// killedGrace is how long the end of a killed process is waited for.
	killedGrace = time.Second
)

// Plugin is a running exporter. Its methods are for one goroutine, but for
// Close, which may be called at any time and as often as one likes.
type Plugin struct {
	name   string
	opts   Options
	proc   *process
	client *plugin.Client
	remote pb.ExporterClient
	conn   *plugin.GRPCClient // nil until there is one

	ctx       context.Context // of Launch: its end is the end of the process
	unwatch   func() bool
	closeOnce sync.Once

	info       *pb.DescribeResponse
	caps       *pb.Capabilities // of Configure's answer, or of info
	configured bool
	redact     *redactor
}

// Launch starts an exporter and asks it to describe itself. When ctx ends, the
// process is stopped. The error is a [*PluginError], or that of ctx; nothing is
// left running or lying about then. Without an error, call Close.
func Launch(ctx context.Context, cmd Command, opts Options) (*Plugin, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	opts = opts.withDefaults()
	p := &Plugin{name: cmd.Name, opts: opts, ctx: ctx, redact: &redactor{}}
	p.proc = newProcess(cmd)
	p.unwatch = context.AfterFunc(ctx, p.proc.kill)
	if err := p.start(); err != nil {
		p.Close()
		return nil, err
	}
	if err := p.describe(); err != nil {
		p.Close()
		return nil, err
	}
	// From here on a call may be under way when ctx ends: it is canceled with
	// it, and gets a moment to stop in good order.
	if !p.unwatch() {
		p.Close()
		return nil, ctx.Err()
	}
	p.unwatch = context.AfterFunc(ctx, func() { p.proc.killAfter(canceledGrace) })
	return p, nil
}

// start brings the process up to the point where it can be called.
func (p *Plugin) start() error {
	p.proc.tcp, p.proc.memoryLimit = p.opts.usesTCP(), p.opts.MemoryLimit
	p.client = plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: plugin.HandshakeConfig{
			ProtocolVersion: pb.ProtocolMajor, MagicCookieKey: pb.HandshakeKey, MagicCookieValue: pb.HandshakeValue,
		},
		Plugins:          plugin.PluginSet{pb.PluginName: stub{}},
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		RunnerFunc:       p.proc.adopt,
		UnixSocketConfig: &plugin.UnixSocketConfig{TempDir: socketParent(p.opts.TempDir)},
		SkipHostEnv:      true,
		AutoMTLS:         p.proc.tcp,
		SyncStdout:       p.proc.output, SyncStderr: p.proc.output,
		Logger: hclog.NewNullLogger(),
		// The timer below has the say, since it covers the connection as well.
		StartTimeout:    p.opts.StartTimeout + time.Second,
		GRPCDialOptions: dialOptions(),
	})
	late := time.AfterFunc(p.opts.StartTimeout, func() { p.proc.killFor(errLate) })
	defer late.Stop()
	conn, err := p.client.Client()
	if err != nil {
		return p.fail(StageStart, p.startFault(err))
	}
	raw, err := conn.Dispense(pb.PluginName)
	if err != nil {
		return p.fail(StageStart, p.startFault(err))
	}
	p.remote = raw.(pb.ExporterClient)
	p.conn, _ = conn.(*plugin.GRPCClient)
	return nil
}

func dialOptions() []grpc.DialOption {
	return []grpc.DialOption{
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(pb.MaxMessageBytes), grpc.MaxCallSendMsgSize(pb.MaxMessageBytes)),
	}
}

// Info is what the exporter says about itself. Do not change it.
func (p *Plugin) Info() *pb.DescribeResponse { return p.info }

// Close ends the exporter: politely, then not. It returns within 3 s, when
// neither the process nor its socket is there any more.
func (p *Plugin) Close() {
	p.closeOnce.Do(func() {
		p.unwatch()
		grace := p.opts.CloseTimeout
		if p.ctx.Err() != nil {
			grace = canceledGrace
		}
		p.proc.killAfter(grace)
		done := make(chan struct{})
		go func() {
			defer close(done)
			if p.client != nil {
				p.sayGoodbye()
				p.client.Kill()
			}
		}()
		select {
		case <-done:
		case <-time.After(grace + killedGrace):
		}
		p.proc.cleanUp()
	})
}

// sayGoodbye ends the standard input of an exporter that does not know the call
// Shutdown, which tells it the same. One that does is told by go-plugin, and may
// take its time to close what it holds.
func (p *Plugin) sayGoodbye() {
	if p.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), p.opts.CloseTimeout)
	defer cancel()
	if err := shutdown(ctx, p.conn); status.Code(err) == codes.Unimplemented {
		_ = p.proc.stdin.Close()
	}
}

// shutdown makes go-plugin's call of that name.
func shutdown(ctx context.Context, conn *plugin.GRPCClient) error {
	return conn.Conn.Invoke(ctx, "/plugin.GRPCController/Shutdown", &emptypb.Empty{}, &emptypb.Empty{})
}

// stub is the client's side of the exporter for go-plugin.
type stub struct{ plugin.NetRPCUnsupportedPlugin }

// GRPCServer implements plugin.GRPCPlugin; the server's side is the exporter's.
func (stub) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error {
	return errors.New("a host calls and does not serve")
}

// GRPCClient implements plugin.GRPCPlugin.
func (stub) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return pb.NewExporterClient(conn), nil
}
