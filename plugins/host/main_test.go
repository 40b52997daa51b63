package host

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"github.com/firstcall-cli/firstcall/core/record"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// modeVar tells the test binary which exporter to be; without it, it runs the
// tests. pidVar names a file for the exporter to write its process id to.
const (
	modeVar = "FIRSTCALL_TEST_EXPORTER"
	pidVar  = "FIRSTCALL_TEST_PID"
)

func TestMain(m *testing.M) {
	mode := os.Getenv(modeVar)
	if mode == "" {
		os.Exit(m.Run())
	}
	if path := os.Getenv(pidVar); path != "" {
		if err := os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
			panic(err)
		}
	}
	be, ok := programs()[mode]
	if !ok {
		panic("no such exporter: " + mode)
	}
	be()
}

// command starts this binary as the exporter of that mode.
func command(mode string, env ...string) Command {
	// Under the race detector a program sleeps for a second before it ends,
	// unless told not to.
	env = append(env, modeVar+"="+mode, "GORACE=atexit_sleep_ms=0")
	return Command{Name: "test", Path: os.Args[0], Args: []string{"-test.run=^$"}, Env: env}
}

// place is a folder for the sockets and files of exporters, short enough for a
// socket. At the end of the test nothing may be left in it.
func place(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "fc")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		_ = os.RemoveAll(dir)
	})
	return dir
}

// launch starts an exporter that is expected to come up, and ends it with the
// test.
func launch(t testing.TB, mode string, opts Options) *Plugin {
	t.Helper()
	if opts.TempDir == "" {
		opts.TempDir = place(t)
	}
	p, err := Launch(context.Background(), command(mode), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// configure gives settings that are expected to be right.
func configure(t testing.TB, p *Plugin, settings string) *Configured {
	t.Helper()
	c, err := p.Configure(context.Background(), []byte(settings), false)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// inProcess is a Plugin around a server in this process.
func inProcess(t testing.TB, server pb.ExporterServer, err error, opts Options) *Plugin {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	listener := bufconn.Listen(1 << 20)
	s := grpc.NewServer(grpc.MaxRecvMsgSize(pb.MaxMessageBytes))
	pb.RegisterExporterServer(s, server)
	go func() { _ = s.Serve(listener) }()
	t.Cleanup(s.Stop)
	conn, err := grpc.NewClient("passthrough:test", append(dialOptions(),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	p := &Plugin{
		opts: opts.withDefaults(), redact: &redactor{}, ctx: context.Background(),
		proc: newProcess(Command{}), remote: pb.NewExporterClient(conn),
	}
	if err := p.describe(); err != nil {
		t.Fatal(err)
	}
	return p
}

// job makes a record of that kind with a title of size bytes.
func job(t testing.TB, client, subject string, size int) *record.Record {
	t.Helper()
	r := &record.Record{Client: record.Client{ID: client}, Sources: []string{}, Other: []byte(`{"id":"` + subject + `","verdict":"current","title":"` + strings.Repeat("x", size) + `"}`)}
	if err := r.Seal(record.Key{Client: client, Kind: record.KindJob, Subject: subject}); err != nil {
		t.Fatal(err)
	}
	return r
}

func jobs(t testing.TB, n, size int) []*record.Record {
	t.Helper()
	out := make([]*record.Record, n)
	for i := range out {
		out[i] = job(t, "acme", fmt.Sprintf("s%06d", i), size)
	}
	return out
}

// ran is what a run did, with the outcomes in the order of the records.
type ran struct {
	*Result
	Outcomes []Outcome
}

// run exports or plans records.
func run(t testing.TB, call func(context.Context, Request) (*Result, error), records []*record.Record) (*ran, error) {
	t.Helper()
	return runWith(context.Background(), t, call, Request{}, records)
}

func runWith(ctx context.Context, t testing.TB, call func(context.Context, Request) (*Result, error), req Request, records []*record.Record) (*ran, error) {
	t.Helper()
	items, err := Items(records)
	if err != nil {
		t.Fatal(err)
	}
	out := &ran{}
	req.Next, req.Count = Each(items), len(items)
	req.Outcome = func(o Outcome) error {
		out.Outcomes = append(out.Outcomes, o)
		return nil
	}
	out.Result, err = call(ctx, req)
	slices.SortStableFunc(out.Outcomes, func(a, b Outcome) int { return strings.Compare(record.Order(a.Key), record.Order(b.Key)) })
	if out.Result == nil {
		return nil, err
	}
	return out, err
}

// within fails the test when f takes longer.
func within(t testing.TB, limit time.Duration, f func()) {
	t.Helper()
	start := time.Now()
	f()
	if took := time.Since(start); took > limit {
		t.Errorf("took %v, more than %v", took, limit)
	}
}

// wantPluginError checks the type, the stage and a part of the message.
func wantPluginError(t testing.TB, err error, stage Stage, part string) *PluginError {
	t.Helper()
	var pe *PluginError
	if !errors.As(err, &pe) {
		t.Fatalf("error %v (%T), want a *PluginError", err, err)
	}
	if pe.Stage != stage || !strings.Contains(pe.Error(), part) {
		t.Errorf("error %q at stage %q, want %q at %q", pe, pe.Stage, part, stage)
	}
	return pe
}
