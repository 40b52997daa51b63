package xlsx

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/record/flat"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/exporters/internal/rows"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

const sample = "../../core/record/flat/testdata/records.ndjson"

// open reads a workbook.
func open(t *testing.T, body []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// wanted are the cells that records should have, by sheet, in words.
func wanted(t *testing.T, records []sdk.Record) map[string][][]string {
	t.Helper()
	sheets := map[string][][]string{}
	err := rows.Each(context.Background(), records, func(sdk.Record) bool { return true }, func(d rows.Decoded) error {
		for _, made := range d.Rows {
			name := made.Table.Title
			if len(sheets[name]) == 0 {
				var header []string
				for _, i := range order(made.Table) {
					header = append(header, made.Table.Columns[i].Title)
				}
				sheets[name] = append(sheets[name], header)
			}
			for _, row := range made.Rows {
				var cells []string
				for _, i := range order(made.Table) {
					cells = append(cells, seen(row[i]))
				}
				sheets[name] = append(sheets[name], cells)
			}
		}
		return d.Err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sheets
}

func seen(v flat.Value) string {
	switch {
	case v.Type() == flat.YesNo && v.True():
		return "yes"
	case v.Type() == flat.YesNo:
		return "no"
	case v.Type().Numeric() && v.Set():
		return v.String()
	}
	return flat.Harmless(v.String())
}

// TestReadBack: the cells are those of the rows, each of its type.
func TestReadBack(t *testing.T) {
	records := exporttest.Records(t, sample)
	files, outcomes := exporttest.Render(t, Exporter{}, `{}`, records)
	for _, o := range outcomes {
		if o.Status != sdk.Created || o.Diagnostic != nil {
			t.Errorf("%+v", o)
		}
	}
	f := open(t, files["firstcall.xlsx"])
	if got, want := f.GetSheetList(), []string{"About", "Assessments", "Statements", "Job descriptions", "Folders", "Plans"}; !slices.Equal(got, want) {
		t.Fatalf("sheets %q", got)
	}
	for name, want := range wanted(t, records) {
		got, err := f.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want) {
			t.Errorf("%s has %d rows, want %d", name, len(got), len(want))
			continue
		}
		for i := range want {
			for len(got[i]) < len(want[i]) {
				got[i] = append(got[i], "")
			}
			for j, w := range want[i] {
				if g := got[i][j]; g != w && !sameNumber(g, w) && !sameDay(g, w) {
					t.Errorf("%s, row %d, %s: %q, want %q", name, i+1, want[0][j], g, w)
				}
			}
		}
	}
	about, err := f.GetRows("About")
	if err != nil {
		t.Fatal(err)
	}
	page := fmt.Sprint(about)
	rows := len(wanted(t, records)["Assessments"]) - 1
	for _, want := range []string{
		"Results of 3 clients", "14 records · as of 2026-09-01 to 2026-09-30 · made by firstcall test",
		fmt.Sprintf("[Assessments %d One row", rows), "[ivy-corner @Ivy Corner, \"the\" café Plans", "four-steps", "1 (Strongly disagree) to 5 (Strongly agree)",
		"[Job descriptions Staleness staleness points, 0 to 100 How far",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the first sheet does not say %q", want)
		}
	}
}

func sameNumber(got, want string) bool {
	x, err := strconv.ParseFloat(got, 64)
	y, bad := strconv.ParseFloat(want, 64)
	return err == nil && bad == nil && math.Abs(x-y) <= 1e-14*math.Abs(y)
}

// sameDay compares a day as Excel counts it with one as records write it.
func sameDay(got, want string) bool {
	n, ok := serial(want)
	return ok && got == strconv.Itoa(n)
}

// TestLook: what makes a sheet easy to use is there, and nothing is a formula.
func TestLook(t *testing.T) {
	files, _ := exporttest.Render(t, Exporter{}, `{}`, exporttest.Records(t, sample))
	f := open(t, files["firstcall.xlsx"])
	panes, err := f.GetPanes("Assessments")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes: %+v, %v", panes, err)
	}
	for cell, want := range map[string]string{"E2": "2026-09-30", "K6": "22", "L6": "2.68", "P6": "42.1", "R6": "21.8%"} {
		if got, err := f.GetCellValue("Assessments", cell); err != nil || strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("%s shows %q, want %q (%v)", cell, got, want, err)
		}
	}
	for name, text := range parts(t, files["firstcall.xlsx"]) {
		if !strings.HasPrefix(name, "xl/worksheets/") {
			continue
		}
		if strings.Contains(text, "<f>") || strings.Contains(text, "<f ") {
			t.Errorf("%s has a formula", name)
		}
		if name != "xl/worksheets/sheet1.xml" && !strings.Contains(text, "<autoFilter ref=") {
			t.Errorf("%s has no filter", name)
		}
	}
}

// parts are the files of a workbook.
func parts(t *testing.T, body []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for i, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r) // checks the sum
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(text)
		if i == 0 && f.Name != "_rels/.rels" {
			t.Errorf("%s comes first", f.Name)
		}
		if f.ModifiedDate != 0 || f.ModifiedTime != 0 { //nolint:staticcheck // the fields of the archive itself
			t.Errorf("%s has a time", f.Name)
		}
	}
	return out
}

// TestSameBytes: nothing hangs on the clock, the order of maps or the workers.
func TestSameBytes(t *testing.T) {
	records := exporttest.Records(t, sample)
	first, _ := exporttest.Render(t, Exporter{}, `{}`, records)
	for range 5 {
		again, _ := exporttest.Render(t, Exporter{}, `{}`, records)
		if !bytes.Equal(first[fileName], again[fileName]) {
			t.Fatal("two workbooks of the same records differ")
		}
	}
	if text := parts(t, first[fileName])["docProps/core.xml"]; strings.Contains(text, "created") || strings.Contains(text, "modified") {
		t.Errorf("a day: %s", text)
	}
}

// TestFullSheet: rows that one sheet has no room for go on another.
func TestFullSheet(t *testing.T) {
	records := exporttest.Records(t, sample)
	var body bytes.Buffer
	if err := write(context.Background(), &body, records, make([]sdk.Outcome, len(records)), 10); err != nil {
		t.Fatal(err)
	}
	f := open(t, body.Bytes())
	all := wanted(t, records)
	var got []string
	for _, name := range []string{"Job descriptions", "Job descriptions 2", "Job descriptions 3"} {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		if rows[0][0] != "Client" || len(rows) > 10 {
			t.Errorf("%s has %d rows and begins with %q", name, len(rows), rows[0][0])
		}
		for _, row := range rows[1:] {
			got = append(got, row[4]+" "+row[13])
		}
	}
	var want []string
	for _, row := range all["Job descriptions"][1:] {
		want = append(want, row[4]+" "+row[13])
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %d rows, want %d", len(got), len(want))
	}
}

// statement makes a record of a statement with a finding.
func statement(t *testing.T, message string) sdk.Record {
	t.Helper()
	rec, err := record.NewStatement(record.Record{Client: record.Client{ID: "c"}, Tool: record.Tool{Name: "firstcall", Version: "test"}},
		record.Statement{ID: "s", Findings: []record.Remark{{Rule: "=1+1", Severity: "hint", Message: message, Quote: "+2"}}})
	if err != nil {
		t.Fatal(err)
	}
	sent, err := sdk.NewRecord(rec)
	if err != nil {
		t.Fatal(err)
	}
	return sent
}

// TestTexts: a text comes back as it was, whatever it looks like, and one that is too
// long is cut with a word about it.
func TestTexts(t *testing.T) {
	long := strings.Repeat("é", mostChars)
	wide := strings.Repeat("😀", mostChars/2) // an odd limit: half of the last has no room
	for _, c := range []struct {
		text, want string
		cut        bool
	}{
		{"=1+1", "=1+1", false}, {"_x0041_ _x005F_x0041_ _x00g1_ _x0041", "_x0041_ _x005F_x0041_ _x00g1_ _x0041", false}, {"_x0041_x0042_", "_x0041_x0042_", false},
		{" two\nlines ", " two\nlines ", false}, {"a\r\nb\rc\ufffe", "a\nb\nc\ufffd", false}, {"  \t", "  \t", false}, {"<&>\"'", "<&>\"'", false}, {"\x1b[31m\x00", "\ufffd[31m\ufffd", false},
		{"007", "007", false}, {"1e5", "1e5", false}, {"TRUE", "TRUE", false}, {"2026-09-30", "2026-09-30", false},
		{long, long, false}, {long + "x", long[:len(long)-2] + "…", true}, {wide, wide, false}, {wide + "xy", wide + "…", true},
		{wide + "😀", wide + "…", true},
	} {
		files, outcomes := exporttest.Render(t, Exporter{}, `{}`, []sdk.Record{statement(t, c.text)})
		f := open(t, files[fileName])
		got, err := f.GetCellValue("Statements", "N2")
		if err != nil || got != c.want {
			t.Errorf("%.40q came back as %.40q (%d), %v", c.text, got, len(got), err)
		}
		if strings.HasPrefix(c.text, " two") && !strings.Contains(parts(t, files[fileName])["xl/worksheets/sheet2.xml"], `<t xml:space="preserve"> two`) {
			t.Error("Excel will take off the spaces around a text")
		}
		if kind, _ := f.GetCellType("Statements", "N2"); kind != excelize.CellTypeInlineString {
			t.Errorf("%.40q is of type %v", c.text, kind)
		}
		if d := outcomes[0].Diagnostic; (d != nil) != c.cut || d != nil && (d.Code != "xlsx.cut" || !strings.Contains(d.Summary, "Finding") || d.Severity != sdk.SeverityWarning) {
			t.Errorf("%.40q: %+v", c.text, d)
		}
		about, _ := f.GetRows("About")
		if strings.Contains(fmt.Sprint(about), "a text was cut") != c.cut {
			t.Errorf("%.40q: the first sheet says of a cut: %v", c.text, !c.cut)
		}
	}
}

// unescape reads a text as Excel does.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if isEscape(s[i:]) {
			n, _ := strconv.ParseUint(s[i+2:i+6], 16, 16)
			b.WriteRune(rune(n))
			i += len("_x0041_") - 1
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func FuzzCellText(f *testing.F) {
	f.Add("_x0041_x005F__x0041_")
	f.Add(strings.Repeat("a_x0041_", 5000))
	f.Add("\xff\x00😀")
	f.Add("a\r\nb\r ]]></t><f>1+1</f>\ufffe")
	f.Fuzz(func(t *testing.T, s string) {
		text, cut := cellText(s)
		if !utf8.ValidString(text) || len(utf16.Encode([]rune(text))) > mostChars {
			t.Fatalf("%d characters", len(text))
		}
		want := flat.Harmless(s)
		for _, r := range [][2]string{{"\r\n", "\n"}, {"\r", "\n"}, {"\ufffe", "\ufffd"}, {"\uffff", "\ufffd"}} {
			want = strings.ReplaceAll(want, r[0], r[1])
		}
		if !cut && unescape(text) != want {
			t.Errorf("%q is read as %q", s, unescape(text))
		}
		// As XML it is the same text, and no more than that.
		var sheet bytes.Buffer
		p := newPage(&sheet, layout{})
		p.row(0)
		p.text(0, plain, text)
		p.endRow()
		if err := p.end(0); err != nil {
			t.Fatal(err)
		}
		var read struct {
			Texts []string `xml:"sheetData>row>c>is>t"`
		}
		if err := xml.Unmarshal(sheet.Bytes(), &read); err != nil || len(read.Texts) != 1 || read.Texts[0] != text {
			t.Errorf("%q became %q in XML (%v)", text, read.Texts, err)
		}
	})
}

func TestSerial(t *testing.T) {
	for day, want := range map[string]int{"1900-03-01": 61, "2026-09-30": 46295, "1900-02-28": 0, "1899-01-01": 0, "soon": 0, "": 0, "2026-02-30": 0} {
		if n, ok := serial(day); n != want || ok != (want > 0) {
			t.Errorf("%s is %d, %v", day, n, ok)
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
	if len(files) != 1 {
		t.Errorf("%d files", len(files))
	}
	if files, _ := exporttest.Render(t, Exporter{}, `{}`, nil); len(files) != 0 {
		t.Error("a workbook of nothing")
	}
}

// TestClosedPipe: the first write that fails ends the run.
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

// TestMemory: the rows of very many records are never held in memory.
func TestMemory(t *testing.T) {
	one := exporttest.Records(t, sample)[2]
	many := make([]sdk.Record, 5_000)
	for i := range many {
		many[i] = one // one copy of the text, so that what the exporter holds is seen
	}
	var most uint64
	before, calls := inUse(), 0
	out := writerFunc(func(b []byte) (int, error) {
		if calls++; calls%20 == 0 {
			most = max(most, inUse())
		}
		return len(b), nil
	})
	_, err := Exporter{}.Render(context.Background(), exporttest.Config(t, Exporter{}, `{}`), many, func(a sdk.Artifact) error { return a.Write(out) })
	if err != nil || most == 0 {
		t.Fatalf("%d bytes seen in %d calls: %v", most, calls, err)
	}
	if grown := int64(most) - int64(before); grown > 8<<20 { // of which 2 are outcomes and the rows that widths are chosen by
		t.Errorf("%d MiB more in use", grown>>20)
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

func TestColumnName(t *testing.T) {
	for at, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 27: "AB", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		if got := columnName(at); got != want {
			t.Errorf("%d is %s, want %s", at, got, want)
		}
	}
}

// BenchmarkXLSX writes assessments; the metric is rows a second.
func BenchmarkXLSX(b *testing.B) {
	records := exporttest.Records(b, sample)
	records = slices.DeleteFunc(records, func(r sdk.Record) bool { return r.Kind != record.KindAssessment })
	var many []sdk.Record
	for range 100 {
		many = append(many, records...)
	}
	n := 0
	for _, r := range many {
		_, made, err := rows.Of(r)
		if err != nil {
			b.Fatal(err)
		}
		n += len(made[0].Rows)
	}
	cfg := exporttest.Config(b, Exporter{}, `{}`)
	b.ResetTimer()
	for range b.N {
		if _, err := (Exporter{}).Render(context.Background(), cfg, many, func(a sdk.Artifact) error { return a.Write(io.Discard) }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkExcelize is the plain peer: excelize writing the same cells without a look
// at records.
func BenchmarkExcelize(b *testing.B) {
	var all [][]any
	for _, r := range exporttest.Records(b, sample) {
		if r.Kind != record.KindAssessment {
			continue
		}
		_, made, err := rows.Of(r)
		if err != nil {
			b.Fatal(err)
		}
		for _, row := range made[0].Rows {
			var cells []any
			for _, i := range order(made[0].Table) {
				cells = append(cells, row[i].Any())
			}
			all = append(all, cells)
		}
	}
	for b.Loop() {
		f := excelize.NewFile()
		out, err := f.NewStreamWriter("Sheet1")
		if err != nil {
			b.Fatal(err)
		}
		for i := range 100 * len(all) {
			if err := out.SetRow(fmt.Sprintf("A%d", i+1), all[i%len(all)]); err != nil {
				b.Fatal(err)
			}
		}
		if err := out.Flush(); err != nil {
			b.Fatal(err)
		}
		if err := f.Write(io.Discard); err != nil {
			b.Fatal(err)
		}
		f.Close()
	}
	b.ReportMetric(float64(100*len(all)*b.N)/b.Elapsed().Seconds(), "rows/s")
}
