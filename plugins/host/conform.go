package host

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	plugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// Bare is an exporter that was started as [Launch] does it and is called by
// hand from then on. It is for package conformance, which has to send what a
// host never would and to see what a host hides: nothing that comes from the
// exporter is checked or redacted. Its methods are for one goroutine.
type Bare struct {
	p    *Plugin
	conn *plugin.GRPCClient
}

// Start starts an exporter and connects to it; it makes no call. The error is a
// [*PluginError] of StageStart, or that of ctx, and nothing is left running
// then. Without an error, call Close. When ctx ends, the process is killed.
func Start(ctx context.Context, cmd Command, opts Options) (*Bare, error) {
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
	return &Bare{p: p, conn: p.conn}, nil
}

// Remote is the exporter's service.
func (b *Bare) Remote() pb.ExporterClient { return b.p.remote }

// Output is the end of what the exporter has printed, standard output and
// standard error mixed, without the handshake. It is complete once the process
// has ended.
func (b *Bare) Output() string { return b.p.proc.lastWords() }

// Exited reports whether the process is gone by then, and how it ended.
func (b *Bare) Exited(within time.Duration) (how string, gone bool) {
	if !b.p.proc.exitedWithin(within) {
		return "", false
	}
	return b.p.proc.exit(), true
}

// Pressed says why the host ended the process by itself, which it does to one
// that takes too much memory; empty when it did not.
func (b *Bare) Pressed() string {
	if b.p.proc.reason() == errMemory {
		return b.p.memoryFault().Error()
	}
	return ""
}

// Kill ends the process at once, as a crash would.
func (b *Bare) Kill() {
	b.p.proc.kill()
	b.p.proc.exitedWithin(killedGrace)
}

// Abandon does to the exporter what the death of its host does: connection and
// standard input end, and nobody says goodbye.
func (b *Bare) Abandon() {
	_ = b.conn.Conn.Close()
	_ = b.p.proc.stdin.Close()
}

// Shutdown ends the exporter in good order: by the call Shutdown where the
// exporter knows it, else by the end of standard input. It reports whether the
// process is gone by then.
func (b *Bare) Shutdown(within time.Duration) (gone bool) {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	err := shutdown(ctx, b.conn)
	if status.Code(err) == codes.Unimplemented {
		b.Abandon()
	}
	return b.p.proc.exitedWithin(within)
}

// Left names what lies in the folder that the exporter was given for its
// socket.
func (b *Bare) Left() []string {
	entries, _ := os.ReadDir(b.p.proc.socketDir)
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}

// Close kills the process, if it is there still, and removes its folder.
func (b *Bare) Close() {
	b.Kill()
	b.p.Close()
}

// ByHand starts a program as a user would who does not know what it is: without
// the variables of the handshake, with nothing to read. It returns what the
// program printed and its exit status, and an error when it could not be
// started or had to be killed after the time given.
func ByHand(ctx context.Context, cmd Command, within time.Duration) (printed string, exit int, err error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	output := &ring{}
	c := exec.CommandContext(ctx, cmd.Path, cmd.Args...)
	c.Env = append(inherited(os.Environ()), cmd.Env...)
	c.Stdout, c.Stderr = output, output
	c.WaitDelay = killedGrace
	c.SysProcAttr = ownGroup()
	c.Cancel = func() error { killGroup(c.Process); return nil }
	err = c.Run()
	printed = strings.TrimSpace(output.String())
	switch {
	case ctx.Err() != nil:
		return printed, 0, fmt.Errorf("still running after %s", within)
	case c.ProcessState == nil:
		return printed, 0, err
	}
	killGroup(c.Process)
	return printed, c.ProcessState.ExitCode(), nil
}

// CheckInfo reports what is wrong with the answer of Describe, as [Launch] would.
// name is what the exporter must call itself; empty: anything.
func CheckInfo(info *pb.DescribeResponse, name string) error {
	p := &Plugin{name: name, redact: &redactor{}}
	return p.checkInfo(info)
}

// CheckCapabilities reports what is wrong with capabilities, as Configure would.
func CheckCapabilities(caps *pb.Capabilities) error { return checkCapabilities(caps) }
