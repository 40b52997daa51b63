package journal

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
)

// fill puts n acknowledged keys into a journal, and returns them in order.
func fill(t testing.TB, dir string, n int) []string {
	t.Helper()
	keys := make([]string, n)
	j := mustOpen(t, dir)
	var batch []Settlement
	for i := range keys {
		keys[i] = fmt.Sprintf("client%03d/job/department-%07d.docx", i*200/n, i)
		batch = append(batch, Settlement{Key: keys[i], Revision: strings.Repeat("0123456789abcdef", 4), Status: "created", Remote: remote(fmt.Sprint(i), fmt.Sprint(i, "x"))})
		if len(batch) == 100 || i == n-1 {
			mustSettle(t, j, batch...)
			batch = batch[:0]
		}
	}
	mustClose(t, j, true)
	return keys
}

// peak is the most memory that was held at any look, above what was at first.
type peak struct{ first, most int64 }

func (p *peak) look() {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	p.most = max(p.most, int64(m.HeapAlloc)-p.first)
}

// memoryOf opens, walks and closes a journal, and returns the most memory that
// was held in between. Looks are taken at writes and every so many keys.
func memoryOf(t testing.TB, dir string, keys []string) (opening, walking int64) {
	t.Helper()
	fence, err := NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer fence.Close()
	var p peak
	p.look()
	p.first, p.most = p.most, 0
	writes := 0
	d := &disk{step: func(op, _ string) error {
		if op == "write" {
			if writes++; writes%20 == 0 {
				p.look()
			}
		}
		return nil
	}}
	j, err := open(context.Background(), d, 0, dir, "hubspot", portal, fence)
	if err != nil {
		t.Fatal(err)
	}
	opening, p.most = p.most, 0
	for i, key := range keys {
		if e := mustLook(t, j, key); e.Status != "created" {
			t.Fatalf("%s: %+v", key, e)
		}
		if i%(len(keys)/10) == 0 {
			p.look()
		}
	}
	if err := j.Close(true); err != nil {
		t.Fatal(err)
	}
	return opening, p.most
}

// Memory does not grow with the number of keys, but for sorting the log, which
// is bounded.
func TestMemory(t *testing.T) {
	dir := t.TempDir()
	keys := fill(t, dir, 60_000)
	opening, walking := memoryOf(t, dir, keys)
	t.Logf("%d KiB while opening, %d KiB while looking", opening>>10, walking>>10)
	if opening < 100<<10 || opening > 2*sortMemory || walking > 1<<20 {
		t.Errorf("%d bytes are held while opening, %d while looking", opening, walking)
	}
}

// The first opening merges a log of all keys.
func BenchmarkMemory(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				dir := b.TempDir()
				keys := fill(b, dir, n)
				opening, walking := memoryOf(b, dir, keys)
				b.ReportMetric(float64(opening>>10), "KiB-open")
				b.ReportMetric(float64(walking>>10), "KiB-look")
			}
		})
	}
}

// Records a second, in batches of 100, each of which is intended and settled.
func BenchmarkBatch(b *testing.B) {
	for name, d := range map[string]*disk{"synced": {}, "unsynced": quick()} {
		b.Run(name, func(b *testing.B) {
			dir := b.TempDir()
			fence, err := NewFence(dir)
			if err != nil {
				b.Fatal(err)
			}
			defer fence.Close()
			j, err := open(context.Background(), d, 0, dir, "hubspot", portal, fence)
			if err != nil {
				b.Fatal(err)
			}
			defer j.Close(true)
			revision := strings.Repeat("0123456789abcdef", 4)
			intents, settlements := make([]Intent, 100), make([]Settlement, 100)
			n := 0
			b.ReportAllocs()
			for b.Loop() {
				for i := range intents {
					key := fmt.Sprintf("client/job/%08d", n)
					intents[i] = Intent{key, revision}
					settlements[i] = Settlement{Key: key, Revision: revision, Status: "created", Remote: remote("7")}
					n++
				}
				mustIntend(b, j, intents...)
				mustSettle(b, j, settlements...)
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "records/s")
		})
	}
}

// Opening a journal of 100,000 keys whose log holds nothing, one batch, or all.
func BenchmarkOpen(b *testing.B) {
	const n = 100_000
	dir := b.TempDir()
	keys := fill(b, dir, n)
	log, err := os.ReadFile(journalFolder(b, dir) + "/" + logName)
	if err != nil {
		b.Fatal(err)
	}
	one := sum(`{"log":1,"follows":1}`, `{"intent":"`+keys[n/2]+`","revision":"r"}`)
	b.Run("all in the log", func(b *testing.B) {
		for b.Loop() {
			withFiles(b, dir, "", string(log))
			mustClose(b, mustOpen(b, dir), true)
		}
	})
	snapshot, err := os.ReadFile(journalFolder(b, dir) + "/" + snapshotName)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("one in the log", func(b *testing.B) {
		for b.Loop() {
			withFiles(b, dir, string(snapshot), one)
			mustClose(b, mustOpen(b, dir), true)
		}
	})
	withFiles(b, dir, string(snapshot), sum(`{"log":1,"follows":1}`))
	b.Run("nothing in the log", func(b *testing.B) {
		for b.Loop() {
			mustClose(b, mustOpen(b, dir), true)
		}
	})
	b.Run("look", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			j := mustOpen(b, dir)
			for _, key := range keys {
				mustLook(b, j, key)
			}
			mustClose(b, j, true)
		}
	})
}
