package ndjson

import (
	"bytes"
	"context"
	"io"
	"runtime"
	"slices"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

const sample = "../../core/record/flat/testdata/records.ndjson"

func TestByteForByte(t *testing.T) {
	records := exporttest.Records(t, sample)
	files, outcomes := exporttest.Render(t, Exporter{}, `{}`, records)
	var want []byte
	for _, r := range records {
		want = append(append(want, r.JSON...), '\n')
	}
	if len(files) != 1 || !bytes.Equal(files["records.ndjson"], want) {
		t.Error("the records are not those that came")
	}
	if slices.ContainsFunc(outcomes, func(o sdk.Outcome) bool { return o.Status != sdk.Created }) {
		t.Errorf("%+v", outcomes)
	}
}

// TestOneLine: fields that this version does not know stay, spaces too, and a record
// on several lines becomes one.
func TestOneLine(t *testing.T) {
	files, outcomes := exporttest.Render(t, Exporter{}, `{}`, []sdk.Record{
		{JSON: []byte(`{ "a": "x\ny", "later": 1e400}`)}, {JSON: []byte("{\r\n  \"a\": [1,\n2]\n}")}, {JSON: []byte(`{"a"`)}, {JSON: []byte("{} {}")}, {JSON: []byte(`{"b":"é"}`)},
	})
	if got, want := string(files["records.ndjson"]), "{ \"a\": \"x\\ny\", \"later\": 1e400}\n{\"a\":[1,2]}\n{\"b\":\"é\"}\n"; got != want {
		t.Errorf("got %q", got)
	}
	for i, o := range outcomes {
		if (o.Status == sdk.Rejected) != (i == 2 || i == 3) {
			t.Errorf("record %d: %+v", i, o)
		}
	}
}

func TestClosedPipe(t *testing.T) {
	_, err := Exporter{}.Render(context.Background(), exporttest.Config(t, Exporter{}, `{}`), exporttest.Records(t, sample), func(a sdk.Artifact) error {
		in, out := io.Pipe()
		_ = in.Close()
		return a.Write(out)
	})
	if err == nil {
		t.Error("no error")
	}
}

// TestMemory: the file is never held in memory.
func TestMemory(t *testing.T) {
	one := exporttest.Records(t, sample)[2]
	many := make([]sdk.Record, 100_000)
	for i := range many {
		many[i] = one
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	written := 0
	_, err := Exporter{}.Render(context.Background(), exporttest.Config(t, Exporter{}, `{}`), many, func(a sdk.Artifact) error {
		return a.Write(writerFunc(func(b []byte) (int, error) { written += len(b); return len(b), nil }))
	})
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if written != len(many)*(len(one.JSON)+1) {
		t.Errorf("%d bytes written", written)
	}
	// One outcome a record; the output is much more.
	if got := after.TotalAlloc - before.TotalAlloc; got > 32<<20 {
		t.Errorf("%d MiB allocated for %d MiB of output", got>>20, written>>20)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// BenchmarkNDJSON passes the sample's records on, a hundred times; the metric is records a
// second.
func BenchmarkNDJSON(b *testing.B) {
	records := slices.Repeat(exporttest.Records(b, sample), 100)
	cfg := exporttest.Config(b, Exporter{}, `{}`)
	size := 0
	for _, r := range records {
		size += len(r.JSON) + 1
	}
	b.SetBytes(int64(size))
	n := 0
	for b.Loop() {
		_, err := Exporter{}.Render(context.Background(), cfg, records, func(a sdk.Artifact) error { return a.Write(io.Discard) })
		if err != nil {
			b.Fatal(err)
		}
		n += len(records)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "records/s")
}
