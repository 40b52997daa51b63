package conformance

import (
	"context"
	"time"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/host"
)

// process is a started exporter: a [*host.Bare], or in tests a server that only
// looks like a process, since starting one takes long.
type process interface {
	Remote() pb.ExporterClient
	Output() string
	Exited(within time.Duration) (how string, gone bool)
	Pressed() string
	Kill()
	Abandon()
	Shutdown(within time.Duration) (gone bool)
	Left() []string
	Close()
}

// launcher starts exporters.
type launcher interface {
	start(ctx context.Context, cmd host.Command, opts host.Options) (process, error)
	byHand(ctx context.Context, cmd host.Command, within time.Duration) (printed string, exit int, err error)
}

// system starts processes of the system.
type system struct{}

func (system) start(ctx context.Context, cmd host.Command, opts host.Options) (process, error) {
	p, err := host.Start(ctx, cmd, opts)
	if err != nil {
		return nil, err // and not a nil pointer in an interface
	}
	return p, nil
}

func (system) byHand(ctx context.Context, cmd host.Command, within time.Duration) (string, int, error) {
	return host.ByHand(ctx, cmd, within)
}
