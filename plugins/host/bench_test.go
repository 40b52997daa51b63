package host

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/firstcall-cli/firstcall/plugins/journal"
)

// BenchmarkExport sends records to an exporter that does nothing with them, and
// has each acknowledged: an exporter of artifacts, a destination, and one whose
// journal is kept. Memory is what the host holds at most, beside the records'
// source.
func BenchmarkExport(b *testing.B) {
	for _, kind := range []string{"artifacts", "destination", "journaled"} {
		for _, n := range []int{10_000, 100_000} {
			b.Run(fmt.Sprintf("%s/records=%d", kind, n), func(b *testing.B) {
				mode := map[string]string{"artifacts": "noop-files"}[kind]
				if mode == "" {
					mode = "noop"
				}
				p := launch(b, mode, Options{})
				configure(b, p, "")
				var peak uint64
				for b.Loop() {
					req := Request{Next: source(n), Count: n}
					end := func() {}
					if kind == "journaled" {
						req.Journal, end = openJournal(b)
					}
					req.Outcome = watchMemory(&peak)
					r, err := p.Export(context.Background(), req)
					if err != nil || r.Summary.Created != n {
						b.Fatalf("%+v %v", r, err)
					}
					_ = r.Close()
					end()
				}
				b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "records/s")
				b.ReportMetric(float64(peak)/(1<<20), "MiB-held")
			})
		}
	}
}

// source gives n records of 300 bytes, which nobody holds in memory.
func source(n int) func() (Item, error) {
	at := 0
	text := []byte(`{"schema":"firstcall/1","kind":"job","key":"acme/job/s","revision":"r","client":{"id":"acme"},"sources":[],"tool":{"name":"firstcall","version":"0"},"job":{"id":"x","verdict":"current","title":"Guest service agent at the front desk of a house with many rooms","as_of":"2026-09-01","owner":"Front desk"}}`)
	return func() (Item, error) {
		if at == n {
			return Item{}, io.EOF
		}
		at++
		return Item{Key: fmt.Sprintf("acme/job/s%07d", at), Kind: "job", Revision: "da726cf63b95c51b8bb5b004640080f63b7f022cdc4d21496eaec85916e8b0cf", JSON: text}, nil
	}
}

// watchMemory looks now and then at what is held.
func watchMemory(peak *uint64) func(Outcome) error {
	n := 0
	return func(Outcome) error {
		if n++; n%20_000 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			*peak = max(*peak, m.HeapAlloc)
		}
		return nil
	}
}

func openJournal(t testing.TB) (*journal.Journal, func()) {
	t.Helper()
	dir := t.TempDir()
	fence, err := journal.NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(context.Background(), dir, "test", journal.Target{ID: "noop"}, fence)
	if err != nil {
		t.Fatal(err)
	}
	return j, func() {
		if err := j.Close(true); err != nil {
			t.Fatal(err)
		}
		if err := fence.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// BenchmarkLaunch is from the call of Launch to the answer of Describe.
func BenchmarkLaunch(b *testing.B) {
	for b.Loop() {
		p, err := Launch(context.Background(), command("files"), Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		p.Close()
		b.StartTimer()
	}
}

func BenchmarkClose(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		p, err := Launch(context.Background(), command("files"), Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		p.Close()
	}
}
