package bridge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

func wantLines(t *testing.T, got []string, err error, want ...string) {
	t.Helper()
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("error %v, got\n%s\nwant\n%s", err, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// The shortest script there can be: what it leaves out is said for it.
func TestArtifacts(t *testing.T) {
	c, _ := serveScript(t, atomicParts)
	got, err := talk(t, c, false, 2, 1)
	wantLines(t, withoutProvisional(got), err, `artifact a.txt "text/plain" chunk 5 size 0 last true`,
		"ack 1 created created", "ack 2 created", "done")
	if slices.Index(got, "ack 1 for now") < 0 || slices.Index(got, "ack 2 for now") < 0 {
		t.Errorf("batches are not acknowledged for now: %q", got)
	}
	got, err = talkAgain(t, c, true, 1)
	wantLines(t, withoutProvisional(got), err, `artifact a.txt "text/plain" chunk 0 size 5 last true`, "ack 1 created", "done")
	got, err = talkAgain(t, c, false)
	wantLines(t, got, err, `artifact a.txt "text/plain" chunk 5 size 0 last true`, "done")
}

func withoutProvisional(lines []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return strings.HasSuffix(l, "for now") })
}

// A script may also judge each batch as it comes.
func TestArtifactsJudged(t *testing.T) {
	c, _ := serveScript(t, atomicParts.with(parts{"batch": {
		`{"ack":{"seq":SEQ,"outcomes":[{"status":"rejected","diagnostic":{"summary":"no"}}]}}`, `{"progress":{"text":"busy"}}`,
	}}))
	got, err := talk(t, c, false, 1)
	wantLines(t, got, err, "ack 1 for now", "ack 1 rejected", "progress busy", `artifact a.txt "text/plain" chunk 5 size 0 last true`, "done")
}

// A file comes in whatever pieces, and is measured for a plan.
func TestPieces(t *testing.T) {
	c, _ := serveScript(t, atomicParts.with(parts{"end": {
		`{"artifact":{"name":"big","media_type":"m","text":"` + strings.Repeat("x", 70000) + `","last":false}}`,
		`{"artifact":{"name":"big","base64":"AAEC","last":true}}`,
		`{"artifact":{"name":"empty"}}`, `{"done":{}}`,
	}}))
	got, err := talk(t, c, false)
	wantLines(t, got, err, `artifact big "m" chunk 70000 size 0 last false`, `artifact big "" chunk 3 size 0 last true`,
		`artifact empty "" chunk 0 size 0 last true`, "done")
	got, err = talkAgain(t, c, true)
	wantLines(t, got, err, `artifact big "m" chunk 0 size 70003 last true`, `artifact empty "" chunk 0 size 0 last true`, "done")
}

func TestCut(t *testing.T) {
	content := make([]byte, 2*pb.MaxChunkBytes+1)
	for i := range content {
		content[i] = byte(i)
	}
	for n, want := range map[int]int{0: 1, 1: 1, pb.MaxChunkBytes: 1, pb.MaxChunkBytes + 1: 2, len(content): 3} {
		var whole []byte
		pieces := cut(&artifact{Name: "a", MediaType: "m"}, content[:n], true, true)
		for i, p := range pieces {
			whole = append(whole, p.GetChunk()...)
			if len(p.GetChunk()) > pb.MaxChunkBytes || p.GetLast() != (i == want-1) || (p.GetMediaType() != "") != (i == 0) {
				t.Errorf("%d bytes: piece %d has %d bytes, last %t, media type %q", n, i, len(p.GetChunk()), p.GetLast(), p.GetMediaType())
			}
		}
		if len(pieces) != want || !bytes.Equal(whole, content[:n]) {
			t.Errorf("%d bytes: %d pieces of %d bytes, want %d", n, len(pieces), len(whole), want)
		}
		if p := cut(&artifact{}, content[:n], false, false); p[0].GetMediaType() != "" || p[len(p)-1].GetLast() {
			t.Errorf("%d bytes in the middle: %v", n, p[0])
		}
	}
}

// Every status, and all that an outcome can carry, goes through.
func TestDestination(t *testing.T) {
	c, _ := serveScript(t, destinationParts.with(parts{"batch": {`{"ack":{"seq":SEQ,"outcomes":[` +
		`{"status":"created","remote":[{"type":"note","id":"7"}]},{"status":"updated","diff":"a\nb"},{"status":"unchanged"},` +
		`{"status":"rejected","diagnostic":{"code":"x.y","summary":"s","hint":"h","field":"/job"}},` +
		`{"status":"retry","retry_after_ms":1500,"diagnostic":{"severity":"warning","summary":"later"}},{"status":"deferred"}]}}`}}))
	got, err := talk(t, c, false, 6)
	wantLines(t, got, err, "ack 1 created updated unchanged rejected retry deferred", "done")
	stream, err := c.Plan(limited(t))
	if err != nil {
		t.Fatal(err)
	}
	_ = stream.Send(&pb.ExportRequest{Message: &pb.ExportRequest_Open{Open: &pb.Open{}}})
	_ = stream.Send(&pb.ExportRequest{Message: &pb.ExportRequest_Batch{Batch: &pb.Batch{Seq: 9, Records: slices.Repeat([]*pb.Record{{Json: []byte("{}")}}, 6)}}})
	m, err := stream.Recv()
	if err != nil {
		t.Fatal(err)
	}
	o := m.GetAck().GetOutcomes()
	d := o[3].GetDiagnostic()
	if o[0].GetRemote()[0].GetType() != "note" || o[0].GetRemote()[0].GetId() != "7" || o[1].GetDiff() != "a\nb" ||
		d.GetCode() != "x.y" || d.GetSummary() != "s" || d.GetHint() != "h" || d.GetField() != "/job" || d.GetSeverity() != pb.Diagnostic_SEVERITY_ERROR ||
		o[4].GetRetryAfterMs() != 1500 || o[4].GetDiagnostic().GetSeverity() != pb.Diagnostic_SEVERITY_WARNING {
		t.Errorf("something was lost: %v", o)
	}
}

func TestDescribe(t *testing.T) {
	c, _ := serveScript(t, parts{"describe": {`{"description":{"name":"a-b","version":"1","summary":"s","host_constraint":">= 0.1",` +
		`"config":[{"name":"n","type":"int","doc":"d","default":"5"},{"name":"token","secret":true,"required":true},{"name":"m","one_of":["a","b"]}],` +
		`"capabilities":{"idempotency":"lookup","modes":["upsert","replace"],"max_batch_records":3,"max_batch_bytes":4,"max_in_flight":1,"record_kinds":["job"]}}}`}})
	want := &pb.DescribeResponse{
		Name: "a-b", Version: "1", Summary: "s", Sdk: bridgeVersion, HostConstraint: ">= 0.1", ProtocolMinor: pb.ProtocolMinor,
		Config: []*pb.Field{
			{Name: "n", Type: pb.Field_TYPE_INT, Doc: "d", Default: "5"},
			{Name: "token", Type: pb.Field_TYPE_STRING, Secret: true, Required: true},
			{Name: "m", Type: pb.Field_TYPE_STRING, OneOf: []string{"a", "b"}},
		},
		Capabilities: &pb.Capabilities{
			Idempotency: pb.Capabilities_IDEMPOTENCY_LOOKUP, MaxBatchRecords: 3, MaxBatchBytes: 4, MaxInFlight: 1, RecordKinds: []string{"job"},
			Modes: []pb.WriteMode{pb.WriteMode_WRITE_MODE_UPSERT, pb.WriteMode_WRITE_MODE_REPLACE},
		},
	}
	for range 2 { // the script is asked once
		got, err := c.Describe(limited(t), &pb.DescribeRequest{})
		if err != nil || got.String() != want.String() {
			t.Errorf("error %v, got\n%v\nwant\n%v", err, got, want)
		}
	}
}

// Settings are checked before the script sees them, and it sees them complete.
func TestConfigure(t *testing.T) {
	heard := t.TempDir() + "/heard"
	c, _ := serveScript(t, parts{
		"describe": {`{"description":{"name":"a","version":"1","summary":"s","config":[{"name":"wait","type":"duration","default":"90s"},` +
			`{"name":"list","type":"strings","default":"a,b"},{"name":"token","secret":true},{"name":"n","type":"int","required":true},` +
			`{"name":"table","type":"table","default":"b=2,a=1"},{"name":"not"}],"capabilities":{"idempotency":"upsert"}}}`},
		"configure": {"!file " + heard, `{"configured":{"target":{"id":"t","label":"T"},"capabilities":{"idempotency":"atomic"},"diagnostics":[{"severity":"warning","summary":"w"}]}}`},
	})
	ctx := limited(t)
	got, err := c.Configure(ctx, &pb.ConfigureRequest{ConfigJson: []byte(`{"n": "x", "more": 1}`)})
	if err != nil || len(got.GetDiagnostics()) != 2 {
		t.Fatalf("error %v, got %v, want two diagnostics", err, got)
	}
	got, err = c.Configure(ctx, &pb.ConfigureRequest{HostVersion: "1.2.3", ConfigJson: []byte("{\"n\":\n 7}"), Secrets: map[string]string{"token": "s\"\n"}, CheckConnection: true})
	if err != nil || got.GetTarget().GetId() != "t" || got.GetTarget().GetLabel() != "T" || len(got.GetDiagnostics()) != 1 {
		t.Fatalf("error %v, got %v", err, got)
	}
	text, err := os.ReadFile(heard)
	want := `{"configure":{"host_version":"1.2.3","config":{"wait":"90s","list":["a","b"],"n":7,"table":{"a":"1","b":"2"}},"secrets":{"token":"s\"\n"},"check_connection":true}}`
	if err != nil || string(text) != want {
		t.Errorf("error %v, the script heard\n%s\nwant\n%s", err, text, want)
	}
	if _, err := c.Configure(ctx, &pb.ConfigureRequest{}); status.Code(err) != codes.FailedPrecondition {
		t.Errorf("configured twice: %v", err)
	}
	// As configured it makes files, and so it is not asked.
	stream, err := c.Provision(ctx, &pb.ProvisionRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if m, err := stream.Recv(); err == nil {
		t.Errorf("provisioned %v", m)
	}
}

// A script that objects to its settings can be asked again.
func TestConfigureObjection(t *testing.T) {
	c, _ := serveScript(t, atomicParts.with(parts{"configure": {`{"configured":{"diagnostics":[{"code":"c","summary":"wrong","field":"n"}]}}`}}))
	for range 2 {
		got, err := c.Configure(limited(t), &pb.ConfigureRequest{})
		if err != nil || got.GetDiagnostics()[0].GetField() != "n" {
			t.Fatalf("error %v, got %v", err, got)
		}
	}
	if _, err := talkAgain(t, c, false, 1); status.Code(err) != codes.FailedPrecondition {
		t.Errorf("exports unconfigured: %v", err)
	}
}

func TestProvision(t *testing.T) {
	c, _ := serveScript(t, destinationParts.with(parts{"provision": {
		`{"provisioned":{"object":"a.b","action":"create"}}`,
		`{"provisioned":{"object":"HEARD","action":"mismatch","diagnostic":{"summary":"s"}}}`, `{"done":{}}`,
	}}))
	ctx := limited(t)
	provision := func() (lines []string, err error) {
		stream, err := c.Provision(ctx, &pb.ProvisionRequest{Apply: true})
		for err == nil {
			var m *pb.ProvisionResponse
			if m, err = stream.Recv(); err == nil {
				lines = append(lines, m.GetObject()+" "+m.GetAction().String()+" "+m.GetDiagnostic().GetSummary())
			}
		}
		return lines, err
	}
	if _, err := provision(); status.Code(err) != codes.FailedPrecondition {
		t.Errorf("provisions unconfigured: %v", err)
	}
	if _, err := c.Configure(ctx, &pb.ConfigureRequest{}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		got, _ := provision()
		wantLines(t, got, nil, "a.b ACTION_CREATE ", `{"provision":{"apply":true}} ACTION_MISMATCH s`)
	}
}

// Files by which users make what is needed come in the pieces of the protocol.
func TestProvisionFiles(t *testing.T) {
	c, _ := serveScript(t, destinationParts.with(parts{"provision": {
		`{"provisioned":{"object":"a.b","action":"create"}}`,
		`{"provisioned":{"file":{"name":"pack/a.xml","media_type":"application/xml","text":"<a","last":false}}}`,
		`{"provisioned":{"file":{"name":"pack/a.xml","base64":"Lz4="}}}`,
		`{"provisioned":{"file":{"name":"b.txt","media_type":"text/plain"}}}`, `{"done":{}}`,
	}}))
	ctx := limited(t)
	if _, err := c.Configure(ctx, &pb.ConfigureRequest{}); err != nil {
		t.Fatal(err)
	}
	var got []string
	stream, err := c.Provision(ctx, &pb.ProvisionRequest{})
	for err == nil {
		var m *pb.ProvisionResponse
		if m, err = stream.Recv(); err == nil {
			a := m.GetArtifact()
			got = append(got, fmt.Sprintf("%s%s %s %d %t", m.GetObject(), a.GetName(), a.GetMediaType(), len(a.GetChunk()), a.GetLast()))
		}
	}
	if !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	wantLines(t, got, nil, "a.b  0 false", "pack/a.xml application/xml 2 false", "pack/a.xml  2 true", "b.txt text/plain 0 true")
}

// What is wrong with a file of that sort is told where it stands.
func TestProvisionFileFaults(t *testing.T) {
	for line, want := range map[string]string{
		`{"provisioned":{"file":{"text":"a"}}}`:                                         "/provisioned/file/name is missing",
		`{"provisioned":{"file":{"name":"a","text":"a","base64":"AA=="}}}`:              "/provisioned/file has text and base64",
		`{"provisioned":{"object":"a.b","action":"create","file":{"name":"a"}}}`:        "/provisioned has a file and something else",
		`{"provisioned":{"diagnostic":{"code":"c","summary":"s"},"file":{"name":"a"}}}`: "/provisioned has a file and something else",
	} {
		c, _ := serveScript(t, destinationParts.with(parts{"provision": {line, `{"done":{}}`}}))
		ctx := limited(t)
		if _, err := c.Configure(ctx, &pb.ConfigureRequest{}); err != nil {
			t.Fatal(err)
		}
		stream, err := c.Provision(ctx, &pb.ProvisionRequest{})
		for err == nil {
			_, err = stream.Recv()
		}
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", line, err, want)
		}
	}
}

// What a script reports as an error arrives with its code and hint. It lives on
// unless batches were on their way.
func TestScriptReportsError(t *testing.T) {
	said := `{"error":{"code":"a.b","summary":"no luck","hint":"try again","field":"f"}}`
	c, _ := serveScript(t, destinationParts.with(parts{"configure": {said}}))
	for range 2 {
		_, err := talk(t, c, false, 1)
		if d := diagnosticOf(err); status.Convert(err).Message() != "no luck" || d.GetCode() != "a.b" || d.GetHint() != "try again" || d.GetField() != "f" {
			t.Errorf("error %v, diagnostic %v", err, d)
		}
	}
	c, s := serveScript(t, destinationParts.with(parts{"batch": {said}}))
	if _, err := talk(t, c, false, 1, 1, 1); status.Convert(err).Message() != "no luck" {
		t.Errorf("error %v", err)
	}
	select {
	case <-s.exited:
	case <-time.After(2 * endGrace):
		t.Error("the script lives on")
	}
	// The script may have come to say it of the second batch, too, before it was ended.
	_, err := talkAgain(t, c, false, 1)
	if err == nil || !strings.Contains(err.Error(), "during export") && !strings.Contains(err.Error(), "error comes unasked") {
		t.Errorf("the next call: %v", err)
	}
}

// What comes wrongly from the host is refused, with the script left alone.
func TestHostFaults(t *testing.T) {
	c, _ := serveScript(t, destinationParts)
	if _, err := talk(t, c, false, 1); err != nil {
		t.Fatal(err)
	}
	open := &pb.ExportRequest{Message: &pb.ExportRequest_Open{Open: &pb.Open{}}}
	notJSON := &pb.ExportRequest{Message: &pb.ExportRequest_Batch{Batch: &pb.Batch{Seq: 1, Records: []*pb.Record{{Json: []byte("{")}}}}}
	for name, messages := range map[string][]*pb.ExportRequest{"no open": {notJSON}, "two opens": {open, open}, "not JSON": {open, notJSON}} {
		c, _ := serveScript(t, destinationParts)
		ctx := limited(t)
		if _, err := c.Configure(ctx, &pb.ConfigureRequest{}); err != nil {
			t.Fatal(err)
		}
		stream, err := c.Export(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			_ = stream.Send(m)
		}
		if _, err := stream.Recv(); status.Code(err) != codes.InvalidArgument {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A script is told that nobody wants its answer any more. If it does not stop,
// it is ended; otherwise it takes the next call.
func TestCancel(t *testing.T) {
	heard := t.TempDir() + "/heard"
	for name, change := range map[string]parts{
		"polite":  {"cancel": {"!file " + heard, `{"progress":{"text":"late"}}`, `{"done":{}}`}},
		"sorry":   {"cancel": {`{"error":{"summary":"sorry"}}`}},
		"asleep":  {"batch": {"!sleep"}},
		"unaware": {"batch": nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, s := serveScript(t, destinationParts.with(change))
			if _, err := c.Configure(limited(t), &pb.ConfigureRequest{}); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(limited(t))
			defer cancel()
			stream, err := c.Export(ctx)
			if err != nil {
				t.Fatal(err)
			}
			_ = stream.Send(&pb.ExportRequest{Message: &pb.ExportRequest_Open{Open: &pb.Open{}}})
			go func() { // more than the pipe holds
				for i := 1; stream.Send(bulky(i)) == nil; i++ {
				}
			}()
			time.Sleep(100 * time.Millisecond)
			cancel()
			began := time.Now()
			_, err = talkAgain(t, c, false, 1)
			took := time.Since(began)
			switch polite := name == "polite" || name == "sorry"; {
			case polite && (err != nil || took > cancelGrace/2):
				t.Errorf("the next call took %v: %v", took, err)
			case !polite && (err == nil || !strings.Contains(err.Error(), "did not stop when it was told to") || took > 3*cancelGrace/2):
				t.Errorf("the next call took %v: %v", took, err)
			}
			if !strings.Contains("polite sorry", name) {
				<-s.exited
			}
			if text, err := os.ReadFile(heard); name == "polite" && (err != nil || string(text) != `{"cancel":{}}`) {
				t.Errorf("the script heard %q: %v", text, err)
			}
		})
	}
}

// An answer that comes too late is thrown away, if it comes at all.
func TestCancelConfigure(t *testing.T) {
	c, _ := serveScript(t, destinationParts.with(parts{"configure": {"!wait", `{"configured":{"target":{"id":"t"}}}`}}))
	if _, err := c.Describe(limited(t), &pb.DescribeRequest{}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(limited(t), 10*time.Millisecond)
	defer cancel()
	if _, err := c.Configure(ctx, &pb.ConfigureRequest{}); status.Code(err) != codes.DeadlineExceeded {
		t.Fatalf("error %v", err)
	}
	got, err := talk(t, c, false, 1)
	wantLines(t, got, err, "ack 1 created", "done")
}

// bulky is a batch of 4 kB.
func bulky(i int) *pb.ExportRequest {
	return &pb.ExportRequest{Message: &pb.ExportRequest_Batch{Batch: &pb.Batch{
		Seq: uint64(i), Records: []*pb.Record{{Json: fmt.Appendf(nil, `{"x":"%04000d"}`, i)}},
	}}}
}

func TestStartFaults(t *testing.T) {
	for _, program := range []string{"no-such-program-anywhere", "./no-such-file", t.TempDir()} {
		_, err := start(program, nil)
		var fault *StartError
		if !errors.As(err, &fault) || fault.Hint() == "" || !strings.Contains(err.Error(), program) {
			t.Errorf("%s: %v", program, err)
		}
	}
}
