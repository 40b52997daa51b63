//go:build unix

package bridge

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

const guide = "../../docs/plugins.md"

// Arrows mark lines in the guide: to a script, and from it.
const to, from = "→ ", "← "

// TestGuideLines holds that every message in the guide was really said: the
// lines of a block come in that order in a run of one of the scripts. "…" in the
// guide stands for what is left out.
func TestGuideLines(t *testing.T) {
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	runs := map[string][]string{"keys.sh": recordKeys(t), "demo": recordDemo(t)}
	if _, err := find("node"); err == nil {
		runs["upsert.mjs"] = recordUpsert(t)
	}
	blocks := 0
	for _, block := range dialogs(string(text)) {
		name, lines := block[0], block[1:]
		run, ok := runs[name]
		if !ok {
			t.Logf("there is no run of %s: its lines are not checked", name)
			continue
		}
		blocks++
		for _, line := range lines {
			at := matching(run, line)
			if at < 0 {
				t.Errorf("%s: was not said, or not in that order:\n%s\nof\n%s", name, line, strings.Join(runs[name], "\n"))
				break
			}
			run = run[at+1:]
		}
	}
	if blocks < 6 {
		t.Errorf("only %d dialogs were found in the guide", blocks)
	}
}

// dialogs are the blocks of the guide with arrows: the name of the script, which
// stands behind the word text that opens the block, and the lines.
func dialogs(text string) [][]string {
	var out [][]string
	inside := false
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch name, opens := strings.CutPrefix(line, "```text "); {
		case opens:
			out, inside = append(out, []string{name}), true
		case line == "```":
			inside = false
		case inside:
			out[len(out)-1] = append(out[len(out)-1], line)
		}
	}
	return out
}

// matching is the first line of run that the line of the guide stands for; -1
// without one.
func matching(run []string, line string) int {
	pattern := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(line), "…", ".*") + "$")
	for i, said := range run {
		if pattern.MatchString(said) {
			return i
		}
	}
	return -1
}

// conversation is a client of a script whose lines are noted.
type conversation struct {
	t   *testing.T
	c   pb.ExporterClient
	ctx context.Context
	log string
}

func converse(t *testing.T, program string, args ...string) *conversation {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log")
	path, err := find(program)
	if err != nil {
		t.Fatal(err)
	}
	s, err := start(os.Args[0], append([]string{"record", log, path}, args...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.stop(endGrace) })
	listener := bufconn.Listen(1 << 20)
	g := grpc.NewServer()
	pb.RegisterExporterServer(g, newServer(s))
	go func() { _ = g.Serve(listener) }()
	t.Cleanup(g.Stop)
	conn, err := grpc.NewClient("passthrough:test", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	v := &conversation{t, pb.NewExporterClient(conn), limited(t), log}
	if _, err := v.c.Describe(v.ctx, &pb.DescribeRequest{}); err != nil {
		t.Fatal(err)
	}
	return v
}

func (v *conversation) configure(settings string, secrets map[string]string) {
	v.t.Helper()
	if _, err := v.c.Configure(v.ctx, &pb.ConfigureRequest{HostVersion: "0.1.0", ConfigJson: []byte(settings), Secrets: secrets}); err != nil {
		v.t.Fatal(err)
	}
}

func (v *conversation) provision(apply bool) {
	v.t.Helper()
	stream, err := v.c.Provision(v.ctx, &pb.ProvisionRequest{Apply: apply})
	for err == nil {
		_, err = stream.Recv()
	}
}

// export runs Export, or Plan, with a batch a record, one at a time.
func (v *conversation) export(call func(context.Context, ...grpc.CallOption) (grpc.BidiStreamingClient[pb.ExportRequest, pb.ExportResponse], error), open *pb.Open, records ...*pb.Record) {
	v.t.Helper()
	stream, err := call(v.ctx)
	if err != nil {
		v.t.Fatal(err)
	}
	open.RunId, open.Attempt, open.Records = "9f2c6d1e", max(open.Attempt, 1), uint64(len(records))
	_ = stream.Send(&pb.ExportRequest{Message: &pb.ExportRequest_Open{Open: open}})
	for i, r := range records {
		_ = stream.Send(&pb.ExportRequest{Message: &pb.ExportRequest_Batch{Batch: &pb.Batch{Seq: uint64(i + 1), Records: []*pb.Record{r}}}})
		for { // until it is acknowledged, so that the order is always the same
			m, err := stream.Recv()
			if err != nil {
				v.t.Log("ended:", err)
				return
			}
			if m.GetAck() != nil {
				break
			}
		}
	}
	_ = stream.CloseSend()
	for err == nil {
		_, err = stream.Recv()
	}
}

// lines is what was said so far.
func (v *conversation) lines() []string {
	text, err := os.ReadFile(v.log)
	if err != nil {
		v.t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

func waiter() *pb.Record {
	return &pb.Record{Key: "acme/job/waiter", Kind: "job", Revision: "51a7", Json: []byte(`{"schema":"firstcall/1","kind":"job","key":"acme/job/waiter","revision":"51a7","client":{"id":"acme","name":"Acme Ltd"},"job":{}}`)}
}

func recordKeys(t *testing.T) []string {
	v := converse(t, "../../docs/examples/keys.sh")
	v.configure("", nil)
	cook := waiter()
	cook.Key = "acme/job/cook"
	v.export(v.c.Export, &pb.Open{}, cook, waiter())
	return v.lines()
}

func recordUpsert(t *testing.T) []string {
	v := converse(t, "node", "../../docs/examples/upsert.mjs")
	v.configure(`{"path":"/no/such/folder/objects.json"}`, nil)
	v.configure(`{"path":"`+t.TempDir()+`/objects.json"}`, nil)
	v.provision(false)
	upsert := pb.WriteMode_WRITE_MODE_UPSERT
	v.export(v.c.Plan, &pb.Open{Mode: upsert}, waiter())
	nobody := waiter()
	nobody.Key = "-/job/waiter"
	v.export(v.c.Export, &pb.Open{Mode: upsert}, nobody, waiter())
	again := waiter()
	again.InDoubt, again.Remote = true, []*pb.RemoteObject{{Type: "object", Id: again.Key}}
	v.export(v.c.Export, &pb.Open{Mode: upsert, Attempt: 2}, again)
	return v.lines()
}

// recordDemo is a run of a script that says what the examples have no use for.
func recordDemo(t *testing.T) []string {
	v := converse(t, os.Args[0], parts{
		"describe": {`{"description":{"name":"demo","version":"1.0.0","host_constraint":">= 0.1","summary":"shows every message",` +
			`"config":[{"name":"url","doc":"where the CRM is","required":true},{"name":"token","doc":"lets you in","required":true,"secret":true},` +
			`{"name":"wait","type":"duration","doc":"longest wait for an answer","default":"30s"},{"name":"level","doc":"how much to write","default":"all","one_of":["all","few"]}],` +
			`"capabilities":{"idempotency":"lookup","modes":["upsert","replace"],"max_batch_records":50,"max_batch_bytes":500000,"max_in_flight":1,"record_kinds":["assessment","job"],"whole_clients":true}}}`},
		"configure": {`{"configured":{"target":{"id":"portal-4711","label":"Acme Ltd"},"diagnostics":[{"severity":"warning","code":"demo.old","summary":"the API is an old version","hint":"update the CRM"}]}}`},
		"provision": {`{"provisioned":{"object":"company.firstcall_index","action":"create"}}`, `{"provisioned":{"object":"company.name","action":"exists"}}`,
			`{"provisioned":{"object":"company.size","action":"mismatch","diagnostic":{"code":"demo.type","summary":"the field is a text, and a number is needed","hint":"make another field"}}}`,
			`{"provisioned":{"file":{"name":"fields/company.csv","media_type":"text/csv","text":"firstcall_index,number\n"}}}`, `{"done":{}}`},
		"batch": {`{"progress":{"text":"waiting for the CRM"}}`, `{"ack":{"seq":SEQ,"outcomes":[{"status":"retry","retry_after_ms":2000,"diagnostic":{"code":"demo.busy","summary":"the CRM is busy"}}]}}`},
		"end":   {`{"error":{"code":"demo.gone","summary":"the CRM has closed the connection","hint":"run the command again"}}`},
	}.arguments()...)
	v.configure(`{"url":"https://crm.example"}`, map[string]string{"token": "s3cret"})
	v.provision(true)
	v.export(v.c.Export, &pb.Open{Mode: pb.WriteMode_WRITE_MODE_REPLACE}, waiter())
	lines := v.lines()

	v = converse(t, os.Args[0], atomicParts.with(parts{
		"batch":  {`{"artifact":{"name":"logo.png","media_type":"image/png","base64":"iVBORw0KGgo=","last":false}}`, `{"artifact":{"name":"logo.png","base64":"AAAADUlIRFI="}}`},
		"cancel": {`{"done":{}}`},
	}).arguments()...)
	v.configure("", nil)
	v.export(v.c.Export, &pb.Open{}, waiter())
	ctx, cancel := context.WithCancel(v.ctx)
	v.ctx = ctx
	stream, err := v.c.Export(ctx)
	if err != nil {
		t.Fatal(err)
	}
	_ = stream.Send(&pb.ExportRequest{Message: &pb.ExportRequest_Open{Open: &pb.Open{}}})
	time.Sleep(50 * time.Millisecond)
	cancel()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if matching(v.lines(), to+`{"cancel":{}}`) >= 0 {
			break
		}
	}
	time.Sleep(50 * time.Millisecond)
	return append(lines, v.lines()...)
}

// noteLines runs a script and notes each line that goes to it and comes from it.
func noteLines(log, program string, args []string) {
	file, err := os.Create(log)
	if err != nil {
		panic(err)
	}
	cmd := exec.Command(program, args...)
	in, err := cmd.StdinPipe()
	if err != nil {
		panic(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		panic(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	var noting sync.Mutex
	pass := func(arrow string, r io.Reader, w io.Writer) {
		lines := bufio.NewReader(r)
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			noting.Lock()
			fmt.Fprint(file, arrow, line)
			noting.Unlock()
			_, _ = io.WriteString(w, line)
		}
	}
	go func() {
		pass(to, os.Stdin, in)
		_ = in.Close()
	}()
	pass(from, out, os.Stdout)
	_ = cmd.Wait()
}
