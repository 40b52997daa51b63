package moodle

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/exporters/moodle/moodletest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden compares with files that were read line by line.
func TestGolden(t *testing.T) {
	files, outcomes := exporttest.Render(t, Exporter{}, "{}", records(t))
	all(t, outcomes, sdk.Created)
	want := []string{"s-n-co-70fa4e02-cohorts.csv", "s-n-co-70fa4e02-framework.csv", "wrenmoor-cohorts.csv", "wrenmoor-framework.csv"}
	var names []string
	for name, body := range files {
		names = append(names, name)
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, body, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		golden, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(body, golden) {
			t.Errorf("%s is not as it was; error %v", name, err)
		}
	}
	slices.Sort(names)
	if !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
}

// TestImport: Moodle's import makes the whole tree of it, in the right places.
func TestImport(t *testing.T) {
	files, _ := exporttest.Render(t, Exporter{}, "{}", records(t))
	in := importFramework(t, string(files["wrenmoor-framework.csv"]), siteScales())
	if in.framework[1] != "firstcall:wrenmoor" || in.framework[2] != "Service culture at Wrenmoor Hotels" || in.framework[5] != "Not yet,Sometimes,Reliably" || in.scale != 5 {
		t.Errorf("%q, scale %d", in.framework, in.scale)
	}
	// Eight qualities and their group; three values with their group, and five standards
	// that are not those of the department that is left out.
	if len(in.nodes) != 9+1+3+5 {
		t.Errorf("%d nodes", len(in.nodes))
	}
	depths := map[string]int{}
	for _, n := range in.nodes {
		depths[n.name] = n.depth
	}
	for name, want := range map[string]int{"What Wrenmoor Hotels stands for": 1, "prompt": 2, "No guest has to tell the same thing twice.": 3} {
		if depths[name] != want {
			t.Errorf("%s at level %d", name, depths[name])
		}
	}
	own := importFramework(t, string(files["s-n-co-70fa4e02-framework.csv"]), map[int64][]string{1: {"Not yet", "Sometimes", "Reliably "}})
	if own.scale != 77 { // none of the site's has these very words
		t.Errorf("scale %d", own.scale)
	}
	if got := own.framework[2]; got != `Service culture at Bäcker & Söhne ‹Ltd› "é"` {
		t.Errorf("%s", got)
	}
	if got := own.nodes[1]; got.name != "“=fair; honest, open”" || got.about != "<p>-we tell what's in it and what isn't; \\ always</p>" {
		t.Errorf("%+v", got)
	}
}

// TestFormulas: no cell begins as a formula does in a spreadsheet.
func TestFormulas(t *testing.T) {
	files, _ := exporttest.Render(t, Exporter{}, "{}", records(t))
	cells := 0
	for name, body := range files {
		for _, row := range phpCSV(string(body)) {
			for _, cell := range row {
				cells++
				if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
					t.Errorf("%s: %q", name, cell)
				}
			}
		}
	}
	if cells < 200 {
		t.Errorf("%d cells", cells)
	}
}

// TestWithheld: a department that is withheld in an assessment is in no byte, though the
// client file names it.
func TestWithheld(t *testing.T) {
	named := false
	for _, r := range records(t) {
		named = named || r.Kind == record.KindOrganization && bytes.Contains(r.JSON, []byte("Treatments"))
	}
	files, _ := exporttest.Render(t, Exporter{}, "{}", records(t))
	if !named || len(files) != 4 {
		t.Fatal("nothing to look for")
	}
	for name, body := range files {
		if low := strings.ToLower(string(body)); strings.Contains(low, "spa,") || strings.Contains(low, ": spa") || strings.Contains(low, "/spa") || strings.Contains(low, "treatments") {
			t.Errorf("%s names it", name)
		}
	}
}

// TestOrder: the order of the records changes no byte.
func TestOrder(t *testing.T) {
	all := records(t)
	want, _ := exporttest.Render(t, Exporter{}, "{}", all)
	random := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		got, _ := exporttest.Render(t, Exporter{}, "{}", all)
		for name := range want {
			if !bytes.Equal(got[name], want[name]) {
				t.Errorf("%s depends on the order", name)
			}
		}
	}
}

// TestLong: names and ID numbers that Moodle would cut are cut so that they stay apart.
func TestLong(t *testing.T) {
	org := record.Organization{Values: []record.Value{{Name: "care"}}}
	for _, end := range []string{"one", "two", "two"} { // the last is there twice
		org.Standards = append(org.Standards, record.Standard{Text: strings.Repeat("é long and the same ", 8) + end, Value: "care", Behaviors: []string{"do " + end}})
	}
	org.Standards = append(org.Standards, record.Standard{Text: "***", Value: "care"})
	id := strings.Repeat("client ", 20) + "1"
	rec, err := record.NewOrganization(record.Record{Client: record.Client{ID: id, Name: strings.Repeat("N", 200)}, Tool: record.Tool{Name: "firstcall", Version: "1"}}, org)
	if err != nil {
		t.Fatal(err)
	}
	sent, err := sdk.NewRecord(rec)
	if err != nil {
		t.Fatal(err)
	}
	clients, _ := learning.Join([]sdk.Record{sent}, learning.Options{Exporter: Name, Column: "department"})
	w := want(clients[0])
	in := importFramework(t, string(files(w, []string{"no", "yes"})[0].body), siteScales())
	if len(in.nodes) != 5 {
		t.Fatalf("%+v", in.nodes)
	}
	for _, n := range in.nodes {
		if !strings.HasPrefix(n.id, w.stem()) || len(w.stem()) < 50 {
			t.Errorf("%s does not begin with %s", n.id, w.stem())
		}
	}
	if a := in.nodes[2]; !strings.HasPrefix(a.about, "<p>é long and") || !strings.Contains(a.about, " same one</p><p>do one</p>") {
		t.Errorf("the whole text is lost: %+v", a)
	}
}

// TestNames: clients that a file system takes for one have files of their own.
func TestNames(t *testing.T) {
	got := fileNames([]*learning.Client{{ID: "Acme"}, {ID: "acme"}, {ID: "con"}, {ID: "../x"}})
	if got[0] == got[1] || strings.EqualFold(got[0], got[1]) || got[2] != "con" || strings.ContainsAny(got[3], "./") {
		t.Errorf("%q", got)
	}
}

// TestNothing: records that make no file are told.
func TestNothing(t *testing.T) {
	some := slices.DeleteFunc(records(t), func(r sdk.Record) bool { return r.Kind != record.KindStatement })
	files, outcomes := exporttest.Render(t, Exporter{}, "{}", some)
	if len(files) != 0 || len(outcomes) != 1 || outcomes[0].Status != sdk.Created || outcomes[0].Diagnostic == nil || outcomes[0].Diagnostic.Severity != sdk.SeverityWarning {
		t.Errorf("%d files, %+v", len(files), outcomes)
	}
	broken := records(t)[0]
	broken.JSON = []byte(`{}`)
	if _, outcomes = exporttest.Render(t, Exporter{}, "{}", []sdk.Record{broken}); outcomes[0].Status != sdk.Rejected {
		t.Errorf("%+v", outcomes)
	}
}

func TestScaleSettings(t *testing.T) {
	for settings, want := range map[string]string{
		`{}`:                              "",
		`{"scale":["no","yes"]}`:          "",
		`{"by":" "}`:                      "by moodle.by",
		`{"scale":["yes"]}`:               "scale moodle.scale",
		`{"scale":["a","b, or c"]}`:       "scale moodle.scale",
		`{"scale":["a"," b"]}`:            "scale moodle.scale",
		`{"scale":["a","b","a"]}`:         "scale moodle.scale",
		`{"scale":["<b>","ok","ok","="]}`: "scale moodle.scale, scale moodle.scale, scale moodle.scale",
	} {
		err := Exporter{}.CheckConfig(exporttest.Config(t, Exporter{}, settings))
		if err == nil && want == "" {
			continue
		}
		if got := code(t, err); got != want {
			t.Errorf("%s: %s", settings, got)
		}
	}
}

// TestColumn: groups by another column are told beside the files, and in a push.
func TestColumn(t *testing.T) {
	files, outcomes := exporttest.Render(t, Exporter{}, `{"by":"site"}`, records(t))
	_, address := place(t, moodletest.Options{}, nil)
	for name, of := range map[string][]sdk.Outcome{"files": outcomes, "push": wrote(t, connected(t, address, `"by":"site"`), records(t))} {
		told := 0
		for _, o := range of {
			if o.Diagnostic != nil && o.Diagnostic.Code == "moodle.column" {
				told++
			}
		}
		if told != 2 || len(files) != 4 { // both waves have groups by department
			t.Errorf("%s: told %d times", name, told)
		}
	}
}

// TestParagraphs: lines that were wrapped are one paragraph, and behaviors stay apart.
func TestParagraphs(t *testing.T) {
	c := clientOf(t, of(records(t), "wrenmoor"))
	w := want(c)
	for _, x := range w.framework.competencies {
		if x.name == "Every guest is greeted within ten seconds of coming in." && strings.Count(x.about, "<p>") != 3 {
			t.Errorf("three behaviors became %s", x.about)
		}
		if strings.HasPrefix(x.name, "No guest has to tell") && !strings.HasPrefix(x.about, "<p>Write the request down while the guest is speaking.</p><p>Read it back") {
			t.Error(x.about)
		}
	}
	// The vision is wrapped in its file; the mission is another paragraph.
	if about := w.course.about; strings.Count(about, "<p>") != 2 || !strings.Contains(about, "When something goes wrong we put it right") {
		t.Error(about)
	}
}
