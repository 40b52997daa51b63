package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
	"unicode"
)

// oldestMajor and oldestMinor are the oldest git whose rev-parse knows --end-of-options.
const oldestMajor, oldestMinor = 2, 30

// git is the program, to be run at the top of one work tree.
type git struct {
	path string // absolute
	top  string
}

// findGit looks git up and asks for its version.
func findGit(ctx context.Context) (git, error) {
	path, err := exec.LookPath("git")
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return git{}, errors.New("git is not installed, or not on the path")
	}
	g := git{path: path, top: os.TempDir()}
	out, err := g.output(ctx, "version")
	if err != nil {
		return git{}, fmt.Errorf("git does not run: %w", err)
	}
	var major, minor int
	if _, err := fmt.Sscanf(string(out), "git version %d.%d", &major, &minor); err != nil {
		return git{}, fmt.Errorf("git does not say its version but %q", oneLine(string(out), 80))
	}
	if major < oldestMajor || major == oldestMajor && minor < oldestMinor {
		return git{}, fmt.Errorf("git %d.%d is too old; %d.%d or later is needed", major, minor, oldestMajor, oldestMinor)
	}
	return g, nil
}

// in gives the program for the work tree at top.
func (g git) in(top string) git { return git{path: g.path, top: top} }

// command prepares git with nothing in its surroundings that could make it run
// another program, reach for the network, write, or find another repository.
func (g git) command(ctx context.Context, args ...string) *exec.Cmd {
	fixed := []string{
		"--no-pager", "--no-optional-locks", "--literal-pathspecs",
		"-c", "core.quotepath=off", "-c", "core.fsmonitor=false", "-c", "log.showSignature=false",
		"-c", "protocol.allow=never",
	}
	cmd := exec.CommandContext(ctx, g.path, append(fixed, args...)...)
	cmd.Dir = g.top
	cmd.Env = environment(os.Environ(), g.top)
	cmd.WaitDelay = time.Second
	return cmd
}

// keptVariables are those of git's that say where git and the user's own
// settings are; among these may be which directories are safe. Everything else
// named GIT_ speaks of a repository, such as that of a hook we are run from.
var keptVariables = []string{
	"GIT_EXEC_PATH", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_COUNT",
}

// environment gives the variables for git at top, made from those of our own.
func environment(own []string, top string) []string {
	var env []string
	for _, v := range own {
		name, _, _ := strings.Cut(v, "=")
		upper := strings.ToUpper(name) // Windows does not tell the cases apart
		if strings.HasPrefix(upper, "GIT_") && !kept(upper) {
			continue
		}
		env = append(env, v)
	}
	return append(env,
		"LC_ALL=C", "LANGUAGE=C", "GIT_PAGER=cat", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0",
		// Older versions don't know the first; no protocol is allowed in any.
		"GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none",
		"GIT_CEILING_DIRECTORIES="+filepath.Dir(top),
		"GIT_FLUSH=0", // rev-list would else write each commit on its own
	)
}

func kept(variable string) bool {
	for _, k := range keptVariables {
		if variable == k {
			return true
		}
	}
	return strings.HasPrefix(variable, "GIT_CONFIG_KEY_") || strings.HasPrefix(variable, "GIT_CONFIG_VALUE_")
}

// output runs git to its end. The error holds what git said, on one line.
func (g git) output(ctx context.Context, args ...string) ([]byte, error) {
	cmd := g.command(ctx, args...)
	said := &head{}
	cmd.Stderr = said
	out, err := cmd.Output()
	if err != nil {
		return nil, complaint(err, said)
	}
	return out, nil
}

// exitCode gives the code that git ended with, or -1.
func exitCode(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return -1
}

// gitError is how git ended together with what it said.
type gitError struct {
	said string
	err  error
}

func (e *gitError) Error() string {
	if e.said == "" {
		return e.err.Error()
	}
	return e.said
}

func (e *gitError) Unwrap() error { return e.err }

func complaint(err error, said *head) error {
	return &gitError{oneLine(said.String(), 300), err}
}

// head keeps the beginning of what is written to it.
type head struct{ bytes.Buffer }

func (h *head) Write(p []byte) (int, error) {
	if room := 4096 - h.Len(); room > 0 {
		h.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// oneLine gives text as at most limit characters of one line, without control
// and formatting characters and in valid UTF-8.
func oneLine(text string, limit int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return text
}

// process is a git that runs beside us: we ask at its input and read at its
// output.
type process struct {
	cmd   *exec.Cmd
	stop  context.CancelFunc
	in    io.WriteCloser // nil when it is not asked
	out   io.ReadCloser
	said  *head
	ended error
	over  bool
}

// start runs git beside us; asked says that it has an input.
func (g git) start(ctx context.Context, asked bool, args ...string) (*process, error) {
	ctx, stop := context.WithCancel(ctx)
	p := &process{cmd: g.command(ctx, args...), stop: stop, said: &head{}}
	p.cmd.Stderr = p.said
	var err error
	if asked {
		p.in, err = p.cmd.StdinPipe()
	}
	if err == nil {
		p.out, err = p.cmd.StdoutPipe()
	}
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		stop()
		return nil, err
	}
	return p, nil
}

// end stops the process, if it still runs, and waits for it.
func (p *process) end() {
	if p.over {
		return
	}
	p.over = true
	p.stop()
	p.ended = p.cmd.Wait()
}

// fault says why the process gave no more output, after a read ended with err.
// It gives nil when the process came to a good end.
func (p *process) fault(err error) error {
	if !p.over && errors.Is(err, io.EOF) {
		// It closed its output, so that it is about to end by itself; let it
		// say how.
		p.over = true
		p.ended = p.cmd.Wait()
		p.stop()
	}
	p.end()
	if p.ended == nil && (err == nil || errors.Is(err, io.EOF)) {
		return nil
	}
	if p.ended == nil {
		return err
	}
	return complaint(p.ended, p.said)
}
