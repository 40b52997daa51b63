package flat

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

var update = flag.Bool("update", false, "rewrite golden files")

// sample reads the records of the tests.
func sample(t testing.TB) []*record.Record {
	t.Helper()
	f, err := os.Open("testdata/records.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []*record.Record
	for in := record.NewReader(f.Name(), f); ; {
		rec, err := in.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rec)
	}
}

// rowsOf sorts the rows of records by table.
func rowsOf(t testing.TB, records []*record.Record) map[*Table][]Row {
	t.Helper()
	all := map[*Table][]Row{}
	for _, rec := range records {
		made, err := Record(rec)
		if err != nil {
			t.Fatal(err)
		}
		for _, rows := range made {
			all[rows.Table] = append(all[rows.Table], rows.Rows...)
		}
	}
	return all
}

func TestTables(t *testing.T) {
	rows := rowsOf(t, sample(t))
	for _, table := range Tables() {
		var b bytes.Buffer
		out := NewWriter(&b, '\t')
		err := out.Strings(Names(table.Columns))
		for _, row := range rows[table] {
			err = errors.Join(err, out.Row(row))
		}
		if err := errors.Join(err, out.Flush()); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", table.Name+".tsv")
		if *update {
			if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), want) {
			t.Errorf("%s is not what the records give; if that is meant, run with -update", path)
		}
	}
}

// TestValuesFitTheirColumns: what stands in a column is of its type.
func TestValuesFitTheirColumns(t *testing.T) {
	filled := map[string]bool{}
	for table, rows := range rowsOf(t, sample(t)) {
		for _, row := range rows {
			if len(row) != len(table.Columns) {
				t.Fatalf("%s: %d values for %d columns", table.Name, len(row), len(table.Columns))
			}
			for i, v := range row {
				c := table.Columns[i]
				if v.Set() && v.Type() != c.Type {
					t.Errorf("%s.%s is of type %v and holds %v of type %v", table.Name, c.Name, c.Type, v, v.Type())
				}
				if c.Type == Share && (v.Float() < 0 || v.Float() > 1) || c.Type == Percent && (v.Float() < 0 || v.Float() > 100) {
					t.Errorf("%s.%s holds %v", table.Name, c.Name, v)
				}
				filled[table.Name+"."+c.Name] = filled[table.Name+"."+c.Name] || v.Set()
			}
		}
	}
	// Those that no record of the sample has anything for.
	bare := []string{
		"assessments.client_name", "assessments.headcount", "assessments.response_rate", "assessments.wave",
		"plans.documents", "plans.by", "plans.group", "statements.department", "statements.part", "statements.replacement", "statements.unlisted", "jobs.part", "jobs.unlisted",
	}
	for name, any := range filled {
		if !any && !slices.Contains(bare, name) {
			t.Errorf("%s is always empty", name)
		}
	}
}

// TestPrintedColumns: programs read what the command line prints by place as well
// as by name.
func TestPrintedColumns(t *testing.T) {
	for table, want := range map[*Table]string{
		Assessments: "client instrument wave as_of by group dimension title withheld n mean sd ci_low ci_high percent band favorable favorable_low favorable_high alpha group_n headcount response_rate index alpha_complete omega",
		Statements:  "client id kind department overall simple concrete true credible rule severity message quote file line column fix replacement part not_judged",
		Jobs:        "client document title department doc_kind verdict sure staleness last_review evidence next_review owner rule severity line column part quote message fix",
		Folders:     "",
		Plans:       "client due owner document documents effort what changes why department about id",
	} {
		if got := strings.Join(Names(Printed(table, table.Columns)), " "); got != want {
			t.Errorf("%s: %s", table.Name, got)
		}
	}
}

func TestColumnsAreDescribed(t *testing.T) {
	name := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	for i, table := range Tables() {
		if table.Kind != record.Kinds()[i] || !name.MatchString(table.Name) || table.Title == "" || !strings.HasSuffix(table.About, ".") {
			t.Errorf("table %d, %s, is not described", i, table.Name)
		}
		seen := map[string]bool{}
		for _, c := range table.Columns {
			if !name.MatchString(c.Name) || c.Title == "" || !(strings.HasSuffix(c.Doc, ".") || strings.HasSuffix(c.Doc, "?")) {
				t.Errorf("%s.%s is not described", table.Name, c.Name)
			}
			if seen[c.Name] || seen[c.Title] {
				t.Errorf("%s has %s or %s twice", table.Name, c.Name, c.Title)
			}
			seen[c.Name], seen[c.Title] = true, true
		}
		for _, n := range []string{"key", "revision", "client", "client_name", "as_of"} {
			if !seen[n] {
				t.Errorf("%s has no column %s", table.Name, n)
			}
		}
	}
}

// TestWithheldStaysWithheld: a record that says that it withholds and has figures all
// the same gives none of them away.
func TestWithheldStaysWithheld(t *testing.T) {
	rec := assessment(t, `{"n":9,"index":50,"dimensions":[{"id":"b","mean":4,"n":7},{"id":"a","withheld":true,"n":8,"mean":3,"band":"weak","omega":0.5}],
		"groups":[{"by":["role"],"key":[""],"withheld":true,"n":3,"index":40,"response":{"headcount":4},"dimensions":[{"id":"a","n":3,"mean":1},{"id":"b","n":3,"mean":1}]},
		{"by":["x","y"],"key":["1","2"],"n":5,"dimensions":[{"id":"a","n":5}]}]}`)
	made, err := Record(rec)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range made[0].Rows {
		var cells []string
		for _, v := range row[Assessments.Index("by"):] {
			cells = append(cells, v.String())
		}
		got = append(got, strings.TrimRight(strings.Join(cells, ","), ","))
	}
	want := []string{
		",,a,A,true,,,,,,,,,,,,9,,,50",
		",,b,B,false,7,4,,,,,,,,,,9,,,50",
		"role,(not stated),a,A,true",
		"role,(not stated),b,B,true",
		"x*y,1 * 2,a,A,false,5,,,,,,,,,,,5",
		"x*y,1 * 2,b,B,false,,,,,,,,,,,,5", // of which the record says nothing
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

// assessment makes a record of a body with two dimensions.
func assessment(t testing.TB, body string) *record.Record {
	t.Helper()
	whole := `{"schema":"firstcall/1","kind":"assessment","key":"c/assessment/i","client":{"id":"c"},"assessment":{
		"instrument":{"id":"i","dimensions":[{"id":"a","title":"A","items":[]},{"id":"b","title":"B","items":[]}]},` + body[1:] + `}`
	var rec record.Record
	if err := json.Unmarshal([]byte(whole), &rec); err != nil {
		t.Fatal(err)
	}
	return &rec
}

// TestEveryRecordHasARow, but a plan without actions.
func TestEveryRecordHasARow(t *testing.T) {
	for kind, body := range map[record.Kind]string{
		record.KindStatement: `{"id":"x"}`,
		record.KindJob:       `{"id":"x","verdict":"unknown"}`,
		record.KindFolder:    `{"id":"x"}`,
		record.KindPlan:      `{"of":"-/assessment/x","actions":[]}`,
	} {
		made, err := Record(&record.Record{Kind: kind, Key: "-/" + string(kind) + "/x", Other: json.RawMessage(body)})
		if err != nil {
			t.Fatal(err)
		}
		want := 1
		if kind == record.KindPlan {
			want = 0
		}
		if len(made) != 1 || len(made[0].Rows) != want || made[0].Table.Kind != kind {
			t.Errorf("%s: %v", kind, made)
		}
	}
}

// TestAdvice: a record has the advice of a rule once, the table in every row.
func TestAdvice(t *testing.T) {
	s := record.Statement{ID: "x", More: map[string]int{"a": 3}, Findings: []record.Remark{{Rule: "a", Fix: "do"}, {Rule: "b"}, {Rule: "a"}, {Rule: "a", Fix: "other"}, {Rule: "a"}}}
	var got []string
	for _, row := range Statement(nil, s).Rows {
		got = append(got, row[Statements.Index("fix")].String()+row[Statements.Index("unlisted")].String())
	}
	if want := []string{"do3", "", "do3", "other3", "do3"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if s.Findings[2].Fix != "" {
		t.Error("the record was changed")
	}
}

func TestRecordRefuses(t *testing.T) {
	for _, rec := range []*record.Record{
		{Kind: "later"}, {Kind: record.KindAssessment}, {Kind: record.KindStatement}, {Kind: record.KindJob, Other: json.RawMessage(`{"id":1}`)},
		{Kind: record.KindFolder, Other: json.RawMessage(`[]`)}, {Kind: record.KindPlan, Other: json.RawMessage(`{}`)},
	} {
		if rows, err := Record(rec); err == nil || rows != nil {
			t.Errorf("%s: %v, %v", rec.Kind, rows, err)
		}
	}
}

func TestValues(t *testing.T) {
	half, five := 0.5, int64(-5)
	for _, c := range []struct {
		v    Value
		any  any
		text string
	}{
		{Value{}, nil, ""}, {text(""), nil, ""}, {text("x"), "x", "x"}, {date(""), nil, ""}, {date("2026-09-30"), "2026-09-30", "2026-09-30"},
		{wholeOf(nil), nil, ""}, {wholeOf(&five), int64(-5), "-5"}, {ordinal(0), nil, ""}, {ordinal(3), int64(3), "3"},
		{number(Share, nil), nil, ""}, {number(Share, &half), .5, "0.5"}, {yesNo(false), false, "false"}, {yesNo(true), true, "true"},
	} {
		if c.v.Any() != c.any || c.v.String() != c.text || c.v.Set() != (c.any != nil) {
			t.Errorf("got %v and %q, want %v and %q", c.v.Any(), c.v.String(), c.any, c.text)
		}
	}
	if v := text("x"); v.Whole() != 0 || v.Float() != 0 || v.True() {
		t.Error("a text is a number")
	}
}

// BenchmarkRow writes rows that are ready, as CSV; the metric is rows a second. Its peer
// is BenchmarkEncodingCSV of exporters/csv, which has the texts of the same cells.
func BenchmarkRow(b *testing.B) {
	rows := rowsOf(b, sample(b))[Assessments]
	n := 0
	for b.Loop() {
		out := NewWriter(io.Discard, ',')
		for _, row := range rows {
			if err := out.Row(row); err != nil {
				b.Fatal(err)
			}
		}
		n += len(rows)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
}
