package host

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/journal"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// remembered exports records to dest with the journal in dir, and closes it as
// the command does.
func remembered(ctx context.Context, t *testing.T, dir string, dest sdk.Exporter, req Request, records []*record.Record) (*ran, error) {
	t.Helper()
	server, err := sdk.NewServer(dest)
	p := inProcess(t, server, err, Options{RetryBase: time.Millisecond})
	return rememberedBy(ctx, t, dir, p, req, records)
}

func rememberedBy(ctx context.Context, t *testing.T, dir string, p *Plugin, req Request, records []*record.Record) (*ran, error) {
	t.Helper()
	c := configure(t, p, "")
	fence, err := journal.NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer fence.Close()
	req.Journal, err = journal.Open(context.Background(), dir, "test", journal.Target{ID: c.TargetID}, fence)
	if err != nil {
		t.Fatal(err)
	}
	r, err := runWith(ctx, t, p.Export, req, records)
	if e := req.Journal.Close(err == nil && r.Summary.Finished()); e != nil {
		t.Fatal(e)
	}
	return r, err
}

// sent lists what a shelf was sent: the key, "?" when in doubt, and the objects
// known.
func sent(s *shelf) []string {
	var out []string
	for _, b := range s.batches {
		for _, r := range b {
			line := strings.TrimPrefix(r.Key, "acme/job/")
			if r.InDoubt {
				line += "?"
			}
			for _, o := range r.Remote {
				line += " " + o.Type + ":" + o.ID
			}
			out = append(out, line)
		}
	}
	return out
}

// What was acknowledged is not sent again, unless it has changed or the user
// insists; what the destination said of it comes along.
func TestResumeKnown(t *testing.T) {
	dir := t.TempDir()
	ctx := context.Background()
	first := &shelf{}
	if r, err := remembered(ctx, t, dir, first, Request{}, jobs(t, 3, 10)); err != nil || r.Summary != (Summary{Created: 3}) {
		t.Fatalf("%+v %v", r, err)
	}
	changed := append(jobs(t, 2, 10), job(t, "acme", "s000002", 11), job(t, "acme", "s000009", 1))
	second := &shelf{}
	r, err := remembered(ctx, t, dir, second, Request{}, changed)
	if err != nil || r.Summary != (Summary{Known: 2, Created: 2}) || r.Outcomes[0].Status != Known || r.Summary.Unwritten() != 0 {
		t.Fatalf("%+v %v", r, err)
	}
	if got, want := sent(second), []string{"s000002 note:acme/job/s000002", "s000009"}; !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
	third := &shelf{}
	if r, err := remembered(ctx, t, dir, third, Request{Resend: true}, changed); err != nil || r.Summary != (Summary{Created: 4}) || len(sent(third)) != 4 {
		t.Errorf("%+v %v: sent %q", r, err, sent(third))
	}
	// The journal of one target says nothing about another.
	other := &shelf{}
	server, err := sdk.NewServer(other)
	p := inProcess(t, server, err, Options{})
	if _, err := p.Configure(ctx, []byte(`{"portal":"p2"}`), false); err != nil {
		t.Fatal(err)
	}
	fence, err := journal.NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer fence.Close()
	j, err := journal.Open(ctx, dir, "test", journal.Target{ID: "p2"}, fence)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close(true)
	if r, err := runWith(ctx, t, p.Export, Request{Journal: j}, changed); err != nil || r.Summary != (Summary{Created: 4}) {
		t.Errorf("%+v %v", r, err)
	}
}

// Of a destination that dies, what it acknowledged is known, what it was sent is
// in doubt, and the rest was never sent. The next run says so to the exporter.
func TestResumeDoubt(t *testing.T) {
	dir := t.TempDir()
	var n atomic.Int32
	r := raw{caps: &pb.Capabilities{Idempotency: pb.Capabilities_IDEMPOTENCY_LOOKUP, MaxBatchRecords: 1, MaxInFlight: 1}, export: stopping(func(s exportServer) error {
		return batches(s, func(b *pb.Batch) *pb.Ack {
			if n.Add(1) > 2 {
				panic(http2Gone)
			}
			return accepted(b)
		})
	})}
	p := inProcess(t, r, nil, Options{})
	first, err := rememberedBy(context.Background(), t, dir, p, Request{}, jobs(t, 5, 1))
	wantPluginError(t, err, StageExport, "gone")
	if first.Summary != (Summary{Created: 2, InDoubt: 1, NotSent: 2}) || first.Outcomes[2].Status != InDoubt {
		t.Fatalf("%+v", first)
	}
	if first.Summary.Finished() {
		t.Error("a run with records in doubt is no finished one")
	}
	second := &portal1{&shelf{how: sdk.Lookup}}
	r2, err := remembered(context.Background(), t, dir, second, Request{}, jobs(t, 5, 1))
	if err != nil || r2.Summary != (Summary{Known: 2, Created: 3}) {
		t.Fatalf("%+v %v", r2, err)
	}
	if got, want := sent(second.shelf), []string{"s000002?", "s000003", "s000004"}; !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
	third := &portal1{&shelf{}}
	if r, err := remembered(context.Background(), t, dir, third, Request{}, jobs(t, 5, 1)); err != nil || r.Summary != (Summary{Known: 5}) || len(third.batches) > 0 {
		t.Errorf("%+v %v", r, err)
	}
}

// portal1 is a shelf with the target of a raw exporter.
type portal1 struct{ *shelf }

func (p *portal1) Open(ctx context.Context, cfg sdk.Config, check bool) (sdk.Session, error) {
	return &shelfSession{p.shelf, "portal-1"}, nil
}

// What cannot be looked up is not sent again without the user's word.
func TestResumeDoubtNobodyCanEnd(t *testing.T) {
	dir := t.TempDir()
	r := raw{caps: &pb.Capabilities{Idempotency: pb.Capabilities_IDEMPOTENCY_NONE}, export: stopping(func(s exportServer) error {
		return batches(s, func(*pb.Batch) *pb.Ack { panic(http2Gone) })
	})}
	_, err := rememberedBy(context.Background(), t, dir, inProcess(t, r, nil, Options{}), Request{}, jobs(t, 2, 1))
	wantPluginError(t, err, StageExport, "gone")
	again := &portal1{&shelf{how: sdk.None}}
	ran, err := remembered(context.Background(), t, dir, again, Request{}, jobs(t, 3, 1))
	if err != nil || ran.Summary != (Summary{InDoubt: 2, Created: 1}) || ran.Outcomes[0].Diagnostic.Code != "export.doubt" {
		t.Fatalf("%+v %v", ran, err)
	}
	ran, err = remembered(context.Background(), t, dir, again, Request{AllowDuplicates: true}, jobs(t, 3, 1))
	if err != nil || ran.Summary != (Summary{Known: 1, Created: 2}) {
		t.Errorf("%+v %v", ran, err)
	}
}

// A record that was refused, or put off, is not known and not in doubt: the next
// run sends it as if for the first time.
func TestResumeAfterRefusal(t *testing.T) {
	dir := t.TempDir()
	says := map[string]sdk.Status{"s000000": sdk.Rejected, "s000001": sdk.Retry, "s000002": sdk.Deferred}
	dest := &shelf{records: 1, script: func(key string, _ int) sdk.Outcome {
		return sdk.Outcome{Status: says[strings.TrimPrefix(key, "acme/job/")]}
	}}
	r, err := remembered(context.Background(), t, dir, dest, Request{}, jobs(t, 9, 1))
	s := r.Summary
	if err != nil || s.Rejected != 1 || s.Deferred != 1 || s.Created+s.Retry+s.NotSent != 7 || s.Records() != 9 || s.Finished() {
		t.Fatalf("%+v %v", r, err)
	}
	next := &shelf{}
	r, err = remembered(context.Background(), t, dir, next, Request{}, jobs(t, 9, 1))
	if err != nil || r.Summary.Known != s.Created || r.Summary.Created != 9-s.Created {
		t.Errorf("%+v %v", r, err)
	}
	if slices.ContainsFunc(sent(next), func(line string) bool { return strings.Contains(line, "?") }) {
		t.Errorf("in doubt, though everything was answered: %q", sent(next))
	}
}

// When the user has had enough, what is on its way may still be answered and is
// not in doubt then; nothing new is sent.
func TestCancelWaitsForAnswers(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	dest := &shelf{records: 1, script: func(key string, _ int) sdk.Outcome {
		cancel()
		time.Sleep(20 * time.Millisecond)
		return sdk.Outcome{}
	}}
	r, err := remembered(ctx, t, dir, dest, Request{}, jobs(t, 50, 1))
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	if s := r.Summary; s.InDoubt > 0 || s.Created < 1 || s.NotSent < 50-2*batchInFlight-2 || s.Records() != 50 {
		t.Errorf("%+v", s)
	}
	next := &shelf{}
	if r, err := remembered(context.Background(), t, dir, next, Request{}, jobs(t, 50, 1)); err != nil || r.Summary.Known+r.Summary.Created != 50 || r.Summary.Known < 1 {
		t.Errorf("%+v %v", r, err)
	}
}

// A destination that is down for everybody is left alone, and does not make the
// host hold every record.
func TestRetryHoldsLittle(t *testing.T) {
	drawn, most := 0, 0
	dest := &shelf{records: 1, script: func(key string, attempt int) sdk.Outcome {
		return sdk.Outcome{Status: sdk.Retry, RetryAfter: time.Millisecond}
	}}
	server, err := sdk.NewServer(dest)
	p := inProcess(t, server, err, Options{RetryBase: time.Microsecond})
	configure(t, p, "")
	settled := 0
	items, err := Items(jobs(t, 200, 1))
	if err != nil {
		t.Fatal(err)
	}
	next := Each(items)
	r, err := p.Export(context.Background(), Request{
		Next:    func() (Item, error) { drawn++; most = max(most, drawn-settled); return next() },
		Outcome: func(Outcome) error { settled++; return nil },
	})
	if err != nil || r.Summary != (Summary{Retry: 200}) {
		t.Fatalf("%+v %v", r, err)
	}
	if limit := maxWaiting + 2*batchInFlight + 2; most > limit {
		t.Errorf("held %d records at a time, more than %d", most, limit)
	}
}

// A pause that the exporter asks for is kept to a minute, and one of its own is
// made by chance, within its bounds.
func TestPauses(t *testing.T) {
	x := &exchange{batcher: &batcher{}, p: &Plugin{opts: Options{RetryBase: time.Second}, redact: &redactor{}}, result: &Result{}}
	seen := map[time.Duration]bool{}
	for attempt := 1; attempt < maxAttempts; attempt++ {
		full := time.Second << (attempt - 1)
		for range 50 {
			d := x.backoff(attempt, rand.Float64())
			seen[d] = true
			if d < full/2 || d > full {
				t.Fatalf("pause %v after attempt %d, want %v to %v", d, attempt, full/2, full)
			}
		}
	}
	if len(seen) < 50 {
		t.Errorf("only %d different pauses of 200", len(seen))
	}
	if err := x.settle([]*parcel{{key: "a", last: Outcome{Status: Retry}}}, []*pb.Outcome{{Status: pb.Outcome_STATUS_RETRY, RetryAfterMs: 3_600_000}}); err != nil {
		t.Fatal(err)
	}
	if d := time.Until(x.waiting[0].due); d < 50*time.Second || d > time.Minute {
		t.Errorf("waits %v, want a minute at most", d)
	}
}

// A journal that cannot be written ends the run before anything is sent.
func TestJournalFails(t *testing.T) {
	dest := &shelf{}
	server, err := sdk.NewServer(dest)
	p := inProcess(t, server, err, Options{})
	configure(t, p, "")
	j, end := openJournal(t)
	end() // closed: nothing can be written to it any more
	r, err := runWith(context.Background(), t, p.Export, Request{Journal: j}, jobs(t, 3, 1))
	if err == nil || len(dest.batches) > 0 || r.Summary.Created > 0 || r.Summary.Records() != 3 {
		t.Errorf("%+v, error %v, %d batches", r, err, len(dest.batches))
	}
	var plugin *PluginError
	if errors.As(err, &plugin) {
		t.Errorf("the exporter is blamed: %v", err)
	}
}

// Records must come in order, each once.
func TestWrongOrder(t *testing.T) {
	server, err := sdk.NewServer(&shelf{})
	p := inProcess(t, server, err, Options{})
	configure(t, p, "")
	items, err := Items(jobs(t, 3, 1))
	if err != nil {
		t.Fatal(err)
	}
	items[0], items[2] = items[2], items[0]
	_, err = p.Export(context.Background(), Request{Next: Each(items)})
	var order *OrderError
	if !errors.As(err, &order) || order.Before != "acme/job/s000002" || order.Key != "acme/job/s000001" {
		t.Errorf("error %v", err)
	}
}

// What the callback says ends the run, and blames nobody else.
func TestOutcomeFails(t *testing.T) {
	server, err := sdk.NewServer(&shelf{records: 1})
	p := inProcess(t, server, err, Options{})
	configure(t, p, "")
	items, err := Items(jobs(t, 30, 1))
	if err != nil {
		t.Fatal(err)
	}
	full := fmt.Errorf("disk full")
	_, err = p.Export(context.Background(), Request{Next: Each(items), Outcome: func(Outcome) error { return full }})
	if !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
}
