package sdk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"github.com/firstcall-cli/firstcall/core/record"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

func TestMain(m *testing.M) {
	if os.Getenv("FIRSTCALL_TEST_SERVE") != "" {
		Serve(render(nil))
		return
	}
	os.Exit(m.Run())
}

// render is an exporter of that one function.
type render func(ctx context.Context, cfg Config, records []Record, emit func(Artifact) error) ([]Outcome, error)

func (render) Info() Info {
	return Info{Name: "test-one", Version: "1.0.0", Summary: "a test", Config: []Field{{Name: "title", Default: "T"}, {Name: "token", Secret: true}}}
}

func (r render) Render(ctx context.Context, cfg Config, records []Record, emit func(Artifact) error) ([]Outcome, error) {
	return r(ctx, cfg, records, emit)
}

// dial connects a client to a server in this process.
func dial(t *testing.T, server pb.ExporterServer, err error) pb.ExporterClient {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	listener := bufconn.Listen(1 << 20)
	s := grpc.NewServer()
	pb.RegisterExporterServer(s, server)
	go func() { _ = s.Serve(listener) }()
	t.Cleanup(s.Stop)
	conn, err := grpc.NewClient("passthrough:test", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return pb.NewExporterClient(conn)
}

func open() *pb.ExportRequest {
	return &pb.ExportRequest{Message: &pb.ExportRequest_Open{Open: &pb.Open{RunId: "r", Attempt: 1}}}
}

func batch(seq uint64, keys ...string) *pb.ExportRequest {
	b := &pb.Batch{Seq: seq}
	for _, k := range keys {
		b.Records = append(b.Records, &pb.Record{Key: k, Kind: "statement", Json: []byte("{}")})
	}
	return &pb.ExportRequest{Message: &pb.ExportRequest_Batch{Batch: b}}
}

// talk configures an exporter, sends it the messages and returns what it
// answers, in short, and how the stream ended.
func talk(t *testing.T, c pb.ExporterClient, messages ...*pb.ExportRequest) ([]string, error) {
	t.Helper()
	if _, err := c.Configure(context.Background(), &pb.ConfigureRequest{}); err != nil {
		t.Fatal(err)
	}
	s, err := c.Export(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		if err := s.Send(m); err != nil && !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
	}
	_ = s.CloseSend()
	var out []string
	for {
		m, err := s.Recv()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		switch m := m.GetMessage().(type) {
		case *pb.ExportResponse_Ack:
			line := fmt.Sprintf("ack %d", m.Ack.GetSeq())
			if m.Ack.GetProvisional() {
				line += " for now"
			}
			for _, o := range m.Ack.GetOutcomes() {
				line += " " + strings.TrimPrefix(o.GetStatus().String(), "STATUS_")
			}
			out = append(out, line)
		case *pb.ExportResponse_Artifact:
			out = append(out, fmt.Sprintf("artifact %s %d %v", m.Artifact.GetName(), len(m.Artifact.GetChunk()), m.Artifact.GetLast()))
		case *pb.ExportResponse_Progress:
			out = append(out, "progress "+m.Progress.GetText())
		case *pb.ExportResponse_Done:
			out = append(out, "done")
		}
	}
}

func TestArtifactStream(t *testing.T) {
	var late func(Artifact) error
	server, err := NewServer(render(func(ctx context.Context, cfg Config, records []Record, emit func(Artifact) error) ([]Outcome, error) {
		late = emit
		Progress(ctx, "rendering")
		outcomes := make([]Outcome, len(records))
		outcomes[1] = Reject("test.no", "no \xff", "") // a foreign server said so
		err := errors.Join(emit(Artifact{Name: "empty"}), emit(Artifact{Name: "two", Body: make([]byte, pb.MaxChunkBytes+1)}),
			emit(Artifact{Name: "one", Body: make([]byte, pb.MaxChunkBytes)}))
		return outcomes, err
	}))
	got, err := talk(t, dial(t, server, err), open(), batch(1, "a", "b"), batch(2, "c"))
	want := []string{
		"ack 1 for now", "ack 2 for now", "progress rendering",
		"artifact empty 0 true", "artifact two 1048576 false", "artifact two 1 true", "artifact one 1048576 true",
		"ack 1 CREATED REJECTED", "ack 2 CREATED", "done",
	}
	if err != nil || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("error %v, got\n%s\nwant\n%s", err, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if late(Artifact{Name: "late"}) == nil {
		t.Error("an artifact was taken after the end")
	}
}

func TestStreamFaults(t *testing.T) {
	fail := func(err error) render {
		return func(context.Context, Config, []Record, func(Artifact) error) ([]Outcome, error) { return nil, err }
	}
	good := fail(nil)
	tests := []struct {
		name     string
		exporter render
		messages []*pb.ExportRequest
		code     codes.Code
		want     string
	}{
		{"no Open", good, []*pb.ExportRequest{batch(1, "a")}, codes.InvalidArgument, "not Open"},
		{"nothing", good, nil, codes.InvalidArgument, "not Open"},
		{"Open twice", good, []*pb.ExportRequest{open(), open()}, codes.Unknown, "something else than a batch"},
		{"error", fail(errors.New("no template")), []*pb.ExportRequest{open()}, codes.Unknown, "no template"},
		{"not UTF-8", fail(errors.New("bad \xff")), []*pb.ExportRequest{open()}, codes.Unknown, "bad \uFFFD"},
		{"end of file", fail(io.EOF), []*pb.ExportRequest{open()}, codes.Unknown, "EOF"},
		{"diagnostic", fail(fmt.Errorf("rendering: %w", &Diagnostic{Code: "x.y", Summary: "no day"})), []*pb.ExportRequest{open()}, codes.Unknown, "rendering: no day"},
		{"panic", func(context.Context, Config, []Record, func(Artifact) error) ([]Outcome, error) { panic("secret 42") }, []*pb.ExportRequest{open()}, codes.Internal, "the exporter panicked"},
		{"outcomes", func(context.Context, Config, []Record, func(Artifact) error) ([]Outcome, error) {
			return make([]Outcome, 3), nil
		}, []*pb.ExportRequest{open(), batch(1, "a")}, codes.Unknown, "3 outcomes for 1 records"},
		{"status", func(context.Context, Config, []Record, func(Artifact) error) ([]Outcome, error) {
			return []Outcome{{Status: 99}}, nil
		}, []*pb.ExportRequest{open(), batch(1, "a")}, codes.Unknown, "unknown status 99"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server, err := NewServer(tt.exporter)
			got, err := talk(t, dial(t, server, err), tt.messages...)
			if status.Code(err) != tt.code || !strings.Contains(status.Convert(err).Message(), tt.want) {
				t.Errorf("error %v, want %v with %q", err, tt.code, tt.want)
			}
			for _, line := range got {
				if line == "done" {
					t.Error("said Done")
				}
			}
			if details := status.Convert(err).Details(); (len(details) == 1) != (tt.name == "diagnostic") {
				t.Errorf("details %v", details)
			}
		})
	}
}

func TestConfigureOnce(t *testing.T) {
	server, err := NewServer(render(nil))
	c := dial(t, server, err)
	s, err := c.Export(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Recv(); status.Code(err) != codes.FailedPrecondition {
		t.Errorf("exported without a configuration: %v", err)
	}
	answer, err := c.Configure(context.Background(), &pb.ConfigureRequest{ConfigJson: []byte(`{"titel": "x"}`)})
	if err != nil || len(answer.GetDiagnostics()) != 1 || answer.GetDiagnostics()[0].GetHint() != `did you mean "title"?` {
		t.Errorf("answer %v, error %v", answer, err)
	}
	if _, err := c.Configure(context.Background(), &pb.ConfigureRequest{}); err != nil {
		t.Error(err)
	}
	if _, err := c.Configure(context.Background(), &pb.ConfigureRequest{}); status.Code(err) != codes.FailedPrecondition {
		t.Errorf("configured twice: %v", err)
	}
}

func TestInfoFaults(t *testing.T) {
	good := Info{Name: "a", Version: "1", Summary: "s", Idempotency: Upsert}
	for name, change := range map[string]func(*Info){
		"name":        func(i *Info) { i.Name = "My Exporter" },
		"version":     func(i *Info) { i.Version = "" },
		"summary":     func(i *Info) { i.Summary = "two\nlines" },
		"kind":        func(i *Info) { i.Kinds = []record.Kind{"survey"} },
		"field":       func(i *Info) { i.Config = []Field{{Name: "A"}} },
		"default":     func(i *Info) { i.Config = []Field{{Name: "a", Type: Bool, Default: "maybe"}} },
		"idempotency": func(i *Info) { i.Idempotency = 0 },
		"limit":       func(i *Info) { i.MaxBatchBytes = -1 },
	} {
		info := good
		change(&info)
		if _, err := NewServer(informer{info}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := NewServer(informer{good}); err != nil {
		t.Error(err)
	}
}

type informer struct{ info Info }

func (i informer) Info() Info                                        { return i.info }
func (informer) Open(context.Context, Config, bool) (Session, error) { return nil, nil }

func TestConfigAccess(t *testing.T) {
	fields := []Field{
		{Name: "s"}, {Name: "i", Type: Int, Default: "3"}, {Name: "b", Type: Bool}, {Name: "d", Type: Duration, Default: "1m"},
		{Name: "l", Type: Strings, Default: "x,y"}, {Name: "t", Type: Table}, {Name: "token", Secret: true},
	}
	cfg, err := ParseConfig(fields, []byte(`{"s": "text", "b": true, "t": {"k": "v"}}`), map[string]string{"token": "abc"})
	if err != nil {
		t.Fatal(err)
	}
	if cfg.String("s") != "text" || cfg.Int("i") != 3 || !cfg.Bool("b") || cfg.Duration("d") != time.Minute ||
		strings.Join(cfg.Strings("l"), "") != "xy" || cfg.Table("t")["k"] != "v" || cfg.Secret("token") != "abc" || !cfg.Has("i") || !cfg.Has("token") {
		t.Errorf("config %+v", cfg)
	}
	empty, err := ParseConfig(fields, nil, nil)
	if err != nil || empty.Has("s") || empty.Has("token") || empty.String("s") != "" || empty.Table("t") != nil {
		t.Errorf("config %+v, error %v", empty, err)
	}
	for name, ask := range map[string]func(){
		"not announced": func() { cfg.String("x") },
		"other type":    func() { cfg.Int("s") },
		"secret":        func() { cfg.String("token") },
		"no secret":     func() { cfg.Secret("s") },
		"has":           func() { cfg.Has("x") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			ask()
		}()
	}
	var all Diagnostics
	if _, err := ParseConfig(fields, []byte(`{"x": 1, "i": "a"}`), nil); !errors.As(err, &all) || len(all) != 2 {
		t.Errorf("error %v, want two diagnostics", err)
	}
}

func TestNewRecord(t *testing.T) {
	rec := &record.Record{Client: record.Client{ID: "a&b"}, Sources: []string{}, Other: []byte(`{"id":"s","verdict":"current","title":"<b>"}`)}
	if err := rec.Seal(record.Key{Client: "a&b", Kind: record.KindJob, Subject: "s"}); err != nil {
		t.Fatal(err)
	}
	r, err := NewRecord(rec)
	if err != nil || r.Key != rec.Key || r.Kind != rec.Kind || r.Revision != rec.Revision || !bytes.Contains(r.JSON, []byte("<b>")) || bytes.Contains(r.JSON, []byte("\n")) {
		t.Errorf("record %+v with JSON %s, error %v", r, r.JSON, err)
	}
	back, err := r.Decode()
	if err != nil || back.Check() != nil || back.Revision != rec.Revision {
		t.Errorf("came back as %+v, error %v", back, err)
	}
	if _, err := (Record{Key: "k", JSON: []byte("{")}).Decode(); err == nil || !strings.Contains(err.Error(), "k") {
		t.Errorf("error %v, want one that names the record", err)
	}
}

// Started by hand, an exporter says what it is.
func TestServeByHand(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = []string{"FIRSTCALL_TEST_SERVE=1"}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(string(out), "firstcall export --to test-one") {
		t.Errorf("said %q, error %v", out, err)
	}
}

func TestMilliseconds(t *testing.T) {
	for d, want := range map[time.Duration]uint32{0: 0, -time.Second: 0, 1: 1, time.Millisecond: 1, 1500 * time.Microsecond: 2, 1<<63 - 1: 1<<32 - 1} {
		if got := milliseconds(d); got != want {
			t.Errorf("%v became %d ms, want %d", d, got, want)
		}
	}
}
