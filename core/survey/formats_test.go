package survey

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

// reading is what a file says, as far as these tests look.
type reading struct {
	answers  [][]int32
	groups   []string // the values of all groupings of a row, joined with "|"
	leftOut  string
	format   string
	bad      int
	unused   int
	mapping  *Mapping
	unknowns []UnknownLabel
}

const none = Missing

// readExport reads a whole export.
func readExport(t *testing.T, file string, r io.Reader, req Request) reading {
	t.Helper()
	got, err := tryExport(file, r, req)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func tryExport(file string, r io.Reader, req Request) (reading, error) {
	rows, err := Open(file, r, req)
	if err != nil {
		return reading{}, err
	}
	defer rows.Close()
	var got reading
	err = rows.Each(context.Background(), []*Parser{NewParser()}, []Visit{func(p *Respondent) error {
		got.answers = append(got.answers, slices.Clone(p.Answers))
		var values []string
		for _, g := range p.Groups {
			values = append(values, strings.Join(g, "*"))
		}
		got.groups = append(got.groups, strings.Join(values, "|"))
		return nil
	}})
	if err != nil {
		return reading{}, err
	}
	for _, l := range rows.LeftOut() {
		got.leftOut += fmt.Sprintf("%d %s; ", l.Rows, l.Reason)
	}
	bad := rows.Bad()
	got.format, got.bad, got.unknowns = rows.Format().String(), bad.Total, bad.Labels
	got.unused, got.mapping = len(rows.Mapping().Unused), rows.Mapping()
	return got, nil
}

var (
	agree    = instrument.Scale{Min: 1, Max: 5, Labels: []string{"Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"}}
	somewhat = instrument.Scale{Min: 1, Max: 5, Labels: []string{"Strongly disagree", "Somewhat disagree", "Neither agree nor disagree", "Somewhat agree", "Strongly agree"}}
	likely   = instrument.Scale{Min: 0, Max: 10}
)

// asked is an instrument of items, each "id=text" with a scale.
func asked(scale instrument.Scale, outcome string, items ...string) *instrument.Instrument {
	in := &instrument.Instrument{ID: "asked", Dimensions: []instrument.Dimension{{ID: "d"}}, Attributes: []instrument.Attribute{
		{ID: "department", Text: "Your department", Kind: instrument.KindGroup},
	}}
	for _, it := range items {
		id, text, _ := strings.Cut(it, "=")
		in.Dimensions[0].Items = append(in.Dimensions[0].Items, instrument.Item{ID: id, Text: text, Scale: scale})
	}
	if outcome != "" {
		id, text, _ := strings.Cut(outcome, "=")
		in.Outcomes = []instrument.Item{{ID: id, Text: text, Scale: likely, Type: instrument.ENPS}}
	}
	return in
}

// The three statements of the samples.
var statements = []string{"listens=My manager listens to me", "respect=I am treated with respect", "leaving=I often think of leaving"}

// sampleFile opens a sample of another's format, which is not part of the
// project.
func sampleFile(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join("../../../shared/survey-formats", name))
	if err != nil {
		t.Skip("sample not there: ", err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// Every sample gives the respondents and answers that a person reads in it.
func TestSamples(t *testing.T) {
	honestly := slices.Concat(statements[:2], []string{"leaving=I often think of leaving, honestly"})
	codes := "[answers]\nA1 = 1\nA2 = 2\nA3 = 3\nA4 = 4\nA5 = 5\n"
	recommend := "nps=How likely are you to recommend us?"
	tests := []struct {
		file       string
		in         *instrument.Instrument
		by         string
		mapping    string
		unfinished bool
		want       reading
	}{
		{file: "qualtrics_likert_numeric_constructed.csv", in: asked(somewhat, recommend, honestly...), by: "Dept",
			want: reading{answers: [][]int32{{5, 4, 1, 9}}, groups: []string{"Support"}, leftOut: "1 preview of the survey; 1 not finished; ",
				format: "Qualtrics export, 3 heading rows, UTF-8, separated by commas"}},
		{file: "qualtrics_likert_numeric_constructed.csv", in: asked(somewhat, "Q14", "Q13_1", "Q13_2", "Q13_3"), by: "Dept", unfinished: true,
			want: reading{answers: [][]int32{{5, 4, 1, 9}, {4, none, none, none}}, groups: []string{"Support", "Sales"}, leftOut: "1 preview of the survey; ",
				format: "Qualtrics export, 3 heading rows, UTF-8, separated by commas"}},
		{file: "qualtrics_likert_text_constructed.csv", in: asked(somewhat, "QID21", "QID20_3", "QID20_7", "QID20_9"), by: "Dept",
			want: reading{answers: [][]int32{{5, 4, 1, 9}}, groups: []string{"Support"}, leftOut: "1 preview of the survey; 1 not finished; ",
				format: "Qualtrics export, 3 heading rows, UTF-8, separated by commas"}},
		{file: "qualtrics_likert_text_constructed.tsv_utf16le", in: asked(somewhat, "QID21", "QID20_3", "Q13_2", "Q13_3"), by: "Dept", unfinished: true,
			want: reading{answers: [][]int32{{5, 4, 1, 9}, {4, none, none, none}}, groups: []string{"Support", "Sales"}, leftOut: "1 preview of the survey; ",
				format: "Qualtrics export, 3 heading rows, UTF-16LE, separated by tabs"}},
		{file: "qualtrics_standard_real.csv", in: asked(agree, "", "choice=This is a multiple choice question."), by: "UserLanguage",
			want: reading{answers: [][]int32{{2}}, groups: []string{"DE"}, format: "Qualtrics export, 3 heading rows, UTF-8, separated by commas"}},
		{file: "qualtrics_legacy_real.csv", in: asked(agree, "", "Q1"), by: "ResponseSet",
			want: reading{answers: [][]int32{{2}}, groups: []string{"Standard-Antwortsatz"}, format: "Qualtrics export of the old form, 2 heading rows, UTF-8, separated by commas"}},
		{file: "limesurvey_code_codes_constructed.csv", in: asked(agree, "", "CULT_SQ001", "CULT_SQ002", "SQ003"), by: "ROLE", mapping: codes,
			want: reading{answers: [][]int32{{5, 4, 1}}, groups: []string{"Other"}, leftOut: "1 not finished; ",
				format: "LimeSurvey export, UTF-8, separated by semicolons"}},
		{file: "limesurvey_code_codes_constructed.csv", in: asked(agree, "", "CULT_SQ001", "CULT_SQ002", "SQ003"), by: "DEPT", unfinished: true,
			want: reading{answers: [][]int32{{none, none, none}, {none, none, none}}, groups: []string{"A1", "A2"}, bad: 4,
				format: "LimeSurvey export, UTF-8, separated by semicolons"}},
		{file: "limesurvey_full_fulltext_constructed.csv", in: asked(agree, "", statements...), by: "department", unfinished: true,
			mapping: "[answers]\n'Weder noch' = 3\n[values.department]\nvertrieb = 'Sales'\n",
			want: reading{answers: [][]int32{{5, 4, 1}, {3, none, none}}, groups: []string{"Support", "Sales"},
				format: "LimeSurvey export, UTF-8, separated by commas"}},
		{file: "surveymonkey_condensed_constructed.csv", in: asked(agree, "nps=How likely is it that you would recommend us, 0-10?", statements...), by: "Which department?|Other (please specify)",
			want: reading{answers: [][]int32{{5, 4, 1, 9}, {4, 5, none, 10}}, groups: []string{"Support|", "|Training"},
				format: "SurveyMonkey export, 2 heading rows, UTF-8, separated by commas"}},
		{file: "google_forms_zip_constructed.csv", in: asked(agree, "nps=How likely to recommend us (0-10)?", slices.Concat(statements, []string{"calls=How well do we handle calls?"})...), by: "department",
			want: reading{answers: [][]int32{{5, 4, 1, 5, 9}, {4, none, 3, 4, 10}}, groups: []string{"Support", "Sales"},
				format: "Google Forms export, UTF-8, separated by commas"}},
		{file: "google_sheets_csv_constructed.csv", in: asked(agree, "", statements[:2]...), by: "department", mapping: "answers = {'stimme  ZU' = 4}\n",
			want: reading{answers: [][]int32{{5, 4}, {4, none}}, groups: []string{"Support", "Vertrieb"},
				format: "Google Forms export, UTF-8, separated by commas"}},
		{file: "msforms_constructed.xlsx", in: asked(agree, recommend, statements...), by: "department",
			want: reading{answers: [][]int32{{5, 4, 1, 9}, {4, none, 3, 10}}, groups: []string{"Support", "Sales"},
				format: `Microsoft Forms export, workbook, sheet "Sheet1"`}},
		{file: "formbricks_constructed.csv", in: asked(agree, "nps=How likely?", statements[:2]...), by: "My department", unfinished: true,
			want: reading{answers: [][]int32{{5, 4, 9}, {none, none, none}}, groups: []string{"Support", "Sales"},
				format: "Formbricks export, UTF-8, separated by commas"}},
		{file: "formbricks_constructed.csv", in: asked(agree, "nps=How likely?", statements[:2]...), by: "plan",
			want: reading{answers: [][]int32{{5, 4, 9}}, groups: []string{"Pro"}, leftOut: "1 not finished; ",
				format: "Formbricks export, UTF-8, separated by commas"}},
		{file: "surveyjs_ndjson_constructed.ndjson", in: asked(agree, "nps", "mgr_listens", "respect", "leaving"), by: "department",
			want: reading{answers: [][]int32{{5, 4, 1, 9}, {4, none, none, 10}, {5, none, none, none}}, groups: []string{"support", "sales", "sales"},
				format: "JSON answers, UTF-8"}},
	}
	for i, tt := range tests {
		t.Run(fmt.Sprintf("%d %s", i, tt.file), func(t *testing.T) {
			req := Request{Instrument: tt.in, Unfinished: tt.unfinished}
			for by := range strings.SplitSeq(tt.by, "|") {
				req.By = append(req.By, []string{by})
			}
			if tt.mapping != "" {
				var err error
				if req.Map, err = ReadMap("map.toml", []byte(tt.mapping), tt.in); err != nil {
					t.Fatal(err)
				}
			}
			got := readExport(t, tt.file, sampleFile(t, tt.file), req)
			got.mapping, got.unused, got.unknowns = nil, 0, nil
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

// In the TSV sample quotes stand in the wrong places, so that the row of texts
// has fewer cells than there are columns. Texts must not be taken for names of
// the columns that they happen to stand at.
func TestSampleWithShiftedHeaders(t *testing.T) {
	in := asked(somewhat, "nps=How likely are you to recommend us?", "Q13_1", "Q13_2")
	_, err := tryExport("a.tsv", sampleFile(t, "qualtrics_likert_text_constructed.tsv_utf16le"), Request{Instrument: in})
	if err == nil || err.Error() != `a.tsv: no column for item "nps"` {
		t.Errorf("got %v", err)
	}
}

// A large real file: two header rows, lines that end in CR alone, and a byte
// that no UTF-8 has in its first line.
func TestSampleStarWars(t *testing.T) {
	data, err := io.ReadAll(sampleFile(t, "surveymonkey_starwars_CRonly.csv"))
	if err != nil {
		t.Fatal(err)
	}
	favor := instrument.Scale{Min: 1, Max: 5, Labels: []string{"Very unfavorably", "Somewhat unfavorably", "Neither favorably nor unfavorably (neutral)", "Somewhat favorably", "Very favorably"}}
	in := asked(favor, "", "han=Han Solo", "jarjar=Jar Jar Binks")
	m, err := ReadMap("m.toml", []byte("answers = {'Unfamiliar (N/A)' = 'missing'}\n"), in)
	if err != nil {
		t.Fatal(err)
	}
	got := readExport(t, "starwars.csv", bytes.NewReader(data), Request{Instrument: in, By: [][]string{{"Gender"}}, Map: m})
	// Counted with Python: len(rows)-2; "Very favorably" for Han Solo and "Very
	// unfavorably" for Jar Jar Binks; "Female".
	var han, jarjar, women int
	for i, a := range got.answers {
		if a[0] == 5 {
			han++
		}
		if a[1] == 1 {
			jarjar++
		}
		if got.groups[i] == "Female" {
			women++
		}
	}
	if len(got.answers) != 1186 || han != 610 || jarjar != 204 || women != 549 || got.bad != 0 ||
		got.format != "SurveyMonkey export, 2 heading rows, Windows-1252, separated by commas" {
		t.Errorf("%d rows, %d, %d, %d, %d bad, %s", len(got.answers), han, jarjar, women, got.bad, got.format)
	}
}
