package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/go-hclog"
	plugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/firstcall-cli/firstcall/core/record"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// programs are what the test binary can be besides the tests.
func programs() map[string]func() {
	all := map[string]func(){
		"files":       func() { sdk.Serve(&files{}) },
		"noop":        func() { sdk.Serve(noop{}) },
		"noop-files":  func() { sdk.Serve(noopFiles{}) },
		"destination": func() { sdk.Serve(&shelf{}) },
		"stray": func() {
			fmt.Println("starting up")
			fmt.Print("no line end, then ")
			fmt.Println("one")
			sdk.Serve(&files{chatty: true})
		},
		"exit": func() {
			fmt.Fprintln(os.Stderr, "cannot find the template")
			os.Exit(3)
		},
		"silent": forever,
		"garbage": func() {
			for {
				fmt.Println(strings.Repeat("garbage ", 1000))
			}
		},
		"elsewhere": func() {
			fmt.Printf("1|1|unix|%s|grpc\n", filepath.Join(os.TempDir(), "elsewhere"))
			forever()
		},
		"mute":       mute,
		"other":      func() { serveRaw(raw{name: "other"}) },
		"slow":       func() { serveRaw(raw{describe: forever}) },
		"grandchild": grandchild,
		"host":       beHost,
		"says":       says,
		"tcp":        overTCP(true),
		"tcp-plain":  overTCP(false),
	}
	maps.Copy(all, torturePrograms())
	maps.Copy(all, hostile())
	for name, export := range misbehaviors() {
		all["raw:"+name] = func() { serveRaw(raw{export: export}) }
	}
	return all
}

// sayVar is what the exporter "says" prints instead of a handshake.
const sayVar = "FIRSTCALL_TEST_SAY"

func says() {
	fmt.Println(os.Getenv(sayVar))
	if os.Getenv(sayVar+"_END") != "" {
		os.Exit(2)
	}
	forever()
}

// forever ignores everything, the end of standard input too.
func forever() { time.Sleep(time.Hour) }

// mute takes connections and never says a word.
func mute() {
	l, err := net.Listen("unix", filepath.Join(os.Getenv("PLUGIN_UNIX_SOCKET_DIR"), "s"))
	if err != nil {
		panic(err)
	}
	fmt.Printf("1|1|unix|%s|grpc\n", l.Addr())
	for {
		if _, err := l.Accept(); err != nil {
			panic(err)
		}
	}
}

// grandchild leaves a process behind that holds all it has inherited.
func grandchild() {
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = []string{modeVar + "=silent", pidVar + "=" + os.Getenv(pidVar) + ".child"}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	sdk.Serve(&files{})
}

// beHost launches an exporter, says so, and waits to be killed.
func beHost() {
	p, err := Launch(context.Background(), command("files", pidVar+"="+os.Getenv(pidVar)+".exporter"), Options{})
	if err != nil {
		panic(err)
	}
	defer p.Close()
	fmt.Println("launched")
	forever()
}

// files is an exporter of artifacts: one file a client with the keys of its
// records, or whatever the settings ask for. It refuses subjects called "bad".
type files struct{ chatty bool }

func (f *files) Info() sdk.Info {
	return sdk.Info{
		Name: "test", Version: "1.0.0", Summary: "lists keys",
		Kinds: []record.Kind{record.KindStatement, record.KindJob},
		Config: []sdk.Field{
			{Name: "title", Type: sdk.String, Doc: "heading of every file", Default: "Keys"},
			{Name: "token", Type: sdk.String, Secret: true, Doc: "not needed for anything"},
			{Name: "size", Type: sdk.Int, Doc: "bytes of an artifact of zeros besides"},
			{Name: "leak", Type: sdk.String, Doc: "where to leak the token", OneOf: []string{"print", "error", "outcome", "progress", "panic", "diagnostic", "environment"}},
		},
	}
}

func (f *files) Render(ctx context.Context, cfg sdk.Config, records []sdk.Record, emit func(sdk.Artifact) error) ([]sdk.Outcome, error) {
	if f.chatty {
		fmt.Println("rendering")
	}
	outcomes := make([]sdk.Outcome, len(records))
	if err := leak(ctx, cfg, outcomes); err != nil {
		return nil, err
	}
	var clients []string
	keys := map[string][]string{}
	for i, r := range records {
		rec, err := r.Decode()
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(r.Key, "/bad") {
			outcomes[i] = sdk.Reject("test.bad", "the subject is bad", "choose another")
			continue
		}
		if keys[rec.Client.ID] == nil {
			clients = append(clients, rec.Client.ID)
		}
		keys[rec.Client.ID] = append(keys[rec.Client.ID], fmt.Sprintf("%s %d", r.Key, len(rec.Other)))
	}
	for _, c := range clients {
		body := cfg.String("title") + "\n" + strings.Join(keys[c], "\n") + "\n"
		if err := emit(sdk.Artifact{Name: c + ".txt", MediaType: "text/plain", Body: []byte(body)}); err != nil {
			return nil, err
		}
	}
	if n := cfg.Int("size"); n > 0 {
		if err := emit(sdk.Artifact{Name: "zeros/large.bin", Body: make([]byte, n)}); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// leak does what no exporter should with a secret.
func leak(ctx context.Context, cfg sdk.Config, outcomes []sdk.Outcome) error {
	token := cfg.Secret("token")
	switch cfg.String("leak") {
	case "print":
		fmt.Fprintln(os.Stderr, "token is", token)
		return errors.New("failed")
	case "error":
		return errors.New("cannot log in with " + token)
	case "diagnostic":
		return &sdk.Diagnostic{Code: "test.leak", Summary: "cannot log in with " + token, Hint: "try without " + token}
	case "panic":
		panic("token is " + token)
	case "environment":
		sdk.Progress(ctx, strings.Join(os.Environ(), " "))
	case "progress":
		sdk.Progress(ctx, "using "+token)
	case "outcome":
		for i := range outcomes {
			outcomes[i] = sdk.Reject("test.leak", "refused "+token, "")
			outcomes[i].Diff = "+ " + token
		}
	}
	return nil
}

// raw is a hand-written server of the protocol that does as it is told.
type raw struct {
	pb.UnimplementedExporterServer
	name     string
	describe func()
	caps     *pb.Capabilities
	export   func(s exportServer) error
}

type exportServer = grpc.BidiStreamingServer[pb.ExportRequest, pb.ExportResponse]

func (r raw) Describe(context.Context, *pb.DescribeRequest) (*pb.DescribeResponse, error) {
	if r.describe != nil {
		r.describe()
	}
	if r.name == "" {
		r.name = "test"
	}
	if r.caps == nil {
		r.caps = &pb.Capabilities{Idempotency: pb.Capabilities_IDEMPOTENCY_ATOMIC}
	}
	return &pb.DescribeResponse{Name: r.name, Version: "1.0.0", Summary: "a test", Capabilities: r.caps}, nil
}

func (r raw) Configure(context.Context, *pb.ConfigureRequest) (*pb.ConfigureResponse, error) {
	return &pb.ConfigureResponse{Target: &pb.Target{Id: "portal-1"}}, nil
}

func (r raw) Export(s exportServer) error { return r.export(s) }

// GRPCServer implements plugin.GRPCPlugin.
func (r raw) GRPCServer(_ *plugin.GRPCBroker, s *grpc.Server) error {
	pb.RegisterExporterServer(s, r)
	return nil
}

type rawPlugin struct {
	plugin.NetRPCUnsupportedPlugin
	raw
}

func (rawPlugin) GRPCClient(context.Context, *plugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.New("no client")
}

func serveRaw(r raw) {
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: plugin.HandshakeConfig{ProtocolVersion: 1, MagicCookieKey: pb.HandshakeKey, MagicCookieValue: pb.HandshakeValue},
		Plugins:         plugin.PluginSet{pb.PluginName: rawPlugin{raw: r}},
		GRPCServer:      plugin.DefaultGRPCServer,
		Logger:          hclog.NewNullLogger(),
	})
}

// batches reads Open and all batches, and answers each with what reply makes of
// it.
func batches(s exportServer, reply func(b *pb.Batch) *pb.Ack) error {
	for {
		m, err := s.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		b := m.GetBatch()
		if b == nil {
			continue
		}
		if a := reply(b); a != nil {
			if err := s.Send(&pb.ExportResponse{Message: &pb.ExportResponse_Ack{Ack: a}}); err != nil {
				return err
			}
		}
	}
}

// accepted acknowledges a batch as it should be.
func accepted(b *pb.Batch) *pb.Ack {
	a := &pb.Ack{Seq: b.GetSeq()}
	for range b.GetRecords() {
		a.Outcomes = append(a.Outcomes, &pb.Outcome{Status: pb.Outcome_STATUS_CREATED})
	}
	return a
}

func done(s exportServer) error {
	return s.Send(&pb.ExportResponse{Message: &pb.ExportResponse_Done{Done: &pb.Done{}}})
}

func piece(name string, chunk []byte, last bool) *pb.ExportResponse {
	return &pb.ExportResponse{Message: &pb.ExportResponse_Artifact{Artifact: &pb.Artifact{Name: name, Chunk: chunk, Last: last}}}
}

// misbehaviors break one rule of the stream each.
func misbehaviors() map[string]func(exportServer) error {
	sends := func(ms ...*pb.ExportResponse) func(exportServer) error {
		return func(s exportServer) error {
			err := batches(s, accepted)
			for _, m := range ms {
				err = errors.Join(err, s.Send(m))
			}
			return errors.Join(err, done(s))
		}
	}
	acks := func(reply func(b *pb.Batch) *pb.Ack) func(exportServer) error {
		return func(s exportServer) error { return errors.Join(batches(s, reply), done(s)) }
	}
	change := func(f func(a *pb.Ack)) func(exportServer) error {
		return acks(func(b *pb.Batch) *pb.Ack {
			a := accepted(b)
			f(a)
			return a
		})
	}
	return map[string]func(exportServer) error{
		"too few outcomes":   change(func(a *pb.Ack) { a.Outcomes = a.Outcomes[1:] }),
		"too many outcomes":  change(func(a *pb.Ack) { a.Outcomes = append(a.Outcomes, a.Outcomes[0]) }),
		"no status":          change(func(a *pb.Ack) { a.Outcomes[0].Status = 0 }),
		"status of a pusher": change(func(a *pb.Ack) { a.Outcomes[0].Status = pb.Outcome_STATUS_RETRY }),
		"ack of nothing":     change(func(a *pb.Ack) { a.Seq += 100 }),
		"provisional only":   change(func(a *pb.Ack) { a.Provisional, a.Outcomes = true, nil }),
		"provisional full":   change(func(a *pb.Ack) { a.Provisional = true }),
		"ack twice": func(s exportServer) error {
			return batches(s, func(b *pb.Batch) *pb.Ack {
				_ = s.Send(&pb.ExportResponse{Message: &pb.ExportResponse_Ack{Ack: accepted(b)}})
				return accepted(b)
			})
		},
		"evil name":       sends(piece("../evil", nil, true)),
		"absolute name":   sends(piece("/etc/passwd", nil, true)),
		"same name":       sends(piece("a.md", nil, true), piece("A.md", nil, true)),
		"incomplete":      sends(piece("a.md", []byte("x"), false)),
		"mixed":           sends(piece("a.md", []byte("x"), false), piece("b.md", []byte("x"), true)),
		"large piece":     sends(piece("a.md", make([]byte, pb.MaxChunkBytes+1), true)),
		"no done":         func(s exportServer) error { return batches(s, accepted) },
		"early done":      func(s exportServer) error { return errors.Join(done(s), batches(s, accepted)) },
		"after done":      func(s exportServer) error { return errors.Join(batches(s, accepted), done(s), done(s)) },
		"no ack":          acks(func(*pb.Batch) *pb.Ack { return nil }),
		"dies":            func(s exportServer) error { return batches(s, func(*pb.Batch) *pb.Ack { os.Exit(7); return nil }) },
		"panics outright": func(s exportServer) error { panic("raw panic") },
		"error after done": func(s exportServer) error {
			return errors.Join(batches(s, accepted), done(s), errors.New("on second thought"))
		},
		"ignores cancel": func(s exportServer) error { forever(); return nil },
		"never reads":    func(s exportServer) error { forever(); return nil },
	}
}

// noop is a destination that does nothing.
type noop struct{}

func (noop) Info() sdk.Info {
	return sdk.Info{Name: "test", Version: "1.0.0", Summary: "does nothing", Idempotency: sdk.Upsert}
}
func (noop) Open(context.Context, sdk.Config, bool) (sdk.Session, error) { return noop{}, nil }
func (noop) Target() sdk.Target                                          { return sdk.Target{ID: "noop"} }
func (noop) Plan(context.Context, sdk.Run, []sdk.Record) ([]sdk.Outcome, error) {
	return nil, nil
}
func (noop) Write(context.Context, sdk.Run, []sdk.Record) ([]sdk.Outcome, error) {
	return nil, nil
}

// noopFiles makes no file of any record.
type noopFiles struct{}

func (noopFiles) Info() sdk.Info {
	return sdk.Info{Name: "test", Version: "1.0.0", Summary: "does nothing"}
}
func (noopFiles) Render(context.Context, sdk.Config, []sdk.Record, func(sdk.Artifact) error) ([]sdk.Outcome, error) {
	return nil, nil
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
