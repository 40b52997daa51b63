package csv

import (
	"bytes"
	"context"
	"encoding/csv"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record/flat"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

var update = flag.Bool("update", false, "rewrite golden files")

const sample = "../../core/record/flat/testdata/records.ndjson"

func TestGolden(t *testing.T) {
	files, outcomes := exporttest.Render(t, Exporter{}, `{}`, exporttest.Records(t, sample))
	for _, o := range outcomes {
		if o.Status != sdk.Created || o.Diagnostic != nil {
			t.Errorf("%+v", o)
		}
	}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, []string{"assessments.csv", "folders.csv", "jobs.csv", "plans.csv", "statements.csv"}) {
		t.Errorf("files %q", got)
	}
	for name, body := range files {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, body, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(body, want) {
			t.Errorf("%s is another; if that is meant, run with -update", path)
		}
	}
}

// TestSettings: the cells are the same, however they are separated.
func TestSettings(t *testing.T) {
	records := exporttest.Records(t, sample)
	plain, _ := exporttest.Render(t, Exporter{}, `{}`, records)
	for settings, separator := range map[string]rune{
		`{"separator":"semicolon"}`: ';', `{"separator":"tab","bom":true}`: '\t', `{"bom":true}`: ',',
	} {
		files, _ := exporttest.Render(t, Exporter{}, settings, records)
		for name, body := range files {
			body, marked := bytes.CutPrefix(body, []byte("\xef\xbb\xbf"))
			if marked != strings.Contains(settings, "bom") {
				t.Errorf("%s with %s: byte order mark is %v", name, settings, marked)
			}
			if got, want := cells(t, body, separator), cells(t, plain[name], ','); !slices.EqualFunc(got, want, slices.Equal[[]string]) {
				t.Errorf("%s with %s has other cells", name, settings)
			}
		}
	}
	for _, settings := range []string{`{"separator":";"}`, `{"bom":"yes"}`, `{"sep":"tab"}`} {
		if _, err := sdk.ParseConfig(Exporter{}.Info().Config, []byte(settings), nil); err == nil {
			t.Errorf("%s is taken", settings)
		}
	}
}

func cells(t *testing.T, body []byte, separator rune) [][]string {
	t.Helper()
	in := csv.NewReader(bytes.NewReader(body))
	in.Comma = separator
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestKindsPresent: there is a file for each kind that records are of and for no
// other; a document that could not be read is among the jobs.
func TestKindsPresent(t *testing.T) {
	records := exporttest.Records(t, sample)
	only := func(kinds ...string) []sdk.Record {
		return slices.DeleteFunc(slices.Clone(records), func(r sdk.Record) bool { return !slices.Contains(kinds, string(r.Kind)) })
	}
	for _, c := range []struct{ kinds, files string }{
		{"", ""}, {"statement", "statements.csv"}, {"plan assessment", "assessments.csv plans.csv"}, {"folder", "folders.csv jobs.csv"},
	} {
		files, _ := exporttest.Render(t, Exporter{}, `{}`, only(strings.Fields(c.kinds)...))
		if got := strings.Join(slices.Sorted(maps.Keys(files)), " "); got != c.files {
			t.Errorf("of %q: files %q", c.kinds, got)
		}
		if c.kinds == "folder" && !bytes.Contains(files["jobs.csv"], []byte("jobs/scan.docx")) {
			t.Error("a document that could not be read is lost")
		}
	}
}

func TestRejects(t *testing.T) {
	records := exporttest.Records(t, sample)
	records[1].JSON = []byte("{")
	records[2].Kind = "later"
	files, outcomes := exporttest.Render(t, Exporter{}, `{}`, records)
	for i, o := range outcomes {
		if (o.Status == sdk.Rejected) != (i == 1 || i == 2) {
			t.Errorf("record %d: %+v", i, o)
		}
	}
	if key := records[1].Key; bytes.Contains(files["assessments.csv"], []byte(key)) {
		t.Errorf("%s is rejected and there", key)
	}
}

// TestClosedPipe: the first write that fails ends the run.
func TestClosedPipe(t *testing.T) {
	records := exporttest.Records(t, sample)
	_, err := Exporter{}.Render(context.Background(), exporttest.Config(t, Exporter{}, `{"bom":true}`), records, func(a sdk.Artifact) error {
		in, out := io.Pipe()
		_ = in.Close()
		return a.Write(out)
	})
	if err == nil {
		t.Error("no error")
	}
}

// TestMemory: the files of very many records are never held in memory.
func TestMemory(t *testing.T) {
	records := exporttest.Records(t, sample)
	one := records[slices.IndexFunc(records, func(r sdk.Record) bool { return len(r.JSON) > 10_000 })]
	many := make([]sdk.Record, 5_000)
	for i := range many {
		many[i] = one // one copy of the text, so that what the exporter holds is seen
	}
	var most, bytes, before uint64
	before = inUse()
	out := writerFunc(func(b []byte) (int, error) {
		if bytes += uint64(len(b)); bytes%97 == 0 {
			most = max(most, inUse())
		}
		return len(b), nil
	})
	_, err := Exporter{}.Render(context.Background(), exporttest.Config(t, Exporter{}, `{}`), many, func(a sdk.Artifact) error { return a.Write(out) })
	if err != nil {
		t.Fatal(err)
	}
	if bytes < 15<<20 || most == 0 {
		t.Fatalf("%d bytes written, %d seen", bytes, most)
	}
	if grown := int64(most) - int64(before); grown > 4<<20 {
		t.Errorf("%d MiB more in use for %d MiB of output", grown>>20, bytes>>20)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// inUse is how much memory is in use after a collection.
func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkCSV writes assessments; the metric is rows a second.
func BenchmarkCSV(b *testing.B) {
	records := exporttest.Records(b, sample)
	cfg := exporttest.Config(b, Exporter{}, `{}`)
	records = slices.DeleteFunc(records, func(r sdk.Record) bool { return r.Kind != "assessment" })
	var many []sdk.Record
	for range 100 {
		many = append(many, records...)
	}
	rows := 0
	for b.Loop() {
		_, err := Exporter{}.Render(context.Background(), cfg, many, func(a sdk.Artifact) error {
			lines := 0
			err := a.Write(writerFunc(func(p []byte) (int, error) { lines += strings.Count(string(p), "\n"); return len(p), nil }))
			rows += lines - 1
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkEncodingCSV is the plain peer: encoding/csv writing the same cells.
func BenchmarkEncodingCSV(b *testing.B) {
	files, _ := exporttest.Render(b, Exporter{}, `{}`, exporttest.Records(b, sample))
	in := csv.NewReader(bytes.NewReader(files["assessments.csv"]))
	all, err := in.ReadAll()
	if err != nil {
		b.Fatal(err)
	}
	rows := 0
	for b.Loop() {
		out := csv.NewWriter(io.Discard)
		for range 100 {
			if err := out.WriteAll(all[1:]); err != nil {
				b.Fatal(err)
			}
			rows += len(all) - 1
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

// TestHeader: the header is that of the table, whatever the records hold.
func TestHeader(t *testing.T) {
	files, _ := exporttest.Render(t, Exporter{}, `{}`, exporttest.Records(t, sample))
	for _, table := range flat.Tables() {
		header, _, _ := strings.Cut(string(files[table.Name+".csv"]), "\n")
		if want := strings.Join(flat.Names(table.Columns), ","); header != want {
			t.Errorf("%s: %s", table.Name, header)
		}
	}
}
