package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// content reads the files of a result, by name.
func content(t testing.TB, r *ran) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, f := range r.Files {
		body, err := io.ReadAll(f.Content())
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(body)
	}
	return out
}

// mixed are records of two clients in no order, one of them bad and one of a
// kind that the exporter of files does not take.
func mixed(t testing.TB) []*record.Record {
	folder := &record.Record{Client: record.Client{ID: "acme"}, Sources: []string{}, Other: []byte(`{"id":"all"}`)}
	if err := folder.Seal(record.Key{Client: "acme", Kind: record.KindFolder, Subject: "all"}); err != nil {
		t.Fatal(err)
	}
	return []*record.Record{
		job(t, "zeta", "a", 3), job(t, "acme", "b", 5), folder, job(t, "acme", "bad", 1), job(t, "acme", "a", 4),
	}
}

func checkMixed(t *testing.T, r *ran) {
	t.Helper()
	var got []string
	for _, o := range r.Outcomes {
		line := fmt.Sprintf("%s %d", o.Key, o.Status)
		if o.Diagnostic != nil {
			line += " " + o.Diagnostic.Code
		}
		got = append(got, line)
	}
	want := []string{
		fmt.Sprintf("acme/folder/all %d", LeftOut),
		fmt.Sprintf("acme/job/a %d", Created),
		fmt.Sprintf("acme/job/b %d", Created),
		fmt.Sprintf("acme/job/bad %d test.bad", Rejected),
		fmt.Sprintf("zeta/job/a %d", Created),
	}
	if !slices.Equal(got, want) {
		t.Errorf("outcomes %q\nwant     %q", got, want)
	}
	if s := r.Summary; s != (Summary{Created: 3, Rejected: 1, LeftOut: 1}) || s.Unwritten() != 1 || s.Records() != 5 || !s.Finished() {
		t.Errorf("summary %+v", s)
	}
}

// The same round trip within this process and with a real one.
func TestExportArtifacts(t *testing.T) {
	for _, real := range []bool{false, true} {
		t.Run(fmt.Sprintf("process=%v", real), func(t *testing.T) {
			var p *Plugin
			if real {
				p = launch(t, "files", Options{})
			} else {
				server, err := sdk.NewServer(&files{})
				p = inProcess(t, server, err, Options{})
			}
			c := configure(t, p, `{"title": "All keys"}`)
			if !c.Artifacts || c.TargetID != "" {
				t.Errorf("configured as %+v", c)
			}
			r, err := run(t, p.Export, mixed(t))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			checkMixed(t, r)
			got := content(t, r)
			want := map[string]string{
				"acme.txt": "All keys\nacme/job/a 45\nacme/job/b 46\n", // the size of the body
				"zeta.txt": "All keys\nzeta/job/a 44\n",
			}
			if len(got) != 2 || got["acme.txt"] != want["acme.txt"] || got["zeta.txt"] != want["zeta.txt"] {
				t.Errorf("files %q, want %q", got, want)
			}
			if r.Files[0].Name != "acme.txt" || r.Files[0].MediaType != "text/plain" {
				t.Errorf("first file %+v", r.Files[0])
			}
			plan, err := run(t, p.Plan, mixed(t))
			if err != nil {
				t.Fatal(err)
			}
			defer plan.Close()
			checkMixed(t, plan)
			planned := []PlannedFile{
				{"acme.txt", "text/plain", int64(len(want["acme.txt"]))}, {"zeta.txt", "text/plain", int64(len(want["zeta.txt"]))},
			}
			if len(plan.Files) > 0 || !slices.Equal(plan.Planned, planned) {
				t.Errorf("planned %v and made %v, want %v", plan.Planned, plan.Files, planned)
			}
		})
	}
}

func TestExportNothing(t *testing.T) {
	p := launch(t, "files", Options{})
	configure(t, p, "")
	r, err := run(t, p.Export, nil)
	if err != nil || len(r.Outcomes) > 0 || len(r.Files) > 0 {
		t.Errorf("result %+v, error %v", r, err)
	}
}

func TestExportDuplicateKey(t *testing.T) {
	p := launch(t, "files", Options{})
	configure(t, p, "")
	r := job(t, "acme", "a", 1)
	_, err := run(t, p.Export, []*record.Record{r, r})
	var order *OrderError
	if !errors.As(err, &order) || order.Key != r.Key || order.Before != r.Key {
		t.Errorf("error %v, want an OrderError", err)
	}
}

// Records as large as they get, and files far larger than a message.
func TestExportLarge(t *testing.T) {
	p := launch(t, "files", Options{})
	configure(t, p, `{"size": 20000001}`)
	large := job(t, "acme", "large", record.MaxBytes-500)
	r, err := run(t, p.Export, []*record.Record{job(t, "acme", "a", 1), large, job(t, "acme", "z", 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if s := r.Summary; s.Created != 3 {
		t.Errorf("summary %+v", s)
	}
	got := content(t, r)
	if want := fmt.Sprintf("acme/job/large %d\n", len(large.Other)); !strings.Contains(got["acme.txt"], want) {
		t.Errorf("file %q, want %q in it", got["acme.txt"], want)
	}
	if got["zeros/large.bin"] != string(make([]byte, 20000001)) {
		t.Errorf("the large file has %d bytes or other content", len(got["zeros/large.bin"]))
	}
}

// A record that is too large for the wire is reported, and the others go out.
func TestExportTooLarge(t *testing.T) {
	p := launch(t, "files", Options{})
	configure(t, p, "")
	r, err := run(t, p.Export, []*record.Record{
		job(t, "acme", "a", 1), job(t, "acme", "large", record.MaxBytes), job(t, "acme", "z", 1),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if s := r.Summary; s.Created != 2 || s.Rejected != 1 || r.Outcomes[1].Diagnostic.Code != "export.size" {
		t.Errorf("summary %+v, outcome %+v", s, r.Outcomes[1])
	}
}

// Whatever the sizes and limits, every record arrives once, in order, as it
// was, in batches within the limits.
func TestExportBatches(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		dest := &shelf{records: rng.IntN(20), bytes: rng.IntN(5000)}
		server, err := sdk.NewServer(dest)
		p := inProcess(t, server, err, Options{})
		configure(t, p, "")
		var records []*record.Record
		want := map[string]string{}
		for i := range rng.IntN(300) {
			r := job(t, string(rune('a'+rng.IntN(5))), fmt.Sprintf("s%d", i), rng.IntN(1+rng.IntN(4000)))
			records = append(records, r)
			want[r.Key] = r.Revision
		}
		result, err := run(t, p.Export, records)
		if err != nil {
			t.Fatal(err)
		}
		maxRecords, maxBytes := dest.records, dest.bytes
		if maxRecords == 0 {
			maxRecords = batchRecords
		}
		if maxBytes == 0 {
			maxBytes = batchBytes
		}
		at := 0
		for _, b := range dest.batches {
			size := 0
			for _, r := range b {
				size += len(r.JSON)
				rec, err := r.Decode()
				if err != nil || rec.Revision != want[r.Key] || r.Revision != rec.Revision || rec.Check() != nil {
					t.Fatalf("record %s arrived changed or twice (error %v)", r.Key, err)
				}
				delete(want, r.Key)
				if o := result.Outcomes[at]; o.Key != r.Key || o.Status != Created || o.Remote[0].ID != r.Key {
					t.Fatalf("outcome %+v at the place of %s", o, r.Key)
				}
				at++
			}
			if len(b) > maxRecords || len(b) > 1 && size > maxBytes {
				t.Fatalf("batch of %d records and %d bytes, limits are %d and %d", len(b), size, maxRecords, maxBytes)
			}
		}
		if len(want) > 0 || at != len(records) {
			t.Fatalf("%d records did not arrive", len(want))
		}
		keys := make([]string, len(result.Outcomes))
		for i, o := range result.Outcomes {
			keys[i] = o.Key
		}
		if !slices.IsSorted(keys) { // here, one kind and plain clients, the order of keys is the order
			t.Fatal("outcomes are not in order")
		}
	}
}

// Clients come one after the other, though their keys would sort otherwise.
func TestSorted(t *testing.T) {
	got, err := Items([]*record.Record{job(t, "a-b", "1", 1), job(t, "a", "2", 1), job(t, "", "3", 1), job(t, "a", "1", 1)})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, r := range got {
		keys = append(keys, r.Key)
	}
	want := []string{"-/job/3", "a/job/1", "a/job/2", "a-b/job/1"}
	if !slices.Equal(keys, want) {
		t.Errorf("got %q, want %q", keys, want)
	}
}

func TestExportDestination(t *testing.T) {
	p := launch(t, "destination", Options{})
	c := configure(t, p, `{"portal": "p7"}`)
	if c.Artifacts || c.TargetID != "p7" || c.TargetLabel != "Portal" {
		t.Errorf("configured as %+v", c)
	}
	plan, err := run(t, p.Plan, jobs(t, 3, 10))
	if err != nil || plan.Summary.Updated != 3 || plan.Outcomes[0].Diff != "~ acme/job/s000000" {
		t.Fatalf("plan %+v, error %v", plan, err)
	}
	r, err := run(t, p.Export, jobs(t, 250, 10))
	if err != nil || r.Summary != (Summary{Created: 250}) {
		t.Errorf("summary %+v, error %v", r.Summary, err)
	}
	_, err = p.Export(context.Background(), Request{Mode: pb.WriteMode_WRITE_MODE_REPLACE})
	var conf *ConfigError
	if !errors.As(err, &conf) {
		t.Errorf("error %v for a mode that is not announced", err)
	}
}

// RETRY is tried again with pauses, and reported when it stays; DEFERRED stops
// the run; nothing is lost.
func TestExportRetry(t *testing.T) {
	dest := &shelf{script: func(key string, attempt int) sdk.Outcome {
		switch {
		case strings.HasSuffix(key, "s000001") && attempt < 3:
			return sdk.Outcome{Status: sdk.Retry, RetryAfter: 30 * time.Millisecond}
		case strings.HasSuffix(key, "s000002"):
			return sdk.Outcome{Status: sdk.Retry, Diagnostic: &sdk.Diagnostic{Code: "test.busy", Summary: "busy"}}
		}
		return sdk.Outcome{}
	}}
	server, err := sdk.NewServer(dest)
	p := inProcess(t, server, err, Options{RetryBase: time.Millisecond, StallTimeout: 20 * time.Millisecond})
	configure(t, p, "")
	r, err := run(t, p.Export, jobs(t, 4, 10))
	if err != nil {
		t.Fatal(err)
	}
	if r.Summary != (Summary{Created: 3, Retry: 1}) || r.Outcomes[2].Diagnostic.Code != "test.busy" {
		t.Errorf("summary %+v, outcome %+v", r.Summary, r.Outcomes[2])
	}
	if n := dest.attempts["acme/job/s000001"]; n != 3 {
		t.Errorf("record was sent %d times, want 3", n)
	}
	if n := dest.attempts["acme/job/s000002"]; n != maxAttempts {
		t.Errorf("record was sent %d times, want %d", n, maxAttempts)
	}
	var at []time.Time
	for i, b := range dest.batches {
		if slices.ContainsFunc(b, func(r sdk.Record) bool { return r.Key == "acme/job/s000001" }) {
			at = append(at, dest.times[i])
		}
	}
	if pause := at[1].Sub(at[0]); pause < 30*time.Millisecond {
		t.Errorf("sent again after %v, before the time asked for", pause)
	}
}

func TestExportDeferred(t *testing.T) {
	dest := &shelf{records: 1, script: func(key string, _ int) sdk.Outcome {
		if strings.HasSuffix(key, "s000002") {
			return sdk.Outcome{Status: sdk.Deferred}
		}
		return sdk.Outcome{}
	}}
	server, err := sdk.NewServer(dest)
	p := inProcess(t, server, err, Options{})
	configure(t, p, "")
	r, err := run(t, p.Export, jobs(t, 50, 10))
	if err != nil {
		t.Fatal(err)
	}
	s := r.Summary
	if s.Deferred != 1 || s.NotSent < 50-3-batchInFlight-1 || s.Created+s.Deferred+s.NotSent != 50 || s.Unwritten() != 50-s.Created {
		t.Errorf("summary %+v", s)
	}
}

// A destination that dies has done some of it: what is known is told.
func TestExportDestinationDies(t *testing.T) {
	n := 0
	r := raw{caps: &pb.Capabilities{Idempotency: pb.Capabilities_IDEMPOTENCY_UPSERT, MaxBatchRecords: 1}, export: func(s exportServer) error {
		return batches(s, func(b *pb.Batch) *pb.Ack {
			if n++; n > 2 {
				panic(http2Gone)
			}
			return accepted(b)
		})
	}}
	r.export = stopping(r.export)
	p := inProcess(t, r, nil, Options{})
	configure(t, p, "")
	result, err := run(t, p.Export, jobs(t, 20, 1))
	wantPluginError(t, err, StageExport, "gone")
	if result == nil {
		t.Fatal("no result")
	}
	s := result.Summary
	if s.Created != 2 || s.InDoubt < 1 || s.InDoubt > batchInFlight || s.Created+s.InDoubt+s.NotSent != 20 {
		t.Errorf("summary %+v", s)
	}
}

const http2Gone = "gone"

// stopping turns a panic into the end of the call.
func stopping(f func(exportServer) error) func(exportServer) error {
	return func(s exportServer) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("%v", p)
			}
		}()
		return f(s)
	}
}

// Each of these breaks one rule; each is found out and named.
func TestExportMisbehavior(t *testing.T) {
	want := map[string]string{
		"too few outcomes":   "1 outcomes for the 2 records of batch 1",
		"too many outcomes":  "3 outcomes for the 2 records of batch 1",
		"no status":          "outcome without a status",
		"status of a pusher": "STATUS_RETRY, as an exporter of artifacts",
		"ack of nothing":     "acknowledged batch 101",
		"provisional only":   "Done without the outcomes of batch 1",
		"provisional full":   "twice or with outcomes",
		"ack twice":          "acknowledged batch 1, which was not sent or was acknowledged before",
		"evil name":          `artifact "../evil" cannot have this name`,
		"absolute name":      `artifact "/etc/passwd" cannot have this name`,
		"same name":          `artifact "A.md" comes twice`,
		"incomplete":         `artifact "a.md" is not complete`,
		"mixed":              `artifact "b.md" begins before "a.md" is complete`,
		"large piece":        "larger than 1 MiB",
		"no done":            "without Done",
		"early done":         "it said Done",
		"after done":         "after Done",
		"error after done":   "on second thought",
		"no ack":             "Done without the outcomes of batch 1",
		"dies":               "ended: exit status 7",
		"panics outright":    "ended: exit status 2",
		"ignores cancel":     "silent for 300ms",
		"never reads":        "silent for 300ms",
	}
	for name := range misbehaviors() {
		t.Run(name, func(t *testing.T) {
			pid := filepath.Join(t.TempDir(), "pid")
			cmd := command("raw:"+name, pidVar+"="+pid)
			p, err := Launch(context.Background(), cmd, Options{TempDir: place(t), StallTimeout: 300 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			configure(t, p, "")
			size := 10
			if name == "never reads" {
				size = 1 << 20 // more than a connection holds
			}
			within(t, 4*time.Second, func() {
				r, err := run(t, p.Export, jobs(t, 2, size))
				wantPluginError(t, err, StageExport, want[name])
				if r != nil {
					t.Error("a result came with the error, of files that do not count")
				}
				p.Close()
			})
			wantGone(t, pid)
			if want[name] == "" {
				t.Error("this misbehavior is not expected")
			}
		})
	}
}

func TestExportFileFromDestination(t *testing.T) {
	r := raw{caps: &pb.Capabilities{Idempotency: pb.Capabilities_IDEMPOTENCY_UPSERT}, export: misbehaviors()["evil name"]}
	p := inProcess(t, r, nil, Options{})
	configure(t, p, "")
	_, err := run(t, p.Export, nil)
	wantPluginError(t, err, StageExport, "made a file, as a destination")
}

// Ctrl-C ends an export within a second, whatever the exporter does.
func TestExportCanceled(t *testing.T) {
	for _, mode := range []string{"raw:ignores cancel", "raw:no ack"} {
		pid := filepath.Join(t.TempDir(), "pid")
		ctx, cancel := context.WithCancel(context.Background())
		p, err := Launch(ctx, command(mode, pidVar+"="+pid), Options{TempDir: place(t)})
		if err != nil {
			t.Fatal(err)
		}
		configure(t, p, "")
		time.AfterFunc(50*time.Millisecond, cancel)
		if mode == "raw:no ack" {
			cancel()
		}
		within(t, time.Second, func() {
			_, err := runWith(ctx, t, p.Export, Request{}, jobs(t, 2, 10))
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: error %v, want that of the context", mode, err)
			}
			p.Close()
		})
		wantGone(t, pid)
	}
}

// Without any Close, the end of the context alone ends the process.
func TestContextEndsProcess(t *testing.T) {
	pid := filepath.Join(t.TempDir(), "pid")
	ctx, cancel := context.WithCancel(context.Background())
	p, err := Launch(ctx, command("raw:ignores cancel", pidVar+"="+pid), Options{TempDir: place(t)})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	select {
	case <-p.proc.exited:
	case <-time.After(time.Second):
		t.Error("the process lives a second later")
	}
	p.Close()
	wantGone(t, pid)
}
