package host

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLaunchDescribes(t *testing.T) {
	p := launch(t, "files", Options{HostVersion: "0.4.0"})
	info := p.Info()
	if info.GetName() != "test" || info.GetVersion() != "1.0.0" || info.GetSummary() != "lists keys" || len(info.GetConfig()) != 4 {
		t.Errorf("described as %v", info)
	}
}

// What cannot be launched fails with a name, in time, and leaves nothing.
func TestLaunchFails(t *testing.T) {
	tests := []struct {
		mode   string
		stage  Stage
		want   string
		stderr string
	}{
		{"exit", StageStart, "ended before it was ready: exit status 3", "cannot find the template"},
		{"silent", StageStart, "not ready within 300ms", ""},
		{"garbage", StageStart, "not ready within 300ms", "garbage"},
		{"elsewhere", StageStart, "listens where it was not told to", ""},
		{"mute", StageStart, "not ready within 300ms", ""},
		{"other", StageDescribe, "calls itself other", ""},
		{"slow", StageDescribe, "no answer within 200ms", ""},
	}
	for _, tt := range tests {
		t.Run(tt.mode, func(t *testing.T) {
			temp, pid := place(t), filepath.Join(t.TempDir(), "pid")
			opts := Options{TempDir: temp, StartTimeout: 300 * time.Millisecond, DescribeTimeout: 200 * time.Millisecond, CloseTimeout: 100 * time.Millisecond}
			if tt.stage == StageDescribe || tt.mode == "exit" {
				opts.StartTimeout = 10 * time.Second // not what is tested
			}
			within(t, 3*time.Second, func() {
				_, err := Launch(context.Background(), command(tt.mode, pidVar+"="+pid), opts)
				pe := wantPluginError(t, err, tt.stage, tt.want)
				if !strings.Contains(pe.Stderr, tt.stderr) || len(pe.Stderr) > 2*ringBytes {
					t.Errorf("kept %d bytes of output, want it bounded and with %q", len(pe.Stderr), tt.stderr)
				}
				if strings.Contains(pe.Error(), "\n") {
					t.Errorf("error of several lines: %q", pe)
				}
			})
			wantGone(t, pid)
		})
	}
}

func TestLaunchNoProgram(t *testing.T) {
	_, err := Launch(context.Background(), Command{Name: "gone", Path: filepath.Join(t.TempDir(), "gone")}, Options{TempDir: place(t)})
	pe := wantPluginError(t, err, StageStart, "no such file")
	if pe.Name != "gone" {
		t.Errorf("names %q", pe.Name)
	}
}

func TestLaunchCanceled(t *testing.T) {
	pid := filepath.Join(t.TempDir(), "pid")
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	within(t, 1200*time.Millisecond, func() {
		_, err := Launch(ctx, command("silent", pidVar+"="+pid), Options{TempDir: place(t)})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want that of the context", err)
		}
	})
	wantGone(t, pid)
}

// Whatever is printed on standard output does no harm and is kept.
func TestStrayOutput(t *testing.T) {
	p := launch(t, "stray", Options{})
	configure(t, p, "")
	result, err := run(t, p.Export, jobs(t, 1, 10))
	if err != nil {
		t.Fatal(err)
	}
	defer result.Close()
	p.Close()
	for _, want := range []string{"starting up\n", "no line end, then one\n", "rendering\n"} {
		if got := p.proc.output.String(); !strings.Contains(got, want) {
			t.Errorf("kept %q, want %q in it", got, want)
		}
	}
}

// An exporter sees nothing of the environment that is not meant for it.
func TestEnvironment(t *testing.T) {
	got := strings.Join(inherited([]string{
		"PATH=/bin", "HOME=/root", "AWS_SECRET_ACCESS_KEY=x", "HTTPS_PROXY=p", "https_proxy=q", "no_proxy=r", "SSL_CERT_FILE=s", "NODE_EXTRA_CA_CERTS=n", "NODE_OPTIONS=--require=x",
		"LC_ALL=C", "LANG=de", "TZ=UTC", "TMPDIR=/t", "FIRSTCALL_X=y", "LD_PRELOAD=z", "LCX=a", "LD_LIBRARY_PATH=/x",
	}), " ")
	want := "HTTPS_PROXY=p https_proxy=q no_proxy=r SSL_CERT_FILE=s NODE_EXTRA_CA_CERTS=n LC_ALL=C LANG=de TZ=UTC TMPDIR=/t"
	if got != want {
		t.Errorf("passes on %s\nwant      %s", got, want)
	}
	t.Setenv("TEST_CANARY", "seen")
	t.Setenv("NO_PROXY", "example.org")
	environ := ""
	p := launch(t, "files", Options{Progress: func(line string) { environ = line }})
	configure(t, p, `{"leak": "environment"}`)
	r, err := run(t, p.Export, nil)
	if err != nil || r.Close() != nil {
		t.Fatal(err)
	}
	if strings.Contains(environ, "TEST_CANARY") || strings.Contains(environ, " PATH=") || !strings.Contains(environ, "NO_PROXY=example.org") {
		t.Errorf("the exporter saw %s", environ)
	}
	if !passedOn("SYSTEMROOT", "windows") || passedOn("SYSTEMROOT", "linux") {
		t.Error("SystemRoot is for Windows, and there only")
	}
}

// The socket is reached directly even when a proxy is set for everything.
func TestLaunchIgnoresProxy(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"} {
		t.Setenv(name, "http://127.0.0.1:1")
	}
	launch(t, "files", Options{})
}

// A temporary folder with a name too long for a socket is not used for one.
func TestLaunchLongTempDir(t *testing.T) {
	dir := filepath.Join(place(t), strings.Repeat("long", 30))
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	launch(t, "files", Options{TempDir: dir}).Close()
	if err := os.Remove(dir); err != nil {
		t.Error(err) // it is empty
	}
}

func TestCloseTwice(t *testing.T) {
	p := launch(t, "files", Options{})
	within(t, time.Second, func() {
		p.Close()
		p.Close()
	})
}

func TestHostConstraint(t *testing.T) {
	tests := []struct {
		constraint, version string
		ok                  bool
	}{
		{"", "0.1.0", true},
		{">= 0.3", "0.3.0", true},
		{">=0.3", "v0.3.1", true},
		{">= 0.3", "0.2.9", false},
		{">= 0.3, < 1", "0.9.0", true},
		{">= 0.3, < 1", "1.0.0", false},
		{"> 1", "1.0.0", false},
		{"<= 1.2", "1.2.0", true},
		{"= 1.2.3", "1.2.3", true},
		{"1.2.3", "1.2.4", false},
		{">= 0.1", "0.1.0-dev", true},
		{">= 0.2", "0.1.0-dev", false},
		{">= 9", "(devel)", true},
		{">= 9", "", true},
		{"latest", "1.0.0", false},
		{">= x", "1.0.0", false},
		{"~ 1", "1.0.0", false},
	}
	for _, tt := range tests {
		if err := checkConstraint(tt.constraint, tt.version); (err == nil) != tt.ok {
			t.Errorf("%q with %q: %v", tt.constraint, tt.version, err)
		}
	}
}

// An exporter that does not know the call Shutdown is told by the end of its
// standard input, and gone at once.
func TestCloseWithoutController(t *testing.T) {
	pid := filepath.Join(t.TempDir(), "pid")
	p, err := Launch(context.Background(), command("tcp", pidVar+"="+pid), Options{TempDir: place(t), tcp: true})
	if err != nil {
		t.Fatal(err)
	}
	within(t, time.Second, p.Close)
	wantGone(t, pid)
}
