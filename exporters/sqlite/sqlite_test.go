package sqlite

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/record/flat"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

var update = flag.Bool("update", false, "rewrite golden files")

const sample = "../../core/record/flat/testdata/records.ndjson"

// TestMain makes the test binary a writer that is killed, for the tests of crashes.
func TestMain(m *testing.M) {
	flag.Parse()
	if path := os.Getenv("FIRSTCALL_TEST_WRITE"); path != "" {
		writeUntilKilled(path)
		return
	}
	os.Exit(m.Run())
}

var ctx = context.Background()

// begin opens a database for a test.
func begin(t testing.TB, path string) *session {
	t.Helper()
	s, err := tryBegin(t, path, true)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func tryBegin(t testing.TB, path string, check bool) (*session, error) {
	t.Helper()
	settings, err := json.Marshal(map[string]string{"path": path})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := Exporter{}.Open(ctx, exporttest.Config(t, Exporter{}, string(settings)), check)
	if err != nil {
		return nil, err
	}
	s := opened.(*session)
	t.Cleanup(func() { s.Close() })
	return s, nil
}

// write writes records and gives their statuses.
func write(t testing.TB, s *session, records ...sdk.Record) []sdk.Status {
	t.Helper()
	outcomes, err := s.Write(ctx, sdk.Run{}, records)
	if err != nil {
		t.Fatal(err)
	}
	return statuses(outcomes)
}

func plans(t testing.TB, s *session, records ...sdk.Record) []sdk.Outcome {
	t.Helper()
	outcomes, err := s.Plan(ctx, sdk.Run{}, records)
	if err != nil {
		t.Fatal(err)
	}
	return outcomes
}

func statuses(outcomes []sdk.Outcome) []sdk.Status {
	var all []sdk.Status
	for _, o := range outcomes {
		all = append(all, o.Status)
	}
	return all
}

func repeat(s sdk.Status, n int) []sdk.Status { return slices.Repeat([]sdk.Status{s}, n) }

// changed is a record with other words in its body.
func changed(t testing.TB, r sdk.Record, from, to string) sdk.Record {
	t.Helper()
	text := bytes.ReplaceAll(r.JSON, []byte(from), []byte(to))
	if bytes.Equal(text, r.JSON) {
		t.Fatalf("%s does not say %q", r.Key, from)
	}
	in := record.NewReader("test", bytes.NewReader(text))
	rec, err := in.Next()
	if err != nil {
		t.Fatal(err)
	}
	out, err := sdk.NewRecord(rec)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// pick finds a record of the sample.
func pick(t testing.TB, key string) sdk.Record {
	t.Helper()
	for _, r := range exporttest.Records(t, sample) {
		if r.Key == key {
			return r
		}
	}
	t.Fatalf("no record %s", key)
	return sdk.Record{}
}

// query gives the rows of a query, cells separated by a bar.
func query(t testing.TB, path, q string, args ...any) []string {
	t.Helper()
	db, err := open(ctx, path, "ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.close()
	rows, err := db.QueryContext(ctx, q, args...)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		var cells []string
		for _, v := range values {
			if v == nil {
				v = ""
			}
			cells = append(cells, fmt.Sprint(v))
		}
		out = append(out, strings.Join(cells, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// dump is all that a database says, but for its id.
func dump(t testing.TB, path string) string {
	t.Helper()
	var b strings.Builder
	for _, row := range query(t, path, "SELECT * FROM records ORDER BY key") {
		b.WriteString(row + "\n")
	}
	for _, table := range flat.Tables() {
		for _, row := range query(t, path, "SELECT * FROM "+table.Name+" ORDER BY key, row") {
			b.WriteString(row + "\n")
		}
	}
	return b.String()
}

// sound reports what is wrong with a database: with its file, or with its rows.
func sound(t testing.TB, path string) {
	t.Helper()
	if got := query(t, path, "PRAGMA integrity_check"); !slices.Equal(got, []string{"ok"}) {
		t.Fatalf("%q", got)
	}
	if got := query(t, path, "PRAGMA foreign_key_check"); len(got) > 0 {
		t.Fatalf("%q", got)
	}
}

// folder lists the files of a folder with their content.
func folder(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		body, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = info.ModTime().String() + string(body)
	}
	return all
}

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a?b#c%20 é.db")
	records := exporttest.Records(t, sample)
	s := begin(t, path)
	if got := write(t, s, records...); !slices.Equal(got, repeat(sdk.Created, len(records))) {
		t.Errorf("first: %v", got)
	}
	if got := write(t, s, records...); !slices.Equal(got, repeat(sdk.Unchanged, len(records))) {
		t.Errorf("second: %v", got)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	sound(t, path)
	if got := query(t, path, "SELECT json FROM records WHERE key = ?", records[0].Key); got[0] != string(records[0].JSON) {
		t.Error("the record is not kept as it came")
	}
	var want []string
	for _, r := range records {
		rec, err := r.Decode()
		if err != nil {
			t.Fatal(err)
		}
		made, err := flat.Record(rec)
		if err != nil {
			t.Fatal(err)
		}
		for _, rows := range made {
			for n := range rows.Rows {
				want = append(want, fmt.Sprintf("%s|%s|%d", rows.Table.Name, r.Key, n+1))
			}
		}
	}
	var got []string
	for _, table := range flat.Tables() {
		got = append(got, query(t, path, "SELECT '"+table.Name+"', key, row FROM "+table.Name)...)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("rows %q", got)
	}

	// A later run with one record that changed.
	rec := changed(t, pick(t, "wrenmoor/job/jobs%2Ffront-desk-agent.md"), "Google Hangouts", "Zoom")
	rec = changed(t, rec, `"rule":"dated/tool"`, `"rule":"dated/other"`)
	if got := write(t, begin(t, path), rec, records[0]); !slices.Equal(got, []sdk.Status{sdk.Updated, sdk.Unchanged}) {
		t.Errorf("third: %v", got)
	}
	if got := query(t, path, "SELECT rule FROM jobs WHERE key = ? AND rule LIKE 'dated/%' ORDER BY rule", rec.Key); !slices.Equal(got, []string{"dated/other", "dated/service"}) {
		t.Errorf("rows %q", got)
	}
	if entries := folder(t, filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("%d files", len(entries))
	}
}

// TestTypes: figures are numbers, days sort, and what is withheld is NULL.
func TestTypes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	write(t, begin(t, path), exporttest.Records(t, sample)...)
	for q, want := range map[string]string{
		`SELECT DISTINCT typeof(mean), typeof(n), typeof(withheld), typeof(favorable), typeof(as_of), typeof(band) FROM assessments WHERE NOT withheld`: "real|integer|integer|real|text|text",
		`SELECT DISTINCT typeof(mean), typeof(n), typeof(withheld), typeof(favorable), typeof(band) FROM assessments WHERE withheld`:                    "null|null|integer|null|null",
		`SELECT count(*) FROM assessments WHERE "group" IS NULL AND key = 'ivy-corner/assessment/four-steps'`:                                           "4",
		`SELECT DISTINCT typeof(line) FROM statements WHERE line IS NOT NULL`:                                                                           "integer",
		`SELECT max(last_review) FROM jobs`: "2026-05-20",
		`SELECT client_id, client_name, subject, wave, as_of, kind FROM records WHERE key LIKE 'ivy-corner/statement/%mission'`: `ivy-corner|@Ivy Corner, "the" café|statements.md#mission||2026-09-30|statement`,
		`SELECT document FROM jobs JOIN records USING (key) WHERE rule = 'unread' AND kind = 'folder'`:                          "jobs/scan.docx",
		`SELECT json_extract(json, '$.kind') FROM records ORDER BY key LIMIT 1`:                                                 "assessment",
	} {
		if got := strings.Join(query(t, path, q), "\n"); got != want {
			t.Errorf("%s: %q, want %q", q, got, want)
		}
	}
}

// TestSchema: the tables are those of this version. When this fails, schemaVersion has
// to go up, and databases of the version before have to be brought up to date.
func TestSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	write(t, begin(t, path), exporttest.Records(t, sample)[0])
	got := strings.Join(query(t, path, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"), ";\n\n") + ";\n"
	golden := filepath.Join("testdata", fmt.Sprintf("schema-%d.sql", schemaVersion))
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the tables differ from %s", golden)
	}
}

// TestTarget: a database is told by an id of its own, which is gone with it.
func TestTarget(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	r := exporttest.Records(t, sample)[0]
	first := begin(t, path)
	if first.Target().ID == "" || first.Target().Label != path {
		t.Errorf("%+v", first.Target())
	}
	if other := begin(t, path); other.Target().ID == first.Target().ID {
		t.Error("two databases that may be made have the same id")
	}
	write(t, first, r)
	first.Close()
	if again := begin(t, path); again.Target().ID != first.Target().ID {
		t.Error("the id changes")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if anew := begin(t, path); anew.Target().ID == first.Target().ID {
		t.Error("a new database looks like the one that was deleted")
	}
}

// TestNoTrace: neither opening nor planning makes or changes a file.
func TestNoTrace(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.db")
	records := exporttest.Records(t, sample)
	s := begin(t, path)
	for i, o := range plans(t, s, records...) {
		if o.Status != sdk.Created || o.Diff == "" {
			t.Errorf("%s: %+v", records[i].Key, o)
		}
	}
	if files := folder(t, dir); len(files) > 0 {
		t.Fatalf("%d files", len(files))
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil { // as a run that was killed early leaves it
		t.Fatal(err)
	}
	before := folder(t, dir)
	plans(t, begin(t, path), records...)
	if after := folder(t, dir); !equal(before, after) {
		t.Error("an empty file changed")
	}
	write(t, begin(t, path), records[1:]...)
	before = folder(t, dir)
	if got := statuses(plans(t, begin(t, path), records...)); !slices.Equal(got, append([]sdk.Status{sdk.Created}, repeat(sdk.Unchanged, len(records)-1)...)) {
		t.Errorf("planned: %v", got)
	}
	if after := folder(t, dir); !equal(before, after) {
		t.Error("the database changed")
	}
}

func equal(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}

// TestPlanIsWhatWriteDoes: in any order of changes, each record becomes what was
// planned, and the database says what the latest records say.
func TestPlanIsWhatWriteDoes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	records := exporttest.Records(t, sample)
	latest := map[string]sdk.Record{}
	random := rand.New(rand.NewPCG(1, 2))
	s := begin(t, path)
	for range 25 {
		var batch []sdk.Record
		for _, i := range random.Perm(len(records))[:1+random.IntN(5)] {
			r := records[i]
			if n := random.IntN(3); n > 0 {
				r = changed(t, r, `"as_of":"2026-09`, fmt.Sprintf(`"later":%d,"as_of":"2026-1%d`, n, n))
				r = changed(t, r, fmt.Sprintf(`"%s":{`, r.Kind), fmt.Sprintf(`"%s":{"later":%d,`, r.Kind, n))
			}
			batch = append(batch, r)
			latest[r.Key] = r
		}
		planned := statuses(plans(t, s, batch...))
		if done := write(t, s, batch...); !slices.Equal(planned, done) {
			t.Fatalf("planned %v, done %v", planned, done)
		}
	}
	sound(t, path)
	once := filepath.Join(t.TempDir(), "once.db")
	s = begin(t, once)
	for _, r := range latest {
		write(t, s, r)
	}
	if got, want := dump(t, path), dump(t, once); got != want {
		t.Error("the database differs from one into which the latest records were written at once")
	}
}

// TestDiff: a plan says which figures change, in a few lines.
func TestDiff(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	assessment := pick(t, "ivy-corner/assessment/four-steps")
	job := pick(t, "wrenmoor/job/jobs%2Ffront-desk-agent.md")
	s := begin(t, path)
	write(t, s, assessment, job)
	for _, c := range []struct {
		name string
		r    sdk.Record
		want []string
	}{
		{"a figure", changed(t, assessment, `"mean":2.6825757575757576`, `"mean":2.75`), []string{"mission: mean 2.68 -> 2.75"}},
		{"a digit that nobody needs", changed(t, assessment, `"mean":2.6825757575757576`, `"mean":2.6825757575757`), []string{"mission: mean 2.6825757575757576 -> 2.6825757575757"}},
		{"the whole", changed(t, job, `"verdict":"stale"`, `"verdict":"current"`), []string{"verdict “stale” -> “current”"}},
		{"a finding less", changed(t, job, `"rule":"dated/tool"`, `"rule":"dated/other"`), []string{"new: dated/other, fax machine", "gone: dated/tool, fax machine"}},
		{"what no table has", changed(t, job, `"words":`, `"words":9`), []string{"no figure of the tables changes, but something else of the record does"}},
		{"nothing", job, []string{""}},
		{"very much", changed(t, job, `"severity":"`, `"severity":"un`), []string{"", "", "", "", "", "", "", "", "and 1 more"}},
	} {
		got := strings.Split(plans(t, s, c.r)[0].Diff, "\n")
		if c.name == "very much" {
			for i := range 8 {
				got[i] = ""
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

func TestRejects(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	records := exporttest.Records(t, sample)[:4]
	records[1].JSON = []byte("{")
	nobodys, err := record.NewStatement(record.Record{}, record.Statement{ID: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if records[2], err = sdk.NewRecord(nobodys); err != nil {
		t.Fatal(err)
	}
	outcomes, err := begin(t, path).Write(ctx, sdk.Run{}, records)
	if err != nil {
		t.Fatal(err)
	}
	if got := statuses(outcomes); !slices.Equal(got, []sdk.Status{sdk.Created, sdk.Rejected, sdk.Rejected, sdk.Created}) {
		t.Errorf("%v", got)
	}
	for i, want := range map[int]string{1: "sqlite.record", 2: "sqlite.client"} {
		if d := outcomes[i].Diagnostic; d == nil || d.Code != want || d.Hint == "" {
			t.Errorf("%+v", d)
		}
	}
	if got := query(t, path, "SELECT count(*) FROM records"); got[0] != "2" {
		t.Errorf("%s records", got)
	}
}

// fault is the code of a diagnostic, which must say what to do.
func fault(t *testing.T, err error) string {
	t.Helper()
	var d *sdk.Diagnostic
	if !errors.As(err, &d) {
		t.Fatalf("%v is no diagnostic", err)
	}
	if d.Hint == "" || strings.HasSuffix(d.Summary, ".") {
		t.Errorf("%+v", d)
	}
	return d.Code
}

// BenchmarkWrite writes batches of 100 new records into a database; the metrics are
// records and rows a second.
func BenchmarkWrite(b *testing.B) {
	s := begin(b, filepath.Join(b.TempDir(), "x.db"))
	job := pick(b, "wrenmoor/job/jobs%2Ffront-desk-agent.md")
	n := 0
	for b.Loop() {
		batch := make([]sdk.Record, 100)
		for i := range batch {
			n++
			r := job
			r.Key = fmt.Sprintf("wrenmoor/job/%d", n)
			r.JSON = bytes.Replace(job.JSON, []byte(job.Key), []byte(r.Key), 1)
			batch[i] = r
		}
		write(b, s, batch...)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(float64(9*n)/b.Elapsed().Seconds(), "rows/s")
}
