package host

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/journal"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// twice counts the keys that were told more than once.
func twice(outcomes []Outcome) (n int) {
	seen := map[string]int{}
	for _, o := range outcomes {
		if seen[o.Key]++; seen[o.Key] == 2 {
			n++
		}
	}
	return n
}

// An answer that the journal cannot hold ends the run, and every record is told
// all the same: the batch that was answered must not fall out of the counts.
func TestSettleFails(t *testing.T) {
	dest := &shelf{script: func(string, int) sdk.Outcome {
		return sdk.Outcome{Status: sdk.Updated, Remote: []sdk.RemoteObject{{Type: "note", ID: strings.Repeat("x", 17<<20)}}}
	}}
	server, err := sdk.NewServer(dest)
	p := inProcess(t, server, err, Options{})
	configure(t, p, "")
	j, end := openJournal(t)
	defer end()
	r, err := runWith(context.Background(), t, p.Export, Request{Journal: j}, jobs(t, 1, 1))
	if err == nil || r.Summary.Records() != 1 || len(r.Outcomes) != 1 || r.Summary.Finished() {
		t.Errorf("%+v (finished %v), %d outcomes, error %v", r.Summary, r.Summary.Finished(), len(r.Outcomes), err)
	}
	var plugin *PluginError
	if !errors.As(err, &plugin) {
		t.Errorf("the exporter's fault is not told as such: %v", err)
	}
}

// A journal that can no longer be written while answers come in loses none of them.
func TestSettleFailsLate(t *testing.T) {
	var j *journal.Journal
	dest := &shelf{records: 1, script: func(string, int) sdk.Outcome {
		_ = j.Close(false)
		return sdk.Outcome{}
	}}
	server, err := sdk.NewServer(dest)
	p := inProcess(t, server, err, Options{})
	configure(t, p, "")
	j, _ = openJournal(t)
	r, err := runWith(context.Background(), t, p.Export, Request{Journal: j}, jobs(t, 1, 1))
	if err == nil || r.Summary.Records() != 1 || r.Summary.Finished() {
		t.Errorf("%+v (finished %v), error %v", r.Summary, r.Summary.Finished(), err)
	}
}

// A source that fails while the records that are left are told does not make
// others be told twice.
func TestSourceFailsAtEnd(t *testing.T) {
	dest := &shelf{bytes: 1500, script: func(string, int) sdk.Outcome { return sdk.Outcome{Status: sdk.Deferred} }}
	server, err := sdk.NewServer(dest)
	p := inProcess(t, server, err, Options{})
	configure(t, p, "")
	items, err := Items(jobs(t, 20, 1000))
	if err != nil {
		t.Fatal(err)
	}
	next, broken := Each(items), errors.New("read error")
	var told []Outcome
	_, err = p.Export(context.Background(), Request{
		Next: func() (Item, error) {
			item, err := next()
			if err != nil {
				err = broken
			}
			return item, err
		},
		Outcome: func(o Outcome) error { told = append(told, o); return nil },
	})
	if !errors.Is(err, broken) || twice(told) > 0 {
		t.Errorf("%d of %d records told twice, error %v", twice(told), len(told), err)
	}
}

// One failure of Outcome ends the run and tells nothing a second time.
func TestOutcomeFailsOnce(t *testing.T) {
	server, err := sdk.NewServer(&shelf{})
	p := inProcess(t, server, err, Options{})
	configure(t, p, "")
	items, err := Items(jobs(t, 3, 1))
	if err != nil {
		t.Fatal(err)
	}
	var told []Outcome
	full := errors.New("full")
	r, err := p.Export(context.Background(), Request{
		Next: Each(items),
		Look: func(key string) (journal.Entry, error) { return journal.Entry{Revision: items[0].Revision}, nil },
		Outcome: func(o Outcome) error {
			if told = append(told, o); len(told) == 1 {
				return full
			}
			return nil
		},
	})
	if !errors.Is(err, full) || twice(told) > 0 || r.Summary.Records() != 3 {
		t.Errorf("%d told twice, %+v, error %v", twice(told), r.Summary, err)
	}
}

// A destination that is gone before the export begins leaves every record
// unsent, and each is told.
func TestGoneBeforeExport(t *testing.T) {
	p := launch(t, "destination", Options{})
	configure(t, p, "")
	p.proc.kill()
	p.proc.exitedWithin(time.Second)
	time.Sleep(100 * time.Millisecond) // the connection learns of it
	r, err := runWith(context.Background(), t, p.Export, Request{}, jobs(t, 3, 1))
	wantPluginError(t, err, StageExport, "ended")
	if r == nil || r.Summary.NotSent != 3 {
		t.Errorf("result %+v", r)
	}
}

// The host writes in a mode that the exporter has announced.
func TestModeAnnounced(t *testing.T) {
	var mode pb.WriteMode
	r := raw{caps: &pb.Capabilities{Idempotency: pb.Capabilities_IDEMPOTENCY_NONE, Modes: []pb.WriteMode{pb.WriteMode_WRITE_MODE_APPEND}}, export: func(s exportServer) error {
		m, err := s.Recv()
		if err != nil {
			return err
		}
		mode = m.GetOpen().GetMode()
		return status.Error(codes.Internal, "seen enough")
	}}
	p := inProcess(t, r, nil, Options{})
	configure(t, p, "")
	_, err := run(t, p.Export, jobs(t, 1, 1))
	if err != nil && mode == pb.WriteMode_WRITE_MODE_UPSERT {
		t.Errorf("an exporter that only appends was opened in mode %s", mode)
	}
}

// What an earlier run learned of a record is part of what is told of it.
func TestKnownHasRemote(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		r, err := remembered(context.Background(), t, dir, &shelf{}, Request{}, jobs(t, 1, 1))
		if err != nil || len(r.Outcomes[0].Remote) != 1 {
			t.Errorf("%s: remote %v, error %v", r.Outcomes[0].Status, r.Outcomes[0].Remote, err)
		}
	}
}

// One record that the destination puts off does not hold up all the others:
// sent again, it comes alone, and that is no sign that everybody is put off.
func TestOneRetryStopsAll(t *testing.T) {
	const bad = "acme/job/s000005"
	dest := &shelf{records: 10, script: func(key string, _ int) sdk.Outcome {
		time.Sleep(500 * time.Microsecond)
		if key == bad {
			return sdk.Outcome{Status: sdk.Retry, RetryAfter: 300 * time.Millisecond}
		}
		return sdk.Outcome{}
	}}
	server, err := sdk.NewServer(dest)
	p := inProcess(t, server, err, Options{RetryBase: time.Millisecond})
	configure(t, p, "")
	if _, err := run(t, p.Export, jobs(t, 1500, 1)); err != nil {
		t.Fatal(err)
	}
	for i, b := range dest.batches[:len(dest.batches)-1] {
		if gap := dest.times[i+1].Sub(dest.times[i]); len(b) == 10 && gap > 200*time.Millisecond && i > 0 {
			t.Errorf("nothing was sent for %v after batch %d of %d, for the sake of one record", gap, i+1, len(dest.batches))
		}
	}
}

// No text of an answer is too long for the journal: what comes of one must not
// be in doubt again at every run.
func TestLongCode(t *testing.T) {
	dir := t.TempDir()
	dest := &shelf{script: func(string, int) sdk.Outcome {
		return sdk.Outcome{Status: sdk.Rejected, Diagnostic: &sdk.Diagnostic{Code: strings.Repeat("x", 17<<20), Summary: "no"}}
	}}
	r, err := remembered(context.Background(), t, dir, dest, Request{}, jobs(t, 1, 1))
	var plugin *PluginError
	if err != nil && !errors.As(err, &plugin) || err == nil && r.Summary != (Summary{Rejected: 1}) {
		t.Errorf("%+v, error %v", r.Summary, err)
	}
}

// The same for the ids that an exporter may give: as many and as long ones as
// the protocol allows, of letters that take most room in a file.
func TestManyRemotes(t *testing.T) {
	dest := &shelf{script: func(string, int) sdk.Outcome {
		remote := make([]sdk.RemoteObject, pb.MaxRemoteObjects)
		for i := range remote {
			remote[i].ID = strings.Repeat("<", pb.MaxRemoteBytes-1) + `"`
		}
		return sdk.Outcome{Status: sdk.Updated, Remote: remote}
	}}
	r, err := remembered(context.Background(), t, t.TempDir(), dest, Request{}, jobs(t, 1, 1))
	if err != nil || r.Summary.Updated != 1 {
		t.Errorf("%+v, error %v", r, err)
	}
}
