package bridge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// fenceDescriptor is where a script finds the lock file that firstcall passes
// on. As long as any process holds it, a later run knows that somebody may still
// be writing.
const fenceDescriptor = 3

// script is a running script. What it writes is read all the time, so that a
// line that nobody asked for is noticed.
type script struct {
	cmd   *exec.Cmd
	fence *os.File // kept open, and kept from being collected

	writing sync.Mutex
	stdin   *os.File

	exited chan struct{} // closed once waited for
	broken chan struct{} // closed once fault is set

	mu      sync.Mutex
	fault   error // why nothing can be asked any more
	current *call // that waits for lines; nil between calls
}

// start starts a script.
func start(program string, args []string) (*script, error) {
	path, err := find(program)
	if err != nil {
		return nil, &StartError{program, err}
	}
	s := &script{cmd: exec.Command(path, args...), exited: make(chan struct{}), broken: make(chan struct{})}
	s.cmd.Env = environ(os.Environ())
	s.cmd.Stderr = os.Stderr
	if s.fence = fence(os.Getenv(pb.FenceKey)); s.fence != nil {
		s.cmd.ExtraFiles = []*os.File{s.fence}
		s.cmd.Env = append(s.cmd.Env, fmt.Sprintf("%s=%d", pb.FenceKey, fenceDescriptor))
	}
	in, stdin, err := os.Pipe()
	if err != nil {
		return nil, &StartError{program, err}
	}
	stdout, out, err := os.Pipe()
	if err != nil {
		_, _ = in.Close(), stdin.Close()
		return nil, &StartError{program, err}
	}
	s.cmd.Stdin, s.cmd.Stdout, s.stdin = in, out, stdin
	err = s.cmd.Start()
	_, _ = in.Close(), out.Close() // the script has its own
	if err != nil {
		_, _ = stdin.Close(), stdout.Close()
		return nil, &StartError{program, err}
	}
	go func() {
		_ = s.cmd.Wait()
		close(s.exited)
	}()
	go s.listen(stdout)
	return s, nil
}

// find looks a program up in Path, unless it is given by its path. What the
// environment says of a path is not for a script to be chosen by.
func find(program string) (string, error) {
	if filepath.Base(program) != program {
		return exec.LookPath(program)
	}
	for _, dir := range filepath.SplitList(Path) {
		if path, err := exec.LookPath(filepath.Join(dir, program)); err == nil {
			return path, nil
		}
	}
	return "", exec.ErrNotFound
}

// environ makes the environment of a script of the bridge's: without what is
// meant for the bridge, and with Path.
func environ(own []string) []string {
	var out []string
	for _, entry := range own {
		name, _, _ := strings.Cut(entry, "=")
		switch {
		case name == pb.HandshakeKey, name == pb.FenceKey, strings.HasPrefix(name, "PLUGIN_"), strings.EqualFold(name, "PATH"):
		default:
			out = append(out, entry)
		}
	}
	return append(out, "PATH="+Path)
}

// fence is the open file that value names; nil when there is none.
func fence(value string) *os.File {
	n, err := strconv.ParseUint(value, 10, 31)
	if err != nil {
		return nil
	}
	f := os.NewFile(uintptr(n), "fence")
	if f == nil {
		return nil
	}
	if _, err := f.Stat(); err != nil {
		return nil
	}
	return f
}

// listen reads the script's lines until there are no more, and hands each to
// the call that waits for one.
func (s *script) listen(out io.Reader) {
	lines := newReader(out)
	for {
		m, err := lines.next()
		var line *LineError
		switch {
		case errors.As(err, &line):
			s.fail(line)
			return
		case err != nil:
			s.closed()
			return
		}
		if !s.deliver(m) {
			return
		}
	}
}

// deliver hands a message to the call that waits, and reports whether more can
// be taken.
func (s *script) deliver(m *message) bool {
	s.mu.Lock()
	c := s.current
	s.mu.Unlock()
	if c != nil {
		select {
		case c.messages <- m:
			return true
		case <-c.over:
		case <-s.broken:
			return false
		}
	}
	s.fail(&LineError{m.line, fmt.Sprintf("%s comes unasked", m.kind()), "answer each message once, and write nothing between two of them"})
	return false
}

// closed is what is done when the script writes nothing any more: it has ended,
// or closed its standard output.
func (s *script) closed() {
	how := "closed its standard output"
	select {
	case <-s.exited:
		how = s.ending()
	case <-time.After(linger):
	}
	s.fail(&EndedError{How: how})
}

// ending says how the script ended, once it has.
func (s *script) ending() string { return "ended (" + s.cmd.ProcessState.String() + ")" }

// fail ends the script at once. The first fault stands.
func (s *script) fail(fault error) {
	if s.setFault(fault) {
		s.kill()
	}
}

// setFault notes why nothing can be asked any more; false when that was known.
func (s *script) setFault(fault error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault != nil {
		return false
	}
	s.fault = fault
	close(s.broken)
	return true
}

// write writes a line to the script.
func (s *script) write(line []byte) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	_, err := s.stdin.Write(ended(line))
	return err
}

// writeLater is write that does not wait, which a script may let it do. What is
// written after it comes after it.
func (s *script) writeLater(line []byte) {
	s.writing.Lock()
	go func() {
		defer s.writing.Unlock()
		// A script that has ended is noticed when its answer does not come.
		_, _ = s.stdin.Write(ended(line))
	}()
}

// kill ends the script's process.
func (s *script) kill() { _ = s.cmd.Process.Kill() }

// stop ends the script: its standard input ends, and when it has not ended by
// itself within grace, it is killed. It returns when the script is gone.
func (s *script) stop(grace time.Duration) {
	s.setFault(&EndedError{How: "was ended"})
	_ = s.stdin.Close()
	select {
	case <-s.exited:
		return
	case <-time.After(grace):
	}
	s.kill()
	select {
	case <-s.exited:
	case <-time.After(grace):
	}
}

// call is something that the script is asked, until it has answered. There is
// one at a time.
type call struct {
	script   *script
	name     string
	messages chan *message
	over     chan struct{}
}

// begin begins a call: from now on the script may write. End it.
func (s *script) begin(name string) (*call, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault != nil {
		return nil, during(s.fault, name)
	}
	s.current = &call{script: s, name: name, messages: make(chan *message), over: make(chan struct{})}
	return s.current, nil
}

func (c *call) end() {
	c.script.mu.Lock()
	defer c.script.mu.Unlock()
	c.script.current = nil
	close(c.over)
}

// next waits for the next message of the script.
func (c *call) next(ctx context.Context) (*message, error) {
	select {
	case m := <-c.messages:
		return m, nil
	case <-c.script.broken:
		return nil, during(c.script.fault, c.name)
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-c.script.exited:
	}
	// What it said last may still be on its way.
	select {
	case m := <-c.messages:
		return m, nil
	case <-c.script.broken:
		return nil, during(c.script.fault, c.name)
	case <-time.After(linger):
		return nil, &EndedError{How: c.script.ending(), During: c.name}
	}
}

// windUp waits for the end of an answer that nobody wants any more, which last
// knows. A script that is not done within cancelGrace is ended.
func (c *call) windUp(last func(*message) bool) {
	ctx, stop := context.WithTimeout(context.Background(), cancelGrace)
	defer stop()
	for {
		m, err := c.next(ctx)
		if err != nil {
			c.script.fail(&EndedError{How: "did not stop when it was told to"})
			return
		}
		if m.Error != nil || last(m) {
			return
		}
	}
}

// unexpected is the fault of a message that is no answer to what was asked.
func (c *call) unexpected(m *message, wanted string) error {
	return &LineError{m.line, fmt.Sprintf("%s is no answer to %s", m.kind(), c.name), "the answer is " + wanted}
}

// during adds what was wanted of the script when it was found to have ended.
func during(fault error, name string) error {
	var ended *EndedError
	if errors.As(fault, &ended) {
		return &EndedError{How: ended.How, During: name}
	}
	return fault
}
