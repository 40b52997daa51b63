package render

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/record/flat"
)

// TestFindingRows: each cell stands under its own name, and a statement without
// findings keeps its verdict.
func TestFindingRows(t *testing.T) {
	in := csv.NewReader(strings.NewReader(draw(t, "csv", lintOf(samples()...), Options{})))
	rows, err := in.ReadAll() // all of the same length, or an error
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+7+1+1 {
		t.Errorf("%d rows", len(rows))
	}
	for column, want := range map[string][2]string{
		"client": {"acme", ""}, "id": {"acme-vision", "'=cmd()"}, "kind": {"vision", "service-vision"}, "department": {"Front desk", ""},
		"overall": {"31.4", "81"}, "simple": {"22", "90"}, "concrete": {"18.5", "85"}, "true": {"50", "70"}, "credible": {"61", "74"},
		"rule": {"clarity/buzzword", ""}, "severity": {"warning", ""}, "message": {"“world-class” says nothing that one could see", ""},
		"quote": {"world-class", ""}, "file": {"docs/vision 1.md", "-"}, "line": {"3", "1"}, "column": {"22", "1"},
		"fix": {"Say what one would see", ""}, "replacement": {"excellent", ""},
		"part": {"", ""}, "not_judged": {"", ""},
	} {
		i := slices.Index(rows[0], column)
		if i < 0 || rows[4][i] != want[0] || rows[8][i] != want[1] {
			t.Errorf("%s: got %q and %q, want %q", column, rows[4][i], rows[8][i], want)
		}
	}
}

// TestFindingRowsStandAlone: a record has the advice of a rule with the first of
// its findings, the table with each; where the record has none, it is the rule's.
func TestFindingRowsStandAlone(t *testing.T) {
	l := Linted{nil, record.Statement{ID: "x", Place: record.Place{File: "v.docx", Part: "paragraph 1"}, Findings: []record.Remark{
		{Rule: "house/a", Fix: "Say it.", Place: record.Place{File: "v.docx", Part: "paragraph 2"}},
		{Rule: "house/a", Place: record.Place{File: "v.docx", Part: "paragraph 3"}},
		{Rule: "clarity/hedge"},
	}}}
	l.Statement.Undefined = map[string]string{"verdict": "no words"}
	bare := Linted{nil, record.Statement{ID: "y", Place: l.Statement.Place}}
	fix, part, why := flat.Statements.Index("fix"), flat.Statements.Index("part"), flat.Statements.Index("not_judged")
	var got []string
	for _, row := range findingRows(lintOf(l, bare)) {
		got = append(got, row[fix].String()+"|"+row[part].String()+"|"+row[why].String())
	}
	want := []string{"Say it.|paragraph 2|no words", "Say it.|paragraph 3|no words", "Say what you do||no words", "|paragraph 1|not judged"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// TestFirstChange: what the summary says goes before the worst finding.
func TestFirstChange(t *testing.T) {
	s := record.Statement{Verdict: &record.Verdict{}, Findings: []record.Remark{{Severity: "hint", Message: "h"}, {Severity: "warning", Message: "w"}, {Severity: "warning", Message: "x"}}}
	if got := firstChange(s); got != "w" {
		t.Errorf("got %q", got)
	}
	s.Summary = &record.Summary{Change: []string{"c", "d"}}
	if got := firstChange(s); got != "c" {
		t.Errorf("got %q", got)
	}
	if got := firstChange(record.Statement{Findings: s.Findings, Undefined: map[string]string{"verdict": "why"}}); got != "not judged: why" {
		t.Errorf("got %q", got)
	}
}

// sarifSchema is the schema of the standard.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	file, err := os.Open("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	document, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("sarif.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestSarifIsValid by the standard's schema, which refuses a broken log.
func TestSarifIsValid(t *testing.T) {
	schema := sarifSchema(t)
	check := func(text string) error {
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			return err
		}
		return schema.Validate(document)
	}
	for name, lint := range map[string]Lint{"samples": lintOf(samples()...), "nothing": {}, "long": lintOf(long())} {
		if err := check(draw(t, "sarif", lint, Options{})); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	good := draw(t, "sarif", lintOf(samples()...), Options{})
	for old, broken := range map[string]string{`"note"`: `"hint"`, `"unicodeCodePoints"`: `"runes"`, `"startLine": 3`: `"startLine": 0`, `"name": "firstcall",`: ""} {
		if err := check(strings.ReplaceAll(good, old, broken)); err == nil {
			t.Errorf("the schema takes %s for %s", broken, old)
		}
	}
}

// TestSarif holds what the schema can't: that indexes hit, fingerprints differ
// and only findings with exact places carry fixes.
func TestSarif(t *testing.T) {
	var log sarifLog
	if err := json.Unmarshal([]byte(draw(t, "sarif", lintOf(samples()...), Options{})), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	seen := map[string]bool{}
	fixes := 0
	for _, r := range run.Results {
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("rule %d is not %s", r.RuleIndex, r.RuleID)
		}
		seen[r.PartialFingerprints["firstcallFinding/v1"]] = true
		if p := r.Locations[0].Physical; p != nil && run.Artifacts[*p.Artifact.Index].Location.URI != p.Artifact.URI {
			t.Errorf("artifact %d is not %s", *p.Artifact.Index, p.Artifact.URI)
		}
		fixes += len(r.Fixes)
	}
	if len(seen) != len(run.Results) || len(seen) != 8 || fixes != 2 {
		t.Errorf("%d results, %d fingerprints, %d fixes", len(run.Results), len(seen), fixes)
	}
	if notices := run.Invocations[0].Notifications; len(notices) != 1 || !strings.HasPrefix(notices[0].Message.Text, "Not judged: the text is in a language") || notices[0].Locations[0].Logical[0].Name != "leitbild" {
		t.Errorf("got %+v", notices)
	}
	last := run.Results[7]
	if last.Locations[0].Physical.Region != nil || last.Locations[0].Logical[1].Name != "paragraph 3" || !strings.Contains(last.Message.Text, `{{0}} \[a\](1)`) {
		t.Errorf("got %+v", last)
	}
	// A line added above moves nothing that a fingerprint is made of.
	moved := linted()
	for i := range moved.Statement.Findings {
		moved.Statement.Findings[i].Place.Line++
		moved.Statement.Findings[i].EndLine++
	}
	for i, r := range newSarifRun(lintOf(moved).report()).Results {
		if r.PartialFingerprints["firstcallFinding/v1"] != run.Results[i].PartialFingerprints["firstcallFinding/v1"] {
			t.Errorf("the fingerprint of result %d moved", i)
		}
	}
}

// TestFileNames: no report tells where on a machine a file is kept.
func TestFileNames(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("these are names of other systems")
	}
	r := root("/home/ann/acme")
	for name, want := range map[string]string{
		"-": "", "a.md": "a.md", "./a/../b c.md": "b%20c.md", "/home/ann/acme/docs/a.md": "docs/a.md", "/home/ann/other/a.md": "a.md",
		"/home/ann/acme/..a.md": "..a.md", "../a.md": "../a.md", "a:b.md": "./a:b.md", "50%#1?.md": "50%25%231%3F.md", "ü.md": "%C3%BC.md",
	} {
		if got := r.uri(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if got := root("").uri("/etc/passwd"); got != "passwd" {
		t.Errorf("without a root: got %q", got)
	}
}

// TestGithubAdvises beside each line, since no other finding is seen there.
func TestGithubAdvises(t *testing.T) {
	l := Linted{nil, record.Statement{Findings: []record.Remark{{Rule: "a/b", Severity: "hint", Message: "m", Fix: "Do."}, {Rule: "a/b", Severity: "hint", Message: "n"}}}}
	if got := draw(t, "github", Lint{Statements: []Linted{l}}, Options{}); got != "::notice title=a/b::m%0ADo.\n::notice title=a/b::n%0ADo.\n" {
		t.Errorf("got %q", got)
	}
}

// TestGithubEscapes what would end a command or a property.
func TestGithubEscapes(t *testing.T) {
	f := record.Remark{Rule: "a/b", Severity: "error", Message: "50%\n::warning::x\r", Place: record.Place{File: "a,b:c%.md", Line: 2, Column: 4}, EndLine: 3, EndColumn: 1}
	lint := lintOf(Linted{nil, record.Statement{Findings: []record.Remark{f}}})
	lint.Rules = []RuleText{{ID: "a/b", Title: "One, two: three"}}
	want := "::error file=a%2Cb%3Ac%25.md,line=2,endLine=3,col=4,title=One%2C two%3A three · a/b::50%25%0A::warning::x\ufffd\n"
	if got := draw(t, "github", lint, Options{}); got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// TestJUnit reads the report back: counts are those of the cases, hints fail
// nothing, what is not judged has not passed, and nothing is lost to characters
// that XML has not.
func TestJUnit(t *testing.T) {
	statements := append(samples(), samples()[0], samples()[2])
	statements[4].Statement.Findings = nil
	statements[3].Statement.ID = "hints only"
	statements[3].Statement.Findings = statements[3].Statement.Findings[2:3]
	text := draw(t, "junit", lintOf(statements...), Options{})
	var read struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Suites   []struct {
			Name     string `xml:"name,attr"`
			Tests    int    `xml:"tests,attr"`
			Failures int    `xml:"failures,attr"`
			Skipped  int    `xml:"skipped,attr"`
			Cases    []struct {
				Name    string `xml:"name,attr"`
				Failure []struct {
					Message string `xml:"message,attr"`
					Text    string `xml:",chardata"`
				} `xml:"failure"`
				Skipped []struct {
					Message string `xml:"message,attr"`
				} `xml:"skipped"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(text), &read); err != nil {
		t.Fatal(err)
	}
	tests, failures := 0, 0
	for _, s := range read.Suites {
		n, skipped := 0, 0
		for _, c := range s.Cases {
			n += len(c.Failure)
			skipped += len(c.Skipped)
		}
		if s.Tests != len(s.Cases) || s.Failures != n || s.Skipped != skipped {
			t.Errorf("%s says %d tests, %d failures, %d skipped; has %d, %d, %d", s.Name, s.Tests, s.Failures, s.Skipped, len(s.Cases), n, skipped)
		}
		tests, failures = tests+s.Tests, failures+s.Failures
	}
	if tests != 5 || failures != 2 || read.Tests != tests || read.Failures != failures || len(read.Suites) != 3 || len(read.Suites[0].Cases) != 2 {
		t.Errorf("got %d tests, %d failures in %d suites", tests, failures, len(read.Suites))
	}
	first := read.Suites[0].Cases[0].Failure[0]
	if first.Message != "nobody in particular acts, and 5 more" || strings.Contains(first.Text, "hint") || strings.Count(first.Text, "[clarity/buzzword]") != 4 {
		t.Errorf("got %+v", first)
	}
	foreign := read.Suites[2].Cases
	if len(foreign[0].Skipped) != 0 || len(foreign[1].Skipped) != 1 || foreign[1].Skipped[0].Message != "Not judged: the text is in a language that is not known well enough" {
		t.Errorf("got %+v", foreign)
	}
	if got := foreign[0].Failure[0].Text; !strings.Contains(got, "control \ufffd[31m characters") {
		t.Errorf("got %q", got)
	}
}

// TestCheckstyle reads the report back: a file once, its findings in it.
func TestCheckstyle(t *testing.T) {
	statements := append(samples(), samples()[0])
	var read checkstyleReport
	type file struct {
		Name   string `xml:"name,attr"`
		Errors []struct {
			Severity string `xml:"severity,attr"`
			Line     *int   `xml:"line,attr"`
		} `xml:"error"`
	}
	var report struct {
		Version string `xml:"version,attr"`
		Files   []file `xml:"file"`
	}
	text := draw(t, "checkstyle", lintOf(statements...), Options{})
	if err := errors.Join(xml.Unmarshal([]byte(text), &report), xml.Unmarshal([]byte(text), &read)); err != nil {
		t.Fatal(err)
	}
	if len(report.Files) != 3 || len(report.Files[0].Errors) != 14 || report.Files[1].Name != "stdin" || len(report.Files[1].Errors) != 0 {
		t.Fatalf("got %+v", report)
	}
	severities := map[string]int{}
	for _, f := range report.Files {
		for _, e := range f.Errors {
			severities[e.Severity]++
			if e.Line == nil {
				t.Error("a finding has no line")
			}
		}
	}
	if severities["error"] != 2 || severities["warning"] != 11 || severities["info"] != 2 {
		t.Errorf("got %v", severities)
	}
}
