package sdk

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	plugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// Serve serves e to the firstcall that started this process, and returns when
// firstcall is done. Started by hand, the process says what it is and exits with
// status 1. When firstcall dies, the process exits at once. Call it from main
// and do nothing after it.
//
// Descriptor 3 is a locked file that firstcall passes on. It tells a later run
// that this process, or one that it started, may still be writing: leave it
// open.
func Serve(e Exporter) { serve(newServer(e)) }

func serve(s *server, err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "exporter:", err)
		os.Exit(1)
	}
	if os.Getenv(pb.HandshakeKey) != pb.HandshakeValue {
		fmt.Fprintf(os.Stderr, "%s is an exporter of firstcall: %s.\nfirstcall starts it by itself: firstcall export --to %s\n",
			s.info.Name, s.info.Summary, s.info.Name)
		os.Exit(1)
	}
	ServeServer(s.info.Name, s, func() {})
	// The host has said goodbye: calls that still run were canceled.
	s.drain(time.Second)
	if err := s.close(); err != nil {
		fmt.Fprintln(os.Stderr, "exporter:", err)
		os.Exit(1)
	}
}

// ServeServer serves an implementation of the protocol itself, for an exporter
// that is none of the sorts [Serve] takes. name is for messages. It returns when
// firstcall is done; when firstcall dies it calls abandoned, which has a second
// to let go of what it holds, and exits. The caller makes sure that firstcall
// started the process.
func ServeServer(name string, s pb.ExporterServer, abandoned func()) {
	go exitWithHost(os.Stdin, abandoned)
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: plugin.HandshakeConfig{
			ProtocolVersion: pb.ProtocolMajor, MagicCookieKey: pb.HandshakeKey, MagicCookieValue: pb.HandshakeValue,
		},
		Plugins:    plugin.PluginSet{pb.PluginName: &served{exporter: s}},
		GRPCServer: grpcServer(os.Stderr),
		Logger:     hclog.New(&hclog.LoggerOptions{Name: name, Level: hclog.Error, Output: os.Stderr}),
	})
}

// exitWithHost ends the process when standard input ends: the host is dead, or
// has lost its patience. Whatever a destination was told by then is in doubt,
// and the next run looks it up.
func exitWithHost(stdin io.Reader, abandoned func()) {
	_, _ = io.Copy(io.Discard, stdin)
	removeSockets(os.Getenv(plugin.EnvUnixSocketDir))
	time.AfterFunc(time.Second, func() { os.Exit(1) })
	abandoned()
	os.Exit(1)
}

// removeSockets removes the folder that a dead host cannot remove any more,
// unless there is something else in it.
func removeSockets(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if e.Type() == os.ModeSocket {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
	_ = os.Remove(dir)
}

// grpcServer raises the largest message, and sends what the exporter prints to
// stderr: go-plugin leads both streams through a call of its own, in which the
// last words of a dying process are lost.
func grpcServer(stderr *os.File) func([]grpc.ServerOption) *grpc.Server {
	var once sync.Once
	lead := func() { once.Do(func() { os.Stdout, os.Stderr = stderr, stderr }) }
	return func(opts []grpc.ServerOption) *grpc.Server {
		return grpc.NewServer(append(opts,
			grpc.MaxRecvMsgSize(pb.MaxMessageBytes), grpc.MaxSendMsgSize(pb.MaxMessageBytes),
			grpc.UnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
				lead()
				return next(ctx, req)
			}),
		)...)
	}
}

// served hands the server to go-plugin.
type served struct {
	plugin.NetRPCUnsupportedPlugin
	exporter pb.ExporterServer
}

// GRPCServer implements plugin.GRPCPlugin.
func (s *served) GRPCServer(_ *plugin.GRPCBroker, to *grpc.Server) error {
	pb.RegisterExporterServer(to, s.exporter)
	return nil
}

// GRPCClient implements plugin.GRPCPlugin; the client's side is the host's.
func (s *served) GRPCClient(context.Context, *plugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, fmt.Errorf("an exporter serves and does not call")
}
