package bridge

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/host"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// TestMain makes the test binary all programs the tests need: a bridge ("bridge
// PROGRAM ARGS"), a script ("play PARTS"), and others by their first argument.
func TestMain(m *testing.M) {
	if len(os.Args) < 2 {
		os.Exit(m.Run())
	}
	switch os.Args[1] {
	case "bridge":
		if err := Serve(os.Args[2], os.Args[3:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
	case "play":
		play(os.Args[2])
	case "record":
		noteLines(os.Args[2], os.Args[3], os.Args[4:])
	case "lazy":
		lazy()
	case "sdk":
		sdk.Serve(shelf{})
	case "host":
		beHost(os.Args[2:])
	default:
		os.Exit(m.Run())
	}
}

// parts say what a script answers: the lines for each message by its name. A
// line that begins with "!" is something to do instead.
type parts map[string][]string

// with is the parts with some of them replaced.
func (p parts) with(change parts) parts {
	out := parts{}
	for _, from := range []parts{p, change} {
		for name, lines := range from {
			out[name] = lines
		}
	}
	return out
}

func (p parts) arguments() []string {
	text, err := json.Marshal(p)
	if err != nil {
		panic(err)
	}
	return []string{"play", string(text)}
}

// play is a script that plays its parts. SEQ in a line is the number of the last
// batch, HEARD the line that is answered, as the inside of a JSON string.
func play(text string) {
	var all parts
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		panic(err)
	}
	act(all["start"], "", "")
	in := bufio.NewReader(os.Stdin)
	seq := ""
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			act(all["eof"], "", "")
			return
		}
		var heard map[string]struct {
			Seq int `json:"seq"`
		}
		if err := json.Unmarshal([]byte(line), &heard); err != nil {
			panic(err)
		}
		for name, m := range heard {
			if name == "batch" {
				seq = strconv.Itoa(m.Seq)
			}
			act(all[name], seq, strings.TrimSuffix(line, "\n"))
		}
	}
}

func act(lines []string, seq, heard string) {
	quoted, _ := json.Marshal(heard)
	for _, line := range lines {
		do, rest, _ := strings.Cut(line, " ")
		switch do {
		case "!exit":
			status, _ := strconv.Atoi(rest)
			os.Exit(status)
		case "!sleep":
			time.Sleep(time.Hour)
		case "!wait":
			time.Sleep(50 * time.Millisecond)
		case "!mute":
			_ = os.Stdout.Close()
		case "!deaf":
			_ = os.Stdin.Close()
			time.Sleep(time.Hour)
		case "!stderr":
			fmt.Fprintln(os.Stderr, rest)
		case "!flood":
			for {
				fmt.Println(rest)
			}
		case "!file": // with what was heard
			name, text, _ := strings.Cut(rest, " ")
			if text == "PID" {
				heard = strconv.Itoa(os.Getpid())
			}
			if err := os.WriteFile(name, []byte(heard), 0o600); err != nil {
				panic(err)
			}
		case "!fence":
			text, err := io.ReadAll(os.NewFile(fenceDescriptor, "fence"))
			fmt.Fprintln(os.Stderr, os.Getenv(pb.FenceKey), err)
			_ = os.WriteFile(rest, text, 0o600)
		case "!cut":
			fmt.Print(rest)
			os.Exit(0)
		default:
			fmt.Println(strings.NewReplacer("SEQ", seq, "HEARD", strings.Trim(string(quoted), `"`)).Replace(line))
		}
	}
}

// atomicParts make a file, destinationParts write to a target.
var (
	atomicParts = parts{
		"describe":  {`{"description":{"name":"test","version":"1.0.0","summary":"a test","capabilities":{"idempotency":"atomic"}}}`},
		"configure": {`{"configured":{}}`},
		"end":       {`{"artifact":{"name":"a.txt","media_type":"text/plain","text":"hello"}}`, `{"done":{}}`},
	}
	destinationParts = parts{
		"describe":  {`{"description":{"name":"test","version":"1.0.0","summary":"a test","capabilities":{"idempotency":"upsert"}}}`},
		"configure": {`{"configured":{"target":{"id":"t","label":"T"}}}`},
		"provision": {`{"done":{}}`},
		"batch":     {`{"ack":{"seq":SEQ}}`},
		"end":       {`{"done":{}}`},
	}
)

// serveScript is a client of a server in this process with a script behind it.
func serveScript(t testing.TB, p parts) (pb.ExporterClient, *script) {
	t.Helper()
	s, err := start(os.Args[0], p.arguments())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.stop(0) })
	listener := bufconn.Listen(1 << 20)
	g := grpc.NewServer(grpc.MaxRecvMsgSize(pb.MaxMessageBytes))
	pb.RegisterExporterServer(g, newServer(s))
	go func() { _ = g.Serve(listener) }()
	t.Cleanup(g.Stop)
	conn, err := grpc.NewClient("passthrough:test", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return pb.NewExporterClient(conn), s
}

// limited is a context that ends long before the test does.
func limited(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// talk sends batches of as many records, and returns what comes back in short.
// The errors of the calls before the stream count as its own.
func talk(t testing.TB, c pb.ExporterClient, plan bool, batches ...int) ([]string, error) {
	t.Helper()
	ctx := limited(t)
	if _, err := c.Describe(ctx, &pb.DescribeRequest{}); err != nil {
		return nil, err
	}
	if _, err := c.Configure(ctx, &pb.ConfigureRequest{}); err != nil {
		return nil, err
	}
	return talkAgain(t, c, plan, batches...)
}

// talkAgain is talk with an exporter that is configured.
func talkAgain(t testing.TB, c pb.ExporterClient, plan bool, batches ...int) ([]string, error) {
	t.Helper()
	call := c.Export
	if plan {
		call = c.Plan
	}
	stream, err := call(limited(t))
	if err != nil {
		return nil, err
	}
	messages := []*pb.ExportRequest{{Message: &pb.ExportRequest_Open{Open: &pb.Open{RunId: "r", Attempt: 1, Records: 3}}}}
	for i, n := range batches {
		b := &pb.Batch{Seq: uint64(i + 1)}
		for range n {
			b.Records = append(b.Records, &pb.Record{Key: fmt.Sprintf("acme/job/%d", i), Kind: "job", Json: []byte(`{"key":"k"}`)})
		}
		messages = append(messages, &pb.ExportRequest{Message: &pb.ExportRequest_Batch{Batch: b}})
	}
	go func() {
		for _, m := range messages {
			if stream.Send(m) != nil {
				return
			}
		}
		_ = stream.CloseSend()
	}()
	var out []string
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out = append(out, short(m))
	}
}

// short is a message in a few words; acks for now are left out by giving "".
func short(m *pb.ExportResponse) string {
	switch m := m.GetMessage().(type) {
	case *pb.ExportResponse_Ack:
		line := fmt.Sprintf("ack %d", m.Ack.GetSeq())
		if m.Ack.GetProvisional() {
			line += " for now"
		}
		for _, o := range m.Ack.GetOutcomes() {
			line += " " + wordOf(o.GetStatus(), statusPrefix)
		}
		return line
	case *pb.ExportResponse_Progress:
		return "progress " + m.Progress.GetText()
	case *pb.ExportResponse_Artifact:
		a := m.Artifact
		return fmt.Sprintf("artifact %s %q chunk %d size %d last %t", a.GetName(), a.GetMediaType(), len(a.GetChunk()), a.GetSize(), a.GetLast())
	case *pb.ExportResponse_Done:
		return "done"
	}
	return "?"
}

// diagnosticOf is the diagnostic in the details of an error.
func diagnosticOf(err error) *pb.Diagnostic {
	for _, detail := range status.Convert(err).Details() {
		if d, ok := detail.(*pb.Diagnostic); ok {
			return d
		}
	}
	return nil
}

// command starts this binary as a bridge before a script.
func command(p parts) host.Command {
	return bridged(append([]string{os.Args[0]}, p.arguments()...)...)
}

// bridged starts this binary as a bridge before a program.
func bridged(words ...string) host.Command {
	// Under the race detector a program sleeps for a second before it ends,
	// unless told not to.
	return host.Command{Path: os.Args[0], Args: append([]string{"bridge"}, words...), Env: []string{"GORACE=atexit_sleep_ms=0"}}
}

// launch is a bridge under the real host.
func launch(t testing.TB, p parts) *host.Plugin {
	t.Helper()
	plugin, err := host.Launch(context.Background(), command(p), host.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(plugin.Close)
	return plugin
}

// beHost launches a bridge, says so, and waits to be killed.
func beHost(words []string) {
	p, err := host.Launch(context.Background(), bridged(words...), host.Options{})
	if err != nil {
		panic(err)
	}
	defer p.Close()
	fmt.Println("launched")
	time.Sleep(time.Hour)
}

// shelf is a destination in Go that does nothing, to be compared with.
type shelf struct{}

func (shelf) Info() sdk.Info {
	return sdk.Info{Name: "test", Version: "1.0.0", Summary: "does nothing", Idempotency: sdk.Upsert}
}

func (s shelf) Open(context.Context, sdk.Config, bool) (sdk.Session, error) { return s, nil }
func (shelf) Target() sdk.Target                                            { return sdk.Target{ID: "t"} }
func (shelf) Plan(context.Context, sdk.Run, []sdk.Record) ([]sdk.Outcome, error) {
	return nil, nil
}
func (shelf) Write(context.Context, sdk.Run, []sdk.Record) ([]sdk.Outcome, error) {
	return nil, nil
}

// lazy is shelf as a script that decodes nothing but what it needs.
func lazy() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch {
		case strings.HasPrefix(line, `{"describe"`):
			fmt.Println(lazyDescription)
		case strings.HasPrefix(line, `{"configure"`):
			fmt.Println(`{"configured":{"target":{"id":"t"}}}`)
		case strings.HasPrefix(line, `{"batch":{"seq":`):
			seq, _, _ := strings.Cut(line[len(`{"batch":{"seq":`):], ",")
			fmt.Printf("{\"ack\":{\"seq\":%s}}\n", seq)
		case strings.HasPrefix(line, `{"end"`):
			fmt.Println(`{"done":{}}`)
		}
	}
}
