package host

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin/runner"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/journal"
)

// process is the exporter's process. It stands in for go-plugin's own, which
// would give the exporter our standard input, take whatever is printed first
// for the handshake, and wait without end for pipes that a grandchild holds.
type process struct {
	cmd    *exec.Cmd
	env    []string
	output *ring     // what the exporter prints, but for the handshake
	stdin  io.Closer // ends with this process, which tells the exporter to end too

	fence *journal.Fence

	memoryLimit int64 // bytes; 0: none

	handshake *io.PipeReader
	filter    *handshakeFilter
	tcp       bool // the transport is a port, not a socket
	socketDir string
	startErr  error         // what is known to have gone wrong at the start
	started   chan struct{} // closed once started
	exited    chan struct{} // closed once waited for

	mu    sync.Mutex
	why   error // of the first kill
	timer *time.Timer
}

func newProcess(cmd Command) *process {
	return &process{
		cmd: exec.Command(cmd.Path, cmd.Args...), env: cmd.Env, output: &ring{}, fence: cmd.Fence,
		started: make(chan struct{}), exited: make(chan struct{}),
	}
}

// adopt is go-plugin's way to ask for a process. spec carries the variables of
// the handshake, dir is the folder made for the socket.
func (p *process) adopt(_ hclog.Logger, spec *exec.Cmd, dir string) (runner.Runner, error) {
	p.socketDir = dir
	p.cmd.Env = append(append(inherited(os.Environ()), p.env...), spec.Env...)
	p.cmd.Stderr = p.output
	read, write := io.Pipe()
	p.handshake = read
	p.filter = &handshakeFilter{handshake: write, rest: p.output}
	p.cmd.Stdout = p.filter
	// Once the process is gone, whatever it started may hold the pipes open.
	p.cmd.WaitDelay = killedGrace / 4
	p.cmd.SysProcAttr = ownGroup()
	if p.fence != nil {
		p.cmd.Env = append(p.cmd.Env, pb.FenceKey+"="+passOn(p.cmd, p.fence.File()))
	}
	stdin, err := p.cmd.StdinPipe()
	p.stdin = stdin
	return p, err
}

// Start implements runner.Runner.
func (p *process) Start(context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.why != nil {
		p.startErr = p.why
		return p.why
	}
	if err := p.cmd.Start(); err != nil {
		p.startErr = err
		return err
	}
	close(p.started)
	go func() {
		_ = p.cmd.Wait()
		killGroup(p.cmd.Process)
		_ = p.filter.Close()
		close(p.exited)
	}()
	if p.memoryLimit > 0 {
		go p.watchMemory()
	}
	return nil
}

// memoryInterval is how often the memory of a process is looked at: often
// enough that one cannot fill a machine in between.
const memoryInterval = 50 * time.Millisecond

// watchMemory ends a process that holds too much memory, before it takes the
// machine with it.
func (p *process) watchMemory() {
	tick := time.NewTicker(memoryInterval)
	defer tick.Stop()
	for {
		select {
		case <-p.exited:
			return
		case <-tick.C:
		}
		held, known := residentBytes(p.cmd.Process.Pid)
		switch {
		case !known:
			return
		case held > p.memoryLimit:
			p.killFor(errMemory)
			return
		}
	}
}

// handshakeFault is what is wrong with the line that the process said where it
// listens with; nil when nothing is, or none came.
func (p *process) handshakeFault() error {
	if p.filter == nil {
		return nil
	}
	p.filter.mu.Lock()
	defer p.filter.mu.Unlock()
	return p.filter.fault
}

// kill ends the process and what it started.
func (p *process) kill() { p.killFor(context.Canceled) }

// killFor is kill that remembers the reason, if it is the first.
func (p *process) killFor(why error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.why == nil {
		p.why = why
	}
	if p.running() {
		killGroup(p.cmd.Process)
	}
}

// killAfter is kill in a while; an earlier moment set before stands.
func (p *process) killAfter(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer == nil {
		p.timer = time.AfterFunc(d, p.kill)
	}
}

func (p *process) running() bool {
	select {
	case <-p.started:
	default:
		return false
	}
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

func (p *process) reason() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.why
}

// exitedWithin reports whether the process was started and is gone by then.
func (p *process) exitedWithin(d time.Duration) bool {
	select {
	case <-p.started:
	default:
		return false
	}
	select {
	case <-p.exited:
		return true
	case <-time.After(d):
		return false
	}
}

// exit says how the process ended, once it has.
func (p *process) exit() string {
	state := p.cmd.ProcessState
	if state == nil {
		return "reason unknown"
	}
	return state.String()
}

// lastWords is what the process has printed. While it lives, something may be
// on its way: it is waited for as long as more keeps coming, within limits.
func (p *process) lastWords() string {
	for range 10 {
		before := p.output.written()
		if !p.running() || p.exitedWithin(10*time.Millisecond) || p.output.written() == before {
			break
		}
	}
	return p.output.String()
}

// cleanUp removes what go-plugin may have left.
func (p *process) cleanUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer != nil {
		p.timer.Stop()
	}
	if p.stdin != nil {
		_ = p.stdin.Close()
	}
	if p.socketDir != "" {
		_ = os.RemoveAll(p.socketDir)
	}
}

// Wait implements runner.AttachedRunner.
func (p *process) Wait(context.Context) error {
	<-p.exited
	if state := p.cmd.ProcessState; state != nil && !state.Success() {
		return &exec.ExitError{ProcessState: state}
	}
	return nil
}

// Kill implements runner.AttachedRunner.
func (p *process) Kill(context.Context) error {
	p.kill()
	return nil
}

// ID implements runner.AttachedRunner; empty means that there is nothing to kill.
func (p *process) ID() string {
	select {
	case <-p.started:
		return strconv.Itoa(p.cmd.Process.Pid)
	default:
		return ""
	}
}

// Stdout implements runner.Runner: it carries the handshake and nothing else.
func (p *process) Stdout() io.ReadCloser { return p.handshake }

// Stderr implements runner.Runner: the ring has it already.
func (p *process) Stderr() io.ReadCloser { return io.NopCloser(bytes.NewReader(nil)) }

// Name implements runner.Runner.
func (p *process) Name() string { return p.cmd.Path }

// Diagnose implements runner.Runner; what there is to say is said in startFault.
func (p *process) Diagnose(context.Context) string { return "" }

// PluginToHost implements runner.AddrTranslator. The exporter must listen where
// it was told to, since only that place is private.
func (p *process) PluginToHost(network, address string) (string, string, error) {
	p.startErr = p.checkAddress(network, address)
	return network, address, p.startErr
}

// HostToPlugin implements runner.AddrTranslator.
func (p *process) HostToPlugin(network, address string) (string, string, error) {
	return network, address, nil
}

// handshakeFilter passes the first line that looks like a handshake to
// go-plugin and everything else on standard output to rest, so that a stray
// print does no harm.
type handshakeFilter struct {
	handshake *io.PipeWriter
	rest      io.Writer

	mu    sync.Mutex
	line  []byte // the beginning of a line that may become the handshake
	done  bool
	fault error // of the handshake
}

// isHandshake reports whether a line begins like go-plugin's handshake: two
// version numbers and the kind of address.
func isHandshake(line []byte) bool {
	parts := bytes.SplitN(line, []byte("|"), 4)
	number := func(b []byte) bool {
		return len(b) > 0 && !bytes.ContainsFunc(b, func(c rune) bool { return c < '0' || c > '9' })
	}
	return len(parts) == 4 && number(parts[0]) && number(parts[1]) && (string(parts[2]) == "unix" || string(parts[2]) == "tcp")
}

// maxHandshake bounds a line: go-plugin reads no longer one, and a certificate
// is far shorter.
const maxHandshake = 32 << 10

// Write implements io.Writer and never fails.
func (h *handshakeFilter) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := len(b)
	for !h.done && len(b) > 0 {
		end := bytes.IndexByte(b, '\n') + 1
		if end == 0 {
			end = len(b)
		}
		h.line, b = append(h.line, b[:end]...), b[end:]
		switch whole := h.line[len(h.line)-1] == '\n'; {
		case whole && isHandshake(h.line):
			h.done = true
			if h.fault = checkHandshake(h.line); h.fault != nil {
				_ = h.handshake.CloseWithError(h.fault)
				break
			}
			_, _ = h.handshake.Write(h.line)
		case whole || len(h.line) > maxHandshake:
			_, _ = h.rest.Write(h.line)
			h.line = h.line[:0]
		}
	}
	_, _ = h.rest.Write(b)
	return n, nil
}

// Close ends the handshake and hands over what was held back.
func (h *handshakeFilter) Close() error {
	err := h.handshake.Close() // first: a Write may be waiting for its reader
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.done {
		_, _ = h.rest.Write(h.line)
		h.done = true
	}
	return err
}
